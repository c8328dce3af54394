// Judge three of the table of mutations: npm's oauth4webapi, a certified relying party library that nobody here wrote,
// used as its documentation says. Where it decides otherwise the table says so, and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { MUTATIONS, changed, idToken, text, twice, value } from '../support/mutations.mjs';
import { ALGORITHMS, SigningKeys, atHash } from '../support/signing.mjs';

const NAME = 'oauth4webapi';
const ISSUER = 'https://identity.example';
const REDIRECT_URI = 'https://app.example/auth/loop/callback';
const ACCESS_TOKEN = 'lph_at_mF_9.B5f-4.1JqM';

const own = { signer: new SigningKeys(), other: new SigningKeys('other') };

/** A server that does what one mutation says, at one sign-in. */
class Server {
  constructor({ step, change }, alg) {
    this.step = step;
    this.change = change;
    this.world = { issuer: ISSUER, client_id: 'app', state: 'the-state', nonce: 'the-nonce', access_token: ACCESS_TOKEN, alg, kid: `key-${alg}` };
  }

  get metadata() {
    const base = {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/a`,
      token_endpoint: `${ISSUER}/t`,
      jwks_uri: `${ISSUER}/j`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ALGORITHMS,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
    };
    return twice(changed(base, this.change.metadata, this.world), this.change.metadata_again, this.world);
  }

  jwks(part) {
    const keys = this.change[part] ?? [{ key: 'signer' }];
    const published = keys.map(({ key, json, ...changes }) =>
      json ? value(json, this.world) : changed(own[key].jwk(this.world.alg), changes, this.world),
    );
    return { keys: published };
  }

  get callback() {
    const base = { code: 'C', state: this.world.state, iss: ISSUER };
    const query = new URLSearchParams(Object.entries(changed(base, this.change.callback, this.world)));
    return new URL(`${REDIRECT_URI}?${query}${text(this.change.callback_more ?? '', this.world)}#${this.change.fragment ?? ''}`);
  }

  tokens(refresh) {
    const { alg, kid, nonce } = this.world;
    const change = refresh === (this.step === 'refresh') ? this.change : {};
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, sub: 'usr_1', aud: 'app', iat: now, exp: now + 300, name: 'Maya Lindqvist', at_hash: atHash(alg, ACCESS_TOKEN) };
    if (!refresh) claims.nonce = nonce;
    const base = {
      access_token: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: 'lph_rt_1',
      scope: 'openid profile read:biomarkers',
      id_token: idToken(change, { ...this.world, keys: own.signer, header: { alg, kid }, claims }),
    };
    return twice(changed(base, change.token, this.world), change.token_again, this.world);
  }

  fetch = async (url, { body }) => {
    const refresh = new URLSearchParams(body).get('grant_type') === 'refresh_token';
    const [step, said] = url.endsWith('/openid-configuration')
      ? ['discovery', this.metadata]
      : url.endsWith('/j')
        ? ['jwks', JSON.stringify(this.jwks('keys'))]
        : [refresh ? 'refresh' : 'token', this.tokens(refresh)];
    const { status = 200, body: instead = said } = (step === this.step && this.change.answer) || {};
    return new Response(value(instead, this.world), { status, headers: { 'content-type': 'application/json' } });
  };
}

/** One sign-in, and one refresh when the mutation is about that. Throws where the library refuses. */
async function judge(mutation, alg) {
  const server = new Server(mutation, alg);
  const options = { [oauth.customFetch]: server.fetch };
  if (mutation.change.keys_before) {
    options[oauth.jwksCache] = { jwks: server.jwks('keys_before'), uat: Math.floor(Date.now() / 1000) - 120 };
  }
  const issuer = new URL(ISSUER);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  const client = { client_id: 'app', [oauth.clockTolerance]: 60, [oauth.clockSkew]: mutation.change.device_clock ?? 0 };
  const { state, nonce: expectedNonce } = server.world;
  const parameters = oauth.validateAuthResponse(as, client, server.callback, state);
  const verifier = oauth.generateRandomCodeVerifier();
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), parameters, REDIRECT_URI, verifier, options);
  const signedIn = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, response, options);
  if (mutation.step !== 'refresh') return;
  const again = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), signedIn.refresh_token, options);
  const fresh = await oauth.processRefreshTokenResponse(as, client, again);
  if (fresh.id_token) await oauth.validateApplicationLevelSignature(as, again, options);
}

test('oauth4webapi decides as this client, or the difference is written down', async (t) => {
  const wrong = [];
  let runs = 0;
  for (const mutation of MUTATIONS) {
    const { name, step, verdict, [NAME]: difference } = mutation;
    const expected = difference ? { accepts: 'accept', refuses: 'refuse' }[difference.split(': ')[0]] : verdict;
    if (difference && expected === verdict) wrong.push(`${name}: the difference is none`);
    for (const alg of mutation.algorithms ? ALGORITHMS : [mutation.change.alg ?? 'RS256']) {
      runs += 1;
      const why = await judge(mutation, alg).then(() => undefined, (error) => error);
      if (why && why.name === 'TypeError' && !why.code) wrong.push(`${step} (${alg}): ${name}: ${why.stack}`);
      if ((why ? 'refuse' : 'accept') !== expected) wrong.push(`${step} (${alg}): ${name}: ${why ? `refuses: ${why.message}` : 'accepts'}`);
    }
  }
  assert.deepEqual(wrong, []);
  t.diagnostic(`${runs} runs, ${MUTATIONS.filter((mutation) => mutation[NAME]).length} written differences`);
});
