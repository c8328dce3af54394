// id_tokens of the other identity server: whole ones, and ones in which a single thing is wrong. Everything else about a
// broken id_token is right, so that only the check in question can refuse it.
import { ID_TOKENS, idToken } from '../mutations.mjs';

/** What an id_token says, unverified. */
export function read(token) {
  const [header, claims] = token.split('.', 2).map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()));
  return { header, claims };
}

/** Signs again, after a change as the table of mutations writes it. What it brings is the right one. */
function rewritten(change, { header, claims, keys, accessToken }) {
  const { alg, kid } = header;
  const { iss: issuer, aud: client_id, nonce } = claims;
  return idToken(change, { keys, alg, header, claims, issuer, client_id, nonce, kid, access_token: accessToken });
}

/** Rewrites an id_token and keeps it whole: the layer that rewrites must not be what is refused. */
export const whole = (token) => rewritten({ claims: { at_hash: { $at_hash: '{access_token}' } } }, token);

/** An id_token as good as the real one, for somebody else. */
export const ofAnotherPerson = (token) => rewritten({ claims: { sub: 'usr_jonas' } }, token);

/** The lines of the table of mutations that are about the id_token: `{name, verdict, reason, algorithms, by}`. */
export const CASES = ID_TOKENS.map((mutation) => ({ ...mutation, by: (token) => rewritten(mutation.change, token) }));
