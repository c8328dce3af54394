// The helpers for many tabs do what they say: a journey that believes a wrong one shows nothing.
import { test, expect } from '../support/test.mjs';
import { breakStorage, browserThatFreezes, duplicateTabs, freezeTab, letTimePass, openTabs, refreshesAt } from '../support/tabs.mjs';
import { SESSION, connectAs, expectResults, stored } from '../support/journey.mjs';

test('a duplicated tab begins with a copy of the session store and knows nobody; a tab opened by hand begins with nothing', async ({ page, platform }) => {
  await page.goto(platform.app);
  await page.evaluate(() => sessionStorage.setItem('mark', 'first'));
  const [copy, other] = await duplicateTabs(page, 2);
  const [byHand] = await openTabs(page.context(), platform.app, 1);
  for (const one of [copy, other]) {
    expect((await stored(one)).mark).toBe('first');
    expect(await one.evaluate(() => window.opener)).toBeNull();
  }
  expect((await stored(byHand)).mark).toBeUndefined();
  await copy.evaluate(() => sessionStorage.setItem('mark', 'copy'));
  expect((await stored(page)).mark, 'it is a copy').toBe('first');
});

test('a frozen tab stands still until it is woken, and keeps its locks', async ({ platform, launchOptions }) => {
  const { context, close } = await browserThatFreezes(launchOptions);
  const [frozen, awake] = await openTabs(context, platform.app, 2);
  const ticks = (page) => page.evaluate(() => globalThis.ticks);
  const held = () => awake.evaluate(async () => (await navigator.locks.query()).held.map((lock) => lock.name));
  for (const page of [frozen, awake]) await page.evaluate(() => setInterval(() => (globalThis.ticks = (globalThis.ticks ?? 0) + 1), 10));
  await frozen.evaluate(() => void navigator.locks.request('held by the test', () => new Promise(() => {})));
  await expect.poll(held).toContain('held by the test');
  await expect.poll(() => ticks(frozen)).toBeGreaterThan(3);
  const wake = await freezeTab(frozen);
  const [before, since] = [await ticks(frozen), await ticks(awake)];
  await expect.poll(() => ticks(awake)).toBeGreaterThan(since + 20);
  expect(await ticks(frozen)).toBe(before);
  expect(await held()).toContain('held by the test');
  await wake();
  await expect.poll(() => ticks(frozen)).toBeGreaterThan(before + 10);
  await close();
});

for (const [how, kind] of [
  ['full', 'QuotaExceededError'],
  ['blocked', 'SecurityError'],
]) {
  test(`a session store that is ${how} throws, also after a reload, and the other store does not`, async ({ page, platform }) => {
    await page.goto(platform.app);
    await breakStorage(page, 'sessionStorage', how);
    const write = () =>
      page.evaluate(() => {
        localStorage.setItem('mark', 'kept');
        try {
          sessionStorage.setItem('mark', 'kept');
        } catch (error) {
          return error.name;
        }
        return 'written';
      });
    expect(await write()).toBe(kind);
    await page.reload();
    expect(await write()).toBe(kind);
  });
}

test('the platform counts refresh calls and old tokens, and time passes on both sides', async ({ page, platform, forgive }) => {
  forgive('/v1/oauth/token', 400);
  await platform.switches({ access_token_ttl_seconds: 300 });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const { refresh_token: old } = JSON.parse((await stored(page))[SESSION]);
  expect(await refreshesAt(platform)).toEqual({ calls: 0, old: 0, revoked: false });
  await letTimePass(platform, [page], 301);
  await page.reload();
  await expectResults(page);
  expect(await refreshesAt(platform)).toEqual({ calls: 1, old: 0, revoked: false });
  await page.evaluate(
    ([address, client_id, refresh_token]) => fetch(address, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id, refresh_token }) }),
    [`${platform.identity}/v1/oauth/token`, platform.clientId, old],
  );
  expect(await refreshesAt(platform)).toEqual({ calls: 2, old: 1, revoked: true });
});
