// One person, several tabs: one session, one refresh, one end.
import { test, expect } from '../support/test.mjs';
import { CALLBACK, allow, backInTheApp, connect, connectAs, expectNobody, expectPage, expectResults, shared, signInAs, stopAtTheDoor } from '../support/journey.mjs';
import { duplicateTab, expectQueue, expectSameTokens, freezeTab, letTimePass, openTabs, watchFrames } from '../support/tabs.mjs';

/**
 * Seconds that access tokens live here. Three of them are less than the ten minutes after which nobody is there any more: a tab
 * whose process stood still may look at the time before it hears that somebody was there in another one.
 */
const LIFE = 150;
const MAYA = 'Maya Lindqvist';
/** What can be read of her and not of Jonas. */
const MAYAS = ['Maya'];

const refreshes = async (platform) => (await platform.calls('token')).filter((call) => call.detail.startsWith('refresh_token'));
const connectButton = (page) => page.getByRole('main').getByRole('button', { name: /^connect/i });

/** Connected, with access tokens that live shortly. */
async function connectBriefly(page, platform) {
  await platform.switches({ access_token_ttl_seconds: LIFE });
  await connectAs(page, platform, MAYA);
  await expectResults(page);
}

/** The access token ends, by every clock there is, and somebody is there. */
async function tokenEnds(platform, pages) {
  await pages[0].keyboard.press('Shift');
  await letTimePass(platform, pages, LIFE + 1);
}

/** Lets the token endpoint say nothing until what comes back is called. */
async function holdTokens(context, platform) {
  let speak;
  const gate = new Promise((resolve) => (speak = resolve));
  await context.route(`${platform.identity}/v1/oauth/token`, async (route) => {
    await gate;
    await route.continue();
  });
  return speak;
}

const reload = (pages) => Promise.all(pages.map((page) => page.reload({ waitUntil: 'commit' })));

async function expectAllResults(pages) {
  for (const page of pages) await expectResults(page);
}

/** So many refreshes, each with a token that was good, and no grant was ended for an old one. */
async function expectRefreshes(platform, count) {
  expect((await refreshes(platform)).map((call) => call.status)).toEqual(Array(count).fill(200));
  const { people, revoked_families: revoked } = await platform.state();
  expect({ people: Object.keys(people), revoked }).toEqual({ people: ['usr_maya'], revoked: [] });
}

