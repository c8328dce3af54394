// `test` with a page of somebody else's: `open(body, script)` shows it, and what it must never do is noticed: a word on the console, an
// error that nobody caught, an event that was not expected.
import { test as base, expect } from '@playwright/test';
import { serve } from './server.mjs';

export { expect };

/** Results of a person in the platform's form. */
export const RESULTS = [
  ['1', 'ldl', 'LDL-C', 160, 'mg/dL', null, 100, 'high', '2025-01-10'],
  ['2', 'ldl', 'LDL-C', 142, 'mg/dL', null, 100, 'high', '2025-06-02'],
  ['3', 'ldl', 'LDL-C', 128, 'mg/dL', null, 100, 'high', '2026-01-08'],
  ['4', 'tsh', 'TSH', 2.1, 'mIU/L', 0.4, 4.5, 'normal', '2026-01-08'],
  ['5', 'ferritin', 'Ferritin', 9, 'ng/mL', 30, 300, 'low', '2026-01-08'],
  ['6', 'potassium', 'Potassium', 6.9, 'mmol/L', 3.5, 5.1, 'critical', '2026-01-08'],
].map(([id, biomarker_code, biomarker_name, value, unit, reference_low, reference_high, status, collected_at]) => ({
  id,
  patient_id: 'p',
  biomarker_code,
  biomarker_name,
  value,
  unit,
  reference_low,
  reference_high,
  status,
  collected_at,
  parsed_at: collected_at,
}));

/** A table as a page would have it without any script. */
export const TABLE = `<table><caption>LDL cholesterol</caption>
<thead><tr><th>Date</th><th>Value</th><th>Unit</th><th>Range</th></tr></thead><tbody>
<tr><td><time datetime="2025-01-10">10 January 2025</time></td><td>160</td><td>mg/dL</td><td>&lt; 100</td></tr>
<tr><td><time datetime="2025-06-02">2 June 2025</time></td><td>142</td><td>mg/dL</td><td>&lt; 100</td></tr>
<tr><td><time datetime="2026-01-08">8 January 2026</time></td><td>128</td><td>mg/dL</td><td>&lt; 100</td></tr>
</tbody></table>`;

export const test = base.extend({
  /** The policy of all pages of a file. */
  policy: [undefined, { option: true, scope: 'worker' }],

  server: [
    async ({ policy }, use) => {
      const server = await serve({ pkg: process.env.LOOP_PACKAGE, modules: new URL('../node_modules', import.meta.url).pathname }, policy);
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],

  /** Lines of the console that a test expects, by how they begin. */
  forgiven: async ({}, use) => use([]),

  quiet: [
    async ({ page, forgiven }, use) => {
      const words = [];
      page.on('console', (message) => words.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => words.push(`uncaught: ${error.message}`));
      await use(words);
      expect(words.filter((line) => !forgiven.some((start) => line.startsWith(start))), 'the console stays empty').toEqual([]);
    },
    { auto: true },
  ],

  /**
   * Shows a page. `script` is the text of its module; by default it defines the elements. All events of the elements are kept in
   * `window.told`, from before any element is there.
   */
  open: async ({ page, server }, use) => {
    let count = 0;
    await use(async (body, script = "import { define } from '/pkg/index.js';\ndefine();", head = '') => {
      const path = `/page-${(count += 1)}-${Math.random().toString(36).slice(2)}`;
      server.pages.set(`${path}.js`, script);
      server.pages.set('/told.js', "window.told = [];\nfor (const name of ['loop-ready', 'loop-error', 'loop-select', 'loop-back']) document.addEventListener(name, ({ target, detail }) => told.push({ name, tag: target.localName, id: target.id, detail: JSON.parse(JSON.stringify(detail)) }));\n");
      server.pages.set('/page.css', 'body { font: 16px/1.5 Georgia, serif; margin: 24px; color: #222; background: #fff } @media (prefers-color-scheme: dark) { :root.both { color-scheme: dark } :root.both body { background: #101513; color: #eee } }');
      server.pages.set(`${path}.html`, `<!doctype html><html lang="en"${head}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Somebody else’s page</title><link rel="stylesheet" href="/page.css"><script src="/told.js"></script></head><body><main><h1>Somebody else’s page</h1>${body}</main><script type="module" src="${path}.js"></script></body></html>`);
      await page.goto(`${server.origin}${path}.html`);
      return page;
    });
  },

  /** Waits for an event of an element, and gives its detail. */
  told: async ({ page }, use) => {
    await use(async (name, id = '') => {
      const wanted = [name, id];
      await page.waitForFunction(([name, id]) => told.some((one) => one.name === name && (!id || one.id === id)), wanted);
      return page.evaluate(([name, id]) => told.findLast((one) => one.name === name && (!id || one.id === id)).detail, wanted);
    });
  },
});
