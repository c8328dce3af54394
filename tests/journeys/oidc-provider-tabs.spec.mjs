// Several tabs at an identity server that nobody here wrote, which ends the whole grant when an old refresh token comes
// back. The `identity` fixture checks after every test that none was sent twice.
import { SHORT_LIFE, test, expect, accessTokenEnded, readings } from '../support/oidc-provider/test.mjs';
import { connectAs, expectNobody, expectResults } from '../support/journey.mjs';
import { duplicateTab, expectQueue, expectSameTokens, freezeTab, openTabs } from '../support/tabs.mjs';

const MAYA = 'Maya Lindqvist';
const reload = (pages) => Promise.all(pages.map((page) => page.reload({ waitUntil: 'commit' })));

async function expectAllResults(pages) {
  for (const page of pages) await expectResults(page);
}

/** Makes the token endpoint decide and say nothing; call what comes back to let it speak. */
function hold(identity) {
  let speak;
  identity.pause = new Promise((resolve) => (speak = resolve));
  return speak;
}

/** Connected; the first access token lives shortly, and those that follow an hour. */
async function connectBriefly(page, platform, identity) {
  identity.accessTokenLife = SHORT_LIFE;
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  identity.accessTokenLife = 3600;
}

/** The server gave so many refresh tokens, was sent each but the last, and takes the last. */
async function expectRefreshes(identity, count) {
  const given = identity.answers.map((answer) => answer.refresh_token);
  expect(identity.sentRefreshTokens).toEqual(given.slice(0, count));
  expect(given).toHaveLength(count + 1);
  expect(await identity.introspect(given.at(-1)), 'the grant is alive').toMatchObject({ active: true });
}

test('six tabs make one refresh', async ({ page, platform, context, identity }) => {
  await connectBriefly(page, platform, identity);
  const tabs = [page, ...(await openTabs(context, `${platform.app}/settings`, 5))];
  for (const tab of tabs.slice(1)) await expect(tab.getByRole('banner')).toContainText(MAYA);
  await accessTokenEnded(identity);
  const speak = hold(identity);
  await reload([page]);
  for (const tab of tabs.slice(1)) await tab.getByRole('link', { name: 'Results' }).click();
  await expectQueue(page, 5);
  speak();
  await expectAllResults(tabs);
  await expectRefreshes(identity, 1);
  await expectSameTokens(tabs);
  expect((await readings(platform)).filter((status) => status !== 200), 'nothing was read with a token that had ended').toEqual([]);
});

test.describe('with tabs that freeze', () => {
  test.use({ freezes: true });

  test('a tab that is duplicated during a refresh, and one that sleeps through it, never send the old refresh token', async ({ page, platform, identity }) => {
    await connectBriefly(page, platform, identity);
    const sleeper = await duplicateTab(page, expectResults);
    const wake = await freezeTab(sleeper);
    await accessTokenEnded(identity);
    const speak = hold(identity);
    await reload([page]);
    await expect.poll(() => identity.sentRefreshTokens.length).toBe(1);
    const copy = await duplicateTab(page);
    await expectQueue(page, 1);
    speak();
    await expectAllResults([page, copy]);
    await wake();
    await reload([sleeper]);
    await expectAllResults([sleeper]);
    await expectRefreshes(identity, 1);
    await expectSameTokens([page, copy, sleeper]);
  });
});

test('a tab that was closed in the middle of a refresh takes the answer along: the others are told, and no old token is sent', async ({ page, platform, context, identity }) => {
  await connectBriefly(page, platform, identity);
  const [other] = await openTabs(context, `${platform.app}/settings`, 1);
  await expect(other.getByRole('banner')).toContainText(MAYA);
  await accessTokenEnded(identity);
  const speak = hold(identity);
  await reload([page]);
  await expect.poll(() => identity.sentRefreshTokens.length).toBe(1);
  await page.close();
  speak();
  await other.getByRole('link', { name: 'Results' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'Please connect once more' })).toBeVisible();
  await expectNobody(other);
  expect(identity.sentRefreshTokens).toHaveLength(1);
});

test('leaving in one tab while another renews: what comes back is dropped and revoked', async ({ page, platform, context, identity }) => {
  await connectBriefly(page, platform, identity);
  const [other] = await openTabs(context, platform.app, 1);
  await expectResults(other);
  await accessTokenEnded(identity);
  const speak = hold(identity);
  await reload([page]);
  await expect.poll(() => identity.sentRefreshTokens.length).toBe(1);
  await other.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'You disconnected in another tab' })).toBeVisible();
  speak();
  await expect.poll(async () => (await identity.introspect(identity.answers.at(-1).refresh_token)).active).toBe(false);
  for (const tab of [page, other]) await expectNobody(tab);
});
