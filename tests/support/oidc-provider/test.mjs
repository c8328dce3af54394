// `test` with the other identity server beside the platform: its app and its clinical service use that server instead of
// the platform's own.
import { test as base, expect } from '../test.mjs';
import { beyondCounts } from '../journey.mjs';
import { startPlatform } from '../platform.mjs';
import { IdentityServer, clientIdOf } from './server.mjs';

export { expect };

export const test = base.extend({
  /** Paths of the server, by its names for them: `test.use({ identityRoutes: { token: '/t' } })`. */
  identityRoutes: [{}, { option: true, scope: 'worker' }],

  /** The folder of the built app: `test.use({ builtApp: process.env.LOOP_APP_DPOP })`. */
  builtApp: [process.env.LOOP_APP, { option: true, scope: 'worker' }],

  sharedIdentity: [
    async ({ identityRoutes }, use) => {
      const identity = await IdentityServer.listen(identityRoutes);
      await use(identity);
      await identity.stop();
    },
    { scope: 'worker' },
  ],

  sharedPlatform: [
    async ({ sandboxFlags, sharedIdentity, builtApp }, use) => {
      const platform = await startPlatform([...sharedIdentity.platformFlags, ...sandboxFlags], { app: builtApp });
      // Where the journey's steps expect to be led.
      platform.identity = sharedIdentity.issuer;
      sharedIdentity.open({ redirectUri: `${platform.app}/auth/loop/callback`, people: platform.people });
      await use(platform);
      await platform.stop();
    },
    { scope: 'worker' },
  ],

  /** The server, at which nothing has happened yet. In every test, no refresh token may be sent to it twice. */
  identity: async ({ sharedIdentity, sharedPlatform: _ }, use) => {
    sharedIdentity.reset();
    await use(sharedIdentity);
    expect(sharedIdentity.failures, 'nothing broke inside the identity server').toEqual([]);
    const sent = sharedIdentity.sentRefreshTokens;
    expect(sent.length - new Set(sent).size, 'refresh tokens that were sent twice').toBe(0);
  },

  /** The app as the client whose id_tokens are signed with `alg`. */
  signedWith: async ({ platform, identity }, use) => {
    await use((alg) =>
      platform.switches({
        app_config: {
          client_id: clientIdOf(alg),
          issuer: identity.issuer,
          clinical: platform.clinical,
          scopes: ['openid', 'profile', 'read:biomarkers'],
        },
      }),
    );
  },
});

/** What `kept` says of a browser that keeps nothing. */
export const NOTHING = JSON.stringify([{}, {}, '']);

/** Everything that a page of the app keeps in the browser, as one text, without the counts of calls that may stay. */
export async function kept(page) {
  const [own, shared, cookies] = await page.evaluate(() => [{ ...sessionStorage }, { ...localStorage }, document.cookie]);
  return JSON.stringify([own, beyondCounts(shared), cookies]);
}

/** The status of each answer of clinical to the app, in order. */
export async function readings(platform) {
  return (await platform.log()).filter((entry) => entry.service === 'clinical' && entry.method === 'GET').map((entry) => entry.status);
}

/**
 * Seconds: the shortest life of an access token in which a page can be opened and read without hurry. The server counts
 * whole seconds and may end a token up to one early; the app renews it after three quarters of its life, so not later.
 */
export const SHORT_LIFE = 4;

/** Waits until the server itself says that the newest access token has ended. */
export async function accessTokenEnded(identity) {
  const { access_token: token } = identity.answers.at(-1);
  await expect.poll(async () => (await identity.introspect(token)).active, { intervals: [100] }).toBe(false);
}
