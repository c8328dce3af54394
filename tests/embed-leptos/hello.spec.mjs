// `examples/hello-leptos`: a Leptos app outside of the workspace connects, reads, asks for more in place, and leaves.
import { test, expect } from '../support/test.mjs';
import { allow, backOnThePage, CALLBACK, deny, SESSION, signInAs, stored, toLoop } from '../support/journey.mjs';

const connectButton = (page) => page.getByRole('button', { name: 'Connect with Loop' });

async function connectAs(page, platform, name, path = '/') {
  await page.goto(platform.app + path);
  await toLoop(page, platform, connectButton(page));
  await signInAs(page, name);
  await allow(page);
  await backOnThePage(page, platform);
}

test('connect, see, ask for one scope more in place, disconnect', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', '/anywhere?tab=2');
  expect(page.url(), 'the person is where they were').toBe(`${platform.app}/anywhere?tab=2`);
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await expect(page.locator('#count')).toHaveText(/^\d+ biomarkers$/);
  expect(await platform.calls('biomarkers'), 'two parts of the page read the same results').toHaveLength(1);

  // Closed until the person allows it.
  await expect(page.locator('#flags')).toHaveCount(0);
  const notice = page.getByRole('note').filter({ hasText: 'Your permission is needed' });
  await toLoop(page, platform, notice.getByRole('button', { name: 'Ask Loop for this' }));
  await allow(page);
  await expect(page.locator('#flags')).toHaveText('Safety flags may be read.');
  await expect(notice).toHaveCount(0);
  expect(page.url()).toBe(`${platform.app}/anywhere?tab=2`);

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(connectButton(page)).toBeVisible();
  await expect(page.getByText(/ldl|biomarkers/i)).toHaveCount(0);
  await expect.poll(async () => (await platform.calls('revoke')).filter((call) => call.status === 200).length).toBe(2);
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
});

test('a reload keeps the session, and the style touches nothing of the host', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await page.reload();
  await expect(page.locator('#count')).toHaveText(/^\d+ biomarkers$/);
  const look = await page.evaluate(() => ({
    sheets: document.adoptedStyleSheets.length,
    heading: getComputedStyle(document.querySelector('body > h1')).marginTop,
    body: getComputedStyle(document.body).marginTop,
    ink: getComputedStyle(document.documentElement).getPropertyValue('--ink'),
    inside: getComputedStyle(document.querySelector('.loop')).getPropertyValue('--ink'),
    row: getComputedStyle(document.querySelector('.loop ul')).listStyleType,
  }));
  expect(look).toMatchObject({ sheets: 1, body: '8px', ink: '', row: 'none' });
  expect(look.heading).not.toBe('0px');
  expect(look.inside).not.toBe('');
});

test('saying no says so, and stays said where more was asked for', async ({ page, platform }) => {
  await page.goto(platform.app);
  await toLoop(page, platform, connectButton(page));
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await backOnThePage(page, platform);
  await expect(page.getByText('You said no, and that is fine')).toBeVisible();
  expect(await platform.calls('token')).toEqual([]);

  await toLoop(page, platform, page.getByRole('button', { name: 'Connect again' }));
  await allow(page);
  await expect(page.locator('#count')).toHaveText(/biomarkers/);
});

test('what was refused in place stays closed, and the rest works', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await toLoop(page, platform, page.getByRole('button', { name: 'Ask Loop for this' }));
  await deny(page);
  await backOnThePage(page, platform);
  await expect(page.getByText('You said no to this, and that is fine')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Ask me again' })).toBeVisible();
  await expect(page.locator('#count')).toHaveText(/biomarkers/);
  await expect(page.locator('#flags')).toHaveCount(0);
});

test('results that do not come are an error with one next step', async ({ page, platform, forgive }) => {
  forgive('/v1/biomarkers', 403);
  await platform.fault('biomarkers', 'html', { times: 1 });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.getByRole('alert')).toContainText('unreadable_answer');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('#count')).toHaveText(/biomarkers/);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

for (const [what, config, words] of [
  ['a wrong field', { client_id: '' }, /client_id/],
  ['a client_secret', { client_id: 'a', client_secret: 'x' }, /client_secret/],
]) {
  test(`a configuration with ${what} is a notice in place of what needs it`, async ({ page, platform }) => {
    await platform.switches({ app_config: config });
    await page.goto(platform.app);
    await expect(page.getByRole('alert')).toContainText('This app is not set up correctly');
    await expect(page.getByRole('alert')).toContainText(words);
    await expect(page.getByRole('heading', { level: 1, name: 'Hello, Loop' }), 'the host’s own page is there').toBeVisible();
    await expect(page.getByRole('button')).toHaveCount(0);
  });
}

test('a callback that nobody asked for is taken out of the address bar and refused', async ({ page, platform }) => {
  await page.goto(`${platform.app}${CALLBACK}?code=c&state=s`);
  await expect(page.getByRole('alert')).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/`);
  expect(await platform.calls('token')).toEqual([]);
});

test('a code that is of another library stays in the address bar', async ({ page, platform }) => {
  const address = `${platform.app}/other/callback?code=c&state=s#there`;
  await page.goto(address);
  await expect(connectButton(page)).toBeVisible();
  expect(page.url()).toBe(address);
  expect(await platform.calls('token')).toEqual([]);
});
