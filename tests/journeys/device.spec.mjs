// Devices that are not as they should be: stores that do not work, clocks that are wrong.
import { test, expect } from '../support/test.mjs';
import { setClock } from '../support/clock.mjs';
import { allow, backInTheApp, connect, connectAs, expectNobody, expectPage, expectResults, signInAs } from '../support/journey.mjs';
import { breakStorage, letTimePass } from '../support/tabs.mjs';

const MAYA = 'Maya Lindqvist';
const refreshes = async (platform) => (await platform.calls('token')).filter((call) => call.detail.startsWith('refresh_token'));
const clockNotice = (page) => page.getByRole('status').filter({ hasText: 'The clock of this device is wrong' });

for (const how of ['blocked', 'full']) {
  test(`a session store that is ${how} once the person comes back: connected as long as the page is there`, async ({ page, platform }) => {
    await connect(page, platform);
    await signInAs(page, MAYA);
    // What was kept before can be read once more, as in a store that is full; later nothing can.
    await breakStorage(page, 'sessionStorage', 'full');
    await allow(page);
    await backInTheApp(page, platform);
    await expectResults(page);
    if (how === 'blocked') await breakStorage(page, 'sessionStorage', how);
    await page.getByRole('link', { name: 'LDL cholesterol' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();

    await page.reload();
    await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
    await expect(page.getByText(/Maya|LDL/)).toHaveCount(0);
  });

  test(`a session store that is ${how} from the start: the sign-in is refused in plain words, and nothing breaks`, async ({ page, platform }) => {
    await breakStorage(page, 'sessionStorage', how);
    await connect(page, platform);
    await signInAs(page, MAYA);
    await allow(page);
    await expectPage(page, 'This sign-in link cannot be used', 'Connect again', '(code: unknown_state)');
    expect(await platform.calls('token')).toEqual([]);
  });

  test(`both stores are ${how}: no crash, and the way back says what to do`, async ({ page, platform }) => {
    await breakStorage(page, 'sessionStorage', how);
    await breakStorage(page, 'localStorage', how);
    await connect(page, platform);
    await signInAs(page, MAYA);
    await allow(page);
    await expectPage(page, 'This sign-in link cannot be used', 'Connect again');
    await page.getByRole('button', { name: 'Connect again' }).click();
    await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
  });
}

for (const how of ['blocked', 'full']) test(`with a shared store that is ${how}: connected until the token ends, no refresh token is sent, and the page says it`, async ({ page, platform }) => {
  await platform.switches({ access_token_ttl_seconds: 300 });
  await breakStorage(page, 'localStorage', how);
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await page.reload();
  await expectResults(page);

  await letTimePass(platform, [page], 301);
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await expectNobody(page);
  expect(await refreshes(platform)).toEqual([]);
});

const MINUTE = 60_000;
for (const [words, ahead] of [
  ['10 min ahead', 10 * MINUTE],
  ['10 min behind', -10 * MINUTE],
  ['2 h ahead', 120 * MINUTE],
  ['2 h behind', -120 * MINUTE],
]) {
  test(`a device whose clock is ${words}: it connects, it reads, and the page says what is wrong`, async ({ page, platform }) => {
    await setClock(page, { ahead });
    await connectAs(page, platform, MAYA);
    await expectResults(page);
    await expect(clockNotice(page)).toContainText(`It is ${words}.`);
    await page.reload();
    await expectResults(page);
    await expect(clockNotice(page)).toContainText(`It is ${words}.`);
    expect(await refreshes(platform), 'the token is not taken for an old one').toEqual([]);
  });
}

test('a device whose clock is wrong, and a page that was long on its way: the time is asked for once more, and the page says it', async ({ page, platform }) => {
  const asked = [];
  page.on('request', (request) => request.url().endsWith('/loop.config.json') && asked.push(request));
  await setClock(page, { ahead: 10 * MINUTE });
  await page.addInitScript(() => {
    const { now } = performance;
    performance.now = () => now.call(performance) + 60_000;
  });
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  asked.length = 0;
  await page.reload();
  await expect(clockNotice(page)).toContainText('It is 10 min ahead.');
  expect(asked).toHaveLength(2);
});

test('a device whose clock is a minute off: no word of it', async ({ page, platform }) => {
  await setClock(page, { ahead: MINUTE });
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await expect(clockNotice(page)).toHaveCount(0);
});
