// No, and no again: calm each time, and no going round in circles.
import { test, expect } from '../support/test.mjs';
import { setClock } from '../support/clock.mjs';
import { allow, backInTheApp, connect, connectAs, deny, expectNobody, expectPage, expectResults, signInAs } from '../support/journey.mjs';

const MAYA = 'Maya Lindqvist';
const NO = ['You said no, and that is fine', 'Connect again', 'Loop shared nothing with this app'];

test('two times no is fine; a third try within a minute stops, with details that hold no secret', async ({ page, platform, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: platform.app });
  await connect(page, platform);
  await signInAs(page, MAYA);
  await deny(page);
  await expectPage(page, ...NO);
  await page.getByRole('button', { name: 'Connect again' }).click();
  const asked = new URL(page.url());
  await deny(page);
  await expectPage(page, ...NO);

  await page.getByRole('button', { name: 'Connect again' }).click();
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText('Signing in goes round in circles');
  await expect(main).toContainText('(code: sign_in_loop)');
  expect(await platform.calls('authorize'), 'Loop is left in peace').toHaveLength(2);
  await main.getByRole('button', { name: 'Copy these details' }).click();
  await expect(main.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await main.locator('pre').textContent());
  expect(copied).toContain('problem: sign_in_loop');
  expect(copied).toContain(`issuer: ${platform.identity}`);
  expect(copied).not.toMatch(/lph_|token|Maya|state=|code=/);
  await expectNobody(page);

  // A minute later the person may try again.
  await main.getByRole('link', { name: 'Go to the start' }).click();
  await setClock(page, { ahead: 61_000 });
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});

test('no to more than was allowed before: that part stays closed, everything else goes on', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA, { without: ['read:biomarkers'] });
  await page.getByRole('button', { name: 'Ask Loop for this' }).click();
  await deny(page);
  await backInTheApp(page, platform);
  await expectPage(page, 'You said no to this, and that is fine', 'Ask me again', 'This part stays closed');
  await expect(page.getByRole('banner')).toContainText(MAYA);
  expect(await platform.calls('token'), 'the session is the one before').toHaveLength(1);
  expect(await platform.calls('biomarkers')).toEqual([]);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Your lab results' })).toContainText('Not allowed');

  await page.getByRole('link', { name: 'Results' }).click();
  await setClock(page, { ahead: 61_000 });
  await page.getByRole('button', { name: 'Ask me again' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});
