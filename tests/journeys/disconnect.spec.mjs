// Leaving: nothing stays on the screen or in the tab, and the page says honestly what Loop confirmed.
import { test, expect } from '../support/test.mjs';
import { setClock } from '../support/clock.mjs';
import { SESSION, connectAs, expectNobody, expectResults, shared, stored } from '../support/journey.mjs';

const notice = (page) => page.getByRole('main').getByRole('status');
const leave = (page) => page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();

/** As on a host that serves the app without `no-store`: only such a page is kept as it was and shown again on Back. */
async function allowKeeping(context, platform) {
  await context.route(
    (url) => url.origin === platform.app,
    async (route) => {
      if (route.request().resourceType() !== 'document') return route.continue();
      const answer = await route.fetch({ maxRedirects: 0 });
      return route.fulfill({ response: answer, headers: { ...answer.headers(), 'cache-control': 'no-cache' } });
    },
  );
  // A page that comes from a test and not from localhost needs a permission to call localhost.
  await context.grantPermissions(['local-network-access']);
}

/** Loop's own words for what it holds: no live token of anybody. */
async function expectNoLiveTokens(platform) {
  expect((await platform.state()).people).toEqual({});
}

async function expectLeft(page) {
  await expectNobody(page);
  expect(await stored(page)).toEqual({});
  expect(await shared(page)).toEqual({});
}

test('Loop confirms: both tokens are dead, and the page says so', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await leave(page);
  await expect(notice(page)).toContainText('Loop has confirmed');
  await expectLeft(page);
  expect((await platform.calls('revoke')).map((call) => call.status)).toEqual([200, 200]);
  await expectNoLiveTokens(platform);
});

test('leaving from the settings and from one result ends on the welcome page', async ({ page, platform }) => {
  for (const path of ['/settings', '/biomarkers/ferritin']) {
    await platform.reset();
    await connectAs(page, platform, 'Maya Lindqvist', { path });
    await page.getByRole('button', { name: 'Disconnect' }).last().click();
    await expect(notice(page)).toContainText('Loop has confirmed');
    expect(page.url()).toBe(`${platform.app}/`);
    await expectLeft(page);
  }
});

test('the results are gone in the very moment of the click', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await platform.fault('revoke', 'stall');
  const [drawn, kept] = await page.evaluate(async () => {
    document.querySelector('header button').click();
    await new Promise((drawn) => requestAnimationFrame(drawn));
    return [document.body.textContent, Object.keys(sessionStorage)];
  });
  expect(drawn).not.toMatch(/LDL|Ferritin|Maya|mg\/dL/);
  expect(kept).toEqual([]);
  await expect(notice(page)).toContainText('Telling Loop');
});

for (const fault of ['500', '503', '429', 'refuse', 'stall']) {
  test(`Loop does not confirm ("${fault}"): gone here all the same, and the page does not claim more`, async ({ page, platform, forgive }) => {
    forgive('/v1/oauth/revoke', 500, 503, 429, 'net::ERR_EMPTY_RESPONSE');
    await connectAs(page, platform, 'Maya Lindqvist');
    await expectResults(page);
    await setClock(page, { speed: 15 });
    await platform.fault('revoke', fault);
    await leave(page);
    await expect(notice(page)).toContainText('Disconnected here');
    await expect(notice(page)).toContainText('Loop did not confirm');
    await expectLeft(page);
  });
}

test('without a network: gone here, and the page says that Loop does not know', async ({ page, platform, context, forgive }) => {
  // The browser looks for the icon again at each new address.
  forgive('/icon.svg', 'net::ERR_INTERNET_DISCONNECTED');
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await context.setOffline(true);
  await leave(page);
  await expect(notice(page)).toContainText('Loop did not confirm');
  await expectLeft(page);
  expect(await platform.calls('revoke')).toEqual([]);
});

test('an app told that Loop does not revoke for it does not ask, and says so', async ({ page, platform }) => {
  await platform.switches({
    app_config: { client_id: platform.clientId, issuer: platform.identity, clinical: platform.clinical, assumptions: { revoke_as_public_client: false } },
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  await leave(page);
  await expect(notice(page)).toContainText('Loop did not confirm');
  await expectLeft(page);
  expect(await platform.calls('revoke')).toEqual([]);
});

test('Back to a page that the browser kept as it was shows nothing of the person', async ({ page, platform, context }) => {
  await allowKeeping(context, platform);
  await context.addInitScript(() => addEventListener('pageshow', (event) => (window.cameBackFromCache = event.persisted)));
  await connectAs(page, platform, 'Maya Lindqvist');
  // The page that a redirect led to is not one of those that may be kept, so the list is opened once more.
  await page.goto(platform.app);
  await expectResults(page);
  // A second page of the app, so that the first lies in the back/forward cache with all its results.
  await page.goto(`${platform.app}/settings`);
  await leave(page);
  await expect(notice(page)).toContainText('Loop has confirmed');
  await page.goBack({ waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  expect(await page.evaluate(() => window.cameBackFromCache), 'it was kept as it was').toBe(true);
  await expectLeft(page);
});

test('Back after leaving, as often as one likes: never a result, never a name', async ({ page, platform, forgive }) => {
  // Loop says that its question has been answered.
  forgive('/v1/oauth/consent', 400);
  await connectAs(page, platform, 'Maya Lindqvist');
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Results' }).click();
  await leave(page);
  await expect(notice(page)).toContainText('Loop has confirmed');
  for (let back = 0; back < 3; back += 1) {
    await page.goBack({ waitUntil: 'commit' });
    await expect(page.getByRole('main').getByRole('button', { name: /^connect/i })).toBeVisible();
    await expectLeft(page);
  }
});

test('another person at the same device sees their own results and nothing else', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await page.getByRole('searchbox').fill('ferritin');
  await leave(page);
  await expect(notice(page)).toContainText('Loop has confirmed');
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await page.getByRole('button', { name: 'Not you?' }).click();
  await page.getByRole('button', { name: /Jonas Okafor/ }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(page.getByRole('banner')).toContainText('Jonas Okafor');
  await expect(page.getByText('Maya')).toHaveCount(0);
  expect(JSON.parse((await stored(page))[SESSION]).subject).toBe('usr_jonas');
});
