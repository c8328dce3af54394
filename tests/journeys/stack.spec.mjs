// The stack of the WebAssembly is memory from the start, so build.rs makes it small: how much of it the deepest calls take.
import { readFileSync } from 'node:fs';
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';
import { results } from '../bench/results.mjs';

const STACK = Number(/-zstack-size=(\d+)/.exec(readFileSync(new URL('../../build.rs', import.meta.url), 'utf8'))[1]);

/** Bytes of the stack that were ever written to. It grows down to 0, and nobody cleans up behind. */
const deepest = (page) =>
  page.evaluate((size) => {
    const stack = new Uint8Array(globalThis.memory.buffer, 0, size);
    return size - stack.findIndex((byte) => byte !== 0);
  }, STACK);

test('the deepest calls take less than an eighth of the stack: ten thousand results, every page, a search, copies', async ({ page, context, platform }) => {
  const all = results(10_000, 1000);
  await context.route(`${platform.clinical}/v1/biomarkers?*`, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('offset'));
    return route.fulfill({ json: { results: all.slice(from, from + 500), count: all.length }, headers: { 'access-control-allow-origin': platform.app } });
  });
  await page.addInitScript(() => {
    const real = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...how) => {
      const made = await real.apply(WebAssembly, how);
      globalThis.memory ??= Object.values(made.instance.exports).find((one) => one instanceof WebAssembly.Memory);
      return made;
    };
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  const search = page.getByRole('searchbox');
  await search.fill('marker 7');
  await search.fill('');
  await page.getByRole('link', { name: /LDL/ }).first().click();
  await expect(page.locator('path.trend__line')).toBeAttached();
  for (const [name, title] of [['Report', 'Report'], ['Care', 'Care'], ['Settings', 'Settings'], ['Results', 'Your results']]) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }
  for (const name of [/CSV/, /JSON/, /FHIR/]) {
    const download = page.waitForEvent('download');
    await page.getByRole('region', { name: 'Export' }).getByRole('button', { name }).click();
    await download;
  }
  const used = await deepest(page);
  console.log(`${used} of ${STACK} bytes of stack`);
  expect(used, 'it was looked at').toBeGreaterThan(1024);
  expect(used).toBeLessThan(STACK / 8);
});
