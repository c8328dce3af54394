// When the clinical service is ill, or the person has no network: what the page says, and that nobody is signed out by it.
import { test, expect } from '../support/test.mjs';
import { setClock } from '../support/clock.mjs';
import { SESSION, changeSession, connect, connectAs, expectPage, expectResults, sentTo, signInAs, allow, stored } from '../support/journey.mjs';

const PATH = '/v1/biomarkers';
const UNREACHABLE = 'Loop cannot be reached';
const UNREADABLE = 'The answer could not be read';
const EMPTY = 'net::ERR_EMPTY_RESPONSE';

/** Somebody is connected, and nothing of their record is shown. */
async function expectConnectedWithoutData(page) {
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();
  await expect(page.getByText(/LDL|Ferritin|mg\/dL/)).toHaveCount(0);
  expect(Object.keys(await stored(page))).toContain(SESSION);
}

const FAULTS = [
  { fault: 'refuse', title: UNREACHABLE, calls: 3, console: [EMPTY] },
  { fault: 'reset', title: UNREACHABLE, calls: 3, console: [EMPTY] },
  { fault: '500', title: UNREACHABLE, calls: 3, console: [500] },
  { fault: '503', title: UNREACHABLE, calls: 3, console: [503] },
  { fault: 'truncated', title: UNREACHABLE, calls: 3, console: ['net::ERR_CONTENT_LENGTH_MISMATCH'] },
  { fault: 'html', title: UNREADABLE, calls: 1 },
  { fault: 'huge', title: UNREADABLE, calls: 1 },
  { fault: 'deep', title: UNREADABLE, calls: 1 },
];

for (const { fault, title, calls, console = [] } of FAULTS) {
  test(`results that come as "${fault}": a readable page, nobody is signed out, and Try again works once it is mended`, async ({ page, platform, forgive }) => {
    forgive(PATH, ...console);
    await platform.fault('biomarkers', fault);
    const sent = sentTo(page, platform.clinical + PATH);
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await expectPage(page, title, 'Try again');
    await expectConnectedWithoutData(page);
    expect(sent.length, 'tried a few times at most').toBe(calls);

    await platform.clearFaults();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectResults(page);
    expect(await platform.calls('token'), 'no new token was needed').toHaveLength(1);
  });
}

test('results that fail once are fetched again without a word', async ({ page, platform, forgive }) => {
  forgive(PATH, 503);
  await platform.fault('biomarkers', '503', { times: 1 });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  expect((await platform.calls('biomarkers')).map((call) => call.status)).toEqual([503, 200]);
});

test('slow results: the page says that it is loading, then shows them', async ({ page, platform }) => {
  await platform.fault('biomarkers', 'slow', { times: 1 });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.getByRole('status').filter({ hasText: 'Loading your results' })).toBeAttached();
  await expectResults(page);
});

test('results that never come: given up after a while, and Try again works', async ({ page, platform }) => {
  await page.goto(platform.app);
  await setClock(page, { speed: 10 });
  await platform.fault('biomarkers', 'stall');
  const sent = sentTo(page, platform.clinical + PATH);
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expectPage(page, UNREACHABLE, 'Try again');
  expect(sent.length, 'fifteen seconds are enough: nobody waits for a second try').toBe(1);
  await expectConnectedWithoutData(page);
  await platform.clearFaults();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectResults(page);
});

