// The list of our app beside those of its peers: data to painted, key to painted, frames while scrolling, growing with the record.
import { withApps } from './apps.mjs';
import { PATH } from './clinic.mjs';
import { results } from './results.mjs';
import { launch, progress } from './setup.mjs';
import { Figures, quantile } from './statistics.mjs';
import { dataToPainted, install, scroll } from './stopwatch.mjs';

const RECORDS = [
  { name: '100 results', results: 100, biomarkers: 100 },
  // As over a network: an app's own code is there before the answer is.
  { name: '100 results after 300 ms', results: 100, biomarkers: 100, after: 300 },
  { name: '1,000 results', results: 1_000, biomarkers: 1_000 },
  { name: '10,000 results', results: 10_000, biomarkers: 10_000 },
  { name: '10,000 results of 100 biomarkers', results: 10_000, biomarkers: 100 },
];
/** What is typed and taken back, letter by letter; no app knows a name for these that another does not. */
const SEARCHES = ['marker 7', 'serum', 'no such thing'];
/** A reload is quick, and differs more from one to the next. */
const RELOADS = 3;
const FRAMES = { frames: 150, step: 50 };

/** Comes from somewhere else, and waits for the list: milliseconds from the last byte of the results. */
async function visit(page, app) {
  await page.goto('about:blank');
  await page.goto(app.origin);
  return picture(page);
}

/** In the same process, so that what was compiled for the last load serves this one. */
async function reload(page) {
  const times = [];
  for (let time = 0; time < RELOADS; time += 1) {
    await page.reload();
    times.push(await picture(page));
  }
  return quantile(times, 0.5);
}

/** Waits for the first usable picture. */
async function picture(page) {
  return (await page.waitForFunction(dataToPainted, PATH, { polling: 50 })).jsonValue();
}

/** On the second visit what the browser keeps of an app's code is there, as for somebody who comes back; the first is noted too. */
async function measure(browser, app, stored, { all, after }) {
  const page = await app.tab(browser, stored);
  try {
    app.clinic.use(all, after);
    await page.addInitScript(install, app.hooks);
    const first = await visit(page, app);
    const again = await visit(page, app);
    const reloaded = await reload(page);
    // Rows that are drawn after the first picture are no part of what a key costs.
    await quiet(page);
    await page.locator(app.hooks.search).click();
    for (const text of SEARCHES) {
      for (const key of [...text, ...Array(text.length).fill('Backspace')]) {
        const before = await page.evaluate(() => globalThis.stopwatch.keys.length);
        await page.keyboard.press(key);
        await page.waitForFunction((before) => globalThis.stopwatch.keys.length > before, before, { polling: 5 });
      }
    }
    const keys = await page.evaluate(() => globalThis.stopwatch.keys);
    await quiet(page);
    const frames = await page.evaluate(scroll, FRAMES);
    return { first_data_to_painted_ms: first, data_to_painted_ms: again, reloaded_data_to_painted_ms: reloaded, key_median_ms: quantile(keys, 0.5), key_p95_ms: quantile(keys, 0.95), scroll_frame_median_ms: quantile(frames, 0.5), scroll_frame_p95_ms: quantile(frames, 0.95) };
  } finally {
    await page.context().close();
  }
}

/** Nothing on the page has changed for a while. */
function quiet(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const watch = new MutationObserver(() => restart());
        const end = () => {
          watch.disconnect();
          resolve();
        };
        let timer = setTimeout(end, 200);
        const restart = () => {
          clearTimeout(timer);
          timer = setTimeout(end, 200);
        };
        watch.observe(document, { childList: true, subtree: true });
      }),
  );
}

/** `{chromium, records: {name: figures}}`. */
export function compare({ peers, runs }) {
  return withApps(peers, async (apps) => {
    const browser = await launch({ unlimited: true });
    const records = RECORDS.map((record) => ({ ...record, all: results(record.results, record.biomarkers), figures: new Figures() }));
    for (let run = 0; run < runs; run += 1) {
      const stored = new Map();
      for (const app of apps) stored.set(app, await app.session(browser));
      for (const record of records) {
        for (const app of apps) {
          progress(`list: run ${run + 1} of ${runs}, ${record.name}, ${app.name}`);
          record.figures.add(app.name, await measure(browser, app, stored.get(app), record));
        }
      }
    }
    progress('');
    const chromium = browser.version();
    await browser.close();
    return { chromium, records: Object.fromEntries(records.map(({ name, figures }) => [name, figures.summary()])) };
  });
}
