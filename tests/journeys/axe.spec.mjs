// axe-core, every rule of it, on every page and state, light and dark.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test, expect } from '../support/test.mjs';
import { HOSTILE, SCENES } from '../support/scenes.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.use({ labFile: HOSTILE });

/** What axe finds: the rule, and where. What it cannot decide is not counted. */
async function faults(page) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  expect(passes.length, 'it looked at something').toBeGreaterThan(5);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`));
}

for (const { name, open } of SCENES) {
  test(`axe finds nothing on: ${name}`, async ({ page, platform, context, forgive }) => {
    await open({ page, platform, context, forgive });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // A colour on its way from one to the other is neither.
      await page.evaluate(async () => {
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        await Promise.allSettled(document.getAnimations().map((one) => one.finished));
      });
      expect(await faults(page), colorScheme).toEqual([]);
    }
  });
}

test('axe sees a fault that is there', async ({ page, platform }) => {
  await page.goto(platform.app);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.evaluate(() => document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button>'));
  expect((await faults(page)).map((fault) => fault.split(':')[0])).toContain('button-name');
});
