// A value on its range: from attributes, properties, a property with results, a table.
import { expect, RESULTS, TABLE, test } from './test.mjs';

const LINE = '<loop-number-line id="line" label="LDL cholesterol" value="128" high="100" unit="mg/dL"><p>128 mg/dL, below 100 is usual</p></loop-number-line>';

test('attributes are enough, under a strict policy with Trusted Types', async ({ open, told, page, server }) => {
  server.asked.length = 0;
  await open(LINE);
  await told('loop-ready', 'line');
  await expect(page.locator('#line')).toMatchAriaSnapshot(`
    - paragraph: LDL cholesterol
    - paragraph: 128 mg/dL
    - 'img "LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL"'
    - paragraph: Above range below 100 mg/dL
  `);
  await expect(page.getByText('is usual')).toBeHidden();
  expect(server.asked.filter((path) => path.endsWith('catalogue.json')), 'a number line needs no catalogue').toEqual([]);
  // Nothing of ours is outside of the shadow root.
  const outside = await page.evaluate(() => ({ sheets: document.adoptedStyleSheets.length, styles: document.querySelectorAll('style').length, globals: Object.keys(window).filter((name) => /loop|wasm/i.test(name)) }));
  expect(outside).toEqual({ sheets: 0, styles: 0, globals: [] });
});

test('properties are attributes, and each change is drawn', async ({ open, told, page }) => {
  await open(LINE);
  await told('loop-ready', 'line');
  await page.evaluate(() => Object.assign(line, { value: 90, high: null, low: 40, unit: 'µg/L', label: 'Ferritin', collectedAt: '2026-03-03' }));
  await expect(page.getByRole('img')).toHaveAccessibleName('Ferritin: 90 µg/L, in range; range above 40 µg/L');
  await expect(page.locator('#line')).toContainText('March 3, 2026');
  await page.evaluate(() => (line.bare = true));
  await expect(page.locator('#line')).not.toContainText('Ferritin');
  await expect(page.getByRole('img')).toBeVisible();
  expect(await page.evaluate(() => [line.bare, line.value, line.getAttribute('high'), line.getAttribute('collected-at')])).toEqual([true, '90', null, '2026-03-03']);
});

test('the status is the one that was given, and otherwise where the value lies', async ({ open, page }) => {
  const cases = [
    ['value="5" low="1" high="9"', 'In range'],
    ['value="0" low="1" high="9"', 'Below range'],
    ['value="500" low="1" high="9"', 'Above range'],
    ['value="500" low="1" high="9" status="critical"', 'Critical'],
    ['value="5" low="1" high="9" status="Review &lt;b&gt;"', 'Review <b>'],
    ['value="5"', 'No status'],
    ['value="&lt;0.3" high="5"', '<0.3'],
    ['value="" high="5"', 'No value'],
    ['value="5" low="9" high="1"', 'No status'],
  ];
  await open(cases.map(([attributes], place) => `<loop-number-line id="n${place}" label="A" ${attributes}></loop-number-line>`).join(''));
  for (const [place, [, said]] of cases.entries()) await expect(page.locator(`#n${place}`)).toContainText(said, { ignoreCase: true });
});

test('a property with results shows the latest', async ({ open, page }) => {
  await open('<loop-number-line id="line"></loop-number-line>', `import { define } from '/pkg/index.js';\ndefine();\nline.results = ${JSON.stringify(RESULTS.slice(0, 3))};`);
  await expect(page.getByRole('img')).toHaveAccessibleName('LDL-C: 128 mg/dL, above range; range below 100 mg/dL');
  await page.evaluate(() => (line.results = [{ value: 4, reference_high: 5, biomarker_name: 'CRP' }]));
  await expect(page.getByRole('img')).toHaveAccessibleName('CRP: 4, in range; range below 5');
  await page.evaluate(() => (line.results = null));
  await expect(page.getByRole('img')).toHaveCount(0);
  expect(await page.evaluate(() => line.shadowRoot.textContent), 'what is not shown is not there').toBe('');
});

