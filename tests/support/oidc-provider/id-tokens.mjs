// The keys of the other identity server, and id_tokens signed with them: whole ones, and ones in which a single thing
// is wrong. Everything else about a broken id_token is right, so that only the check in question can refuse it.
import { createHash, createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const CURVES = { RS256: ['rsa', { modulusLength: 2048 }], ES256: ['ec', { namedCurve: 'P-256' }], EdDSA: ['ed25519', {}] };

/** What the server signs id_tokens with; one client each. */
export const ALGORITHMS = Object.keys(CURVES);

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signature(alg, key, text) {
  // JWS wants r and s of an ECDSA signature side by side, not in DER.
  if (alg === 'ES256') return sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' });
  return sign(alg === 'RS256' ? 'sha256' : null, text, key);
}

/** One key an algorithm. */
export class SigningKeys {
  #keys = Object.fromEntries(Object.entries(CURVES).map(([alg, [type, options]]) => [alg, generateKeyPairSync(type, options).privateKey]));

  /** With the private halves, as the provider wants them. */
  get jwks() {
    return { keys: Object.entries(this.#keys).map(([alg, key]) => ({ ...key.export({ format: 'jwk' }), alg, kid: `key-${alg}`, use: 'sig' })) };
  }

  /** A compact JWS. */
  sign(header, claims) {
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${signature(header.alg, this.#keys[header.alg], Buffer.from(signed)).toString('base64url')}`;
  }

  /** The public half as text: the "secret" of the HS256 attack, in which a careless verifier takes it for one. */
  publicPem(alg) {
    return createPublicKey(this.#keys[alg]).export({ type: 'spki', format: 'pem' });
  }
}

/** What an id_token says, unverified. */
export function read(token) {
  const [header, claims] = token.split('.', 2).map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()));
  return { header, claims };
}

/** OpenID Connect Core §3.1.3.6: half of the hash that the algorithm uses. */
export function atHash(alg, accessToken) {
  const hash = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256').update(accessToken).digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

/** Signs again, with other claims; `undefined` takes one out. */
const claim = (changes) => (whole) => {
  const { header, claims, keys } = whole;
  return keys.sign(header, { ...claims, ...(typeof changes === 'function' ? changes(whole) : changes) });
};

const anHourAgo = () => Math.floor(Date.now() / 1000) - 3600;

/** Rewrites an id_token and keeps it whole: the layer that rewrites must not be what is refused. */
export const whole = claim(({ header, accessToken }) => ({ at_hash: atHash(header.alg, accessToken) }));

/** An id_token as good as the real one, for somebody else. */
export const ofAnotherPerson = claim({ sub: 'usr_jonas' });

/**
 * Ways to break an id_token, each with the code of the check that must refuse it. `perAlgorithm` says that the check does
 * something else for each algorithm.
 */
export const BROKEN = {
  'one bit of its signature is flipped': {
    code: 'id_token_signature',
    perAlgorithm: true,
    by({ token }) {
      const [header, claims, text] = token.split('.');
      const bytes = Buffer.from(text, 'base64url');
      bytes[bytes.length >> 1] ^= 1;
      return [header, claims, bytes.toString('base64url')].join('.');
    },
  },
  'its claims were changed after signing': {
    code: 'id_token_signature',
    by({ token, claims }) {
      const [header, , text] = token.split('.');
      return [header, part({ ...claims, name: 'Somebody Else' }), text].join('.');
    },
  },
  'a stranger signed it under the name of the right key': {
    code: 'id_token_signature',
    by: ({ header, claims }) => new SigningKeys().sign(header, claims),
  },
  'its key is not in the set': {
    code: 'id_token_key',
    by: ({ header, claims, keys }) => keys.sign({ ...header, kid: 'key-of-nobody' }, claims),
  },
  'it is not signed (alg none)': {
    code: 'id_token_algorithm',
    by: ({ header, claims }) => `${part({ ...header, alg: 'none' })}.${part(claims)}.`,
  },
  'it is signed with the public key as an HMAC secret (alg HS256)': {
    code: 'id_token_algorithm',
    by({ header, claims, keys }) {
      const signed = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
      return `${signed}.${createHmac('sha256', keys.publicPem(header.alg)).update(signed).digest('base64url')}`;
    },
  },
  'it is from another issuer': { code: 'id_token_issuer', by: claim(({ claims }) => ({ iss: `${claims.iss}/` })) },
  'it is for another client': { code: 'id_token_audience', by: claim({ aud: 'somebody-elses-app' }) },
  'it answers another sign-in (nonce)': { code: 'id_token_nonce', by: claim({ nonce: 'the-nonce-of-another-sign-in' }) },
  'it answers no sign-in at all (no nonce)': { code: 'id_token_nonce', by: claim({ nonce: undefined }) },
  'it expired an hour ago': { code: 'id_token_expired', by: claim(() => ({ iat: anHourAgo() - 300, exp: anHourAgo() })) },
  'its at_hash is of another access token': {
    code: 'id_token_access_token_hash',
    perAlgorithm: true,
    by: claim(({ header }) => ({ at_hash: atHash(header.alg, 'another access token') })),
  },
  'it names nobody (no sub)': { code: 'id_token_subject', by: claim({ sub: undefined }) },
};
