// How long the page of one biomarker takes: from the click on its row to the frame with the line of its trend and its table.
//
//   cargo xtask bench chart [--json] [--runs N] [--peers NAMES]
import { withApps } from './apps.mjs';
import { table, tell } from './report.mjs';
import { results } from './results.mjs';
import { launch, progress, words } from './setup.mjs';
import { Figures, quantile } from './statistics.mjs';
import { install } from './stopwatch.mjs';

/** How many points, a day apart. */
const POINTS = [10, 500, 5_000];
/** How often in a run it is opened once its code is there. */
const AGAIN = 5;

async function open(page, { hooks }) {
  await page.locator(hooks.link).first().click();
  await page.waitForFunction(() => globalThis.stopwatch.opened !== null, undefined, { polling: 20 });
  return page.evaluate(() => globalThis.stopwatch.opened);
}

async function measure(browser, app, stored, all) {
  const page = await app.tab(browser, stored);
  try {
    app.clinic.use(all);
    await page.addInitScript(install, app.hooks);
    await page.goto(app.origin);
    // With the code that an app loads for it, where it does.
    const first = await open(page, app);
    const times = [];
    for (let time = 0; time < AGAIN; time += 1) {
      await page.goBack();
      await page.locator(app.hooks.row).first().waitFor();
      times.push(await open(page, app));
    }
    return { first_click_to_painted_ms: first, click_to_painted_ms: quantile(times, 0.5) };
  } finally {
    await page.context().close();
  }
}

const wanted = words();
await withApps(wanted.peers, async (apps) => {
  const browser = await launch({ unlimited: true });
  const records = POINTS.map((count) => ({ name: `${count.toLocaleString('en')} points`, all: results(count, 1, 1), figures: new Figures() }));
  for (let run = 0; run < wanted.runs; run += 1) {
    const stored = new Map();
    for (const app of apps) stored.set(app, await app.session(browser));
    for (const { name, all, figures } of records) {
      for (const app of apps) {
        progress(`chart: run ${run + 1} of ${wanted.runs}, ${name}, ${app.name}`);
        figures.add(app.name, await measure(browser, app, stored.get(app), all));
      }
    }
  }
  progress('');
  const chromium = browser.version();
  await browser.close();
  const summaries = records.map(({ name, figures }) => [name, figures.summary()]);
  tell(wanted.json, 'chart', { chromium, runs: wanted.runs, points: Object.fromEntries(summaries), tables: summaries.map(([name, summary]) => table(name, summary)) });
});
