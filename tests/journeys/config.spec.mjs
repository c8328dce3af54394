// An app that is not set up correctly: which field, and why, for whoever deploys it.
import { test, expect } from '../support/test.mjs';
import { expectPage } from '../support/journey.mjs';

const TITLE = 'This app is not set up correctly';
const HOSTILE = '<img src=x onerror=alert(1)>';

const FILES = [
  { name: 'no JSON', file: 'client_id: app_1', words: 'In loop.config.json, file: is no JSON (line 1, column 1).' },
  { name: 'a page instead of a file', file: '<!doctype html><h1>Hello</h1>', words: 'file: is no JSON' },
  { name: 'empty', file: '', words: 'file: is no JSON' },
  { name: 'a list', file: [], words: 'file: must be a JSON object' },
  { name: 'without client_id', file: {}, words: 'client_id: is missing; the developer portal gives it' },
  { name: 'with a number as client_id', file: { client_id: 7 }, words: 'client_id: must be a text' },
  { name: 'with the placeholder that it was delivered with', file: { client_id: 'YOUR_CLIENT_ID' }, words: 'client_id: is still the placeholder' },
  { name: 'with a secret in it', file: { client_id: 'a', client_secret: 'shh-canary' }, words: 'client_secret: is no setting', never: 'canary' },
  { name: 'with a stage that does not exist', file: { client_id: 'a', stage: 'prod' }, words: 'stage: must be production, staging, dev or pr-<number>' },
  { name: 'with an issuer that is not secure', file: { client_id: 'a', issuer: 'http://identity.example' }, words: 'issuer: ' },
  { name: 'with a clinical host that is no URL', file: { client_id: 'a', clinical: 'clinical.example' }, words: 'clinical: ' },
  { name: 'without openid', file: { client_id: 'a', scopes: ['read:biomarkers'] }, words: 'scopes: must contain openid' },
  { name: 'with a callback elsewhere', file: { client_id: 'a', redirect_path: 'https://evil.example/' }, words: 'redirect_path: must be a path of this app' },
  { name: 'with an unknown assumption', file: { client_id: 'a', assumptions: { nonsense: 1 } }, words: 'assumptions.nonsense: is no setting' },
  { name: 'with markup as a field', file: { client_id: 'a', [HOSTILE]: 1 }, words: `${HOSTILE}: is no setting`, hostile: true },
  { name: 'with markup in a section', file: { client_id: 'a', dangerously: { [HOSTILE]: true } }, words: HOSTILE, hostile: true },
  { name: 'with a field that turns the line around', file: { client_id: 'a', '\u202Edi_tneilc': 1 }, words: 'di_tneilc: is no setting', hostile: true },
];

for (const { name, file, words, never, hostile } of FILES) {
  test(`a configuration ${name}: the page says what is wrong`, async ({ page, platform }) => {
    if (hostile) page.on('dialog', (dialog) => expect(dialog.message(), 'nothing of the file runs').toBe(''));
    await platform.switches({ app_config: file });
    await page.goto(platform.app);
    await expectPage(page, TITLE, 'Reload', words);
    await expect(page.getByRole('alert')).toBeVisible();
    const html = await page.content();
    if (never) expect(html).not.toContain(never);
    if (hostile) {
      expect(html).not.toContain('\u202E');
      await expect(page.locator('img')).toHaveCount(0);
    }
    expect(await platform.calls('discovery'), 'nobody is called with a wrong configuration').toEqual([]);
  });
}

test('a configuration is asked for once, with the page, and one that leads elsewhere is none', async ({ page, platform, context }) => {
  let asked = 0;
  await context.route('**/loop.config.json', (route) => ((asked += 1), route.continue()));
  await page.goto(platform.app);
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  expect(asked).toBe(1);

  // Where it leads is a good one.
  await context.unroute('**/loop.config.json');
  await context.route('**/loop.config.json', (route) => route.fulfill({ status: 302, headers: { location: '/loop.config.json?elsewhere' } }));
  await page.goto('about:blank');
  await page.goto(platform.app);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toHaveCount(0);
});

test('an answer that was led elsewhere before the app could forbid it is no configuration', async ({ page, platform }) => {
  // As a browser tells it that gives a preload to a request with other rules.
  await page.addInitScript(() => {
    Object.defineProperty(Response.prototype, 'redirected', { get() { return this.url.endsWith('/loop.config.json'); } });
  });
  await page.goto(platform.app);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toHaveCount(0);
});

for (const [name, answer] of [
  ['not there', { status: 404, body: 'not found' }],
  ['not to be had', { status: 500, body: '' }],
]) {
  test(`a configuration that is ${name}: the page names the file`, async ({ page, platform, context, forgive }) => {
    forgive('/loop.config.json', answer.status);
    await context.route('**/loop.config.json', (route) => route.fulfill(answer));
    await page.goto(platform.app);
    await expectPage(page, TITLE, 'Reload', 'The file loop.config.json could not be loaded. It belongs next to index.html.');

    await context.unroute('**/loop.config.json');
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  });
}

test('a wrong configuration keeps a code in the address from staying there', async ({ page, platform }) => {
  await platform.switches({ app_config: {} });
  await page.goto(`${platform.app}/auth/loop/callback?code=lph_ac_x&state=y`);
  await expectPage(page, TITLE, 'Reload');
  expect(page.url()).toBe(`${platform.app}/auth/loop/callback`);
  expect(await platform.calls('token')).toEqual([]);
});

test('another callback path and other scopes are taken from the file', async ({ page, platform }) => {
  await platform.switches({
    app_config: { client_id: platform.clientId, issuer: platform.identity, clinical: platform.clinical, scopes: ['openid', 'read:biomarkers', 'read:red_flags', 'read:something_new'], redirect_path: '/back/from/loop' },
  });
  await page.goto(platform.app);
  const asked = page.getByRole('region', { name: 'What this app will ask to see' }).getByRole('listitem');
  await expect(asked).toHaveCount(3);
  await expect(asked).toContainText(['Your lab results', 'Safety flags', 'read:something_new']);
  await page.goto(`${platform.app}/back/from/loop?error=access_denied`);
  await expectPage(page, 'This sign-in link cannot be used', 'Connect again');
  await page.goto(`${platform.app}/auth/loop/callback?error=access_denied`);
  await expectPage(page, 'There is no such page', 'Go to the start');
});
