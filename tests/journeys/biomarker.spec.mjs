// The page of one biomarker: in another unit, what changed, what belongs to it, and where each sentence is from.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const hero = (page) => page.locator('.hero');
const units = (page) => page.getByRole('radiogroup', { name: 'Unit' }).or(page.getByRole('group', { name: 'Unit' }));
const rows = (page) => page.getByRole('table', { name: /^All measurements/ }).getByRole('row');

test('with the keyboard: another unit changes everything on the page, says its factor, and keeps the focus', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ldl_cholesterol' });
  await expect(heading(page, 'LDL cholesterol')).toBeVisible();
  await expect(hero(page)).toContainText('128 mg/dL');
  await expect(units(page)).toContainText('As the lab printed it.');
  const [printed, other] = ['mg/dL', 'mmol/L'].map((name) => page.getByRole('radio', { name }));
  await expect(printed).toBeChecked();

  await page.getByRole('link', { name: 'All results' }).focus();
  await page.keyboard.press('Tab');
  await expect(printed, 'the switch is the next stop').toBeFocused();
  await expect(printed, 'the focus is to be seen').toHaveCSS('outline-style', 'solid');
  await page.keyboard.press('ArrowRight');
  await expect(other).toBeChecked();
  await expect(other, 'the focus stays in the switch').toBeFocused();
  await expect(units(page)).toContainText('Converted: 1 mg/dL = 0.025863 mmol/L.');
  await expect(hero(page)).toContainText('3.31 mmol/L');
  await expect(hero(page)).toContainText('Range: below 2.59 mmol/L, converted from the one printed with this result');
  await expect(hero(page)).toContainText('Many doctors act from 4.91 mmol/L up.');
  await expect(page.getByRole('figure')).toContainText('mmol/L over time');
  await expect(rows(page).nth(1)).toContainText('3.31 mmol/L');
  await expect(page.locator('.change'), 'a share is the same in both').toContainText('Within normal variation (± 26%).');
  expect(new URL(page.url()).search + new URL(page.url()).hash, 'no choice in the address').toBe('');

  await page.keyboard.press('ArrowLeft');
  await expect(printed).toBeChecked();
  await expect(hero(page)).toContainText('128 mg/dL');
  await expect(page.getByText('mmol/L over time')).toHaveCount(0);
});

test('what changed, whether that is much, and what that rests on', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ldl_cholesterol' });
  const change = page.getByRole('region', { name: 'What changed' });
  await expect(change).toContainText(/Since the one before\s*Down 8% since \d+ \w+ \d{4}|Since the one before\s*Down 8% since \w+ \d+, \d{4}/);
  await expect(change).toContainText(/Since the first\s*Down 20% since/);
  await expect(change).toContainText('Within normal variation (± 26%).');
  await expect(change.getByText('19 of 20')).toBeHidden();
  await change.getByText('What is normal variation?').focus();
  await page.keyboard.press('Enter');
  await expect(change.getByText('19 of 20')).toBeVisible();
  await expect(change).toContainText('European Biological Variation Study');
  // In the chart a dashed band, and words below that say what it is.
  await expect(page.locator('.trend__expected')).toHaveCount(1);
  await expect(page.getByRole('figure')).toContainText('Dashed: 103 to 175 mg/dL, within normal variation of the value before.');
  await expect(page.getByText(/^The range printed with this result changed on .*: from below 130 mg\/dL to below 100 mg\/dL\.$/)).toBeVisible();
});

test('a related result is one link away, and only what the person has is there', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ldl_cholesterol' });
  const related = page.getByRole('region', { name: 'Related results' });
  await expect(related.getByRole('link')).toHaveText(['Total cholesterol', 'HDL cholesterol', 'Apolipoprotein B']);
  await expect(related.getByRole('listitem').filter({ hasText: 'HDL cholesterol' })).toContainText(/58 mg\/dL\s*In range/);
  await related.getByRole('link', { name: 'HDL cholesterol' }).click();
  await expect(heading(page, 'HDL cholesterol')).toBeFocused();
  await page.goBack();
  await expect(heading(page, 'LDL cholesterol')).toBeVisible();
});

