// A whole journey through a real web server with the platform behind TLS, and then everything that was written down about it: the server's
// logs, the platform's, the console, the page's stores, and the folder in which the browser keeps what it keeps. Nothing of it may tell a
// token, a code or anything of a person's record.
import { X509Certificate, createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium } from '@playwright/test';
import { CALLBACK, allow, backInTheApp, connect, expectNobody, signInAs } from '../support/journey.mjs';
import { expectNowhere } from '../support/places.mjs';
import { test as base, expect } from './test.mjs';

const NAME = 'Canarium fluorescens';
const CODE = 'canary_marker';
const VALUE = 31337.25;
const GOAL = 'Zanzibar by canary boat';
const FORGED = 'canary-of-a-forged-address';
const PERSON = 'From File';
/** What no place but the page itself may hold. The code of a biomarker is in the address of its page as well. */
const RESULTS = [NAME, String(VALUE), GOAL];

const test = base.extend({
  /** Where the browser keeps what it keeps. */
  profile: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'loop-profile-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  /** A browser with a cache on disk. It trusts the server's certificate: Chromium keeps no answer whose certificate it only let pass. */
  context: async ({ launchOptions, server, profile, locale, timezoneId }, use) => {
    const leaf = new X509Certificate(readFileSync(server.certificate));
    const pin = createHash('sha256').update(leaf.publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
    const args = [...launchOptions.args, `--ignore-certificate-errors-spki-list=${pin}`];
    const context = await chromium.launchPersistentContext(profile, { ...launchOptions, args, locale, timezoneId });
    await use(context);
    await context.close();
  },
});

test.use({
  scopes: ['openid', 'profile', 'read:biomarkers', 'read:check_ins', 'write:check_ins'],
  labFile: {
    results: [
      { biomarker_code: CODE, biomarker_name: NAME, value: VALUE, unit: 'mg/dL', reference_low: 1, reference_high: 2, status: 'high', collected_at: '2026-03-03' },
      { biomarker_code: 'ldl_cholesterol', biomarker_name: 'LDL', value: 128, unit: 'mg/dL', reference_high: 100, status: 'high', collected_at: '2026-03-03' },
    ],
  },
});

/** Collects tokens, codes and verifiers, and the answers of the platform. In the page: a test that stands in the way of requests switches the cache off. */
async function listen(context, platform) {
  const heard = { tokens: new Set(), once: new Set(), answers: [], copied: [], origins: new Set() };
  await context.exposeBinding('heardByTheTest', (_, sent, came) => {
    for (const [name, value] of new URLSearchParams(sent)) if (['code', 'code_verifier'].includes(name)) heard.once.add(value);
    const { access_token, refresh_token, id_token } = JSON.parse(came);
    for (const token of [access_token, refresh_token, id_token]) if (token) heard.tokens.add(token);
  });
  await context.addInitScript((endpoint) => {
    const { fetch, heardByTheTest } = globalThis;
    globalThis.fetch = async (address, options = {}) => {
      const answer = await fetch.call(globalThis, address, options);
      if (String(address) === endpoint && answer.ok) await heardByTheTest(String(options.body), await answer.clone().text());
      return answer;
    };
  }, `${platform.identity}/v1/oauth/token`);
  await context.exposeBinding('copiedByTheTest', (_, what) => heard.copied.push(what));
  await context.addInitScript(() => {
    const { copiedByTheTest } = globalThis;
    for (const name of ['write', 'writeText']) Clipboard.prototype[name] = async () => copiedByTheTest(name);
    for (const name of ['copy', 'cut']) addEventListener(name, () => copiedByTheTest(name), true);
  });
  context.on('request', (request) => /^http/.test(request.url()) && heard.origins.add(new URL(request.url()).origin));
  context.on('response', (response) => heard.answers.push({ url: response.url(), cache: response.headers()['cache-control'] ?? '' }));
  return heard;
}

/** The files of a folder that hold one of these texts, as bytes of UTF-8 or UTF-16: `path: which`. */
function holding(folder, texts) {
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = readFileSync(file);
    for (const [what, text] of texts) {
      if (bytes.includes(text, 0, 'utf8') || bytes.includes(text, 0, 'utf16le')) found.push(`${relative(folder, file)}: ${what}`);
    }
  }
  return found.sort();
}

