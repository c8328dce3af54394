// The table of mutations (mutations.json): what a server may do to one sign-in, made true for any sign-in there is.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SigningKeys, atHash, part } from './signing.mjs';

const table = JSON.parse(readFileSync(new URL('../mutations.json', import.meta.url), 'utf8'));

/** Every line of the table: `{name, step, change, algorithms, verdict, reason, modules}`. */
export const MUTATIONS = table.mutations;

const stranger = new SigningKeys('stranger');

/** Members that are set; null takes one out. Spread and `Object.fromEntries` take `__proto__` for a name like any other. */
export function changed(base, changes = {}, world = {}) {
  const all = { ...base, ...Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, value(change, world)])) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => changes[name] !== null || !Object.hasOwn(changes, name)));
}

/** An object as text, with members that stand there a second time. */
export function twice(object, again = {}, world = {}) {
  const more = Object.entries(again).map(([name, change]) => `,${JSON.stringify(name)}:${JSON.stringify(value(change, world))}`);
  return `${JSON.stringify(object).slice(0, -1)}${more.join('')}}`;
}

/** A text in which `{…}` stands for a value of the sign-in. */
export function text(template, world) {
  return template.replace(/\{(\w+)\}/g, (all, name) => world[name] ?? all);
}

/** A value of the table, with what stands for something put in its place. */
export function value(what, world) {
  if (typeof what === 'string') return text(what, world);
  if (Array.isArray(what)) return what.map((one) => value(one, world));
  if (typeof what !== 'object' || what === null) return what;
  const members = Object.entries(what);
  const [[name, argument]] = members.length === 1 ? members : [[]];
  switch (name) {
    case '$now':
      return Math.floor(Date.now() / 1000) + argument;
    case '$at_hash':
      return atHash(world.alg, text(argument, world));
    case '$at_hash_256':
      return atHash('RS256', text(argument, world));
    case '$key':
      return stranger.jwk(world.alg);
    case '$times':
      return argument[0].repeat(argument[1]);
    default:
      return Object.fromEntries(members.map(([member, inner]) => [member, value(inner, world)]));
  }
}

const SIGNATURES = {
  flipped(signed, { keys, alg }) {
    const bytes = keys.signature(alg, signed);
    bytes[bytes.length >> 1] ^= 1;
    return bytes;
  },
  before: (_, { keys, alg, before }) => keys.signature(alg, before),
  stranger: (signed, { alg }) => stranger.signature(alg, signed),
  halved: (signed, { keys, alg }) => keys.signature(alg, signed).subarray(0, keys.signature(alg, signed).length >> 1),
  zeros: (signed, { keys, alg }) => Buffer.alloc(keys.signature(alg, signed).length),
  empty: () => Buffer.alloc(0),
  // A careless verifier takes the public key, as text, for the secret of an HMAC.
  hmac: (signed, { keys, alg }) => createHmac('sha256', keys.publicPem(alg)).update(signed).digest(),
};

/**
 * An id_token with a change. `world` has the right `header` and `claims`, the `keys` of the server, the `alg` in use, and
 * values by their names in the table.
 */
export function idToken(change, world) {
  const { keys, alg, header, claims } = world;
  const parts = [
    twice(changed(header, change.header, world), change.header_again, world),
    twice(changed(claims, change.claims, world), change.claims_again, world),
  ].map(part);
  const signed = parts.join('.');
  const before = [header, claims].map((one) => part(JSON.stringify(one))).join('.');
  const sign = SIGNATURES[change.signature] ?? (() => keys.signature(alg, signed));
  const signature = sign(signed, { keys, alg, before }).toString('base64url');
  return text(change.id_token ?? '{header}.{claims}.{signature}', { header: parts[0], claims: parts[1], signature });
}

/** What a change consists of that concerns the id_token alone, whatever the server. */
const OF_THE_ID_TOKEN = ['header', 'header_again', 'claims', 'claims_again', 'signature', 'id_token'];

/** The lines that any server's id_token can be changed with. */
export const ID_TOKENS = MUTATIONS.filter(
  ({ step, change }) => step === 'id_token' && Object.keys(change).every((name) => OF_THE_ID_TOKEN.includes(name)),
);