test('units that changed are two until one is chosen', async ({ page, platform }) => {
  await connectAs(page, platform, 'Jonas Okafor', { path: '/biomarkers/vitamin_d' });
  await expect(hero(page)).toContainText('92 nmol/L');
  await expect(page.getByText(/^The unit changed on .*: from ng\/mL to nmol\/L\.$/)).toBeVisible();
  await expect(page.getByText('Three measurements are in another unit.')).toBeVisible();
  await page.getByRole('radio', { name: 'nmol/L' }).check();
  await expect(page.getByText('Three measurements are in another unit.')).toHaveCount(0);
  await expect(page.getByText('range raised'), '30 ng/mL and 75 nmol/L are one range').toHaveCount(0);
  await expect(rows(page).last()).toContainText('67 nmol/L');
  await expect(page.getByText(/^The unit changed on/), 'what the lab did stays said').toBeVisible();
});

test('a text is not converted, and says so', async ({ page, platform }) => {
  await connectAs(page, platform, 'Jonas Okafor', { path: '/biomarkers/hs_crp' });
  await expect(hero(page)).toContainText('<0.3');
  const other = page.getByRole('radio').nth(1);
  await other.check();
  await expect(rows(page).nth(1)).toContainText(/<0\.3 mg\/L\s*not converted/);
  await expect(units(page)).toContainText('What the lab printed as text is not converted.');
});

test('one measurement has no word about a change, and no source is a link', async ({ page, platform }) => {
  await connectAs(page, platform, 'Jonas Okafor', { path: '/biomarkers/lipoprotein_a' });
  await expect(heading(page, /Lipoprotein/)).toBeVisible();
  await expect(page.getByRole('region', { name: 'What changed' })).toHaveCount(0);
  await expect(page.getByRole('complementary')).toContainText('https://medlineplus.gov/');
  const abroad = await page.locator('a[href]').evaluateAll((links) => links.filter((link) => link.origin !== location.origin).length);
  expect(abroad).toBe(0);
});

for (const [name, path] of [['Maya Lindqvist', '/biomarkers/ferritin'], ['Maya Lindqvist', '/biomarkers/ldl_cholesterol'], ['Jonas Okafor', '/biomarkers/vitamin_d']]) {
  test(`${path} of ${name} has no obvious fault for assistive technology`, async ({ page, platform }) => {
    await connectAs(page, platform, name, { path });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const faults = await page.evaluate(() => {
      const out = [];
      const seen = new Set();
      for (const { id } of document.querySelectorAll('[id]')) {
        if (seen.has(id)) out.push(`two of #${id}`);
        seen.add(id);
      }
      for (const element of document.querySelectorAll('[aria-labelledby]')) {
        if (!document.getElementById(element.getAttribute('aria-labelledby'))) out.push(`no name: ${element.className}`);
      }
      for (const element of document.querySelectorAll('a, button, summary, [role="img"], [role="group"]')) {
        if (!(element.getAttribute('aria-label') ?? element.textContent).trim()) out.push(`no name: ${element.outerHTML.slice(0, 80)}`);
      }
      for (const radio of document.querySelectorAll('input')) if (!radio.labels?.[0]?.textContent.trim()) out.push('an input without a label');
      for (const set of document.querySelectorAll('fieldset')) if (set.firstElementChild?.tagName !== 'LEGEND') out.push('a group without a legend');
      const levels = [...document.querySelectorAll('main h1, main h2, main h3')].map((one) => Number(one.tagName[1]));
      levels.forEach((level, place) => place && level > levels[place - 1] + 1 && out.push(`h${levels[place - 1]} to h${level}`));
      for (const target of document.querySelectorAll('main a, main button, main summary, main input')) {
        const box = target.getBoundingClientRect();
        if (box.width && (box.width < 24 || box.height < 24) && getComputedStyle(target, '::after').position !== 'absolute') out.push(`small: ${target.textContent.slice(0, 30)} ${box.width}×${box.height}`);
      }
      return out;
    });
    expect(faults).toEqual([]);
  });
}
