// `test` with a running platform in it, and a page that notices what must never happen: a word on the console, an
// error nobody caught, a request to anywhere but localhost.
import { test as base, expect } from '@playwright/test';
import { startPlatform } from './platform.mjs';

export { expect };

export const test = base.extend({
  /** Flags for the platform of a file: `test.use({ sandboxFlags: ['--today', '2026-01-01'] })`. */
  sandboxFlags: [[], { option: true, scope: 'worker' }],

  /** One platform a worker; `platform` puts it back to the start for each test. */
  sharedPlatform: [
    async ({ sandboxFlags }, use) => {
      const platform = await startPlatform(sandboxFlags);
      await use(platform);
      await platform.stop();
    },
    { scope: 'worker' },
  ],

  /** A platform on which nothing has happened yet. */
  platform: async ({ sharedPlatform }, use) => {
    await sharedPlatform.reset();
    await use(sharedPlatform);
  },

  /** What the page said on the console. A test that provokes words must empty it with `quiet.length = 0` and say why. */
  quiet: [
    async ({ context }, use) => {
      const words = [];
      context.on('console', (message) => words.push(`${message.type()}: ${message.text()}`));
      context.on('weberror', (error) => words.push(`uncaught: ${error.error().message}`));
      await use(words);
      expect(words, 'the console stays empty').toEqual([]);
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
