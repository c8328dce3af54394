// Lighthouse on the release build: accessibility and best practices, on a phone's screen, without a point missing.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse from 'lighthouse';
import { test as base, expect } from '../support/test.mjs';
import { connectAs, expectResults } from '../support/journey.mjs';

const test = base.extend({
  /** A browser that Lighthouse can speak to as well: `{ context, port }`. */
  shared: async ({ launchOptions }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'loop-lighthouse-'));
    const args = [...launchOptions.args, '--remote-debugging-port=0'];
    const context = await chromium.launchPersistentContext(folder, { ...launchOptions, args });
    const port = async () => Number((await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '0')).split('\n')[0]);
    await expect.poll(port).toBeGreaterThan(0);
    await use({ context, port: await port() });
    await context.close();
    await rm(folder, { recursive: true, force: true });
  },
});

/** What costs points at an address, and how many there are of 100. */
async function judged(address, port) {
  const { lhr } = await lighthouse(address, {
    port,
    onlyCategories: ['accessibility', 'best-practices'],
    // Who is connected stays connected: Lighthouse's tab asks the other one.
    disableStorageReset: true,
    logLevel: 'silent',
  });
  expect(lhr.finalDisplayedUrl).toBe(address);
  const lost = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1).map(({ id }) => `${id}: ${lhr.audits[id].title}`),
  );
  return { lost, scores: Object.values(lhr.categories).map(({ score }) => score * 100) };
}

const PERFECT = { lost: [], scores: [100, 100] };

test('Lighthouse has nothing to say about the first page', async ({ platform, shared }) => {
  expect(await judged(`${platform.app}/`, shared.port)).toEqual(PERFECT);
});

for (const path of ['/', '/biomarkers/ldl_cholesterol', '/report', '/care', '/settings']) {
  test(`Lighthouse has nothing to say about ${path} of somebody who is connected`, async ({ platform, shared }) => {
    const page = await shared.context.newPage();
    await connectAs(page, platform, 'Maya Lindqvist');
    await expectResults(page);
    expect(await judged(platform.app + path, shared.port)).toEqual(PERFECT);
    const seen = await platform.calls('biomarkers');
    expect(seen.length, 'its tab was connected too').toBe(path === '/settings' ? 1 : 2);
  });
}

test('Lighthouse sees a fault that is there', async ({ platform, shared }) => {
  await shared.context.route(`${platform.app}/`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('initial-scale=1', 'initial-scale=1,user-scalable=no') });
  });
  const { lost, scores } = await judged(`${platform.app}/`, shared.port);
  expect(lost.map((audit) => audit.split(':')[0])).toContain('meta-viewport');
  expect(scores[0]).toBeLessThan(100);
});
