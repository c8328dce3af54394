// Where the person comes back to, and what reload, Back and the history hold afterwards.
import { test, expect } from '../support/test.mjs';
import { CALLBACK, allow, backInTheApp, connect, connectAs, deny, expectNobody, expectPage, expectResults, signInAs, stored } from '../support/journey.mjs';

const USED = ['This sign-in link cannot be used', 'Connect again'];

/** Every address in the tab's history, as the browser keeps it. */
async function history(page) {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  return entries.map((entry) => `${entry.url} ${entry.title}`);
}

async function expectNoCodeInHistory(page) {
  for (const entry of await history(page)) expect(entry).not.toMatch(/[?&#](code|iss)=|lph_/);
}

test('whoever came by a link to one result comes back to that result', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ldl_cholesterol' });
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/biomarkers/ldl_cholesterol`);
  await expectNoCodeInHistory(page);
});

test('whoever came by a link to the settings comes back to the settings', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/settings' });
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

for (const path of ['//evil', '/%2F%2Fevil', '/%5Cevil', '/biomarkers/%2f%2fevil', '/biomarkers/%0d%0aLocation:%20evil']) {
  test(`a link to ${path} leads nowhere but to the app itself`, async ({ page, platform }) => {
    await page.goto(platform.app + path);
    const start = page.getByRole('main').getByRole('button', { name: /^connect/i });
    const away = page.getByRole('main').getByRole('link', { name: 'Go to the start' });
    await expect(start.or(away)).toBeVisible();
    if (await away.isVisible()) await away.click();
    await start.click();
    await page.waitForURL((url) => url.origin === platform.identity);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await backInTheApp(page, platform);
    expect(page.url()).toBe(`${platform.app}/`);
    await expectResults(page);
  });
}

for (const planted of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'data:text/html,x', '/a/../..//evil.example']) {
  test(`a way back that was changed to ${planted} is not taken`, async ({ page, platform }) => {
    await page.goto(platform.app);
    // The app runs the way to Loop; the record is changed before the app reads it again.
    await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
    await page.waitForURL((url) => url.origin === platform.identity);
    await page.addInitScript((planted) => {
      for (const key of Object.keys(sessionStorage).filter((key) => key.startsWith('loop.transaction.'))) {
        sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), return_to: planted }));
        window.name = 'planted';
      }
    }, planted);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await backInTheApp(page, platform);
    expect(await page.evaluate(() => window.name), 'the record was changed').toBe('planted');
    expect(page.url()).toBe(`${platform.app}/`);
    await expectResults(page);
  });
}

test('reload while the code is being exchanged: the code is not sent again, and connecting again works', async ({ page, platform }) => {
  await platform.fault('token', 'stall', { times: 1 });
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await expect.poll(() => platform.calls('token')).toHaveLength(1);
  expect(await page.evaluate(() => location.href), 'the address is clean before the answer is there').toBe(platform.app + CALLBACK);
  await page.reload();
  await expectPage(page, ...USED);
  await expectNobody(page);
  expect(await platform.calls('token'), 'no second exchange').toHaveLength(1);
  expect(Object.keys(await stored(page)), 'nothing of the lost sign-in is kept').toEqual([]);
  await expectNoCodeInHistory(page);

  await page.getByRole('button', { name: 'Connect again' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});

test('reload on a callback that was refused: the same words, and still nothing is sent', async ({ page, platform }) => {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await expectPage(page, 'You said no, and that is fine', 'Connect again');
  for (const _ of [1, 2]) {
    await page.reload();
    await expectPage(page, ...USED);
    expect(page.url()).toBe(platform.app + CALLBACK);
  }
  expect(await platform.calls('token')).toEqual([]);
});

test('Back to a callback judges nothing a second time', async ({ page, platform }) => {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
  await page.goBack({ waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Connect again' })).toBeVisible();
  expect(page.url()).toBe(platform.app + CALLBACK);
  await page.goForward({ waitUntil: 'commit' });
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
  expect(await platform.calls('token')).toHaveLength(1);
  await expectNoCodeInHistory(page);
});

test('Back to Loop after connecting and forward again: still connected, with one exchange', async ({ page, platform, forgive }) => {
  // Loop says that this question has been answered.
  forgive('/v1/oauth/consent', 400);
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await page.goBack({ waitUntil: 'commit' });
  expect(new URL(page.url()).origin).toBe(platform.identity);
  await page.goForward({ waitUntil: 'commit' });
  await expectResults(page);
  expect(page.url()).toBe(`${platform.app}/`);
  expect(await platform.calls('token')).toHaveLength(1);
  await expectNoCodeInHistory(page);
});

test('the callback without anything in it leads whoever is connected to their results', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await page.goto(platform.app + CALLBACK);
  await expectResults(page);
  expect(await platform.calls('token')).toHaveLength(1);
});
