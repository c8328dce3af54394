// Who signed in: an id_token that breaks one rule is refused in the browser, and nothing of it is kept.
import { test, expect } from '../support/test.mjs';
import { CALLBACK, allow, connect, connectAs, expectNobody, expectPage, expectResults, signInAs, stored } from '../support/journey.mjs';

const STOPPED = 'Signing in was stopped for your safety';

const ANSWERS = [
  { name: 'a signature with one bit flipped', switches: { broken_id_token: 'signature' }, code: 'id_token_signature' },
  { name: 'another nonce', switches: { broken_id_token: 'nonce' }, code: 'id_token_nonce' },
  { name: 'another app as audience', switches: { broken_id_token: 'aud' }, code: 'id_token_audience' },
  { name: 'another issuer', switches: { broken_id_token: 'iss' }, code: 'id_token_issuer' },
  { name: 'an end an hour ago', switches: { broken_id_token: 'exp' }, code: 'id_token_expired', title: 'The clocks do not agree' },
  { name: 'no signature (alg none)', switches: { broken_id_token: 'alg_none' }, code: 'id_token_algorithm' },
  { name: 'the public key as a password (alg HS256)', switches: { broken_id_token: 'alg_hs256' }, code: 'id_token_algorithm' },
  { name: 'the hash of another access token', switches: { broken_id_token: 'at_hash' }, code: 'id_token_access_token_hash' },
  { name: 'nobody as its subject', switches: { broken_id_token: 'missing_sub' }, code: 'id_token_subject' },
  { name: 'a key that nobody has published', switches: { broken_id_token: 'unknown_kid' }, code: 'id_token_key' },
  { name: 'no id_token at all', switches: { include_id_token: false }, code: 'id_token_missing' },
  { name: 'more rights than were asked for', switches: { grant_scopes: 'openid profile read:biomarkers read:red_flags' }, code: 'scope_widened', step: 'Go to the start' },
  { name: 'a token of another kind', switches: { token_type: 'mac' }, code: 'token_type', step: 'Go to the start' },
];

for (const { name, switches, code, title = STOPPED, step = 'Connect again' } of ANSWERS) {
  test(`an answer with ${name} is refused`, async ({ page, platform }) => {
    await platform.switches(switches);
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await expectPage(page, title, step, `(code: ${code})`);
    expect(page.url()).toBe(platform.app + CALLBACK);
    await expectNobody(page);
    expect(await stored(page), 'no token and no sign-in is kept').toEqual({});
    expect(await platform.calls('token'), 'one exchange, no second try').toHaveLength(1);
    expect(await platform.calls('biomarkers'), 'the token is not used').toEqual([]);
  });
}

const GOOD = [
  { name: 'signed with Ed25519', switches: { id_token_alg: 'EdDSA' } },
  { name: 'with its life as a text', switches: { expires_in_as_string: true } },
  { name: 'without a word about its life', switches: { omit_expires_in: true } },
  { name: 'whose type is written in small letters', switches: { token_type: 'bearer' } },
];

for (const { name, switches } of GOOD) {
  test(`an answer ${name} is fine`, async ({ page, platform }) => {
    await platform.switches(switches);
    await connectAs(page, platform, 'Maya Lindqvist');
    await expectResults(page);
  });
}

test('a new id_token for somebody else ends the session', async ({ page, platform, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  await platform.switches({ broken_id_token: 'missing_sub' });
  await platform.expireAccessTokens();
  await page.reload();
  await expect(page.getByRole('main')).toContainText('You were signed out');
  await expectNobody(page);
  expect(await stored(page)).toEqual({});
});
