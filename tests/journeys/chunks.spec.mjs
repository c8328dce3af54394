// The parts of the app that are loaded later: what a person sees when one does not come, and that none runs that was changed.
import { test, expect } from '../support/test.mjs';
import { connectAs, expectResults, shared, stored } from '../support/journey.mjs';

/** The file of what is loaded later. */
const laterOf = (page) => page.locator('meta[name="app-chunk"]').getAttribute('content');
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
  const more = await laterOf(page);
  expect(asked).not.toContain(more);
  for (const name of ['Report', 'Settings', 'Report']) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  }
  expect(asked.filter((path) => path === more)).toHaveLength(1);
});

const CODE = /\/loop-partner-[^/]*\.wasm$/;
/** The lengths of the parts of the app's own file: what starts it, what draws it, the results. */
const partsOf = async (platform) => [...(await (await fetch(platform.app)).text()).matchAll(/name="?app-part"? content="?(\d+)/g)].map(([, length]) => Number(length));

for (const [language, names] of [['en', '/catalogue.json'], ['de', '/catalogue.de.json']]) {
  test(`the names of biomarkers are on their way before the app's own code is there, once: ${language}`, async ({ page, platform }) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.addInitScript((language) => localStorage.setItem('loop.language.v1', language), language);
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route(CODE, (route) => held.then(() => route.continue()));
    await page.goto(platform.app);
    await expect.poll(() => asked).toContain(names);
    letGo();
    await expect(page.locator('main button.button--primary')).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked.filter((path) => path.startsWith('/catalogue'))).toEqual([names]);
  });
}

/** The app's own file arrives as `change` makes it. */
function arrives(page, change) {
  return page.route(CODE, async (route) => {
    if (route.request().method() === 'HEAD') return route.continue();
    const response = await route.fetch();
    return route.fulfill({ response, body: change(await response.body()) });
  });
}

/** How often code was made to run: `made`. */
function countMade() {
  window.made = 0;
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (...all) => ((window.made += 1), instantiate(...all));
}

/**
 * The app's own file comes up to `length` and no further, until the rest is let go (`letGo`) or the line breaks (`breakOff`). Once: a
 * page that is loaded again gets the file at once.
 */
async function halting(page, platform, length) {
  const code = await page.locator('meta[name="app-wasm"]').getAttribute('content');
  const whole = Buffer.from(await (await fetch(platform.app + code)).arrayBuffer());
  const [begin, rest] = [whole.subarray(0, length), whole.subarray(length)].map((part) => part.toString('base64'));
  await page.addInitScript(
    ({ code, begin, rest }) => {
      const [real, bytes] = [fetch, (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))];
      window.fetch = (url, ...more) => {
        if (url !== code || more[0].method === 'HEAD' || sessionStorage.getItem('halted')) return real(url, ...more);
        sessionStorage.setItem('halted', 'once');
        const start = (line) => {
          line.enqueue(bytes(begin));
          window.letGo = () => (line.enqueue(bytes(rest)), line.close());
          window.breakOff = () => line.error(new TypeError('network error'));
        };
        return Promise.resolve(new Response(new ReadableStream({ start })));
      };
    },
    { code, begin, rest },
  );
  await page.addInitScript(countMade);
}

test('results are asked for while most of the code is on its way, and once', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const [start] = await partsOf(platform);
  await halting(page, platform, start);
  const asked = [];
  page.on('request', (request) => request.method() === 'GET' && asked.push(new URL(request.url()).pathname));
  await page.goto(`${platform.app}/biomarkers/ldl_cholesterol`);
  await expect.poll(() => asked).toContain('/v1/biomarkers');
  await expect(page.locator('main')).toHaveCount(0);
  await page.evaluate(() => window.letGo());
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(asked.filter((path) => path === '/v1/biomarkers')).toHaveLength(1);
});

