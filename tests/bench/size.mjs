// What a person downloads until the list is there, and until a trend is there: bytes over the wire, compressed as a good host does.
//
//   cargo xtask bench size [--json] [--runs N] [--peers NAMES]
import { expect } from '@playwright/test';
import { withApps } from './apps.mjs';
import { table, tell } from './report.mjs';
import { launch, progress, words } from './setup.mjs';
import { Figures } from './statistics.mjs';

const KINDS = [
  ['html', /\.html|\/$|^\/biomarkers\//],
  ['wasm', /\.wasm$/],
  ['js', /\.m?js$/],
  ['css', /\.css$/],
  ['json', /\.json$/],
];
const kindOf = (path) => KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';

/** Counts what comes from the app's own origin, headers too. What the platform answers is the same for all. */
async function listen(page, origin) {
  const cdp = await page.context().newCDPSession(page);
  const paths = new Map();
  const bytes = { requests: 0 };
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
    const url = new URL(request.url);
    if (url.origin === origin) paths.set(requestId, url.pathname);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!paths.has(requestId)) return;
    const kind = kindOf(paths.get(requestId));
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
    bytes.requests += 1;
    paths.delete(requestId);
  });
  cdp.on('Network.loadingFailed', ({ requestId }) => paths.delete(requestId));
  await cdp.send('Network.enable');
  // All that was asked for has come.
  return async () => {
    await page.waitForLoadState('networkidle');
    await expect.poll(() => [...paths.values()], { timeout: 10_000 }).toEqual([]);
    return { ...bytes };
  };
}

function summed(name, { requests, ...bytes }) {
  const kilo = Object.entries(bytes).map(([kind, count]) => [`${name}_${kind}_kb`, count / 1000]);
  const total = Object.values(bytes).reduce((sum, count) => sum + count, 0) / 1000;
  return { ...Object.fromEntries(kilo), [`${name}_total_kb`]: total, [`${name}_requests`]: requests };
}

async function measure(browser, app) {
  const page = await app.tab(browser, await app.session(browser));
  try {
    const soFar = await listen(page, app.origin);
    await page.goto(app.origin);
    await page.locator(app.hooks.row).first().waitFor();
    const list = await soFar();
    await page.locator(app.hooks.link).first().click();
    await page.locator(app.hooks.line).first().waitFor({ state: 'attached' });
    return { ...summed('list', list), ...summed('trend', await soFar()) };
  } finally {
    await page.context().close();
  }
}

const wanted = words({ runs: '3' });
await withApps(wanted.peers, async (apps) => {
  const browser = await launch();
  const figures = new Figures();
  for (let run = 0; run < wanted.runs; run += 1) {
    for (const app of apps) {
      progress(`size: run ${run + 1} of ${wanted.runs}, ${app.name}`);
      figures.add(app.name, await measure(browser, app));
    }
  }
  progress('');
  const chromium = browser.version();
  await browser.close();
  const summary = figures.summary();
  tell(wanted.json, 'size', { chromium, runs: wanted.runs, figures: summary, tables: [table('kB over the wire', summary)] });
});
