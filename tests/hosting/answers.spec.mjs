// What a real web server answers, held to hosting/table.json: headers, types, caching, routes, methods, encodings.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { CspEvaluator } from 'csp_evaluator';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CALLBACK } from '../support/journey.mjs';
import { test, expect } from './test.mjs';

const table = JSON.parse(readFileSync(new URL('../../hosting/table.json', import.meta.url), 'utf8'));
const NO_STORE = table.caching.else.value;

/** What the table says of a file at the root. */
const cacheOf = (name) => table.caching.kinds.find(({ names }) => new RegExp(names).test(name))?.value ?? NO_STORE;
const typeOf = (name) => table.types[name.split('.').pop()];
const wanted = (platform) => Object.fromEntries(table.headers.map(({ name, value }) => [name.toLowerCase(), value.replace('{connect}', `${platform.identity} ${platform.clinical}`)]));

/** All headers of the table are there, each once and exactly. */
function expectHeaders(answer, platform, what) {
  const names = Object.keys(wanted(platform));
  expect(Object.fromEntries(names.map((name) => [name, answer.headers[name]])), what).toEqual(wanted(platform));
}

/** Asks for a path of the app. */
const ask = (server, path, request) => server.ask(server.base + path, request);

const served = (server) => readdirSync(server.site).filter((name) => !/\.(br|gz)$/.test(name));
const hashed = (server, extension) => served(server).find((name) => name.startsWith('loop-partner-') && name.endsWith(`.${extension}`));

test('every file comes with its type, its caching and the headers of the table', async ({ server, platform }) => {
  for (const name of served(server)) {
    if (name === table.routes.missing.document) continue;
    const answer = await ask(server, `/${name}`);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']], name).toEqual([200, typeOf(name), cacheOf(name)]);
    expectHeaders(answer, platform, name);
    expect(answer.body.equals(readFileSync(join(server.site, name))), name).toBe(true);
  }
});

test('every page of the app, and the callback, is the document and is not kept', async ({ server, platform }) => {
  const document = readFileSync(join(server.site, table.routes.document));
  const slashed = table.routes.pages.filter((page) => page !== '/').map((page) => `${page}/`);
  const below = table.routes.below.flatMap((path) => [`${path}ldl_cholesterol`, `${path}lp%28a%29`, `${path}a%2Fb`, `${path}b12.total`]);
  for (const page of [...table.routes.pages, ...slashed, ...below, CALLBACK, `${CALLBACK}?code=x&state=y`]) {
    const answer = await ask(server, page);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']], page).toEqual([200, table.types.html, NO_STORE]);
    expectHeaders(answer, platform, page);
    expect(answer.body.equals(document), page).toBe(true);
  }
});

test('whatever is not there is 404 and not the document, and is not kept', async ({ server, platform }) => {
  const missing = ['missing.wasm', 'missing.js', 'missing.css', 'missing.json', 'missing.svg', 'loop-partner-0123456789abcdef.wasm', 'boot-0123456789abcdef.js', 'catalogue.fr.json', 'nowhere', 'care/flags', 'report/x', '.env', '.git/config', 'a/../../etc/passwd', '..%2f..%2fetc%2fpasswd', 'nul%00.js', `${hashed(server, 'wasm')}.br`];
  for (const name of missing) {
    const answer = await ask(server, `/${name}`);
    const isBad = answer.status === 400 && /%00|%2f|\.\./.test(name);
    expect(answer.status === 404 || isBad, `${name}: ${answer.status}`).toBe(true);
    expect(answer.body.includes('app-wasm'), name).toBe(false);
    if (isBad) continue;
    expect(answer.headers['cache-control'], name).toBe(NO_STORE);
    expectHeaders(answer, platform, name);
    expect(answer.body.toString(), name).toContain('There is nothing at this address');
  }
});

test('what has not changed is 304, with the same headers', async ({ server, platform }) => {
  for (const name of ['catalogue.json', hashed(server, 'wasm'), 'icon.svg']) {
    const { headers } = await ask(server, `/${name}`);
    const answer = await ask(server, `/${name}`, { headers: { 'if-none-match': headers.etag } });
    expect([answer.status, answer.headers['cache-control'], answer.body.length], name).toEqual([304, cacheOf(name), 0]);
    expectHeaders(answer, platform, name);
  }
});

test('a file is sent as it was compressed beforehand, for those who take it', async ({ server, platform }) => {
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const name of [hashed(server, 'wasm'), hashed(server, 'js'), 'catalogue.json', 'index.html']) {
    const raw = readFileSync(join(server.site, name));
    for (const [ending, encoding] of Object.entries(table.precompressed.encodings)) {
      if (encoding === 'br' && !server.brotli) continue;
      const answer = await ask(server, `/${name}`, { headers: { 'accept-encoding': encoding } });
      expect([answer.headers['content-encoding'], answer.headers.vary, answer.headers['content-type']], name).toEqual([encoding, table.precompressed.vary, typeOf(name)]);
      expect(answer.body.equals(readFileSync(join(server.site, `${name}.${ending}`))), `${name} ${encoding}`).toBe(true);
      expect(unpack[encoding](answer.body).equals(raw), `${name} ${encoding}`).toBe(true);
      expectHeaders(answer, platform, name);
    }
    const { headers } = await ask(server, `/${name}`, { headers: { 'accept-encoding': 'identity' } });
    expect([headers['content-encoding'], headers.vary], name).toEqual([undefined, table.precompressed.vary]);
  }
});

test('nobody writes: only GET and HEAD are answered', async ({ server, platform }) => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    for (const path of ['/', '/settings', `/${hashed(server, 'wasm')}`, CALLBACK]) {
      const answer = await ask(server, path, { method });
      expect([answer.status, answer.headers.allow], `${method} ${path}`).toEqual([405, table.methods.join(', ')]);
      expectHeaders(answer, platform, `${method} ${path}`);
    }
  }
  const answer = await ask(server, '/settings', { method: 'HEAD' });
  expect([answer.status, answer.body.length]).toEqual([200, 0]);
  expectHeaders(answer, platform, 'HEAD');
});

test('plain HTTP leads to HTTPS', async ({ server }) => {
  const answer = await fetch(`http://localhost:${server.plain}/settings`, { redirect: 'manual' });
  expect([301, 308]).toContain(answer.status);
  expect(answer.headers.get('location')).toBe('https://localhost/settings');
});

test('the policy has no weakness that csp_evaluator knows', async ({ server, platform }) => {
  const { headers } = await ask(server, '/');
  const policy = headers['content-security-policy'];
  expect(policy).toContain(`connect-src 'self' ${platform.identity} ${platform.clinical};`);
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  const grave = findings.filter(({ severity }) => severity <= Severity.HIGH_MAYBE);
  expect(grave.map(({ directive, value, description }) => `${directive} ${value}: ${description}`)).toEqual([]);
});