for (const path of ['/settings', '/care/check-in']) {
  test(`nobody's results are asked for before ${path} is there`, async ({ page, platform }) => {
    await connectAs(page, platform, 'Maya Lindqvist');
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(platform.app + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(asked).not.toContain('/v1/biomarkers');
  });
}

/** Each part of the app's own file, and how many came before it. */
const PARTS = ['what starts the app', 'what draws it', 'the results'].map((name, before) => ({ name, before, from: (parts) => parts.slice(0, before).reduce((sum, part) => sum + part, 0) }));

for (const { name, before, from } of PARTS) {
  // Without the results there is a page that says so; without the others there is none.
  const isPage = before === 2;
  const says = async (page, title) => expect(isPage ? couldNotBeLoaded(page) : page.getByRole('alert').getByRole('heading', { level: 1, name: title })).toBeVisible();

  test(`the line breaks off in ${name}: the page says so, and the person is still connected when it is loaded again`, async ({ page, platform }) => {
    await connectAs(page, platform, 'Maya Lindqvist');
    await halting(page, platform, from(await partsOf(platform)) + 1000);
    await page.goto(platform.app);
    await expect.poll(() => page.evaluate(() => window.made)).toBe(before);
    await page.evaluate(() => window.breakOff());
    await says(page, 'The app could not be loaded');
    await page.getByRole('alert').getByRole('button').click();
    await expectResults(page);
  });

  test(`one byte of ${name} was changed: it does not run, nor what comes behind it, and the page says so`, async ({ page, platform }) => {
    await connectAs(page, platform, 'Maya Lindqvist');
    const changed = from(await partsOf(platform)) + 1000;
    await arrives(page, (code) => (code[changed] ^= 1, code));
    await page.addInitScript(countMade);
    await page.goto(platform.app);
    await says(page, 'The app arrived altered');
    expect(await page.evaluate(() => window.made)).toBe(before);
  });
}

test('the results break off while somebody is on a page that needs none: it stays, and results come when they are wanted', async ({ page, platform }) => {
  await page.goto(platform.app);
  const [start, app] = await partsOf(platform);
  await halting(page, platform, start + app + 1000);
  await page.goto(platform.app);
  const connect = page.getByRole('button', { name: 'Connect with Loop' });
  await expect(connect).toBeVisible();
  await page.evaluate(() => window.breakOff());
  await page.waitForLoadState('networkidle');
  await expect(connect).toBeVisible();
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
});

test('the app breaks before it could be drawn: nothing of it is drawn afterwards, and nobody is connected', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const [start] = await partsOf(platform);
  await halting(page, platform, start);
  const answer = page.waitForResponse(/\/v1\/biomarkers/);
  await page.goto(platform.app);
  await answer;
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('canary');
    window.dispatchEvent(new ErrorEvent('error', { error, message: error.message, cancelable: true }));
    window.letGo();
  });
  await expect.poll(() => page.evaluate(() => window.made), 'the code came').toBe(3);
  await page.waitForLoadState('networkidle');
  await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText('Something went wrong in this app');
  await expect(page.locator('main')).toHaveCount(1);
  expect([await stored(page), await shared(page)]).toEqual([{ halted: 'once' }, {}]);
});

test('the configuration comes after a part that was changed: nothing is drawn over what the page says', async ({ page, platform }) => {
  await page.goto(platform.app);
  const [start] = await partsOf(platform);
  await arrives(page, (code) => (code[start + 1000] ^= 1, code));
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route('**/loop.config.json', (route) => held.then(() => route.continue()));
  await page.goto('about:blank');
  const loaded = page.goto(platform.app);
  await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText('The app arrived altered');
  letGo();
  await loaded;
  await page.waitForLoadState('networkidle');
  await expect(page.locator('main')).toHaveCount(1);
});

test('a page of a chunk is asked for while the results are on their way', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [more, [start, app]] = [await laterOf(page), await partsOf(platform)];
  await halting(page, platform, start + app);
  const asked = page.waitForRequest(`**${more}`);
  await page.goto(`${platform.app}/report`);
  await asked;
  await page.evaluate(() => window.letGo());
  await expect(report(page)).toBeVisible();
});

test('what stands behind the last part of the file: the part does not run', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await arrives(page, (code) => Buffer.concat([code, Buffer.from('\0')]));
  await page.goto(platform.app);
  await expect(couldNotBeLoaded(page)).toBeVisible();
});

test('a file that is shorter than the page says does not run', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const [start] = await partsOf(platform);
  await arrives(page, (code) => code.subarray(0, start - 1));
  await page.goto(platform.app);
  await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText('The app arrived altered');
});

test('a page does not come without a network, and comes with Try again when it is back', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const more = await laterOf(page);
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
  const more = await laterOf(page);
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

test('a chunk that was changed on its way does not run', async ({ page, platform, forgive }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const more = await laterOf(page);
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
