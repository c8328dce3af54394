// Nobody is there: the warning, the end, and a device that slept.
import { test, expect } from '../support/test.mjs';
import { connectAs, expectNobody, expectPage, expectResults } from '../support/journey.mjs';
import { freezeTab, letTimePass, openTabs } from '../support/tabs.mjs';

test.use({ freezes: true });

const MAYA = 'Maya Lindqvist';
const warning = (page) => page.getByRole('alert').filter({ hasText: 'Are you still there?' });
const signedOut = (page) => page.getByRole('status').filter({ hasText: 'You were signed out to keep your results private' });
const refreshes = async (platform) => (await platform.calls('token')).filter((call) => call.detail.startsWith('refresh_token'));

test('a minute before nobody counts as there the page asks, and the answer holds in every tab', async ({ page, platform, context }) => {
  await connectAs(page, platform, MAYA);
  const [other] = await openTabs(context, platform.app, 1);
  const tabs = [page, other];
  for (const tab of tabs) await expectResults(tab);

  await letTimePass(platform, tabs, 530);
  for (const tab of tabs) {
    await expect(tab.getByRole('button', { name: 'Disconnect' })).toBeVisible();
    await expect(warning(tab), 'not yet').toHaveCount(0);
  }
  await letTimePass(platform, tabs, 15);
  for (const tab of tabs) {
    await expect(warning(tab)).toContainText('you are signed out in a minute');
    await expect(warning(tab)).toContainText(/\b[45]\d s/);
  }

  await other.getByRole('button', { name: 'Stay signed in' }).click();
  for (const tab of tabs) await expect(warning(tab)).toHaveCount(0);
  // Later than the first end.
  await letTimePass(platform, tabs, 300);
  for (const tab of tabs) await expectResults(tab);

  await letTimePass(platform, tabs, 301);
  for (const tab of tabs) {
    await expect(signedOut(tab)).toContainText('Nobody had used this page for a while');
    await expectNobody(tab);
  }
  await expect.poll(async () => (await platform.state()).people, 'both tokens are revoked').toEqual({});
});

/** Connected in one tab whose token will have ended before anybody is missed; another tab is in front. */
async function fallAsleep({ page, platform, context }, path, knowsIt = true) {
  await platform.switches({ access_token_ttl_seconds: 300 });
  await connectAs(page, platform, MAYA, { path });
  await context.newPage();
  return async () => {
    await context.setOffline(true);
    const wake = await freezeTab(page);
    await letTimePass(platform, [page], 301);
    await wake();
    await page.bringToFront();
    // Waking makes the browser believe that there is a network.
    if (knowsIt) await context.setOffline(false).then(() => context.setOffline(true));
    await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(!knowsIt);
  };
}

test('a device wakes up offline with results on the screen: they stay, with their age', async ({ page, platform, context, forgive }) => {
  forgive('/icon.svg', 'net::ERR_INTERNET_DISCONNECTED');
  const sleep = await fallAsleep({ page, platform, context }, '/');
  await expectResults(page);
  await sleep();
  await expectResults(page);
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  await page.getByRole('link', { name: 'All results' }).click();
  await expect(page.getByText(/loaded 5 minutes ago/i)).toBeVisible();
  expect(await refreshes(platform)).toEqual([]);

  await context.setOffline(false);
  await page.reload();
  await expectResults(page);
  expect((await refreshes(platform)).map((call) => call.status)).toEqual([200]);
});

for (const [knowsIt, title, words] of [
  [true, 'You are offline', 'Nothing was lost'],
  [false, 'Loop cannot be reached', 'You are still connected'],
]) {
  test(`a device wakes up without a network and ${knowsIt ? 'knows it' : 'believes that there is one'}: "${title}", still connected, and later it goes on`, async ({ page, platform, context, forgive }) => {
    forgive('/icon.svg', 'net::ERR_INTERNET_DISCONNECTED');
    if (!knowsIt) forgive('/.well-known/openid-configuration', 'net::ERR_INTERNET_DISCONNECTED');
    const sleep = await fallAsleep({ page, platform, context }, '/settings', knowsIt);
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await sleep();
    await page.getByRole('link', { name: 'Results' }).click();
    await expectPage(page, title, 'Try again', words);
    await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();
    expect(await refreshes(platform), 'the refresh token stays where it is').toEqual([]);

    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectResults(page);
    expect((await refreshes(platform)).map((call) => call.status)).toEqual([200]);
  });
}

test('a device that slept longer than anybody may be away shows nothing on waking', async ({ page, platform, context }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await context.newPage();
  const wake = await freezeTab(page);
  await letTimePass(platform, [page], 601);
  await wake();
  await page.bringToFront();
  await expect(signedOut(page)).toBeVisible();
  await expectNobody(page);
  await expect.poll(async () => (await platform.state()).people).toEqual({});
});

test('eight hours are the most, however busy the person is, and the last minute is told without a way to stay', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  const [hours, step] = [8 * 3600, 590];
  const busy = Math.floor((hours - 70) / step);
  for (let i = 0; i < busy; i += 1) {
    await letTimePass(platform, [page], step);
    await page.keyboard.press('Shift');
    // The results are asked for again now and then, so that tokens are renewed on the way.
    if (i % 12 === 11) {
      await page.reload();
      await expectResults(page);
    }
  }
  await expect(warning(page)).toHaveCount(0);
  await letTimePass(platform, [page], hours - busy * step - 40);
  const last = page.getByRole('alert').filter({ hasText: 'This session ends in a minute' });
  await expect(last).toContainText(/\b[1-4]?\d s/);
  await expect(last.getByRole('button')).toHaveCount(0);
  await page.keyboard.press('Shift');
  await letTimePass(platform, [page], 41);
  await expect(signedOut(page)).toContainText('A session does not last longer than a working day');
  await expectNobody(page);
  expect((await refreshes(platform)).length, 'it had been renewed').toBeGreaterThanOrEqual(4);
  await expect.poll(async () => (await platform.state()).people, 'both tokens are revoked').toEqual({});
});
