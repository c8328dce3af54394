// The parts of the app that are loaded later: what a person sees when one does not come, and that none runs that was changed.
import { test, expect } from '../support/test.mjs';
import { connectAs, expectResults } from '../support/journey.mjs';

/** The files of the chunks, in the order in which they need each other: the results, then every other page. */
const chunksOf = (page) => page.locator('meta[name="app-chunk"]').evaluateAll((metas) => metas.map((meta) => meta.content));
const couldNotBeLoaded = (page) => page.getByRole('alert').getByRole('heading', { level: 1, name: 'This page could not be loaded' });
/** Presses Try again, after which the report is there, and says whether the document is the same one. */
async function tryAgain(page) {
  await page.evaluate(() => (window.isSame = true));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(report(page)).toBeVisible();
  return page.evaluate(() => window.isSame === true);
}
const report = (page) => page.getByRole('heading', { level: 1, name: 'Report' });

test('what the first page does not need is not downloaded for it, and each part once', async ({ page, platform }) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await connectAs(page, platform, 'Maya Lindqvist');
  const [results, more] = await chunksOf(page);
  expect(asked).toContain(results);
  expect(asked).not.toContain(more);
  for (const name of ['Report', 'Settings', 'Report']) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  }
  expect(asked.filter((path) => path === more)).toHaveLength(1);
});

for (const [language, names] of [['en', '/catalogue.json'], ['de', '/catalogue.de.json']]) {
  test(`what results need is on its way before the app's own code is there, once: ${language}`, async ({ page, platform }) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript((language) => localStorage.setItem('loop.language.v1', language), language);
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route(/\/loop-partner-[^/]*\.wasm$/, (route) => held.then(() => route.continue()));
    await page.goto(platform.app);
    const [results] = await chunksOf(page);
    await expect.poll(() => asked).toEqual(expect.arrayContaining([results, names]));
    letGo();
    await expect(page.locator('main button.button--primary')).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked.filter((path) => path === results || path.startsWith('/catalogue'))).toEqual(expect.arrayContaining([results, names]));
    expect(asked.filter((path) => path === results || path.startsWith('/catalogue'))).toHaveLength(2);
  });
}

test('a page does not come without a network, and comes with Try again when it is back', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [, more] = await chunksOf(page);
  forgive(more, 'net::ERR_INTERNET_DISCONNECTED');
  await page.route(`**${more}`, (route) => route.abort('internetdisconnected'));
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(couldNotBeLoaded(page)).toBeFocused();
  // What is there goes on.
  await page.getByRole('link', { name: 'Results' }).click();
  await expectResults(page);
  await page.goBack();
  await expect(couldNotBeLoaded(page)).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(couldNotBeLoaded(page)).toBeFocused();

  await page.unroute(`**${more}`);
  expect(await tryAgain(page), 'nothing was loaded again').toBe(true);
});

test('a page whose file went with an older deployment comes with Try again, and the person stays connected', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [, more] = await chunksOf(page);
  forgive(more, 404);
  // An empty answer is not what the digest says, either.
  forgive('/report', 'SRI');
  await page.route(`**${more}`, (route) => route.fulfill({ status: 404, body: '' }));
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(couldNotBeLoaded(page)).toBeVisible();
  // The page is loaded again, and names the files of today.
  await page.unroute(`**${more}`);
  expect(await tryAgain(page)).toBe(false);
});

test('a page that needs another part, which did not come for want of a network, comes in its place with Try again', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [results] = await chunksOf(page);
  forgive(results, 'net::ERR_CONNECTION_RESET');
  await page.route(`**${results}`, (route) => route.abort('connectionreset'));
  await page.goto(`${platform.app}/report`);
  await expect(couldNotBeLoaded(page)).toBeVisible();
  await page.unroute(`**${results}`);
  expect(await tryAgain(page), 'it is no file that is gone').toBe(true);
});

test('a part that was changed on its way does not run', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [, more] = await chunksOf(page);
  forgive('/report', 'SRI');
  await page.route(`**${more}`, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ response, body });
  });
  await page.evaluate(() => {
    window.made = 0;
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const real = WebAssembly[name];
      WebAssembly[name] = (...all) => ((window.made += 1), real.apply(WebAssembly, all));
    }
  });
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(couldNotBeLoaded(page)).toBeVisible();
  expect(await page.evaluate(() => window.made)).toBe(0);
});

test('the results do not come, and come with Try again, without a second sign-in', async ({ page, platform, forgive }) => {
  await page.goto(platform.app);
  const [results] = await chunksOf(page);
  forgive(results, 'net::ERR_CONNECTION_RESET');
  await page.route(`**${results}`, (route) => route.abort('connectionreset'));
  await page.goto('about:blank');
  await page.goto(platform.app);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await page.getByRole('button', { name: /Maya Lindqvist/ }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(couldNotBeLoaded(page)).toBeVisible();
  await page.unroute(`**${results}`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectResults(page);
});
