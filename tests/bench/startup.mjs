// How long somebody who is signed in waits: from a navigation to the first picture and to a list that can be used, with an empty
// cache and on the second visit, and what signing in asks of the platform.
//
//   cargo xtask bench startup [--json] [--runs N] [--peers NAMES]
import { withApps } from './apps.mjs';
import { table, tell } from './report.mjs';
import { PAGE, launch, progress, words } from './setup.mjs';
import { Figures } from './statistics.mjs';
import { install, loaded } from './stopwatch.mjs';

/** Slow 4G as Chromium's developer tools define it: bytes a second, and milliseconds a request. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const CONDITIONS = [
  { name: 'as it is' },
  { name: '4x CPU', cpu: 4 },
  { name: 'slow 4G', network: SLOW_4G },
  { name: '4x CPU, slow 4G', cpu: 4, network: SLOW_4G },
];
const PATIENCE = 90_000;

async function visit(page, app) {
  // From somewhere else, so that it is a navigation and no reload, which would ask for everything again.
  await page.goto('about:blank');
  await page.goto(app.origin, { timeout: PATIENCE });
  return (await page.waitForFunction(loaded, undefined, { polling: 50, timeout: PATIENCE })).jsonValue();
}

async function measure(browser, app, stored, { cpu, network }) {
  const page = await app.tab(browser, stored);
  try {
    await page.addInitScript(install, app.hooks);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    if (network) await cdp.send('Network.emulateNetworkConditions', network);
    if (cpu) await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpu });
    return { cold: await visit(page, app), warm: await visit(page, app) };
  } finally {
    await page.context().close();
  }
}

/** What an app itself asks the platform from the click on Connect until the list is there, in order: `GET /path`. */
async function signingIn(browser, app) {
  const platform = [app.platform.identity, app.clinic.origin];
  const context = await browser.newContext(PAGE);
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const asked = [];
    cdp.on('Network.requestWillBeSent', ({ type, request: { method, url } }) => {
      const { origin, pathname } = new URL(url);
      // The pages on which a person decides are the platform's, and the same for all.
      if (type !== 'Document' && platform.includes(origin)) asked.push(`${type === 'Preflight' ? 'OPTIONS' : method} ${pathname}`);
    });
    await cdp.send('Network.enable');
    await app.connect(page);
    return asked.filter((ask) => !/\.(css|js|svg|ico)$/.test(ask));
  } finally {
    await context.close();
  }
}

const wanted = words();
await withApps(wanted.peers, async (apps) => {
  const browser = await launch();
  const asks = {};
  for (const app of apps) asks[app.name] = await signingIn(browser, app);
  const conditions = new Map(CONDITIONS.map((condition) => [condition, new Figures()]));
  for (let run = 0; run < wanted.runs; run += 1) {
    for (const [condition, figures] of conditions) {
      for (const app of apps) {
        progress(`startup: run ${run + 1} of ${wanted.runs}, ${condition.name}, ${app.name}`);
        const { cold, warm } = await measure(browser, app, await app.session(browser), condition);
        figures.add(app.name, { cold_first_paint_ms: cold.first_paint, cold_usable_ms: cold.usable, warm_first_paint_ms: warm.first_paint, warm_usable_ms: warm.usable });
      }
    }
  }
  progress('');
  const chromium = browser.version();
  await browser.close();
  const summaries = [...conditions].map(([{ name }, figures]) => [name, figures.summary()]);
  const signing = Object.entries(asks).map(([name, all]) => `signing in, ${name}: ${all.filter((ask) => !ask.startsWith('OPTIONS')).length} requests, ${all.filter((ask) => ask.startsWith('OPTIONS')).length} preflights: ${all.join(', ')}`);
  tell(wanted.json, 'startup', { chromium, runs: wanted.runs, conditions: Object.fromEntries(summaries), signing_in: asks, tables: [...summaries.map(([name, summary]) => table(name, summary)), signing.join('\n')] });
});
