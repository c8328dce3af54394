// Keys that sign id_tokens in tests.
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

const CURVES = { RS256: ['rsa', { modulusLength: 2048 }], ES256: ['ec', { namedCurve: 'P-256' }], EdDSA: ['ed25519', {}] };

/** What id_tokens are signed with. */
export const ALGORITHMS = Object.keys(CURVES);

/** A part of a compact JWS. */
export const part = (text) => Buffer.from(text).toString('base64url');

/** OpenID Connect Core §3.1.3.6: half of the hash that the algorithm uses. */
export function atHash(alg, accessToken) {
  const hash = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256').update(accessToken).digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}

/** One key an algorithm, `key-RS256` and so on; with another name than `key`, that goes in front. */
export class SigningKeys {
  #name;
  #keys = Object.fromEntries(Object.entries(CURVES).map(([alg, [type, options]]) => [alg, generateKeyPairSync(type, options).privateKey]));

  constructor(name = 'key') {
    this.#name = name;
  }

  #members(alg) {
    return { alg, kid: `${this.#name}-${alg}`, use: 'sig' };
  }

  /** With the private halves, as a provider wants them. */
  get jwks() {
    return { keys: Object.entries(this.#keys).map(([alg, key]) => ({ ...key.export({ format: 'jwk' }), ...this.#members(alg) })) };
  }

  /** The public half. */
  jwk(alg) {
    return { ...createPublicKey(this.#keys[alg]).export({ format: 'jwk' }), ...this.#members(alg) };
  }

  /** The public half as text. */
  publicPem(alg) {
    return createPublicKey(this.#keys[alg]).export({ type: 'spki', format: 'pem' });
  }

  /** JWS wants r and s of an ECDSA signature side by side, not in DER. */
  signature(alg, signed) {
    const key = this.#keys[alg];
    return sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(signed), alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key);
  }
}
