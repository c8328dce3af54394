// While the person is connected: a token runs out, is refused, is revoked. Who notices, and how often Loop is asked.
import { test, expect } from '../support/test.mjs';
import { setClock, setServerClock } from '../support/clock.mjs';
import { SESSION, allow, backInTheApp, changeSession, connectAs, expectNobody, expectPage, expectResults, shared, stored } from '../support/journey.mjs';

const refreshes = async (platform) => (await platform.calls('token')).filter((call) => call.detail.startsWith('refresh_token'));

/** Signed out, and told so on the page they were on. */
async function expectSignedOut(page, platform, path) {
  await expect(page.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  expect(page.url()).toBe(platform.app + path);
  await expectNobody(page);
  expect(await stored(page)).toEqual({});
  expect(await shared(page)).toEqual({});
}

async function connectAgain(page, platform) {
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await allow(page);
  await backInTheApp(page, platform);
}

test('an access token that Loop no longer takes is replaced once, and nobody notices', async ({ page, platform, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  const before = JSON.parse((await stored(page))[SESSION]);
  await platform.expireAccessTokens();
  await page.reload();
  await expectResults(page);
  expect((await refreshes(platform)).map((call) => call.status)).toEqual([200]);
  const after = JSON.parse((await stored(page))[SESSION]);
  expect(after.access_token).not.toBe(before.access_token);
  expect(after.refresh_token, 'the refresh token was replaced too').not.toBe(before.refresh_token);
  await page.reload();
  await expectResults(page);
  expect(await refreshes(platform), 'the new token is good').toHaveLength(1);
});

test('an hour later the token is replaced before it is used, without a refused call', async ({ page, platform, context }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await platform.advance(3601);
  await setServerClock(context, platform, 3_601_000);
  await page.reload();
  await expectResults(page);
  expect(await refreshes(platform)).toHaveLength(1);
  expect((await platform.calls('biomarkers')).filter((call) => call.status !== 200)).toEqual([]);
});

test('nobody is there for ten minutes: signed out, told why, and nothing is left here or at Loop', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await setClock(page, { ahead: 601_000 });
  await expect(page.getByRole('status').filter({ hasText: 'You were signed out to keep your results private' })).toBeVisible();
  await expectSignedOut(page, platform, '/');
  await expect.poll(async () => (await platform.state()).people, 'both tokens are revoked').toEqual({});
});

test('twenty pages of results with a token that is refused on each: one refresh, all results', async ({ page, platform, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Sam Tenthousand');
  await expect(page.getByRole('searchbox')).toBeVisible();
  await platform.expireAccessTokens();
  await page.reload();
  await expect(page.getByRole('searchbox')).toBeVisible();
  expect(await refreshes(platform)).toHaveLength(1);
});

test('a session that was ended at Loop: a calm page, nothing left, and the way back to the same place', async ({ page, platform, forgive }) => {
  forgive('/v1/biomarkers', 401);
  forgive('/v1/oauth/token', 400);
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ferritin' });
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await platform.expireAccessTokens();
  await platform.revokeRefreshTokens();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await expectSignedOut(page, platform, '/biomarkers/ferritin');
  expect(await refreshes(platform), 'one try').toHaveLength(1);

  await connectAgain(page, platform);
  expect(page.url()).toBe(`${platform.app}/biomarkers/ferritin`);
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
});

test('a new token that is refused too is not replaced again and again', async ({ page, platform, forgive, context }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  let calls = 0;
  await context.route(`${platform.clinical}/v1/biomarkers**`, (route) => {
    calls += 1;
    return route.fulfill({ status: 401, headers: { 'access-control-allow-origin': platform.app }, json: { error: 'invalid_token' } });
  });
  await page.reload();
  await expect(page.getByRole('main')).toContainText('You were signed out');
  await expectSignedOut(page, platform, '/');
  expect(calls, 'the old token and the new one').toBe(2);
  expect(await refreshes(platform), 'one refresh').toHaveLength(1);
});

test('a refresh that grants less is believed: what is missing is asked for', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await changeSession(page, { granted: 'openid profile' });
  await page.reload();
  await expectPage(page, 'Your permission is needed', 'Ask Loop for this', 'your lab results');
});

for (const [name, planted] of [
  ['no JSON', 'not json'],
  ['another shape', '{"access_token":7}'],
  ['far too long', `{"padding":"${'x'.repeat(100_000)}"}`],
]) {
  test(`a session record that is ${name} counts as none`, async ({ page, platform }) => {
    await connectAs(page, platform, 'Maya Lindqvist');
    await page.evaluate(([key, text]) => sessionStorage.setItem(key, text), [SESSION, planted]);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
    expect(await stored(page)).toEqual({});
  });
}

test('a session of another issuer or client is not used here', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const before = (await platform.calls('biomarkers')).length;
  await changeSession(page, { issuer: 'https://identity.example.com' });
  await page.reload();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  expect((await platform.calls('biomarkers')).length, 'its token goes nowhere').toBe(before);
  expect(await stored(page)).toEqual({});
});
