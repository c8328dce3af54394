// A clinical service that takes tokens only from whoever proves the key they are bound to (RFC 9449), in front of the
// platform's own, which knows bearer tokens alone. Proofs are judged by npm's `jose`, with no code of this project in it.
import { createHash } from 'node:crypto';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';

const CORS = { 'access-control-expose-headers': 'DPoP-Nonce, WWW-Authenticate', 'cache-control': 'no-store' };

/** What a proof says, checked against the request it came with. Throws when it is not as it must be. */
export async function judge(proof, { method, url, token }) {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
  const expected = { htm: method, htu: url.split('?')[0], ath: token && createHash('sha256').update(token).digest('base64url') };
  for (const [name, value] of Object.entries(expected)) if (payload[name] !== value) throw new Error(`${name} is ${payload[name]}`);
  if (Math.abs(Date.now() / 1000 - payload.iat) > 10) throw new Error(`made at ${payload.iat}`);
  if (Object.keys(protectedHeader.jwk).sort().join() !== 'crv,kty,x,y') throw new Error('more than a public key');
  return { ...payload, thumbprint: await calculateJwkThumbprint(protectedHeader.jwk) };
}

/** Puts it in front of clinical for every page of a context. `seen` is what came and was taken, `refused` what was not. */
export async function guard(context, platform, identity) {
  const guarded = { seen: [], refused: [], nonce: undefined };
  await context.route(`${platform.clinical}/**`, async (route) => {
    const request = route.request();
    const { authorization = '', dpop = '', origin, ...headers } = await request.allHeaders();
    const [scheme, token] = authorization.split(' ');
    const refuse = (error, more = {}) => {
      guarded.refused.push(error);
      const challenge = { 'www-authenticate': `DPoP error="${error}", algs="ES256"`, 'access-control-allow-origin': origin };
      return route.fulfill({ status: 401, body: '', headers: { ...CORS, ...challenge, ...more } });
    };
    let claims;
    try {
      if (scheme !== 'DPoP') throw new Error(`${scheme} is no scheme for a bound token`);
      claims = await judge(dpop, { method: request.method(), url: request.url(), token });
      const { cnf } = await identity.introspect(token);
      if (cnf && cnf.jkt !== claims.thumbprint) throw new Error('another key');
      if (guarded.seen.some(({ jti }) => jti === claims.jti)) throw new Error('a proof came twice');
    } catch (error) {
      return refuse(`invalid_token: ${error.message}`);
    }
    if (guarded.nonce && claims.nonce !== guarded.nonce) return refuse('use_dpop_nonce', { 'dpop-nonce': guarded.nonce });
    guarded.seen.push(claims);
    return route.continue({ headers: { ...headers, origin, authorization: `Bearer ${token}` } });
  });
  return guarded;
}

const DATABASE = 'loop.keys.v1';

/** The key pairs of this origin: their names, and whether the private half could be read. Nothing is made by looking. */
export function keys(page) {
  return page.evaluate(async (name) => {
    if (!(await indexedDB.databases()).some((one) => one.name === name)) return [];
    const result = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = failed)));
    const database = await result(indexedDB.open(name));
    const store = database.transaction('pairs').objectStore('pairs');
    const [names, pairs] = await Promise.all([result(store.getAllKeys()), result(store.getAll())]);
    database.close();
    return names.map((name, at) => [name, pairs[at].privateKey.extractable, Object.keys(pairs[at]).sort().join()]);
  }, DATABASE);
}

/** The browser loses every key pair of this origin. */
export const loseKeys = (page) => page.evaluate((name) => new Promise((done) => (indexedDB.deleteDatabase(name).onsuccess = () => done())), DATABASE);
