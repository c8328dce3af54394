// Static files on a free port, each answer with a strict policy: what a page of somebody else's would have at its strictest.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** No inline script or style, no markup from strings, nothing but this origin. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.txt': 'text/plain; charset=utf-8' };

/**
 * `folders` are what the first part of a path stands for: `{ pkg: '/…/dist-npm' }`. `pages` are texts by path, which a test may add to.
 * `policy` may be another one.
 */
export async function serve(folders, policy = POLICY) {
  // Browsers ask for it by themselves.
  const pages = new Map([['/favicon.ico', '']]);
  const asked = [];
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    asked.push(pathname);
    const headers = { 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
    const send = (status, type, body) => answer.writeHead(status, { ...headers, 'content-type': type }).end(body);
    if (pages.has(pathname)) return send(200, TYPES[extname(pathname)] ?? TYPES['.html'], pages.get(pathname));
    const [, first, ...rest] = pathname.split('/');
    const folder = folders[first];
    const path = normalize(rest.join('/') || 'index.html');
    if (!folder || path.startsWith('..')) return send(404, 'text/plain', 'not here');
    try {
      send(200, TYPES[extname(path)] ?? 'application/octet-stream', await readFile(join(folder, path)));
    } catch {
      send(404, 'text/plain', 'not here');
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { origin: `http://localhost:${server.address().port}`, pages, asked, stop: () => new Promise((done) => server.close(done)) };
}
