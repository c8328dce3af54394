// Lab reports written by somebody who means harm: their text is shown as text, and the page stays usable.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

const IMG = '<img src=x onerror="window.harmed=1">';
const SCRIPT = '</script><script>window.harmed=1</script>';
const SVG = '<svg onload="window.harmed=1">';
const LONG = 'Very long name '.repeat(700);
const result = (biomarker_code, changes) => ({
  biomarker_code,
  biomarker_name: biomarker_code,
  value: 5,
  unit: 'mg/dL',
  reference_low: 1,
  reference_high: 9,
  status: 'normal',
  collected_at: '2026-03-03',
  ...changes,
});

test.use({
  labFile: {
    results: [
      result('img', { biomarker_name: `Image ${IMG}` }),
      result('script', { biomarker_name: `Script ${SCRIPT}`, unit: SCRIPT }),
      result('textvalue', { biomarker_name: 'Text value', value: SVG }),
      result('badstatus', { biomarker_name: 'Odd status', status: IMG }),
      result('rtl', { biomarker_name: 'Turned \u202Etxet\u202C \u2066end' }),
      result('zero', { biomarker_name: 'Zero\u200B\u200C\u200D\uFEFFwidth' }),
      result('control', { biomarker_name: 'Control\u0000\u0007\u001B[31mred' }),
      result('long', { biomarker_name: LONG, unit: 'u'.repeat(5000) }),
      result('marks', { biomarker_name: `Marks Z${'\u0301'.repeat(500)}` }),
      result('../../settings', { biomarker_name: 'Path code' }),
      result('javascript:alert(1)', { biomarker_name: 'Script code' }),
      result('//evil.example/x', { biomarker_name: 'Foreign code' }),
      result(`"><img src=x onerror=1>`, { biomarker_name: 'Markup code' }),
      result('upside', { biomarker_name: 'Upside down range', reference_low: 9, reference_high: 1 }),
      result('enormous', { biomarker_name: 'Enormous', value: 1e308, reference_high: 1e-308 }),
      result('formula', { biomarker_name: '=cmd|calc!A1', value: '=1+1' }),
    ],
  },
});

/** Nothing of the reports has become part of the page. */
async function expectInert(page, when) {
  const found = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    const out = { harmed: window.harmed, elements: [], handlers: [], links: [], invisible: 0, wide: document.documentElement.scrollWidth - innerWidth };
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF\u0000-\u0008\u001B]/.test(node.data)) out.invisible += 1;
        continue;
      }
      if (['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE'].includes(node.tagName) || (node.tagName === 'SCRIPT' && !node.src.startsWith(location.origin))) out.elements.push(node.outerHTML.slice(0, 80));
      for (const { name } of node.attributes) if (name.startsWith('on')) out.handlers.push(name);
      if (node.tagName === 'A' && (node.origin !== location.origin || !/^\/($|report$|care$|settings$|biomarkers\/[^/]+$)/.test(node.pathname))) out.links.push(node.href);
    }
    return out;
  });
  expect(found, when).toEqual({ harmed: undefined, elements: [], handlers: [], links: expect.arrayContaining([]), invisible: 0, wide: expect.any(Number) });
  expect(found.links, `${when}: links lead to pages of this app`).toEqual([]);
  expect(found.wide, `${when}: nothing is wider than the window`).toBeLessThanOrEqual(0);
}

test('a list of hostile reports is a list of texts', async ({ page, platform }) => {
  page.on('dialog', (dialog) => expect(dialog.message(), 'nothing opens').toBe(''));
  await page.setViewportSize({ width: 360, height: 740 });
  await connectAs(page, platform, 'From File');
  await expect(page.getByRole('searchbox')).toBeVisible();
  await expectInert(page, 'in the list');
  await expect(page.getByRole('link', { name: IMG })).toBeVisible();
  await expect(page.getByRole('link', { name: SCRIPT })).toBeVisible();
  await expect(page.getByText(SVG).first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Zerowidth' })).toBeVisible();
  const longest = await page.getByRole('listitem').evaluateAll((rows) => Math.max(...rows.map((row) => row.textContent.length)));
  expect(longest, 'a name of ten thousand characters is cut').toBeLessThan(1500);
});

test('each hostile report has a page of its own, at an address of this app', async ({ page, platform }) => {
  page.on('dialog', (dialog) => expect(dialog.message(), 'nothing opens').toBe(''));
  await page.setViewportSize({ width: 360, height: 740 });
  await connectAs(page, platform, 'From File');
  await expect(page.getByRole('searchbox')).toBeVisible();
  const rows = page.getByRole('main').getByRole('list').getByRole('link');
  const count = await rows.count();
  expect(count).toBe(16);
  for (let index = 0; index < count; index += 1) {
    const name = await rows.nth(index).textContent();
    await rows.nth(index).click();
    await expect(page.getByRole('link', { name: 'All results' })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 }), 'the report that was chosen').toHaveText(name);
    expect(new URL(page.url()).origin).toBe(platform.app);
    expect(new URL(page.url()).pathname).toMatch(/^\/biomarkers\/[^/]+$/);
    await expectInert(page, `on the page of ${name.slice(0, 40)}`);
    await page.getByRole('link', { name: 'All results' }).click();
    await expect(page.getByRole('searchbox')).toBeVisible();
  }
});
