// A copy of the results: three files and paper, made in the browser, whole, harmless, and sent nowhere.
import { readFile } from 'node:fs/promises';
import { test, expect } from '../support/test.mjs';
import { connectAs, expectResults } from '../support/journey.mjs';
import { fhirProblems } from '../support/fhir.mjs';

const CANARY = 'Canarium fluorescens';
const CANARY_VALUE = 31337.25;
const IMG = '<img src=x onerror="window.harmed=1">';
const result = (biomarker_code, changes) => ({ biomarker_code, biomarker_name: biomarker_code, value: 5, unit: 'mg/dL', reference_low: 1, reference_high: 9, status: 'normal', collected_at: '2026-03-03', ...changes });

test.use({
  labFile: {
    results: [
      result('canary_marker', { biomarker_name: CANARY, value: CANARY_VALUE, status: 'high' }),
      result('13457-7', { biomarker_name: 'LDL', value: 0.3, unit: 'µg/L' }),
      result('hs_crp', { biomarker_name: 'CRP', value: '<0.30', unit: 'mg/L', reference_low: null, reference_high: 3 }),
      result('formula', { biomarker_name: '=cmd|\'/c calc\'!A1', value: '+1;=2', unit: '@SUM(A1)' }),
      result('img', { biomarker_name: `Image ${IMG}`, value: IMG, status: IMG }),
      result('quotes', { biomarker_name: 'a,"b"\r\nc;=1', unit: '\\"},{"' }),
      result('rtl', { biomarker_name: 'Turned \u202Etxet\u202C', unit: '\u0007\u200B%' }),
      result('missing', { value: null, reference_low: null, reference_high: null, status: '' }),
      result('upside', { reference_low: 9, reference_high: 1, status: 'critical' }),
      result('enormous', { value: 1e300, reference_high: null, unit: 'K/uL' }),
      result('long', { biomarker_name: 'Very long name '.repeat(700) }),
      result('zoned', { collected_at: '2026-03-03T08:30:00+14:30' }),
    ],
  },
});

/** The object URLs that a page made and took back. Those are kept for forty seconds, which are half a second here. */
async function watchFiles(page) {
  await page.addInitScript(() => {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (act, wait, ...rest) => setTimeout.call(globalThis, act, wait === 40_000 ? 500 : wait, ...rest);
    globalThis.files = { made: [], revoked: [], printed: 0 };
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (file) => {
      const address = createObjectURL.call(URL, file);
      globalThis.files.made.push(address);
      return address;
    };
    URL.revokeObjectURL = (address) => {
      globalThis.files.revoked.push(address);
      return revokeObjectURL.call(URL, address);
    };
    globalThis.print = () => (globalThis.files.printed += 1);
  });
}

/** What the clinical service answers from now on: the results as they came. Read on the way, because a page keeps no answers. */
async function listen(page, platform) {
  const came = [];
  await page.route(`${platform.clinical}/v1/biomarkers?*`, async (route) => {
    const answer = await route.fetch();
    came.push(...(await answer.json()).results);
    await route.fulfill({ response: answer });
  });
  return came;
}

const section = (page) => page.getByRole('region', { name: 'Export' });

/** Presses a button; gives the file's name and its text. */
async function copy(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), section(page).getByRole('button', { name: button }).click()]);
  const name = download.suggestedFilename();
  await expect(section(page).getByRole('status')).toContainText(name);
  return { name, text: await readFile(await download.path(), 'utf8') };
}

/** RFC 4180, as objects named after the first row. */
function readCsv(text) {
  expect(text.startsWith('\uFEFF'), 'with the mark that Excel asks for').toBe(true);
  const rows = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  cells.lastIndex = 1;
  for (let cell = cells.exec(text); cell; cell = cells.exec(text)) {
    rows.at(-1).push(cell[1]?.replaceAll('""', '"') ?? cell[2]);
    if (cell[3] !== ',') rows.push([]);
  }
  expect(rows.pop(), 'read to the end').toEqual([]);
  const [head, ...rest] = rows;
  return rest.map((row) => Object.fromEntries(head.map((name, place) => [name, row[place]])));
}

const one = (list, code) => list.find((entry) => (entry.code ?? entry.biomarker_code) === code);
/** Entries of one list that the other does not have: a difference between hundreds of objects would take minutes to print. */
function missing(list, others) {
  const text = (entry) => JSON.stringify(Array.isArray(entry) ? entry : Object.entries(entry).sort());
  const there = new Set(others.map(text));
  return list.map(text).filter((entry) => !there.has(entry)).slice(0, 3);
}
/** The same entries, in any order. */
function expectSame(list, others) {
  expect(list.length).toBe(others.length);
  expect([...missing(list, others), ...missing(others, list)]).toEqual([]);
}

