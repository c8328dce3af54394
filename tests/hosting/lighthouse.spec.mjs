// Lighthouse through a real web server: what only the server decides (compression, caching, HTTPS) costs points there.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { test, expect } from './test.mjs';

/** Scores of 100 by category, and what costs points. */
async function judged(address, port) {
  const { lhr } = await lighthouse(address, { port, logLevel: 'silent' });
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
  const { audits } = lhr;
  const costs = ({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1;
  const lost = Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(costs).map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`));
  // Of a category with a check that broke off Lighthouse says nothing.
  const isWhole = Object.values(lhr.categories).every(({ score }) => score !== null);
  return { scores, isWhole, lost: lost.join(', ') };
}

test('the first page: performance 95 and more, accessibility, best practices and search 100', async ({ server, launchOptions }) => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), 'loop-lighthouse-'));
  const args = [...launchOptions.args, '--remote-debugging-port=0', '--ignore-certificate-errors'];
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions, args });
  try {
    const port = async () => Number((await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '0')).split('\n')[0]);
    await expect.poll(port).toBeGreaterThan(0);
    // Whatever else this machine does costs performance, and nothing adds to it: the best of up to three counts.
    const runs = [];
    const isEnough = ({ isWhole, scores }) => isWhole && scores.performance >= 95;
    while (runs.length < 3 && !runs.some(isEnough)) runs.push(await judged(`${server.origin}/`, await port()));
    console.log(`Lighthouse: ${runs.map(({ scores, lost }) => `${JSON.stringify(scores)} ${lost}`).join('; ')}`);
    expect(Math.max(...runs.map(({ scores }) => scores.performance))).toBeGreaterThanOrEqual(95);
    const whole = runs.filter(({ isWhole }) => isWhole);
    expect(whole, 'one is whole').not.toEqual([]);
    for (const { scores, lost } of whole) expect({ ...scores, performance: 100 }, lost).toEqual({ performance: 100, accessibility: 100, 'best-practices': 100, seo: 100 });
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});
