// A browser the app may not run in, and an app that breaks: what the page says, what is left, and the way on.
import { test, expect } from '../support/test.mjs';
import { allow, connect, connectAs, expectNobody, expectResults, shared, stored } from '../support/journey.mjs';
import { openTabs } from '../support/tabs.mjs';

const REFUSALS = [
  { name: 'without Web Crypto', take: () => Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined }), title: 'This browser is too old' },
  { name: 'without WebAssembly', take: () => delete globalThis.WebAssembly, title: 'This browser is too old' },
  { name: 'over a connection that is not secure', take: () => Object.defineProperty(globalThis, 'isSecureContext', { value: false }), title: 'This connection is not secure' },
];

for (const { name, take, title } of REFUSALS) {
  test(`${name}: the page says why, nothing is started, and no code stays in the address`, async ({ page, platform }) => {
    const sent = [];
    page.on('request', (request) => sent.push(new URL(request.url())));
    await page.addInitScript(take);
    await page.goto(`${platform.app}/auth/loop/callback?code=canary&state=canary`);
    await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText(title);
    await expect(page.getByRole('button'), 'loading it again would not help').toHaveCount(0);
    expect(page.url()).toBe(`${platform.app}/auth/loop/callback`);
    expect(sent.filter((url) => url.origin !== platform.app)).toEqual([]);
    expect(sent.filter((url) => url.pathname === '/catalogue.json'), 'the first thing that the app asks for itself').toEqual([]);
    expect([await stored(page), await shared(page)]).toEqual([{}, {}]);
  });
}

test('the app panics when it is first drawn: the page says so, and can be loaded again', async ({ page, platform }) => {
  // The first one who asks for the body is the app, which cannot be without.
  await page.addInitScript(() => {
    const body = Object.getOwnPropertyDescriptor(Document.prototype, 'body');
    const missing = () => {
      Object.defineProperty(Document.prototype, 'body', body);
      return null;
    };
    Object.defineProperty(Document.prototype, 'body', { ...body, get: missing });
  });
  await page.goto(platform.app);
  await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText('Something went wrong in this app');
  await page.getByRole('button', { name: 'Load again' }).focus();
});

test('a server that does not know what a WebAssembly file is still serves the app', async ({ page, platform }) => {
  await page.route(/\.wasm$/, async (route) => route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'application/octet-stream' } }));
  await page.goto(platform.app);
  await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
});

/** What breaks, with words that must be seen nowhere. */
const BREAKDOWNS = {
  'a trap of the WebAssembly, as after a panic': () => {
    Date.now = () => {
      throw new WebAssembly.RuntimeError('canary LDL 128');
    };
  },
  'an error in the app’s own script': () => {
    // Only the browser can say that an error came from a file of the app, so the event is made here.
    const error = new TypeError('canary LDL 128');
    window.dispatchEvent(new ErrorEvent('error', { error, message: error.message, filename: `${location.origin}/app.js`, cancelable: true }));
  },
};

for (const [name, breakIt] of Object.entries(BREAKDOWNS)) {
  test(`${name}, while results are shown in two tabs: nothing of them is left anywhere, and Load again begins anew`, async ({ page, platform, context }) => {
    await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ldl_cholesterol' });
    const [other] = await openTabs(context, platform.app, 1);
    await expectResults(other);
    await page.bringToFront();
    await page.evaluate(breakIt);
    await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).toHaveText('Something went wrong in this app');
    await expectNobody(page);
    expect([await stored(page), await shared(page)]).toEqual([{}, {}]);
    await expect(other.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
    await expectNobody(other);
    expect(await page.evaluate(() => [sessionStorage.setItem('loop.late', 'x'), { ...sessionStorage }][1]), 'what still runs can keep nothing').toEqual({});

    await page.getByRole('button', { name: 'Load again' }).click();
    await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
    expect(page.url()).toBe(`${platform.app}/`);
    // Loop still knows who it is, and asks for a yes alone.
    await connect(page, platform);
    await allow(page);
    await expectResults(page);
  });
}

test('an error of a browser extension ends nothing', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await page.evaluate(() => {
    window.dispatchEvent(new ErrorEvent('error', { error: new Error('theirs'), filename: 'chrome-extension://abc/content.js' }));
    window.dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop completed with undelivered notifications.', filename: location.href }));
  });
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
});