const observations = (bundle) => bundle.entry.map(({ resource }) => resource);
const observation = (bundle, code) => observations(bundle).find((entry) => entry.code.coding[0].code === code);

test('three files of hostile results are whole, harmless, and sent nowhere', async ({ page, platform }) => {
  await watchFiles(page);
  const came = await listen(page, platform);
  await connectAs(page, platform, 'From File');
  await expect(page.getByRole('link', { name: CANARY })).toBeVisible();
  const before = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, Object.keys(localStorage), location.href, document.title, history.length]));
  const requests = [];
  page.context().on('request', (request) => requests.push(request.url()));
  const calls = (await platform.log()).length;

  const csv = await copy(page, /CSV/);
  const json = await copy(page, /JSON/);
  const fhir = await copy(page, /FHIR/);

  await test.step('nothing was sent, and nothing is left', async () => {
    expect(requests.filter((address) => !address.startsWith('blob:')), 'no request').toEqual([]);
    expect((await platform.log()).length, 'the platform heard nothing').toBe(calls);
    const after = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, Object.keys(localStorage), location.href, document.title, history.length]));
    expect(after).toBe(before);
    await expect.poll(() => page.evaluate(() => globalThis.files.revoked.length), 'the addresses of the files are taken back').toBe(3);
    const { made, revoked } = await page.evaluate(() => globalThis.files);
    expect(revoked).toEqual(made);
    expect(await page.evaluate(() => window.harmed)).toBeUndefined();
  });

  await test.step('the names hold a day and nothing else', async () => {
    expect(csv.name).toMatch(/^loop-results-\d{4}-\d\d-\d\d\.csv$/);
    expect(json.name).toBe(csv.name.replace('.csv', '.json'));
    expect(fhir.name).toBe(csv.name.replace('.csv', '.fhir.json'));
  });

  await test.step('CSV', async () => {
    const rows = readCsv(csv.text);
    expect(rows.length).toBe(12);
    expect(one(rows, 'canary_marker')).toEqual({
      biomarker: CANARY, lab_name: CANARY, code: 'canary_marker', value: '31337.25', unit: 'mg/dL', reference_low: '1', reference_high: '9', status: 'high',
      collected_at: '2026-03-03', id: expect.stringMatching(/^file_/),
    });
    expect(one(rows, 'formula')).toMatchObject({ lab_name: "'=cmd|'/c calc'!A1", value: "'+1;'=2", unit: "'@SUM(A1)" });
    expect(one(rows, 'quotes')).toMatchObject({ lab_name: 'a,"b" c;\'=1', unit: '\\"},{"' });
    expect(one(rows, 'rtl')).toMatchObject({ lab_name: 'Turned txet', unit: '%' });
    for (const cell of rows.flatMap(Object.values)) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?![\d.]+$)/);
  });

  await test.step('JSON', async () => {
    const copied = JSON.parse(json.text);
    expect(copied.results, 'as the platform gave them').toEqual(came);
    expect(copied).toMatchObject({ format: 'loop-results', version: 1, source: platform.clinical, unreadable: 0, more: false });
    expect(Math.abs(Date.parse(copied.exported_at) - Date.now())).toBeLessThan(120_000);
    expect(json.text).not.toMatch(/[<>\u202E\u200B]/);
  });

  await test.step('FHIR', async () => {
    const bundle = JSON.parse(fhir.text);
    expect(fhirProblems(bundle)).toEqual([]);
    expect(bundle.entry.length).toBe(12);
    expect(observation(bundle, '13457-7')).toMatchObject({
      code: { coding: [{ system: 'http://loinc.org', code: '13457-7' }], text: 'LDL' },
      valueQuantity: { value: 0.3, unit: 'µg/L', system: 'http://unitsofmeasure.org', code: 'ug/L' },
    });
    expect(observation(bundle, 'hs_crp').valueQuantity).toEqual({ value: 0.3, comparator: '<', unit: 'mg/L', system: 'http://unitsofmeasure.org', code: 'mg/L' });
    expect(fhir.text).toContain('"value":0.30,');
    expect(observation(bundle, 'img')).toMatchObject({ valueString: IMG, interpretation: [{ text: IMG }] });
    expect(observation(bundle, 'missing').dataAbsentReason.coding[0].code).toBe('unknown');
    expect(observation(bundle, 'upside')).toMatchObject({ referenceRange: [{ text: '9 to 1, as printed' }], interpretation: [{ coding: [{ code: 'AA' }] }] });
    expect(observation(bundle, 'enormous').valueQuantity).toEqual({ value: 1e300, unit: 'K/uL' });
    expect(observation(bundle, 'zoned').effectiveDateTime, 'no zone is that far east').toBeUndefined();
    const systems = observations(bundle).flatMap(({ code }) => code.coding[0].system ?? []);
    expect(systems, 'a LOINC code is never invented').toEqual(['http://loinc.org']);
    // obs-6, which neither validator looks at.
    for (const { dataAbsentReason, valueQuantity, valueString } of observations(bundle)) expect(!dataAbsentReason).toBe(Boolean(valueQuantity ?? valueString));
  });
});

