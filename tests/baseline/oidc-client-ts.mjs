// The peer: oidc-client-ts, in a page of its own on its own origin.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { CALLBACK } from '../support/journey.mjs';
import { connectHere } from './connect.mjs';

const here = (path) => new URL(path, import.meta.url);
const FILES = {
  '/page.mjs': here('page/page.mjs'),
  '/lib/oidc-client-ts.js': here('../node_modules/oidc-client-ts/dist/esm/oidc-client-ts.js'),
  '/lib/jwt-decode.js': here('../node_modules/jwt-decode/build/esm/index.js'),
};

/** The library with one of its two stores. */
export class OidcClientTs {
  #server;
  #place;

  constructor(store) {
    this.name = `oidc-client-ts, ${store}`;
    this.store = store;
  }

  /** Takes a port. Gives the origin that has to be registered. */
  async listen() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    await new Promise((resolve, reject) => this.#server.once('error', reject).listen(0, 'localhost', resolve));
    this.origin = `http://localhost:${this.#server.address().port}`;
    return this.origin;
  }

  /** From now on the page uses this identity server. */
  use({ issuer, clientId, clinical }) {
    this.#place = { app: this.origin, identity: issuer };
    this.settings = { issuer, client_id: clientId, clinical, redirect_path: CALLBACK, scope: 'openid profile read:biomarkers', store: this.store };
  }

  async openTab(context) {
    const page = await context.newPage();
    await page.goto(this.origin);
    await this.ready(page);
    if (await page.getByRole('heading', { name: 'Nobody is connected' }).isVisible()) await connectHere(page, this.#place);
    return page;
  }

  /** The page is drawn. */
  async ready(page) {
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }

  /** Every tab reads, all at the same moment; what came of it, in words. */
  read(pages) {
    return Promise.all(pages.map((page) => page.evaluate(() => app.read())));
  }

  /** Nobody touches the tabs until the library has done what it does by itself. */
  async leaveAlone(pages) {
    for (const page of pages) await expect.poll(() => page.evaluate(() => app.renewals + app.failures), { timeout: 30_000 }).toBeGreaterThan(0);
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.origin);
    const say = (kind, body) => response.writeHead(200, { 'content-type': kind, 'cache-control': 'no-store' }).end(body);
    if (pathname === '/settings.json') return say('application/json', JSON.stringify(this.settings));
    if (FILES[pathname]) return say('text/javascript', await readFile(FILES[pathname]));
    if (pathname === '/' || pathname === CALLBACK) return say('text/html; charset=utf-8', await readFile(here('page/index.html')));
    return response.writeHead(404).end();
  }
}