test('a new tab shows the results without any sign-in', async ({ page, platform, context }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  const [other] = await openTabs(context, `${platform.app}/biomarkers/ferritin`, 1);
  await expect(other.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await expect(other.getByRole('banner')).toContainText(MAYA);
  expect(await platform.calls('authorize'), 'one sign-in').toHaveLength(1);
  expect(await platform.calls('token'), 'one token call').toHaveLength(1);
  await expectSameTokens([page, other]);
});

test('six tabs make one refresh', async ({ page, platform, context }) => {
  await connectBriefly(page, platform);
  const tabs = [page, ...(await openTabs(context, platform.app, 5))];
  await expectAllResults(tabs);
  await tokenEnds(platform, tabs);
  const speak = await holdTokens(context, platform);
  await reload(tabs);
  // All of them need the next token before the first has got it.
  await expectQueue(page, 5);
  speak();
  await expectAllResults(tabs);
  await expectRefreshes(platform, 1);
  await expectSameTokens(tabs);
});

test('two tabs at the end of the token: one renews, the other waits', async ({ page, platform, context }) => {
  await connectBriefly(page, platform);
  const tabs = [page, ...(await openTabs(context, platform.app, 1))];
  await expectAllResults(tabs);
  for (const count of [1, 2]) {
    await tokenEnds(platform, tabs);
    await reload(tabs);
    await expectAllResults(tabs);
    await expectRefreshes(platform, count);
    await expectSameTokens(tabs);
  }
});

test('a tab that is duplicated during a refresh never sends the old refresh token, and nobody is signed out', async ({ page, platform, context }) => {
  await connectBriefly(page, platform);
  await tokenEnds(platform, [page]);
  const speak = await holdTokens(context, platform);
  const sent = context.waitForEvent('request', (request) => request.url().endsWith('/v1/oauth/token'));
  await page.reload({ waitUntil: 'commit' });
  await sent;
  const copy = await duplicateTab(page);
  await expectQueue(page, 1);
  speak();
  await expectAllResults([page, copy]);
  await expectRefreshes(platform, 1);

  await tokenEnds(platform, [page, copy]);
  await reload([copy, page]);
  await expectAllResults([page, copy]);
  await expectRefreshes(platform, 2);
  await expectSameTokens([page, copy]);
});

test.describe('with tabs that freeze', () => {
  test.use({ freezes: true });

  test('a duplicate that sleeps through a refresh wakes up with an old token, and asks for the new one', async ({ page, platform }) => {
    await connectBriefly(page, platform);
    const copy = await duplicateTab(page, expectResults);
    const wake = await freezeTab(copy);
    await tokenEnds(platform, [page, copy]);
    await page.reload();
    await expectResults(page);
    await expectRefreshes(platform, 1);
    await wake();
    await copy.reload();
    await expectAllResults([copy]);
    await expectRefreshes(platform, 1);
    await expectSameTokens([page, copy]);
  });
});

test('a tab that is duplicated after a refresh has the new tokens', async ({ page, platform }) => {
  await connectBriefly(page, platform);
  await tokenEnds(platform, [page]);
  await page.reload();
  await expectResults(page);
  const copy = await duplicateTab(page, expectResults);
  await page.close();
  await tokenEnds(platform, [copy]);
  await copy.reload();
  await expectResults(copy);
  await expectRefreshes(platform, 2);
});

test('leaving in one tab empties the other within a second, and it says why', async ({ page, platform, context }) => {
  await connectAs(page, platform, MAYA);
  const [other] = await openTabs(context, platform.app, 1);
  await expectAllResults([page, other]);
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'You disconnected in another tab' })).toBeVisible({ timeout: 1000 });
  await expectNobody(other);
  expect(await other.evaluate(() => document.documentElement.innerHTML)).not.toMatch(/Maya|LDL|Ferritin|mg\/dL/);
  expect(await shared(other)).toEqual({});
  await expect(page.getByRole('main').getByRole('status')).toContainText('Loop has confirmed');
});

test('somebody else signs in in another tab: what was on the screen is gone before theirs is there', async ({ page, platform, context }) => {
  const other = await context.newPage();
  await connect(other, platform);
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  const watched = await watchFrames(page, ['Maya', 'Jonas']);
  await signInAs(other, 'Jonas Okafor');
  await allow(other);
  await backInTheApp(other, platform);
  await expect(page.getByRole('banner')).toContainText('Jonas Okafor');
  await expect(page.getByRole('link', { name: 'LDL cholesterol' })).toBeVisible();
  await page.bringToFront();
  await expect.poll(async () => (await watched()).at(-1)).toEqual(['Jonas']);
  const frames = await watched();
  expect(frames[0], 'the results of the one before were there').toEqual(MAYAS);
  expect(frames.filter((texts) => texts.includes('Jonas') && texts.length > 1), 'a frame with both of them').toEqual([]);
  await expectSameTokens([page, other]);
});

test('the same link back from Loop in two tabs at once, each with the same session store: one token call', async ({ page, platform }) => {
  const address = await stopAtTheDoor(page, platform);
  await page.goto(`${platform.app}/settings`);
  await expect(connectButton(page)).toBeVisible();
  const copy = await duplicateTab(page, (tab) => expect(connectButton(tab)).toBeVisible());
  await Promise.all([page, copy].map((tab) => tab.goto(address.href)));
  await expect.poll(() => Promise.all([page, copy].map((tab) => tab.getByRole('heading', { level: 1 }).textContent()))).toContain('This sign-in link cannot be used');
  expect(await platform.calls('token'), 'the code is sent once').toHaveLength(1);
  for (const tab of [page, copy]) {
    await tab.goto(platform.app);
    await expectResults(tab);
  }
  await expectRefreshes(platform, 0);
});
