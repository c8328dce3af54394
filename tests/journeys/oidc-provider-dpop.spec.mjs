// Tokens that are bound to a key of the browser (RFC 9449), at an identity server that nobody here wrote, with the build of
// the app that can do that.
import { NOTHING, SHORT_LIFE, test, expect, accessTokenEnded, kept } from '../support/oidc-provider/test.mjs';
import { guard, judge, keys, loseKeys } from '../support/oidc-provider/proofs.mjs';
import { allow, connect, connectAs, expectNobody, expectResults, signInAs } from '../support/journey.mjs';
import { openTabs } from '../support/tabs.mjs';

const MAYA = 'Maya Lindqvist';
const disconnect = (page) => page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
const tokenCalls = (identity) => identity.calls('token').map(({ status, params, proof }) => [params.grant_type, status, Boolean(proof)]);

test.use({ builtApp: process.env.LOOP_APP_DPOP });

test('connect, read, refresh, reload, a second tab, disconnect: every request is proven, and the key is gone', async ({ page, platform, context, identity, forgive }) => {
  forgive('/token', 400);
  forgive('/v1/biomarkers', 401);
  identity.wantsNonce = true;
  identity.accessTokenLife = SHORT_LIFE;
  const clinical = await guard(context, platform, identity);
  clinical.nonce = 'clinical-1';
  await connect(page, platform);
  await signInAs(page, MAYA);
  await allow(page);
  await expectResults(page);

  // The server wants its nonce, says so once, and takes the same code with it.
  expect(tokenCalls(identity)).toEqual([
    ['authorization_code', 400, true],
    ['authorization_code', 200, true],
  ]);
  expect(identity.answers[0].token_type).toBe('DPoP');
  const [[name, extractable, members], ...others] = await keys(page);
  expect([extractable, members, others]).toEqual([false, 'privateKey,publicKey', []]);
  const [{ params }] = identity.calls('authorization');
  expect(params.dpop_jkt).toBe(name);
  for (const { proof } of identity.calls('token')) {
    expect((await judge(proof, { method: 'POST', url: identity.endpoint('token') })).thumbprint).toBe(name);
  }
  expect(clinical.refused).toEqual(['use_dpop_nonce']);
  expect(await identity.introspect(identity.answers[0].access_token)).toMatchObject({ token_type: 'DPoP', cnf: { jkt: name } });
  expect(await identity.introspect(identity.answers[0].refresh_token)).toMatchObject({ cnf: { jkt: name } });

  // A page that was loaded anew signs with the same key, and has to learn the nonces again.
  await accessTokenEnded(identity);
  identity.accessTokenLife = 3600;
  clinical.nonce = 'clinical-2';
  await page.reload();
  await expectResults(page);
  expect(tokenCalls(identity).slice(2)).toEqual([
    ['refresh_token', 400, true],
    ['refresh_token', 200, true],
  ]);

  const [other] = await openTabs(context, platform.app, 1);
  await expectResults(other);
  expect(identity.calls('token').length).toBe(4);
  expect(await keys(other)).toEqual([[name, false, 'privateKey,publicKey']]);
  expect(new Set(clinical.seen.map(({ thumbprint }) => thumbprint))).toEqual(new Set([name]));
  expect(new Set(clinical.refused)).toEqual(new Set(['use_dpop_nonce']));

  await disconnect(page);
  await expect(page.getByText('Loop has confirmed that this app has no access any more')).toBeVisible();
  await expectNobody(other);
  expect(await kept(page)).toBe(NOTHING);
  await expect.poll(() => keys(page)).toEqual([]);
  const { access_token: access, refresh_token: refresh } = identity.answers.at(-1);
  for (const token of [access, refresh]) expect(await identity.introspect(token)).toEqual({ active: false });
});

test('a refresh with the nonce sends the refresh token that was refused, and none is used twice', async ({ page, platform, context, identity, forgive }) => {
  forgive('/token', 400);
  forgive('/v1/biomarkers', 401);
  await guard(context, platform, identity);
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  identity.wantsNonce = true;
  identity.endAccessTokens();
  await page.reload();
  await expectResults(page);
  const sent = identity.calls('token').filter(({ params }) => params.grant_type === 'refresh_token');
  expect(sent.map(({ status }) => status)).toEqual([400, 200]);
  expect(await identity.introspect(identity.answers.at(-1).refresh_token)).toMatchObject({ active: true });
});

test('without its key the session ends calmly, and no token is sent', async ({ page, platform, context, identity }) => {
  const clinical = await guard(context, platform, identity);
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await loseKeys(page);
  const before = clinical.seen.length;
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
  expect([clinical.seen.length, clinical.refused]).toEqual([before, []]);
  await expect.poll(() => identity.calls('revocation').length).toBe(2);
  expect(await kept(page)).toBe(NOTHING);
});

test('an app that breaks leaves no key behind', async ({ page, platform, context, identity }) => {
  await guard(context, platform, identity);
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  expect(await keys(page)).toHaveLength(1);
  await page.evaluate(() => {
    Date.now = () => {
      throw new WebAssembly.RuntimeError('the test breaks the app');
    };
  });
  await expect(page.getByRole('heading', { level: 1, name: 'Something went wrong in this app' })).toBeVisible();
  await expect.poll(() => keys(page)).toEqual([]);
});

test('a bearer token for a proven request is refused', async ({ page, platform, context, identity }) => {
  const clinical = await guard(context, platform, identity);
  identity.tokenType = 'Bearer';
  await connect(page, platform);
  await signInAs(page, MAYA);
  await allow(page);
  await expect(page.getByText('(code: token_type)')).toBeVisible();
  expect([clinical.seen, clinical.refused]).toEqual([[], []]);
  await expect.poll(() => keys(page)).toEqual([]);
});

test('a browser that keeps no keys signs in without', async ({ page, platform, identity }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { get: () => undefined }));
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  expect(identity.calls('authorization')[0].params.dpop_jkt).toBe(undefined);
  expect(tokenCalls(identity)).toEqual([['authorization_code', 200, false]]);
  expect(identity.answers[0].token_type).toBe('Bearer');
});
