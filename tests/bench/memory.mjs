// What an app keeps in memory after minutes of clicking: opening biomarkers, going back, searching, sorting, scrolling.
//
//   cargo xtask bench memory [--json] [--minutes N] [--peers NAMES]
//
// Each app has a browser of its own, since pages of one site share a process and its heap. They take turns, click by click, so all
// click as often. Ten times on the way garbage is collected and what is left is counted.
import { withApps } from './apps.mjs';
import { table, tell } from './report.mjs';
import { results } from './results.mjs';
import { launch, progress, whole, words } from './setup.mjs';
import { Figures } from './statistics.mjs';

const SAMPLES = 10;
const RECORD = { results: 10_000, biomarkers: 100 };
const MEGA = 1e6;

/** Installed before the app starts: keeps every memory that WebAssembly is given or makes. */
function keepMemories() {
  const memories = new Set();
  globalThis.wasmMemory = () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  const keep = (instance) => {
    for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) memories.add(value);
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...words) => {
      const made = await original.apply(WebAssembly, words);
      keep(made.instance ?? made);
      return made;
    };
  }
}

/** What is alive: objects of JavaScript, memory of WebAssembly, nodes of the page. */
async function count(page, cdp) {
  // Twice: what a first collection finalizes, a second one frees.
  for (let time = 0; time < 2; time += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0 } = await cdp.send('Runtime.getHeapUsage');
  const wasm = await page.evaluate(() => globalThis.wasmMemory());
  return { heap_mb: (usedSize + wasm) / MEGA, js_mb: usedSize / MEGA, wasm_mb: wasm / MEGA, page_nodes_mb: embedderHeapUsedSize / MEGA };
}

/** One round of what a person does; `turn` makes it a little different each time. */
async function click(page, { hooks }, turn) {
  const links = page.locator(hooks.link);
  await links.nth(turn % 8).click();
  await page.locator(hooks.line).first().waitFor({ state: 'attached' });
  await page.goBack();
  await page.locator(hooks.row).first().waitFor();
  await page.mouse.wheel(0, 1500);
  await page.mouse.wheel(0, -1500);
  const search = page.locator(hooks.search);
  await search.fill(['ferritin', 'serum', 'marker', 'zzz'][turn % 4]);
  await search.fill('');
  await page.locator(hooks.row).first().waitFor();
}

async function begin(app, all) {
  const browser = await launch();
  const page = await app.tab(browser, await app.session(browser));
  app.clinic.use(all);
  await page.addInitScript(keepMemories);
  await page.goto(app.origin);
  await page.locator(app.hooks.row).first().waitFor();
  return { app, browser, page, cdp: await page.context().newCDPSession(page) };
}

const wanted = words({ minutes: { type: 'string', default: '10' } });
const minutes = whole('minutes', wanted.minutes, 1, 240);
await withApps(wanted.peers, async (apps) => {
  const all = results(RECORD.results, RECORD.biomarkers);
  const tabs = [];
  try {
    for (const app of apps) tabs.push(await begin(app, all));
    const [beginning, figures] = [new Figures(), new Figures()];
    for (const { app, page, cdp } of tabs) beginning.add(app.name, await count(page, cdp));
    let rounds = 0;
    const began = Date.now();
    for (let sample = 1; sample <= SAMPLES; sample += 1) {
      const until = began + (sample * minutes * 60_000) / SAMPLES;
      do {
        progress(`memory: ${sample} of ${SAMPLES}, round ${rounds + 1}`);
        for (const { app, page } of tabs) await click(page, app, rounds);
        rounds += 1;
      } while (Date.now() < until);
      // The first half is where caches fill.
      if (sample <= SAMPLES / 2) continue;
      for (const { app, page, cdp } of tabs) figures.add(app.name, await count(page, cdp));
    }
    progress('');
    const chromium = tabs[0].browser.version();
    const [first, last] = [beginning.summary(2), figures.summary(2)];
    tell(wanted.json, 'memory', { chromium, minutes, rounds, results: RECORD.results, after_load: first, after_clicking: last, tables: [table('after loading, MB', first), table(`after ${rounds} rounds, MB`, last)] });
  } finally {
    for (const { browser } of tabs) await browser.close();
  }
});