test('after a whole journey no log, no store, no address and no cache tells a token or a result', async ({ page, platform, server, context, profile, quiet, forgive }) => {
  forgive('/v1/biomarkers', 401);
  forgive('/nowhere', 404);
  const heard = await listen(context, platform);
  const { tokens, once } = heard;
  const fields = page.locator('textarea, input:not([type="radio"]):not([type="checkbox"])');
  const look = async (when, { connected = true } = {}) => {
    await expectNowhere(page, when, { tokens, once, results: RESULTS, connected });
    const completed = await fields.evaluateAll((all) => all.filter((field) => (field.autocomplete || field.form?.autocomplete) !== 'off').map((field) => field.outerHTML));
    expect(completed, `${when}: the browser offers what was typed before`).toEqual([]);
  };
  const to = (name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

  await connect(page, platform);
  await signInAs(page, PERSON);
  await allow(page);
  await backInTheApp(page, platform);
  await expect(page.getByRole('link', { name: NAME })).toBeVisible();
  expect([tokens.size, once.size], 'the test knows what to look for').toEqual([3, 2]);
  await look('in the list');

  await page.getByRole('link', { name: NAME }).click();
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
  await platform.expireAccessTokens();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
  expect(tokens.size, 'the refresh brought new ones').toBeGreaterThan(4);
  await look('on one result, after a refresh');

  await to('Report');
  await expect(page.getByRole('rowheader', { name: NAME })).toBeVisible();
  await look('in the report');

  await to('Care');
  await page.getByRole('link', { name: 'Answer the next check-in' }).click();
  await page.getByLabel('On which day did you enrol?').fill('2026-08-01');
  await page.getByRole('button', { name: 'Find my next check-in' }).click();
  await page.getByLabel('Your goals').fill(GOAL);
  await page.getByLabel('What went well').fill('all');
  await page.getByLabel('What stood in the way').fill('nothing');
  await page.getByRole('group', { name: 'How is your mood?' }).getByLabel('8', { exact: true }).check();
  await page.getByRole('group', { name: 'How well do you sleep?' }).getByLabel('10', { exact: true }).check();
  await look('while typing');
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(page.getByText('Your check-in was written down')).toBeVisible();
  await look('after the check-in');

  await to('Results');
  for (const kind of [/CSV/, /JSON/, /FHIR/]) {
    const button = page.getByRole('region', { name: 'Export' }).getByRole('button', { name: kind });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(String(VALUE));
  }
  await look('after three copies');
  expect((await page.pdf()).length).toBeGreaterThan(1000);
  await look('after printing');

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await look('in the settings');

  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('status')).toContainText('Loop has confirmed');
  await look('after leaving', { connected: false });
  await page.goto(`${server.origin}${CALLBACK}?code=lph_ac_${FORGED}&state=${FORGED}&error_description=${FORGED}`);
  await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toHaveText('This sign-in link cannot be used');
  expect(page.url()).toBe(server.origin + CALLBACK);
  await page.goto(`${server.origin}/nowhere?code=${FORGED}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address');
  await page.goto(server.origin);
  await expectNobody(page);

  await test.step('what went over the wire', async () => {
    expect([...heard.origins].sort(), 'the app and the platform, and nobody else').toEqual([server.origin, platform.identity, platform.clinical].sort());
    // All but what the platform publishes: its own description, its keys and its style.
    const data = heard.answers.filter(({ url }) => !url.startsWith(server.origin) && !/\/(.well-known|assets)\//.test(url));
    const paths = new Set(data.map(({ url }) => new URL(url).pathname));
    for (const path of ['/v1/oauth/authorize', '/v1/oauth/consent', '/v1/oauth/token', '/v1/oauth/revoke', '/v1/biomarkers', '/v1/check-ins']) expect(paths).toContain(path);
    expect(data.filter(({ cache }) => !cache.includes('no-store')), 'no answer with a token or a result may be kept').toEqual([]);
  });

  expect(heard.copied, 'nothing is put on the clipboard that nobody asked for').toEqual([]);
  const spent = [...once].map((secret) => [secret.startsWith('lph_ac_') ? 'a code' : 'a verifier', secret]);
  const texts = [...[...tokens].map((token) => ['a token', token]), ...spent, ...[...RESULTS, PERSON, FORGED].map((text) => [text, text])];
  await test.step('what was said and written down', async () => {
    await expect.poll(() => server.log()).toMatch(/404/);
    for (const [where, text] of Object.entries({
      'the log of the server': server.log(),
      'what else the server said': server.said(),
      'the log of the platform': JSON.stringify(await platform.log()),
      'the console': JSON.stringify(quiet),
    })) {
      for (const [what, secret] of [...texts, ['a biomarker', CODE]]) {
        for (const form of [secret, encodeURIComponent(secret)]) expect(text.includes(form), `${what} in ${where}`).toBe(false);
      }
    }
  });

  await test.step('what the browser keeps', async () => {
    await context.close();
    // The app's wasm is in it: the first file and its chunks, one each.
    const files = readdirSync(server.site).filter((name) => name.endsWith('.wasm'));
    expect(holding(profile, [['the app', '.wasm']]), 'it has a cache').toEqual(files.map(() => expect.stringMatching(/^Default\/Cache\//)));
    // A browser writes down which addresses were open, and the address of the callback with its code is one, however soon the app
    // changes it: the code is spent by then. It may also write the session store of a tab to disk, to bring the tab back.
    const mayKeep = (file, what) =>
      (['a code', FORGED].includes(what) && !/cache|worker|storage|indexeddb/i.test(file)) || (['a token', 'a verifier', PERSON].includes(what) && file.startsWith('Default/Session Storage/'));
    expect(holding(profile, texts).filter((line) => !mayKeep(...line.split(': ')))).toEqual([]);
  });
});