test('a clinical service that does not allow this app (CORS): told as one that cannot be reached, and not as being offline', async ({ page, platform, context, forgive }) => {
  forgive(PATH, 'net::ERR_FAILED');
  forgive('/', 'CORS');
  await context.route(`${platform.clinical}${PATH}**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'access-control-allow-origin': 'https://another-app.example' } });
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectPage(page, UNREACHABLE, 'Try again');
  await expect(page.getByRole('main')).not.toContainText(/offline|no network/i);
  await expectConnectedWithoutData(page);

  await context.unroute(`${platform.clinical}${PATH}**`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectResults(page);
});

test('too many requests: a countdown, a button that waits for it, and not one request before', async ({ page, platform, forgive }) => {
  forgive(PATH, 429);
  await page.goto(platform.app);
  await setClock(page, { speed: 5 });
  await platform.fault('biomarkers', '429', { times: 1, retryAfter: 30 });
  await connectAs(page, platform, 'Maya Lindqvist');
  const button = page.getByRole('main').getByRole('button');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Loop asks for a short break');
  await expect(button).toBeDisabled();
  const seconds = async () => Number(/^Try again in (\d+) s$/.exec(await button.textContent())?.[1]);
  const first = await seconds();
  expect(first).toBeLessThanOrEqual(30);
  await expect.poll(seconds, 'it counts down').toBeLessThan(first);

  // Going elsewhere and back is no way around the wait.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Results' }).click();
  await expect(button).toBeDisabled();
  await expect(button).toHaveText('Try again');
  await expect(button).toBeEnabled();
  expect(await platform.calls('biomarkers'), 'nothing was asked during the wait').toHaveLength(1);
  await button.click();
  await expectResults(page);
  expect(await platform.calls('biomarkers')).toHaveLength(2);
});

test('too many requests, with the header hidden from the browser: the body says how long', async ({ page, platform, forgive }) => {
  forgive(PATH, 429);
  await platform.switches({ expose_headers: false });
  await platform.fault('biomarkers', '429', { times: 1, retryAfter: 100 });
  await connectAs(page, platform, 'Maya Lindqvist');
  const button = page.getByRole('main').getByRole('button');
  await expect(button).toHaveText(/^Try again in (100|9\d) s$/);
  await expect(button).toBeDisabled();
});

test('too many requests, without a word for how long: a moment, and up to twice as long each time', async ({ page, platform, forgive, context }) => {
  forgive(PATH, 429);
  await context.route(`${platform.clinical}${PATH}**`, (route) => route.fulfill({ status: 429, headers: { 'access-control-allow-origin': platform.app }, body: '' }));
  await connectAs(page, platform, 'Maya Lindqvist');
  const pause = async () => (await page.evaluate(() => localStorage.getItem('loop.pause.v2.read'))).split(' ').map(Number);
  for (const [index, longest] of [1000, 2000, 4000].entries()) {
    await expect.poll(async () => (await pause())[1]).toBe(index + 1);
    const [until] = await pause();
    expect(until - Date.now()).toBeLessThanOrEqual(longest);
    // Clicks once the wait is over.
    await page.getByRole('main').getByRole('button', { name: /^Try again$/ }).click();
  }
});

test('a record that is not there, or not for this person: both are said', async ({ page, platform, forgive, context }) => {
  forgive(PATH, 404);
  await context.route(`${platform.clinical}${PATH}**`, (route) => route.fulfill({ status: 404, headers: { 'access-control-allow-origin': platform.app }, json: { error: 'not_found' } }));
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectPage(page, 'Nothing to see here', 'Go to the start', 'does not exist, or your account may not see it');
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();
});

test('a link to a result that this person does not have', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/kryptonite' });
  await expectPage(page, 'No result of this kind', 'All results');
  await page.getByRole('link', { name: 'All results' }).click();
  await expectResults(page);
});

test('an address that this app does not have', async ({ page, platform }) => {
  await page.goto(`${platform.app}/nowhere`);
  await expectPage(page, 'There is no such page', 'Go to the start');
  await page.getByRole('link', { name: 'Go to the start' }).click();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
});

test('without a network connecting is not tried; with it, it works', async ({ page, platform, context }) => {
  await page.goto(platform.app);
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await expectPage(page, 'You are offline', 'Try again');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await expectPage(page, 'You are offline', 'Try again');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expectResults(page);
});

test('the network goes while results are due and the token has run out: offline, not signed out', async ({ page, platform, context, forgive }) => {
  forgive(PATH, 500);
  await platform.fault('biomarkers', '500');
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expectPage(page, UNREACHABLE, 'Try again');
  await platform.clearFaults();
  await platform.expireAccessTokens();
  await changeSession(page, { expires_at: Date.now() - 1000 });

  await context.setOffline(true);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectPage(page, 'You are offline', 'Try again');
  await expectConnectedWithoutData(page);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectResults(page);
  expect(await platform.calls('token'), 'one exchange, one refresh').toHaveLength(2);
});

test('results that were loaded stay readable without a network', async ({ page, platform, context, forgive }) => {
  // The browser looks for the icon again at each new address.
  forgive('/icon.svg', 'net::ERR_INTERNET_DISCONNECTED');
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  await page.getByRole('link', { name: 'All results' }).click();
  await expectResults(page);
});
