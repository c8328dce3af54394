// When Loop's sign-in service is ill: while connecting, and while a token is being replaced.
import { test, expect } from '../support/test.mjs';
import { setClock, setServerClock } from '../support/clock.mjs';
import { SESSION, allow, backInTheApp, connect, connectAs, expectNobody, expectPage, expectResults, sentTo, shared, signInAs, stored } from '../support/journey.mjs';

const TOKEN = '/v1/oauth/token';
const UNREACHABLE = 'Loop cannot be reached';
const UNREADABLE = 'The answer could not be read';
const EMPTY = 'net::ERR_EMPTY_RESPONSE';

const EXCHANGE = [
  { fault: 'refuse', title: UNREACHABLE, console: [EMPTY] },
  { fault: 'reset', title: UNREACHABLE, console: [EMPTY] },
  { fault: 'stall', title: UNREACHABLE },
  { fault: '500', title: UNREACHABLE, console: [500] },
  { fault: '503', title: UNREACHABLE, console: [503] },
  { fault: 'truncated', title: UNREACHABLE, console: ['net::ERR_CONTENT_LENGTH_MISMATCH'] },
  { fault: 'html', title: UNREADABLE },
  { fault: 'huge', title: UNREADABLE },
  { fault: 'deep', title: UNREADABLE },
  { fault: '429', title: 'Loop asks for a short break', console: [429] },
];

for (const { fault, title, console = [] } of EXCHANGE) {
  test(`connecting while tokens come as "${fault}": a readable page, the code is sent once, and connecting anew works`, async ({ page, platform, forgive }) => {
    forgive(TOKEN, ...console);
    await page.goto(platform.app);
    await setClock(page, { speed: 10 });
    await platform.fault('token', fault, { retryAfter: 20 });
    const sent = sentTo(page, platform.identity + TOKEN);
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await expectPage(page, title, /^Try again/);
    await expectNobody(page);
    await expect(page.getByRole('main'), 'nobody is connected yet').not.toContainText('still connected');
    expect(sent.length, 'the app sends a code once').toBe(1);
    expect(await stored(page), 'nothing of the failed sign-in is kept').toEqual({});

    await platform.clearFaults();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Connect with Loop' }).click();
    await allow(page);
    await backInTheApp(page, platform);
    await expectResults(page);
  });
}

test('a slow answer with the tokens is waited for', async ({ page, platform }) => {
  await platform.fault('token', 'slow', { times: 1 });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
});

test('a code that is too old when it arrives: start again', async ({ page, platform, forgive, context }) => {
  forgive(TOKEN, 400);
  await platform.fault('token', 'slow', { times: 1 });
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  const sent = page.waitForRequest(platform.identity + TOKEN);
  await allow(page);
  await sent;
  await platform.advance(61);
  await setServerClock(context, platform, 61_000);
  await expectPage(page, 'This sign-in link cannot be used', 'Connect again');
  await expectNobody(page);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});

for (const endpoint of ['discovery', 'jwks']) {
  const path = { discovery: '/.well-known/openid-configuration', jwks: '/.well-known/jwks.json' }[endpoint];
  for (const { fault, title, console = [] } of EXCHANGE.filter(({ fault }) => ['refuse', '500', 'html', 'huge', 'deep', '429'].includes(fault))) {
    test(`connecting while ${endpoint} comes as "${fault}": a readable page, and connecting anew works`, async ({ page, platform, forgive }) => {
      forgive(path, ...console);
      await page.goto(platform.app);
      await setClock(page, { speed: 10 });
      await platform.fault(endpoint, fault, { retryAfter: 20 });
      const start = page.getByRole('main').getByRole('button', { name: 'Connect with Loop' });
      await start.click();
      if (endpoint === 'jwks') {
        await page.waitForURL((url) => url.origin === platform.identity);
        await signInAs(page, 'Maya Lindqvist');
        await allow(page);
      }
      await expectPage(page, title, /^Try again/);
      await expectNobody(page);
      await expect(page.getByRole('main'), 'nobody is connected yet').not.toContainText('still connected');
      expect(Object.keys(await stored(page))).toEqual([]);

      await platform.clearFaults();
      await page.getByRole('button', { name: 'Try again' }).click();
      await start.click();
      if (endpoint === 'discovery') {
        await page.waitForURL((url) => url.origin === platform.identity);
        await signInAs(page, 'Maya Lindqvist');
      }
      await allow(page);
      await backInTheApp(page, platform);
      await expectResults(page);
    });
  }
}

/** Connected, with a token that has run out, and a refresh that meets the fault. */
async function refreshInto(page, platform, fault) {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ferritin' });
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await setClock(page, { speed: 10 });
  await platform.expireAccessTokens();
  await platform.fault('token', fault, { retryAfter: 20 });
  const sent = sentTo(page, platform.identity + TOKEN);
  await page.reload();
  return sent;
}

for (const { fault, title, console } of EXCHANGE.filter(({ fault }) => ['429', '503'].includes(fault))) {
  test(`replacing the token while Loop says "${fault}": nobody is signed out, and the same refresh token works later`, async ({ page, platform, forgive }) => {
    forgive('/v1/biomarkers', 401);
    forgive(TOKEN, ...console);
    await refreshInto(page, platform, fault);
    await expectPage(page, title, /^Try again/);
    await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();
    expect(Object.keys(await stored(page))).toContain(SESSION);
    await platform.clearFaults();
    await page.getByRole('button', { name: /^Try again$/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
    const refreshed = (await platform.calls('token')).slice(1).map((call) => call.status);
    expect(refreshed, 'refused once, then good').toEqual([Number(fault), 200]);
  });
}

// The token may have been used up: sending it again could end everything this person has connected.
for (const { fault, console = [] } of EXCHANGE.filter(({ fault }) => !['429', '503'].includes(fault))) {
  test(`replacing the token while the answer comes as "${fault}": it is sent once, and the person signs in again and is back`, async ({ page, platform, forgive }) => {
    forgive('/v1/biomarkers', 401);
    forgive(TOKEN, ...console);
    const sent = await refreshInto(page, platform, fault);
    await expect(page.getByRole('status').filter({ hasText: 'Please connect once more' })).toBeVisible();
    await expectNobody(page);
    expect(await stored(page)).toEqual({});
    expect(await shared(page)).toEqual({});
    expect(sent.length, 'the app sends it once').toBe(1);

    await platform.clearFaults();
    await page.getByRole('button', { name: 'Connect with Loop' }).click();
    await allow(page);
    await backInTheApp(page, platform);
    await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  });
}
