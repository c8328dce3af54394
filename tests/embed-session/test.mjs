// `test` with a page of somebody else's, which the platform serves with the headers of a strict host: `open({ body, script, path })`
// shows it at any path, and it is still there when Loop sends the person back.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../support/platform.mjs';
import { test as base, expect } from '../support/test.mjs';

export { expect };

/** What defines all elements under their own names. */
export const AUTO = "import '/loop-partner/session-auto.js';";

const HEARD = `globalThis.heard = [];
for (const name of ['loop-ready', 'loop-error', 'loop-session', 'loop-landing', 'loop-select', 'loop-back', 'loop-disconnected']) {
  addEventListener(name, (event) => heard.push({ name, tag: event.target.localName, detail: event.detail }));
}`;

export const test = base.extend({
  /** The folder of the page. */
  site: [
    async ({}, use) => {
      const site = await mkdtemp(join(tmpdir(), 'loop-site-'));
      await cp(process.env.LOOP_PACKAGE, join(site, 'loop-partner'), { recursive: true });
      await writeFile(join(site, 'heard.js'), HEARD);
      await writeFile(join(site, 'index.html'), '');
      // Browsers ask for it by themselves.
      await writeFile(join(site, 'favicon.ico'), '');
      await use(site);
      await rm(site, { recursive: true });
    },
    { scope: 'worker' },
  ],

  sharedPlatform: [
    async ({ site, sandboxFlags }, use) => {
      const platform = await startPlatform(sandboxFlags, { app: site });
      await use(platform);
      await platform.stop();
    },
    { scope: 'worker' },
  ],

  open: async ({ page, platform, site }, use) => {
    await use(async ({ body = '', script = AUTO, path = '/', lang = 'en' } = {}) => {
      const html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Somebody else’s page</title><script src="/heard.js"></script></head><body><main><h1>Somebody else’s page</h1>${body}</main><script type="module" src="/page.js"></script></body></html>`;
      await writeFile(join(site, 'index.html'), html);
      await writeFile(join(site, 'page.js'), script);
      await page.goto(platform.app + path);
      return page;
    });
  },

  /** Events of the elements since the page was loaded: `[{ name, tag, detail }]`. */
  heard: async ({ page }, use) => {
    await use(() => page.evaluate(() => globalThis.heard));
  },
});
