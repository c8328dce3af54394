// The elements with more in them: keyboard, events, accessibility, look, language.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, RESULTS, TABLE, test } from './test.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ALL = `<loop-number-line id="line" label="LDL cholesterol" value="128" high="100" unit="mg/dL"></loop-number-line><h2>Over time</h2><loop-trend id="trend">${TABLE}</loop-trend><loop-biomarkers id="list"></loop-biomarkers><loop-biomarker id="one" code="ldl" back></loop-biomarker>`;
const SET = `import { define } from '/pkg/index.js';\ndefine();\nlist.results = one.results = ${JSON.stringify(RESULTS)};`;

test('a chart is one tab stop, and its points are read', async ({ open, page, told }) => {
  await open(`<loop-trend id="trend">${TABLE}</loop-trend>`);
  await told('loop-ready', 'trend');
  await expect(page.getByRole('figure')).toHaveAccessibleName(/above its range/i);
  const chart = page.getByRole('group');
  await expect(chart).toHaveAccessibleName(/LDL cholesterol/);
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(page.getByRole('status')).toContainText('160 mg/dL');
  await page.keyboard.press('End');
  await expect(page.getByRole('status')).toContainText('128 mg/dL');
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(page.getByRole('row')).toHaveCount(4);
});

test('a biomarker that is opened is told, and the page stays where it is', async ({ open, page, told }) => {
  await open('<loop-biomarkers id="list"></loop-biomarkers><loop-biomarker id="one" back></loop-biomarker>', `${SET}\nlist.addEventListener('loop-select', ({ detail }) => { one.code = detail.code; });`);
  const address = page.url();
  await page.locator('#list .row__link').first().click();
  expect(await told('loop-select', 'list')).toEqual({ code: 'potassium' });
  await expect(page.locator('#one').getByRole('heading', { level: 2, name: 'Potassium' })).toBeVisible();
  await page.locator('#list .row__link', { hasText: 'TSH' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#one').getByRole('heading', { level: 2, name: /TSH|Thyroid/ })).toBeVisible();
  await page.locator('#one .back').click();
  await told('loop-back', 'one');
  await page.locator('#list .row__link').first().click({ button: 'middle' });
  await page.evaluate(() => one.removeAttribute('back'));
  await expect(page.locator('#one .back')).toBeHidden();
  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(1);
});

test('headings of the elements stand below that of the page', async ({ open, page, told }) => {
  await open(ALL, SET);
  await told('loop-ready', 'one');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
});

test('names come from the catalogue, unless the page wants none', async ({ open, page, told }) => {
  await open('<loop-biomarkers id="list"></loop-biomarkers>', SET.replace('one.results = ', ''));
  await expect(page.locator('#list')).toContainText('LDL cholesterol');
  await open('<loop-biomarkers id="list"></loop-biomarkers>', SET.replace('one.results = ', '').replace('define()', 'define({ catalogue: false })'));
  await told('loop-ready', 'list');
  await expect(page.locator('#list')).toContainText('LDL-C');
  await expect(page.locator('#list')).not.toContainText('LDL cholesterol');
});

test('the language is the page’s, where it is known', async ({ open, page, told }) => {
  await open('<loop-number-line id="line" label="Ferritin" value="12.5" low="30" unit="ng/mL"></loop-number-line>', undefined, ' data-own=""');
  await told('loop-ready', 'line');
  await open('<section lang="de-AT"><loop-number-line id="line" label="Ferritin" value="12.5" low="30" unit="ng/mL"></loop-number-line></section>');
  await told('loop-ready', 'line');
  await expect(page.getByRole('img')).toHaveAccessibleName(/12,5 ng\/mL, unter dem Bereich/);
  await open('<section lang="fr"><loop-number-line id="line" label="Ferritin" value="x" low="a"></loop-number-line></section>');
  await expect(page.getByRole('alert')).toHaveText('“low” is not a number.');
});

test('a page gives colours, typeface and size, and its own styles do not come in', async ({ open, page, server, told }) => {
  server.pages.set('/theme.css', ':root { --loop-zone-in: rgb(1, 2, 3); --loop-size: 20px; --ink: red; --zone-in: red } html { font-size: 5px } p, span, div { color: red !important; background: red } loop-number-line::part(label) { color: rgb(4, 5, 6) }');
  await open('<link rel="stylesheet" href="/theme.css"><loop-number-line id="line" label="A" value="5" low="1" high="9"></loop-number-line>');
  await told('loop-ready', 'line');
  const look = await page.evaluate(() => {
    const style = (selector) => getComputedStyle(line.shadowRoot.querySelector(selector));
    return { zone: style('.number-line__segment--in').backgroundColor, size: style('.line-card__unit, .line-card__value').fontSize, label: style('[part="label"]').color, value: style('[part="value"]').color, font: style('[part="value"]').fontFamily };
  });
  expect(look).toEqual({ zone: 'rgb(1, 2, 3)', size: '42.5px', label: 'rgb(4, 5, 6)', value: 'rgb(20, 32, 27)', font: 'Georgia, serif' });
});

for (const [name, scheme, head] of [['light', 'light', ''], ['dark', 'dark', ' class="both"'], ['light, on a dark system', 'dark', '']]) {
  test(`axe finds nothing: ${name}`, async ({ open, page, told }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await open(ALL, SET, head);
    for (const id of ['line', 'trend', 'list', 'one']) await told('loop-ready', id);
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, any }) => `${target} ${any[0]?.message}`).join(' | ')}`));
    expect(found).toEqual([]);
    const ink = await page.evaluate(() => getComputedStyle(line).color);
    expect(ink).toBe(head ? 'rgb(238, 244, 241)' : 'rgb(20, 32, 27)');
  });
}

test('all of it fits a narrow column on a wide window, and a narrow window', async ({ open, page, told }) => {
  await open(`<section id="column">${ALL}</section>`, SET);
  for (const id of ['line', 'trend', 'list', 'one']) await told('loop-ready', id);
  // The ground of a row under the mouse is a little wider than the row, as in the app.
  const overflowing = () => page.evaluate(() => [...document.querySelectorAll('#column [id]')].filter((one) => one.shadowRoot && one.shadowRoot.querySelector('[part="view"]').scrollWidth > one.clientWidth + 14).map((one) => one.id));
  for (const width of [320, 390, 700]) {
    await page.evaluate((width) => (column.style.width = `${width}px`), width);
    expect(await overflowing(), `${width}`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 700 });
  await page.evaluate(() => (column.style.width = 'auto'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});
