// `test` with a real web server in front of the app; the platform is the sandbox, which knows the app by the server's address.
import { test as journeys, expect } from '../support/test.mjs';
import { startServer } from './server.mjs';

export { expect };

export const test = journeys.extend({
  /** `nginx` or `caddy`. */
  host: ['nginx', { option: true, scope: 'worker' }],
  /** The folder of the origin that the app lies in. */
  base: ['', { option: true, scope: 'worker' }],

  /** More words for `cargo xtask dist`: `test.use({ distFlags: ['--offline'] })`. */
  distFlags: [[], { option: true, scope: 'worker' }],

  server: [
    async ({ host, base, distFlags, sharedPlatform }, use) => {
      const server = await startServer(host, sharedPlatform, { base, flags: distFlags });
      sharedPlatform.app = server.origin + base;
      sharedPlatform.clientId = server.client;
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  /** Not put back to the start: that would forget the app. */
  platform: async ({ sharedPlatform, server }, use) => {
    expect(sharedPlatform.app).toBe(server.origin + server.base);
    await use(sharedPlatform);
  },
});
