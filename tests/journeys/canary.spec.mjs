// Where a token, a code and a lab result may be, looked for after every step of a whole journey.
import { test, expect } from '../support/test.mjs';
import { CALLBACK, SESSION, allow, connect, expectResults, signInAs } from '../support/journey.mjs';
import { expectNowhere } from '../support/places.mjs';

const CANARY = 'Canarium fluorescens';
const CANARY_CODE = 'canary_marker';
const CANARY_VALUE = 31337.25;

test.use({
  labFile: {
    results: [
      { biomarker_code: CANARY_CODE, biomarker_name: CANARY, value: CANARY_VALUE, unit: 'mg/dL', reference_low: 1, reference_high: 2, status: 'high', collected_at: '2026-03-03' },
      { biomarker_code: 'ldl_cholesterol', biomarker_name: 'LDL', value: 128, unit: 'mg/dL', reference_high: 100, status: 'high', collected_at: '2026-03-03' },
    ],
  },
});

/** Collects what the tab sends and receives: requests with all their headers, and the secrets in the answers. */
async function listen(context, platform) {
  const requests = [];
  const secrets = { tokens: new Set(), once: new Set() };
  const pending = [];
  context.on('request', (request) => pending.push(request.allHeaders().then((headers) => requests.push({ url: request.url(), headers }))));
  // Read on the way: once the page has taken an answer, the browser may no longer have it for a test.
  await context.route(`${platform.identity}/v1/oauth/token`, async (route) => {
    for (const [name, value] of new URLSearchParams(route.request().postData())) if (['code', 'code_verifier'].includes(name)) secrets.once.add(value);
    const answer = await route.fetch();
    const { access_token, refresh_token, id_token } = await answer.json();
    for (const token of [access_token, refresh_token, id_token]) secrets.tokens.add(token);
    await route.fulfill({ response: answer });
  });
  return { requests, secrets, settled: () => Promise.all(pending) };
}

test('tokens are in the tab’s session store and nowhere else, and after disconnecting nowhere', async ({ page, platform, context, forgive }) => {
  forgive('/v1/biomarkers', 401);
  const heard = await listen(context, platform);
  const { tokens, once } = heard.secrets;

  const look = async (when, { connected = true } = {}) => {
    await heard.settled();
    await expectNowhere(page, when, { tokens, once, results: [CANARY, String(CANARY_VALUE)], connected });
  };

  await connect(page, platform);
  await signInAs(page, 'From File');
  await allow(page);
  await expect(page.getByRole('link', { name: CANARY })).toBeVisible();
  expect(tokens.size, 'the test knows the tokens').toBe(3);
  expect(once.size, 'and the code and its verifier').toBe(2);
  const held = JSON.parse(await page.evaluate((key) => sessionStorage.getItem(key), SESSION));
  expect([...tokens], 'they are where they belong').toEqual(expect.arrayContaining([held.access_token, held.refresh_token]));
  await look('in the list');

  await page.getByRole('searchbox').fill('canary');
  await expect(page.getByRole('link', { name: CANARY })).toBeVisible();
  await look('while searching');

  await page.getByRole('link', { name: CANARY }).click();
  await expect(page.getByRole('heading', { level: 1, name: CANARY })).toBeVisible();
  await look('on one result');

  await platform.expireAccessTokens();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: CANARY })).toBeVisible();
  await heard.settled();
  expect(tokens.size, 'the refresh brought new ones').toBeGreaterThan(4);
  await look('after a refresh');

  await page.getByRole('link', { name: 'Report', exact: true }).click();
  await expect(page.getByRole('rowheader', { name: CANARY })).toBeVisible();
  await look('in the report');

  await page.getByRole('link', { name: 'Settings' }).click();
  await look('in the settings');

  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('status')).toContainText('Loop has confirmed');
  await look('after disconnecting', { connected: false });
  await page.reload();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await look('after disconnecting and reloading', { connected: false });

  // What went over the wire.
  const origin = (request) => new URL(request.url).origin;
  const ofTheApp = heard.requests.filter((request) => request.url.startsWith('http') && (origin(request) !== platform.identity || /token|revoke|well-known/.test(request.url)));
  expect(ofTheApp.length).toBeGreaterThan(10);
  for (const { url, headers } of heard.requests) {
    for (const token of tokens) expect(url.includes(token), 'a token in an address').toBe(false);
    expect(url.includes(encodeURIComponent(CANARY)) || url.includes(String(CANARY_VALUE)), 'a lab result in an address').toBe(false);
    if (headers.authorization) expect(new URL(url).origin, 'a bearer goes to the clinical service alone').toBe(platform.clinical);
    expect(headers.referer?.startsWith(platform.app) ?? false, 'the app tells nobody its address').toBe(false);
  }
  for (const { url, headers } of ofTheApp) {
    if (new URL(url).pathname !== CALLBACK) expect(headers.referer ?? '', `no referrer from the app to ${url}`).toBe('');
    if (origin({ url }) !== platform.app) expect(headers.cookie, 'no cookie from the app').toBeUndefined();
  }
  for (const secret of once) {
    const carried = heard.requests.filter((request) => request.url.includes(secret));
    expect(carried.every((request) => new URL(request.url).pathname === CALLBACK), 'a code is in the address of the callback alone').toBe(true);
  }
  const log = JSON.stringify(await platform.log());
  for (const secret of [...tokens, ...once]) expect(log.includes(secret), 'a token in the platform’s log').toBe(false);
  await expect(page, 'the title says nothing of whoever was there').toHaveTitle('Loop Partner');
});

