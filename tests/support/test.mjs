// `test` with a running platform in it, and a page that notices what must never happen: a word on the console, an
// error nobody caught, a request to anywhere but localhost.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { startPlatform } from './platform.mjs';
import { browserThatFreezes } from './tabs.mjs';

export { expect };

/**
 * Chromium gets the icon of the app when it has time, and says that it could not when the person leaves for Loop meanwhile. It says it of
 * Loop's page, which names no icon.
 */
const LEFT = { path: '/v1/oauth/authorize', start: 'warning: Error while trying to use the following icon from the Manifest: ' };

export const test = base.extend({
  /** Whether tabs can be frozen, as those of Playwright's own contexts cannot: `test.use({ freezes: true })`. */
  freezes: [false, { option: true }],

  context: async ({ context, freezes, launchOptions }, use) => {
    if (!freezes) return use(context);
    const browser = await browserThatFreezes(launchOptions);
    await use(browser.context);
    return browser.close();
  },

  /** Flags for the platform of a file: `test.use({ sandboxFlags: ['--today', '2026-01-01'] })`. */
  sandboxFlags: [[], { option: true, scope: 'worker' }],

  /** The file of the person "From File": `test.use({ labFile: { results: [{ biomarker_code, value, … }] } })`. */
  labFile: [null, { option: true, scope: 'worker' }],

  /** One platform a worker; `platform` puts it back to the start for each test. */
  sharedPlatform: [
    async ({ sandboxFlags, labFile }, use) => {
      const folder = labFile && (await mkdtemp(join(tmpdir(), 'loop-results-')));
      const flags = [...sandboxFlags];
      if (folder) {
        const file = join(folder, 'results.json');
        await writeFile(file, JSON.stringify(labFile));
        flags.push('--data', file);
      }
      const platform = await startPlatform(flags);
      await use(platform);
      await platform.stop();
      if (folder) await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],

  /** A platform on which nothing has happened yet. */
  platform: async ({ sharedPlatform }, use) => {
    await sharedPlatform.reset();
    await use(sharedPlatform);
  },

  /**
   * Chromium itself writes a line on the console for every request that fails, and no page can prevent it. A test that
   * makes requests fail names them: `forgive('/v1/biomarkers', 429, 'net::ERR_EMPTY_RESPONSE')`. Only the line of exactly
   * that path and that failure is forgiven. What CORS or a digest refuses is said of the page that asked: `forgive('/', 'CORS')`, `forgive('/', 'SRI')`.
   */
  forgive: async ({}, use) => {
    const forgive = (path, ...failures) => {
      for (const failure of failures) {
        if (failure === 'SRI') {
          for (const start of ["Failed to find a valid digest in the 'integrity' attribute for resource ", 'Fetch API cannot load ']) forgive.lines.push({ path, start: `error: ${start}` });
          continue;
        }
        const why = typeof failure === 'number' ? `the server responded with a status of ${failure} (` : failure;
        const start = failure === 'CORS' ? 'Access to fetch at ' : `Failed to load resource: ${why}`;
        forgive.lines.push({ path, start: `error: ${start}` });
      }
    };
    forgive.lines = [LEFT];
    await use(forgive);
  },

  /** What the pages said on the console: nothing but what is forgiven. */
  quiet: [
    async ({ context, forgive }, use) => {
      const words = [];
      const isForgiven = ({ path, text }) => forgive.lines.some((line) => line.path === path && text.startsWith(line.start));
      context.on('console', (message) => {
        const from = message.location().url;
        words.push({ path: URL.canParse(from) ? new URL(from).pathname : '', text: `${message.type()}: ${message.text()}` });
      });
      context.on('weberror', (error) => words.push({ path: '', text: `uncaught: ${error.error().message}` }));
      await use(words);
      expect(words.filter((word) => !isForgiven(word)), 'the console stays empty').toEqual([]);
    },
    { auto: true },
  ],

  /** What each page shows when a test fails, in words: a log of CI has no pictures. */
  failure: [
    async ({ context }, use, info) => {
      await use();
      if (info.status === info.expectedStatus) return;
      for (const page of context.pages()) {
        const shown = await page.locator('body').ariaSnapshot({ timeout: 2000 }).catch((error) => error.message);
        console.log(`${page.url()} shows:\n${shown}`);
      }
    },
    { auto: true },
  ],

  /** Requests to anywhere but localhost. */
  abroad: [
    async ({ context }, use) => {
      const addresses = [];
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.hostname !== 'localhost') addresses.push(request.url());
      });
      await use(addresses);
      expect(addresses, 'no request leaves localhost').toEqual([]);
    },
    { auto: true },
  ],
});