for (const name of ['Maya Lindqvist', 'Jonas Okafor', 'Amina Haddad']) {
  test(`every measurement of ${name} is in every file, and no file knows the name`, async ({ page, platform }) => {
    const came = await listen(page, platform);
    await connectAs(page, platform, name);
    await expectResults(page);
    const files = [await copy(page, /CSV/), await copy(page, /JSON/), await copy(page, /FHIR/)];
    for (const { name: file, text } of files) expect(file + text).not.toMatch(new RegExp(name.split(' ').join('|')));
    const [rows, { results }, bundle] = [readCsv(files[0].text), JSON.parse(files[1].text), JSON.parse(files[2].text)];
    expectSame(results, came);
    expect(fhirProblems(bundle)).toEqual([]);
    const words = ({ id, biomarker_code, value, unit, reference_low, reference_high, status, collected_at }) =>
      Object.fromEntries(Object.entries({ code: biomarker_code, value, unit, reference_low, reference_high, status, collected_at, id }).map(([key, value]) => [key, String(value ?? '')]));
    const ofRow = ({ biomarker, lab_name, ...rest }) => rest;
    expectSame(rows.map(ofRow), came.map(words));
    const ofBundle = ({ identifier, code, valueQuantity: { comparator = '', value }, effectiveDateTime }) => [identifier[0].value, code.coding[0].code, `${comparator}${value}`, effectiveDateTime];
    expectSame(observations(bundle).map(ofBundle), came.map(({ id, biomarker_code, value, collected_at }) => [id, biomarker_code, `${value}`, collected_at]));
  });
}

test('paper has the results, where they come from and when, and nothing else', async ({ page, platform }, info) => {
  await watchFiles(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await connectAs(page, platform, 'Amina Haddad');
  await expect(section(page)).toBeVisible();
  await section(page).getByRole('button', { name: 'Print' }).click();
  expect(await page.evaluate(() => globalThis.files.printed), 'the browser is asked to print').toBe(1);
  await expect(page.getByText(/Printed on/), 'not on the screen').toBeHidden();

  await page.emulateMedia({ media: 'print' });
  // The width of A4 between its margins.
  await page.setViewportSize({ width: 703, height: 994 });
  await expect(page.getByText(/^Lab results from Loop, as of .*\d{4}\. Printed on .*\d{4}\.$/)).toBeVisible();
  await expect(page.getByRole('banner')).toBeHidden();
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(section(page)).toBeHidden();
  await expect(page.getByRole('button').and(page.locator(':visible'))).toHaveCount(0);
  await expect(page.locator('input:visible')).toHaveCount(0);
  await expect(page.getByText(/Amina|Haddad/).and(page.locator(':visible')), 'no name').toHaveCount(0);
  await expect(page).toHaveTitle('Your results · Loop Partner');
  const paper = await page.evaluate(() => {
    const style = (selector) => getComputedStyle(document.querySelector(selector));
    const luminance = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    return {
      wide: document.documentElement.scrollWidth - innerWidth,
      ground: luminance(style('body').backgroundColor),
      ink: luminance(style('.row__link').color),
      torn: [...document.querySelectorAll('.row')].filter((row) => getComputedStyle(row).breakInside !== 'avoid').length,
    };
  });
  expect(paper).toEqual({ wide: 0, ground: 765, ink: 0, torn: 0 });
  await page.screenshot({ path: info.outputPath('paper.png'), fullPage: true });

  const pdf = await page.pdf({ path: info.outputPath('paper.pdf'), preferCSSPageSize: true, format: 'A4' });
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length, 'three draws of 26 biomarkers fit on one page').toBe(1);
});

test('paper says when it does not show everything', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(/of 62 shown/)).toHaveCount(0);
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: /^Out of range/ }).click();
  await expect(page.getByText('3 of 62 shown.')).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText('3 of 62 shown.')).toBeVisible();
});
