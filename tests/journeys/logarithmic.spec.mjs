// The chart of a biomarker whose values span more than twenty times, on a logarithmic scale and back.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

const result = (biomarker_code, value, collected_at, changes) => ({ biomarker_code, biomarker_name: biomarker_code, value, unit: 'mg/L', reference_high: 3, status: value > 3 ? 'high' : 'normal', collected_at, ...changes });
const over = (code, values, changes) => values.map((value, place) => result(code, value, `202${3 + (place >> 1)}-0${place % 2 ? 9 : 3}-03`, changes));

test.use({
  labFile: {
    results: [
      ...over('hs_crp', [0.8, 1.2, 85, 12, 2.1, 0.9]),
      ...over('zero', [0, 1, 85]),
      ...over('ldl_cholesterol', [160, 151, 128], { unit: 'mg/dL', reference_high: 100, status: 'high' }),
    ],
  },
});

const figure = (page) => page.getByRole('figure');
const toggle = (page) => page.getByRole('button', { name: 'Logarithmic scale' });
const labels = (page) => figure(page).locator('.trend__tick[text-anchor="end"]').allTextContents();
const heights = (page) =>
  figure(page).locator('.trend__mark').evaluateAll((marks) => marks.map((mark) => Number(/ ([\d.]+)\)/.exec(mark.getAttribute('transform'))[1]) + 6));

test('a series that spans a hundredfold can be read on a logarithmic scale, and the picture says so', async ({ page, platform }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await connectAs(page, platform, 'From File', { path: '/biomarkers/hs_crp' });
  await expect(toggle(page)).toHaveAttribute('aria-pressed', 'false');
  const box = await toggle(page).boundingBox();
  expect(box.height, 'large enough for a finger').toBeGreaterThanOrEqual(44);
  const takeaway = await figure(page).locator('figcaption').first().textContent();
  expect((await labels(page)).map(Number), 'even steps').toEqual([0, 50, 100]);

  await toggle(page).focus();
  await page.keyboard.press('Enter');
  await expect(toggle(page)).toHaveAttribute('aria-pressed', 'true');
  await expect(toggle(page), 'the focus stays').toBeFocused();
  await expect(figure(page)).toContainText('mg/L over time, logarithmic scale');
  await expect(figure(page).locator('figcaption').first()).toHaveText(takeaway);
  const ticks = (await labels(page)).map(Number);
  for (const tick of ticks) expect(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9), 'one, two, five and zeros').toBeCloseTo([1, 2, 5].find((round) => Math.abs(tick / 10 ** Math.floor(Math.log10(tick) + 1e-9) - round) < 0.1), 6);
  const drawn = await heights(page);
  const down = (a, b) => drawn[a] - drawn[b];
  expect(down(0, 2) / down(3, 2), 'distances are those of logarithms').toBeCloseTo(Math.log(85 / 0.8) / Math.log(85 / 12), 1);

  // The keyboard and what is read out are as before.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('group', { name: /over time, 6 measurements/ })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(figure(page).getByRole('status')).toContainText('0.8 mg/L, in range; range below 3 mg/L');

  // The table has no scale.
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(toggle(page)).toBeHidden();
  await page.getByRole('button', { name: 'Show as table' }).click();
  await toggle(page).click();
  await expect(figure(page)).not.toContainText('logarithmic scale');
  expect((await labels(page)).map(Number)).toEqual([0, 50, 100]);

  // In memory of this view only.
  await toggle(page).click();
  await page.reload();
  await expect(toggle(page)).toHaveAttribute('aria-pressed', 'false');
});

test('it is not offered where it does not help, or has no place for a value', async ({ page, platform }) => {
  await connectAs(page, platform, 'From File', { path: '/biomarkers/zero' });
  await expect(page.getByRole('button', { name: 'Show as table' })).toBeVisible();
  await expect(toggle(page)).toHaveCount(0);
  await page.getByRole('link', { name: 'All results' }).click();
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('button', { name: 'Show as table' })).toBeVisible();
  await expect(toggle(page)).toHaveCount(0);
});
