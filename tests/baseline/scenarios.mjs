// What happens to a client in many tabs. A scenario gives the tabs that it leaves behind; the runner asks the server what it
// saw and each tab whether it is still connected.
import { duplicateTabs, slowDown } from '../support/tabs.mjs';

/** How much faster the page's clock runs where a client's patience has to end. */
const SPEED = 10;
const A_MINUTE = 60_000;

/** Opens `count` tabs by hand. */
async function byHand({ client, context, latency }, count) {
  const pages = [];
  while (pages.length < count) pages.push(await client.openTab(context));
  await slowDown(pages, latency);
  return pages;
}

/** One tab and its duplicates, `count` in all. */
async function duplicated({ client, context, latency }, count) {
  const first = await client.openTab(context);
  const pages = [first, ...(await duplicateTabs(first, count - 1, (page) => client.ready(page)))];
  await slowDown(pages, latency);
  return pages;
}

async function expireAndRead({ client, server }, pages) {
  await server.expire(pages, { idles: client.idles });
  await client.read(pages);
  return pages;
}

export const SCENARIOS = {
  'two tabs opened by hand, both read at expiry': async (it) => expireAndRead(it, await byHand(it, 2)),

  'a duplicated tab, both read at expiry': async (it) => expireAndRead(it, await duplicated(it, 2)),

  'a duplicated tab, one reads after the other': async (it) => {
    const pages = await duplicated(it, 2);
    await it.server.expire(pages, { idles: it.client.idles });
    for (const page of pages) await it.client.read([page]);
    return pages;
  },

  'six tabs of one session, all read at expiry': async (it) => expireAndRead(it, await duplicated(it, 6)),

  'six tabs opened by hand, all read at expiry': async (it) => expireAndRead(it, await byHand(it, 6)),

  'the answer of the refresh breaks off, then the person reads again': async ({ client, server, context }) => {
    const page = await client.openTab(context);
    await server.expire([page], { idles: client.idles });
    await server.loseAnswers();
    await client.read([page]);
    await server.mend();
    await client.read([page]);
    return [page];
  },

  'two tabs are left alone past expiry, then both read': async (it) => {
    if (!it.server.hasTime) return undefined;
    const pages = await byHand(it, 2);
    await it.server.expire(pages, { idles: it.client.idles });
    await it.client.leaveAlone(pages);
    await it.client.read(pages);
    return pages;
  },

  'the answer of the refresh never comes, a minute later the person reloads': async ({ client, server, context }) => {
    if (!server.hasTime) return undefined;
    const page = await client.openTab(context);
    let held = false;
    await context.route(server.tokenEndpoint, async (route) => {
      if (held) return route.continue();
      held = true;
      // The server has decided and answered; the page hears nothing.
      await route.fetch();
      return undefined;
    });
    await server.expire([page], { speed: SPEED, idles: client.idles });
    const end = (await page.evaluate(() => Date.now())) + A_MINUTE;
    // A client may wait longer than a person does.
    await Promise.race([client.read([page]), page.waitForFunction((end) => Date.now() > end, end)]);
    await page.reload();
    await client.ready(page);
    await client.read([page]);
    return [page];
  },
};
