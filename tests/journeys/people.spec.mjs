// People with very few results, and with very many.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

const rows = (page) => page.getByRole('main').getByRole('list').getByRole('link');

test('somebody without results is told when to expect them', async ({ page, platform }) => {
  await connectAs(page, platform, 'Noor New');
  await expect(page.getByText('No lab results yet')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Your results' })).toBeVisible();
  await expect(page.getByRole('searchbox'), 'nothing to search in').toHaveCount(0);
  await expect(page.getByText(/NaN|undefined|null|0 of 0/)).toHaveCount(0);
});

test('ten thousand results: all are fetched, each biomarker is drawn once, and the search finds one', async ({ page, platform }) => {
  await connectAs(page, platform, 'Sam Tenthousand');
  await expect(page.getByRole('searchbox')).toBeVisible();
  const pages = (await platform.calls('biomarkers')).map((call) => call.detail);
  expect(pages, 'twenty pages of 500').toEqual(Array(20).fill('500 of 10000'));
  expect(await page.locator('*').count(), 'the page stays small').toBeLessThan(20_000);

  const all = Number(/\d+/.exec(await page.getByRole('button', { name: /^All/ }).textContent())[0]);
  expect(all).toBeGreaterThan(20);
  await expect(rows(page), 'each biomarker once, soon after the first').toHaveCount(all);
  await page.getByRole('searchbox').fill('ferritin');
  await expect(rows(page)).toHaveCount(1);
  await rows(page).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await page.getByRole('link', { name: 'All results' }).click();
  await expect(page.getByRole('searchbox'), 'the search is still there').toHaveValue('ferritin');
  await page.getByRole('searchbox').fill('no such thing at all');
  await expect(page.getByRole('button', { name: 'Show all results' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all results' }).click();
  await expect(rows(page)).toHaveCount(all);
});

test('a page of results that is missing makes the whole list fail, so that half a record never looks whole', async ({ page, platform, forgive, context }) => {
  forgive('/v1/biomarkers', 500);
  await context.route(
    (url) => url.origin === platform.clinical && url.searchParams.get('offset') === '5000',
    (route) => route.fulfill({ status: 500, headers: { 'access-control-allow-origin': platform.app }, body: '' }),
  );
  await connectAs(page, platform, 'Sam Tenthousand');
  await expect(page.getByRole('heading', { level: 1, name: 'Loop cannot be reached' })).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  await context.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('searchbox')).toBeVisible();
});

test('a biomarker that was measured once has no trend, and says so', async ({ page, platform }) => {
  await connectAs(page, platform, 'Jonas Okafor');
  await page.getByRole('searchbox').fill('lipoprotein(a)');
  const row = page.getByRole('listitem').filter({ hasText: 'measured once' });
  await expect(row).toHaveCount(1);
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: /Lipoprotein/ })).toBeVisible();
  await expect(page.getByRole('table').getByRole('row'), 'a head and one measurement').toHaveCount(2);
});

test('out of range comes first, and the filter leaves nothing else', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.locator('.results__groups').getByRole('heading').first()).toHaveText('Outside their range');
  await page.getByRole('button', { name: /^Out of range/ }).click();
  await expect(rows(page)).toHaveText(['Ferritin', 'LDL cholesterol', 'Vitamin D'], { ignoreCase: true });
});

test('somebody whose results are all in range reads that', async ({ page, platform }) => {
  await connectAs(page, platform, 'Amina Haddad');
  await expect(page.getByText(/^All \d+ are in range\.$/)).toBeVisible();
});
