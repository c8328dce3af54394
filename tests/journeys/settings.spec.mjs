// How a person wants the app in this browser: the look, and after how long without anybody the session ends.
import { readFile } from 'node:fs/promises';
import { test, expect } from '../support/test.mjs';
import { allow, backInTheApp, connect, connectAs, expectNobody, expectResults } from '../support/journey.mjs';
import { breakStorage, letTimePass, openTabs } from '../support/tabs.mjs';

const MAYA = 'Maya Lindqvist';
const choose = (page, name) => page.getByRole('combobox', { name });
const LOOK = 'Appearance';
const UNITS = 'Units';
const IDLE = 'Sign me out when nobody is there';
/** Loop still knows who it is. */
const connectAgain = async (page, platform) => {
  await connect(page, platform, '/settings');
  await allow(page);
  await backInTheApp(page, platform);
};
const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const isDark = async (page) => (await ground(page)).match(/\d+/g).slice(0, 3).every((part) => Number(part) < 64);

test('a look is chosen, is there before the app is, stays after disconnecting, and is given up again', async ({ page, platform }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await connectAs(page, platform, MAYA, { path: '/settings' });
  await expect(choose(page, LOOK)).toHaveValue('');
  await expect.poll(() => isDark(page)).toBe(false);
  await choose(page, LOOK).selectOption('Dark');
  await expect.poll(() => isDark(page)).toBe(true);

  await page.getByRole('listitem').getByRole('button', { name: 'Disconnect' }).click();
  await expectNobody(page);
  // A browser that cannot start the app: what is dark there was made so before it.
  const old = await page.context().newPage();
  await old.emulateMedia({ colorScheme: 'light' });
  await old.addInitScript(() => delete globalThis.WebAssembly);
  await old.goto(platform.app);
  await expect(old.getByRole('heading', { name: 'This browser is too old' })).toBeVisible();
  expect(await isDark(old)).toBe(true);
  await old.close();

  await connectAgain(page, platform);
  await expect(choose(page, LOOK)).toHaveValue('dark');
  await choose(page, LOOK).selectOption('As this device');
  await expect.poll(() => isDark(page)).toBe(false);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => isDark(page), 'it follows the device again').toBe(true);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => /theme/.test(key)))).toEqual([]);
});

for (const text of ['', 'DARK', 'dark"><img src=x>', 'x'.repeat(10_000)]) {
  test(`a look that somebody else left there is none: ${JSON.stringify(text.slice(0, 20))}`, async ({ page, platform }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(platform.app);
    await page.evaluate((text) => localStorage.setItem('loop.theme.v1', text), text);
    await connectAs(page, platform, MAYA, { path: '/settings' });
    await expect(choose(page, LOOK)).toHaveValue('');
    expect(await page.locator('html').getAttribute('data-theme')).toBeNull();
  });
}

test('a look holds for the page where nothing can be kept', async ({ page, platform }) => {
  await breakStorage(page, 'localStorage', 'blocked');
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await connectAs(page, platform, MAYA, { path: '/settings' });
  await choose(page, LOOK).selectOption('Dark');
  await expect.poll(() => isDark(page)).toBe(true);
});

test('a shorter time without anybody holds in every tab, and the app’s own is the longest', async ({ page, platform, context }) => {
  await connectAs(page, platform, MAYA, { path: '/settings' });
  await expect(choose(page, IDLE).getByRole('option')).toHaveText(['2 minutes', '5 minutes', '10 minutes']);
  await expect(choose(page, IDLE)).toHaveValue('10');
  const [other] = await openTabs(context, platform.app, 1);
  await expectResults(other);
  await choose(page, IDLE).selectOption('2 minutes');
  await letTimePass(platform, [page, other], 70);
  await expect(other.getByRole('alert').filter({ hasText: 'Are you still there?' })).toBeVisible();
  await other.getByRole('button', { name: 'Stay signed in' }).click();
  await letTimePass(platform, [page, other], 121);
  for (const tab of [page, other]) {
    await expect(tab.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
    await expectNobody(tab);
  }
  await connectAgain(page, platform);
  await expect(choose(page, IDLE), 'it is the person’s, not the session’s').toHaveValue('2');
});

test('units are chosen for all results, hold after a reload, and leave the copy as the lab printed it', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA, { path: '/settings' });
  await expect(choose(page, UNITS)).toHaveValue('');
  await choose(page, UNITS).selectOption('SI, such as mmol/L');
  const ldl = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'LDL cholesterol' }) }).last();
  for (const visit of [() => page.getByRole('link', { name: 'Results', exact: true }).click(), () => page.reload()]) {
    await visit();
    await expect(ldl).toContainText('3.31 mmol/L');
    await expect(ldl).toContainText('Above range');
    await expect(page.getByText('Values are shown in the units you prefer')).toBeVisible();
  }
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(page.getByRole('row', { name: /^LDL cholesterol/ })).toContainText('mmol/L');
  await expect(page.getByRole('row', { name: /^LDL cholesterol/ }).getByRole('cell').first()).toContainText('3.31');

  // The page of one begins with the unit, and the printed one is a choice of it.
  await page.goto(`${platform.app}/biomarkers/ldl_cholesterol`);
  await expect(page.getByRole('radio', { name: 'mmol/L' })).toBeChecked();
  await expect(page.locator('.hero__number')).toContainText('3.31 mmol/L');
  await page.getByRole('radio', { name: 'mg/dL' }).check();
  await expect(page.locator('.hero__number')).toContainText('128 mg/dL');

  await page.goto(`${platform.app}/`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /CSV/ }).click()]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toMatch(/LDL[^\n]*,128,mg\/dL,/);
  expect(csv).not.toContain('3.31');

  await page.goto(`${platform.app}/settings`);
  await choose(page, UNITS).selectOption('As the lab printed');
  await page.getByRole('link', { name: 'Results', exact: true }).click();
  await expect(ldl).toContainText('128 mg/dL');
  expect(await page.evaluate(() => localStorage.getItem('loop.units.v1'))).toBeNull();
});

test('each page has a title that says where one is, and nothing of what is there', async ({ page, platform }) => {
  await page.goto(platform.app);
  await expect(page).toHaveTitle('Loop Partner');
  await connectAs(page, platform, MAYA);
  await expect(page).toHaveTitle('Your results · Loop Partner');
  await page.getByRole('link', { name: 'LDL cholesterol' }).first().click();
  await expect(page).toHaveTitle('One result · Loop Partner');
  await page.getByRole('link', { name: 'Report' }).click();
  await expect(page).toHaveTitle('Results by date · Loop Partner');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page).toHaveTitle('Settings · Loop Partner');
  await page.goBack();
  await expect(page).toHaveTitle('Results by date · Loop Partner');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page).toHaveTitle('Loop Partner');
});
