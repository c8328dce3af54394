// The steps that most journeys begin with, in a person's words.
import { expect } from '@playwright/test';

/** From the app's first page to the platform's sign-in page. */
export async function connect(page, platform, path = '/') {
  await page.goto(platform.app + path);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await page.waitForURL((url) => url.origin === platform.identity);
}

/** Signs in as one of the platform's people, unless the platform still knows who it is. */
export async function signInAs(page, name) {
  await page.getByRole('button', { name: new RegExp(name) }).click();
}

/** Says yes, without the scopes that are named. */
export async function allow(page, { without = [] } = {}) {
  for (const scope of without) await page.locator(`input[name="scope"][value="${scope}"]`).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** Says no. */
export async function deny(page) {
  await page.getByRole('button', { name: 'Deny' }).click();
}

/** All of it, until the page they started from is there. */
export async function connectAs(page, platform, name, { path = '/', without = [] } = {}) {
  await connect(page, platform, path);
  await signInAs(page, name);
  await allow(page, { without });
  await backInTheApp(page, platform);
}

/** Waits until the callback is dealt with. */
export async function backInTheApp(page, platform) {
  await page.waitForURL((url) => url.origin === platform.app && !url.search && url.pathname !== CALLBACK);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Where Loop sends the person back to. */
export const CALLBACK = '/auth/loop/callback';

/** Connects, says yes, and stops at the door: the address that Loop sends the browser to, which the app has not seen yet. */
export async function stopAtTheDoor(page, platform, name = 'Maya Lindqvist', path = '/') {
  await connect(page, platform, path);
  await signInAs(page, name);
  const isDecision = (url) => url.origin === platform.identity && url.pathname === '/v1/oauth/consent';
  let address;
  // The decision reaches Loop, and its answer does not reach the browser. A redirected request itself cannot be caught.
  await page.route(isDecision, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const answer = await route.fetch({ maxRedirects: 0 });
    address = new URL(answer.headers().location);
    // No content: the browser stays where it is.
    return route.fulfill({ status: 204 });
  });
  await allow(page);
  await expect.poll(() => address?.pathname).toBe(CALLBACK);
  await page.unroute(isDecision);
  // From somewhere else, as by a link.
  await page.goto('about:blank');
  return address;
}

/** A page that says what happened and offers exactly one next step. */
export async function expectPage(page, title, step, words) {
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(main.locator('button, a[href]'), 'one next step').toHaveText([step]);
  if (words) await expect(main).toContainText(words);
}

/** The results are there. */
export async function expectResults(page) {
  await expect(page.getByRole('heading', { level: 1, name: 'Your results' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'LDL cholesterol' })).toBeVisible();
}

/** Nothing of a person is on the page or in the tab. */
export async function expectNobody(page) {
  await expect(page.getByRole('button', { name: 'Disconnect' })).toHaveCount(0);
  await expect(page.getByText(/Maya|LDL|Ferritin|mg\/dL/)).toHaveCount(0);
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
}

/**
 * What the pages of this tab send to an address from now on. This counts what the app does. The platform's log may count
 * more: when a connection that was used before breaks without an answer, Chromium sends the request again by itself.
 */
export function sentTo(page, address) {
  const sent = [];
  page.on('request', (request) => {
    if (request.url().split('?')[0] === address) sent.push(request);
  });
  return sent;
}

/** The key of the session in the tab's store. */
export const SESSION = 'loop.session.v1';

/** All of the tab's session store. */
export function stored(page) {
  return page.evaluate(() => ({ ...sessionStorage }));
}

/** Changes the session in the tab's store: what may have happened to it while the app was not looking. */
export function changeSession(page, changes) {
  return page.evaluate(
    ([key, changes]) => sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), ...changes })),
    [SESSION, changes],
  );
}
