// What a page may do wrong: a visible sentence and an event, no exception, and no other element is harmed.
import { expect, RESULTS, test } from './test.mjs';

const GOOD = '<loop-number-line id="good" label="Good" value="1" high="2"></loop-number-line>';
const [LDL] = RESULTS;

for (const [said, attributes, code, attribute] of [
  ['NaN', 'value="NaN" high="5"', 'attribute', 'value'],
  ['infinity', 'value="-Infinity"', 'attribute', 'value'],
  ['more than a number can be', 'value="1e999"', 'attribute', 'value'],
  ['a range of words', 'value="1" low="none"', 'attribute', 'low'],
  ['a range that is hexadecimal', 'value="1" high="0x10"', 'attribute', 'high'],
  ['markup', 'value="1" high="&lt;img src=x onerror=alert(1)&gt;"', 'attribute', 'high'],
]) {
  test(`an attribute that is ${said} is said`, async ({ open, page, told }) => {
    await open(`<loop-number-line id="bad" label="Bad" ${attributes}><p>As the page has it</p></loop-number-line>${GOOD}`);
    const message = `“${attribute}” is not a number.`;
    expect(await told('loop-error', 'bad')).toEqual({ code, message, attribute });
    await expect(page.getByRole('alert')).toHaveText(message);
    await expect(page.getByText('As the page has it')).toBeVisible();
    await expect(page.locator('#good').getByRole('img')).toBeVisible();
    // Mended, it is drawn.
    await page.evaluate(() => Object.assign(bad, { value: 1, low: null, high: 3 }));
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(page.locator('#bad').getByRole('img')).toHaveAccessibleName('Bad: 1, in range; range below 3');
  });
}

test('huge and tiny numbers, and long and hostile texts, are drawn', async ({ open, page, told }) => {
  const name = `<img src=x onerror="window.hit=1">${'\u202e'}${'x'.repeat(5000)}`;
  await open('<loop-number-line id="line"></loop-number-line>');
  for (const value of [1e300, -1e300, 1e-300, Number.MAX_SAFE_INTEGER, '<0.3', '<script>alert(1)</script>', 'x'.repeat(5000)]) {
    await page.evaluate(([value, label]) => Object.assign(line, { value, label, unit: label, high: 1e307, status: label, collectedAt: label }), [value, name]);
    await expect(page.locator('#line').getByRole('img')).toBeVisible();
  }
  const found = await page.evaluate(() => ({ hit: window.hit, images: line.shadowRoot.querySelectorAll('img, script').length, width: document.documentElement.scrollWidth <= innerWidth }));
  expect(found).toEqual({ images: 0, width: true });
  expect(await page.locator('#line').textContent()).not.toContain('\u202e');
  await told('loop-ready', 'line');
});

test('results that are none are said, whatever they are', async ({ open, page }) => {
  await open(`<loop-biomarkers id="list"></loop-biomarkers><loop-trend id="trend"></loop-trend>${GOOD}`);
  const cases = ['"text"', '7', '{}', '{ results: {} }', '[1, 2]', '[null]', '[{}]', '[10n]', '(() => { const loop = {}; loop.own = loop; return [loop]; })()', '[{ get value() { throw new Error("getter"); } }]', '[{ toJSON() { throw new Error("toJSON"); } }]', 'new Proxy([], { get() { throw new Error("proxy"); } })', 'Symbol("s")', '() => []'];
  for (const one of cases) {
    // As text, because no text is code on the page itself.
    const said = await page.evaluate(`(async () => {
      told.length = 0;
      list.results = undefined;
      await new Promise((done) => setTimeout(done));
      const heard = new Promise((done) => list.addEventListener('loop-error', ({ detail }) => done(detail), { once: true }));
      list.results = ${one};
      return heard;
    })()`);
    expect(said, one).toEqual({ code: 'data', message: 'These results could not be read.' });
    await expect(page.locator('#list').getByRole('alert')).toBeVisible();
  }
  await page.evaluate((results) => (list.results = { results, count: 2 }), RESULTS);
  await expect(page.locator('#list').getByRole('link').first()).toBeVisible();
  await expect(page.locator('#list').getByRole('alert')).toHaveCount(0);
  await expect(page.locator('#good').getByRole('img')).toBeVisible();
});

test('one entry that cannot be read hides no other, and is counted', async ({ open, page }) => {
  await open('<loop-biomarkers id="list"></loop-biomarkers>', `import { define } from '/pkg/index.js';\ndefine();\nlist.results = ${JSON.stringify([...RESULTS, 7, { id: 'x' }])};`);
  await expect(page.getByRole('note').filter({ hasText: /two results could not be read/i })).toBeVisible();
  await expect(page.getByRole('link').first()).toBeVisible();
});

test('no results, one result, and a biomarker that is not there', async ({ open, page, told }) => {
  await open('<loop-biomarkers id="list"></loop-biomarkers><loop-biomarker id="one" code="nothing"></loop-biomarker><loop-trend id="trend"></loop-trend>', `import { define } from '/pkg/index.js';\ndefine();\nlist.results = [];\none.results = ${JSON.stringify(RESULTS)};\ntrend.results = ${JSON.stringify([LDL])};`);
  await expect(page.locator('#list')).toContainText('No lab results yet');
  expect((await told('loop-error', 'one')).code).toBe('unknown');
  await expect(page.locator('#trend').getByRole('group')).toHaveCount(0);
  await page.evaluate(() => (one.code = 'ldl'));
  await expect(page.locator('#one').getByRole('heading', { level: 2 })).toBeVisible();
});

test('what breaks in the wasm ends in a sentence in every element, and harms nobody else', async ({ open, page, told }) => {
  // Another way to break it would be a fault that we knew of: here every call into the wasm traps from a moment on.
  const script = `const real = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const { instance, module } = await real(...given);
  const exports = {};
  for (const [name, value] of Object.entries(instance.exports)) exports[name] = typeof value !== 'function' ? value : (...values) => { if (window.broken) throw new WebAssembly.RuntimeError('unreachable'); return value(...values); };
  return { instance: { exports }, module };
};
const { define } = await import('/pkg/index.js');
define();
list.results = ${JSON.stringify(RESULTS)};`;
  await open(`<loop-biomarkers id="list"><p>Fallback</p></loop-biomarkers>${GOOD}<button id="own" type="button">Mine</button>`, script);
  await told('loop-ready', 'list');
  await told('loop-ready', 'good');
  await page.evaluate(() => (window.broken = true));
  // A handler of the list's own, which the browser calls.
  await page.getByRole('searchbox').fill('t');
  for (const id of ['list', 'good']) expect((await told('loop-error', id)).code).toBe('crashed');
  await expect(page.getByRole('alert')).toHaveCount(2);
  await expect(page.getByText('Fallback')).toBeVisible();
  await page.evaluate(() => (own.onclick = () => (own.textContent = 'Still works')));
  await page.getByRole('button').click();
  await expect(page.getByRole('button')).toHaveText('Still works');
  await page.evaluate(() => document.querySelector('main').append(Object.assign(document.createElement('loop-number-line'), { id: 'later', value: 1 })));
  expect((await told('loop-error', 'later')).code).toBe('crashed');
});