test('a table inside is what is drawn, and stays where nothing can be', async ({ open, page }) => {
  await open(`<loop-number-line id="line">${TABLE}</loop-number-line>`);
  await expect(page.getByRole('img')).toHaveAccessibleName('LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL');
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.evaluate(() => (line.querySelector('tbody tr:last-child td:nth-child(2)').textContent = '95,5'));
  await expect(page.getByRole('img')).toHaveAccessibleName(/95\.5 mg\/dL, in range/);
  await page.evaluate(() => (line.querySelector('thead').textContent = ''));
  await expect(page.getByRole('table')).toBeVisible();
});

test('a table in any language and form', async ({ open, page }) => {
  const rows = [
    ['<th data-loop="value">Valeur</th><th data-loop="low">Dès</th><th data-loop="high">Jusqu’à</th>', '<td><data value="5.2">5,2</data></td><td>3,9</td><td>5</td>', /5\.2, above range; range 3\.9 to 5/],
    ['<th>Wert</th><th>Referenz</th>', '<td>4,4</td><td>3,9–5,0</td>', /4\.4, in range; range 3\.9 to 5/],
    ['<th>Result</th><th>Normal</th><th>Flag</th>', '<td>&lt;0.3</td><td>&gt; 40</td><td>low</td>', /<0\.3, below range; range above 40/],
  ];
  await open(rows.map(([head, cells], place) => `<loop-number-line id="n${place}" label="A"><table><thead><tr>${head}</tr></thead><tbody><tr>${cells}</tr></tbody></table></loop-number-line>`).join(''));
  for (const [place, [, , name]] of rows.entries()) await expect(page.locator(`#n${place}`).getByRole('img')).toHaveAccessibleName(name);
});

test('a table whose heads stand in its first row, and one in which no values are found', async ({ open, page, told }) => {
  await open(`<loop-number-line id="plain" label="A"><table><tr><th>Value</th><th>Range</th></tr><tr><td>7</td><td>3–5</td></tr></table></loop-number-line>
<loop-trend id="none" label="B"><table><tr><th>Fecha</th><th>Resultado</th></tr><tr><td>2025-06-02</td><td>7</td></tr></table></loop-trend>
<loop-number-line id="comma" label="C" value="5,1" high="5,0"></loop-number-line>`);
  await expect(page.locator('#plain').getByRole('img')).toHaveAccessibleName('A: 7, above range; range 3 to 5');
  expect(await told('loop-error', 'none')).toMatchObject({ code: 'table' });
  await expect(page.locator('#none').getByRole('table'), 'the page’s own stays').toBeVisible();
  await expect(page.locator('#comma').getByRole('img')).toHaveAccessibleName('C: 5.1, above range; range below 5');
});

test('two trends are told apart, and what a chart has no place for is still there', async ({ open, page }) => {
  const table = (caption, rows) => `<loop-trend><table><caption>${caption}</caption><thead><tr><th>Date</th><th>Value</th></tr></thead><tbody>${rows.map(([date, value]) => `<tr><td>${date}</td><td>${value}</td></tr>`).join('')}</tbody></table></loop-trend>`;
  await open(table('LDL cholesterol', [['2025-06-02', 142], ['2026-01-08', 128]]) + table('Ferritin', [['2 June 2025', 42], ['8 January 2026', '65 H']]));
  const [chart, words] = [page.locator('loop-trend').nth(0), page.locator('loop-trend').nth(1)];
  await expect(chart.locator('[part=label]')).toHaveText('LDL cholesterol');
  await expect(chart.getByRole('table')).toHaveCount(0);
  await expect(words.locator('[part=label]')).toHaveText('Ferritin');
  await expect(words.getByRole('table')).toContainText('42');
  await expect(words.getByRole('table')).toContainText('65 H');
});