test('the clinical service sees the token in a header, and never in the address', async ({ page, platform, context }) => {
  const heard = await listen(context, platform);
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expectResults(page);
  await heard.settled();
  const calls = heard.requests.filter((request) => request.url.startsWith(platform.clinical));
  expect(calls.length).toBeGreaterThan(0);
  for (const { url, headers } of calls) {
    expect(headers.authorization).toMatch(/^Bearer lph_at_/);
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(['limit', 'offset', 'user_id']);
  }
});

test('every request goes without cookies, cache, referrer or redirects, and no answer but the catalogue is kept', async ({ page, platform }) => {
  await page.addInitScript(() => {
    globalThis.asked = [];
    const { fetch } = globalThis;
    globalThis.fetch = (address, options = {}) => {
      const { cache, credentials, redirect, referrerPolicy } = options;
      globalThis.asked.push({ path: new URL(address, location.href).pathname, cache, credentials, redirect, referrerPolicy });
      return fetch.call(globalThis, address, options);
    };
  });
  const asked = async () => (await page.evaluate(() => globalThis.asked)).filter(({ path }) => !path.endsWith('.wasm'));
  await page.goto(platform.app);
  const before = await asked();
  await connect(page, platform);
  await signInAs(page, 'From File');
  await allow(page);
  await expect(page.getByRole('link', { name: CANARY })).toBeVisible();
  const after = await asked();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('Loop has confirmed')).toBeVisible();
  const all = [...before, ...after, ...(await asked())];
  const rule = { cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' };
  // The one file that is the same for everybody may be kept, and is asked for all the same. What the page itself preloads is asked
  // for as pages do.
  const others = { '/catalogue.json': { cache: 'no-cache', credentials: 'same-origin' }, '/loop.config.json': { credentials: 'same-origin' } };
  const of = (path) => ({ ...rule, ...others[path] });
  expect(all).toEqual(all.map(({ path }) => ({ path, ...of(path) })));
  const paths = new Set(all.map(({ path }) => path));
  for (const path of ['/loop.config.json', '/.well-known/openid-configuration', '/v1/oauth/token', '/.well-known/jwks.json', '/v1/biomarkers', '/v1/oauth/revoke']) {
    expect(paths, 'the rule was looked at there too').toContain(path);
  }
});
