// The page's time, and the time that the server tells: put forward, or made to run faster, so that no test waits for an hour or for a timeout.
//
// Playwright's own clock is not used for that. Its timer ids are larger than the 32 bits in which the app keeps them, so
// a timer that the app takes back fires all the same, which no browser would do.

/** From now on and in every later page of this tab: the clock is `ahead` milliseconds, and runs `speed` times as fast. */
export async function setClock(page, { ahead = 0, speed = 1 }) {
  await page.addInitScript(install, { ahead, speed });
  await page.evaluate(install, { ahead, speed });
}

/**
 * From now on the app hears from its own server that it is `ahead` milliseconds later. Tokens and sign-ins end by that
 * time, whatever the clock of the device says. The platform's own clock, which is in its tokens, has to be turned too.
 */
export async function setServerClock(context, platform, ahead) {
  await context.route(`${platform.app}/loop.config.json`, async (route) => {
    const response = await route.fetch();
    const date = new Date(Date.now() + ahead).toUTCString();
    await route.fulfill({ response, headers: { ...response.headers(), date } });
  });
}

function install({ ahead, speed }) {
  const { now, setTimeout, setInterval } = (globalThis.realTime ??= { now: Date.now, setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval });
  const start = now.call(Date);
  Date.now = () => start + ahead + (now.call(Date) - start) * speed;
  globalThis.setTimeout = (act, wait = 0, ...rest) => setTimeout.call(globalThis, act, wait / speed, ...rest);
  globalThis.setInterval = (act, wait = 0, ...rest) => setInterval.call(globalThis, act, wait / speed, ...rest);
}
