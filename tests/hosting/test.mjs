// `test` with a real web server in front of the app, and of the platform too: as in production, nothing is without TLS. The platform is
// the sandbox, which knows the app by the server's address.
import { freePorts } from '../support/ports.mjs';
import { test as journeys, expect } from '../support/test.mjs';
import { SCOPES, startServer } from './server.mjs';

export { expect };

export const test = journeys.extend({
  /** `nginx` or `caddy`. */
  host: ['nginx', { option: true, scope: 'worker' }],
  /** The folder of the origin that the app lies in. */
  base: ['', { option: true, scope: 'worker' }],

  /** More words for `cargo xtask dist`: `test.use({ distFlags: ['--offline'] })`. */
  distFlags: [[], { option: true, scope: 'worker' }],

  /** What the app asks for. */
  scopes: [SCOPES, { option: true, scope: 'worker' }],

  /** Pairs of ports by what is there: where the server speaks TLS for it, and where it listens. */
  doors: [
    async ({}, use) => {
      const ports = await freePorts(6);
      await use({ identity: ports.slice(0, 2), clinical: ports.slice(2, 4), receiver: ports.slice(4) });
    },
    { scope: 'worker' },
  ],

  sandboxFlags: [
    async ({ doors }, use) => {
      await use(['identity', 'clinical'].flatMap((service) => [`--${service}-port`, String(doors[service][1]), `--${service}-origin`, `https://localhost:${doors[service][0]}`]));
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ host, base, distFlags, doors, scopes, sharedPlatform }, use) => {
      const server = await startServer(host, sharedPlatform, { base, doors: Object.values(doors), flags: distFlags, scopes });
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
