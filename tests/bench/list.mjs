// How long a person waits for the list of results, and for the list after each letter of a search. In a real browser, on the
// built app, with a platform on localhost whose results are replaced by generated ones.
//
//   cargo xtask bench list [--json] [--check] [--runs N] [--peers NAMES]
//
// Ours is measured by itself first and held to bounds; with `--check` that is all, and decides. Then ours and its peers are measured
// in turns (list-peers.mjs), unless `--peers none` says otherwise.
//
// Two records of 10,000 results, since they strain different code: 100 biomarkers with 100 measurements each, and 10,000
// biomarkers measured once. 100 results beside them make ratios that another machine would find, too.
import { connectAs } from '../support/journey.mjs';
import { startPlatform } from '../support/platform.mjs';
import { install, painted } from './page.mjs';
import { PATH } from './clinic.mjs';
import { compare } from './list-peers.mjs';
import { table } from './report.mjs';
import { results } from './results.mjs';
import { PAGE, launch, words } from './setup.mjs';

/** Milliseconds. `--check` fails beyond them. */
const BOUNDS = { data_to_painted_ms: 200, key_median_ms: 16, key_p95_ms: 50 };
const RECORDS = [
  { record: 'few', results: 100, biomarkers: 100 },
  { record: 'many measurements', results: 10_000, biomarkers: 100 },
  { record: 'many biomarkers', results: 10_000, biomarkers: 10_000 },
];
/** What is typed: each letter leaves less, and each that is taken back leaves more. */
const SEARCHES = ['marker 7', 'serum', 'ferritin', 'm', 'no such thing'];

const wanted = words({ runs: '5', check: { type: 'boolean', default: false } });
const { runs } = wanted;

const round = (milliseconds) => Math.round(milliseconds * 10) / 10;
/** The value below which that share of them lies. */
const quantile = (values, share) => round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]);

/** The platform's list, with other results in it. */
async function serve(context, platform, all) {
  await context.route(`${platform.clinical}${PATH}?*`, (route) => {
    if (route.request().method() === 'OPTIONS') return route.fallback();
    const asked = new URL(route.request().url()).searchParams;
    const from = Number(asked.get('offset') ?? 0);
    const some = all.slice(from, from + Number(asked.get('limit') ?? all.length));
    return route.fulfill({ json: { results: some, count: all.length }, headers: { 'access-control-allow-origin': platform.app } });
  });
}

async function waitForRows(page) {
  return (await page.waitForFunction(painted, PATH, { polling: 50 })).jsonValue();
}

/** Loads the list again and again, then types: all times in milliseconds. */
async function measure(browser, platform, { record, results: count, biomarkers }) {
  await platform.reset();
  const context = await browser.newContext(PAGE);
  try {
    await serve(context, platform, results(count, biomarkers));
    await context.addInitScript(install);
    const page = await context.newPage();
    await connectAs(page, platform, 'Maya Lindqvist');
    const loads = [];
    for (let run = 0; run < runs; run += 1) {
      // The app keeps the platform's limits by itself, and would wait.
      await page.evaluate(() => {
        for (const key of Object.keys(localStorage)) if (key.startsWith('loop.calls.')) localStorage.removeItem(key);
      });
      await page.reload();
      loads.push(await waitForRows(page));
    }
    const field = page.getByRole('searchbox');
    await field.click();
    for (let run = 0; run < runs; run += 1) {
      for (const text of SEARCHES) {
        for (const key of [...text, ...Array(text.length).fill('Backspace')]) {
          const before = await page.evaluate(() => globalThis.stopwatch.keys.length);
          await page.keyboard.press(key);
          await page.waitForFunction((before) => globalThis.stopwatch.keys.length > before, before, { polling: 5 });
        }
      }
    }
    const keys = await page.evaluate(() => globalThis.stopwatch.keys);
    return { record, n: count, biomarkers, data_to_painted_ms: quantile(loads, 0.5), keys: keys.length, key_median_ms: quantile(keys, 0.5), key_p95_ms: quantile(keys, 0.95) };
  } finally {
    await context.close();
  }
}

const platform = await startPlatform();
const browser = await launch({ unlimited: true });
const measured = [];
try {
  for (const record of RECORDS) measured.push(await measure(browser, platform, record));
} finally {
  await browser.close();
  await platform.stop();
}

const [few, ...large] = measured;
const worst = (name) => Math.max(...large.map((one) => one[name]));
const ratio = (name) => Math.round((worst(name) / few[name]) * 100) / 100;
const names = Object.keys(BOUNDS);
const over = names.filter((name) => worst(name) > BOUNDS[name]);
const figures = { n: 10_000, runs, ...Object.fromEntries(names.map((name) => [name, worst(name)])) };
const ratios = Object.fromEntries(names.map((name) => [name.replace('_ms', '_ratio'), ratio(name)]));
const compared = wanted.check || wanted.peers === 'none' ? undefined : await compare(wanted);
if (wanted.json) {
  console.log(JSON.stringify({ list: { ...figures, to_100_results: ratios, bounds: BOUNDS, within: over.length === 0, records: measured, compared } }));
} else {
  for (const one of measured) {
    console.log(`${one.record}: ${one.n} results of ${one.biomarkers} biomarkers; data to painted ${one.data_to_painted_ms} ms; key to painted ${one.key_median_ms} ms, 19 of 20 within ${one.key_p95_ms} ms`);
  }
  console.log(`10,000 results against 100: ${names.map((name) => `${name} × ${ratio(name)}`).join(', ')}`);
  for (const [name, summary] of Object.entries(compared?.records ?? {})) console.log(`\n${table(name, summary)}`);
}
for (const name of wanted.check ? over : []) console.error(`${name} is ${worst(name)}, and at most ${BOUNDS[name]} is allowed.`);
process.exitCode = wanted.check && over.length > 0 ? 1 : 0;
