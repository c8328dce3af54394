// Answers that lead elsewhere, and a page that cannot be loaded: a token goes nowhere else, and a code stays nowhere.
import { readdir } from 'node:fs/promises';
import { test as base, expect } from '../support/test.mjs';
import { CALLBACK, allow, connect, connectAs, expectPage, expectResults, signInAs, stopAtTheDoor, stored } from '../support/journey.mjs';

/** Chromium writes lines of its own about a redirect or a digest that it refuses, so nobody listens to these pages. */
const test = base.extend({
  page: async ({ browser }, use) => {
    const context = await browser.newContext();
    await use(await context.newPage());
    await context.close();
  },
});

const ELSEWHERE = '/somebody-elses-place';

/** Loop answers with a redirect. Gives what reached the place it leads to. */
async function redirects(page, platform, path) {
  const arrived = [];
  page.on('request', (request) => new URL(request.url()).pathname === ELSEWHERE && arrived.push(request.url()));
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ status: 307, headers: { location: platform.portal + ELSEWHERE, 'access-control-allow-origin': '*' } }),
  );
  return arrived;
}

test('a discovery document that leads elsewhere is not followed', async ({ page, platform }) => {
  const arrived = await redirects(page, platform, '/.well-known/openid-configuration');
  await page.goto(platform.app);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await expectPage(page, 'Loop cannot be reached', 'Try again');
  expect(arrived).toEqual([]);
});

test('a token endpoint that leads elsewhere gets no code there', async ({ page, platform }) => {
  const arrived = await redirects(page, platform, '/v1/oauth/token');
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expectPage(page, 'Loop cannot be reached', 'Try again');
  expect(arrived).toEqual([]);
  expect(await stored(page)).toEqual({});
});

test('a clinical service that leads elsewhere gets no token there', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const arrived = await redirects(page, platform, '/v1/biomarkers');
  await page.reload();
  await expectPage(page, 'Loop cannot be reached', 'Try again');
  expect(arrived).toEqual([]);
});

test('a server that wants the person to sign in first ends no session, and nothing goes round', async ({ page, platform }) => {
  const address = await stopAtTheDoor(page, platform);
  const back = new URL(address);
  back.searchParams.delete('code');
  back.searchParams.set('error', 'login_required');
  await page.goto(back.href);
  await expectPage(page, 'This sign-in link cannot be used', 'Connect again');
  expect(page.url()).toBe(platform.app + CALLBACK);
});

test('when the app cannot be loaded on the way back, no code stays in the address', async ({ page, platform }) => {
  const address = await stopAtTheDoor(page, platform);
  const wasm = (await readdir(process.env.LOOP_APP)).find((name) => /^loop-partner-.*\.wasm$/.test(name));
  await page.route(`**/${wasm}`, (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(String(address));
  await expect(page.getByRole('heading')).toBeVisible();
  await expect.poll(() => page.url()).toBe(platform.app + CALLBACK);
});
