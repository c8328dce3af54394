// The build of the app that is released binds no tokens to a key: at an identity server that offers it (RFC 9449), nothing is
// proven and tokens are bearer tokens.
import { test, expect, readings } from '../support/oidc-provider/test.mjs';
import { keys } from '../support/oidc-provider/proofs.mjs';
import { SESSION, changeSession, connectAs, expectNobody, expectResults, stored } from '../support/journey.mjs';

const MAYA = 'Maya Lindqvist';
const tokenCalls = (identity) => identity.calls('token').map(({ status, params, proof }) => [params.grant_type, status, Boolean(proof)]);

test('a server that offers to bind tokens is asked for bearer tokens', async ({ page, platform, identity }) => {
  const offer = await (await fetch(`${identity.issuer}/.well-known/openid-configuration`)).json();
  expect(offer.dpop_signing_alg_values_supported).toContain('ES256');
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  expect(identity.calls('authorization')[0].params.dpop_jkt).toBe(undefined);
  expect(tokenCalls(identity)).toEqual([['authorization_code', 200, false]]);
  expect(identity.answers[0].token_type).toBe('Bearer');
  expect(await keys(page)).toEqual([]);
  expect(await readings(platform)).toEqual([200]);
});

test('a record that is bound to a key is not used without', async ({ page, platform, identity }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  const coordinate = 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs';
  const { access_token: token } = JSON.parse((await stored(page))[SESSION]);
  await changeSession(page, { access_token: `${token} ${coordinate}.${coordinate}` });
  await page.reload();
  await expectNobody(page);
  expect(await readings(platform), 'nothing more was read').toEqual([200]);
});
