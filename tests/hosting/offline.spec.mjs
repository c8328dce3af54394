// The offline shell of `cargo xtask dist --offline`: what it says without a network, what it never keeps, how a new deployment
// replaces it, and how one without it takes it away.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import journeys from '../playwright.config.mjs';
import { test, expect } from './test.mjs';
import { CALLBACK, backInTheApp, connectAs, expectNobody, stopAtTheDoor } from '../support/journey.mjs';

const table = JSON.parse(readFileSync(new URL('../../hosting/table.json', import.meta.url), 'utf8'));
const CANARY = 'Canarium fluorescens';
const CANARY_VALUE = '31337.25';
const WORKER = 'service-worker.js';
const REFUSED = 'net::ERR_CONNECTION_REFUSED';

const { launchOptions } = journeys.use;

test.use({
  // Playwright lets pages come with the certificate of a throw-away authority, and workers not.
  launchOptions: { ...launchOptions, args: [...launchOptions.args, '--ignore-certificate-errors'] },
  distFlags: ['--offline'],
  labFile: { results: [{ biomarker_code: 'canary_marker', biomarker_name: CANARY, value: Number(CANARY_VALUE), unit: 'mg/dL', status: 'high', collected_at: '2026-03-03' }] },
});

test.beforeEach(({ forgive }) => {
  // What the app asks for in vain.
  for (const path of ['/loop.config.json', '/catalogue.json', '/catalogue.de.json', '/icon.svg', '/manifest.webmanifest']) forgive(path, REFUSED);
});

/** Waits until the worker has kept everything and answers from now on. */
const workerIsReady = (page) => expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state)).toBe('activated');

/** Nobody answers at the app's address for as long as `act` takes. */
async function withoutServer(server, act) {
  await server.down();
  try {
    await act();
  } finally {
    await server.up();
  }
}

/** What is in all caches of the origin: names of caches, addresses, and every text of answers and their headers. */
const kept = (page) => page.evaluate(async () => {
  const found = { names: await caches.keys(), urls: [], texts: [] };
  for (const name of found.names) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      found.urls.push(request.url);
      found.texts.push(JSON.stringify([[...request.headers], [...answer.headers], answer.url]), await answer.text());
    }
  }
  return found;
});

/** Which answers came from the worker, by address, as they come. */
function answered(page) {
  const seen = [];
  page.on('response', (response) => seen.push({ url: response.url(), method: response.request().method(), byWorker: response.fromServiceWorker() }));
  return {
    seen,
    of: (part) => seen.filter(({ url }) => url.includes(part)).map(({ byWorker }) => byWorker),
  };
}

const isHashed = (name) => /-[0-9a-f]{16}\.(css|js|txt|wasm)$/.test(name);
const hashed = (server) => readdirSync(server.site).filter(isHashed);
const offline = (page) => page.getByRole('heading', { level: 1, name: 'You are offline' });
const connectButton = (page) => page.getByRole('button', { name: 'Connect with Loop' });

async function expectOffline(page) {
  await expect(offline(page)).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Results are not kept on this device');
  await expect(page.getByRole('main').locator('button, a[href]'), 'one next step').toHaveText(['Try again']);
}

test('without a network each page says so in the words of the app, and once it is back the person is where they were', async ({ page, platform, server }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await workerIsReady(page);
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  const here = page.url();
  await withoutServer(server, async () => {
    await page.reload();
    await expectOffline(page);
    await expect(page.getByText(/Maya|LDL|mg\/dL/), 'results were in memory only').toHaveCount(0);
    expect(page.url()).toBe(here);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expectOffline(page);
    for (const path of ['/', '/report', '/settings']) {
      await page.goto(server.origin + path);
      await expectOffline(page);
    }
    await page.goto(here);
    await expectOffline(page);
  });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' }), 'the session was there all the time').toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expectNobody(page);
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });

  test('the words are German', async ({ page, server }) => {
    await page.goto(server.origin);
    await workerIsReady(page);
    await withoutServer(server, async () => {
      await page.reload();
      await expect(page.getByRole('heading', { level: 1, name: 'Sie sind offline' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Noch einmal versuchen' })).toBeVisible();
    });
  });
});

test('after a whole journey the caches hold the files of the build and nothing else', async ({ page, platform, server, context }) => {
  const tokens = new Set();
  await context.route(`${platform.identity}/v1/oauth/token`, async (route) => {
    const answer = await route.fetch();
    const { access_token, refresh_token, id_token } = await answer.json();
    for (const token of [access_token, refresh_token, id_token]) tokens.add(token);
    await route.fulfill({ response: answer });
  });
  const look = async (when) => {
    const { names, urls, texts } = await kept(page);
    expect(names, when).toEqual([expect.stringMatching(new RegExp(`^loop\\.shell ${server.origin}/ [0-9a-f]{16}$`))]);
    expect(urls.sort(), when).toEqual([`${server.origin}/`, ...hashed(server).map((name) => `${server.origin}/${name}`)].sort());
    const all = texts.join('\n');
    for (const secret of [...tokens, CANARY, CANARY_VALUE, server.client, 'lph_', 'canary_marker', 'From File']) expect(all.includes(secret), `${when}: ${secret.slice(0, 8)}… is kept`).toBe(false);
  };
  await page.goto(server.origin);
  await workerIsReady(page);
  await connectAs(page, platform, 'From File');
  await page.getByRole('link', { name: CANARY }).click();
  await expect(page.getByRole('heading', { level: 1, name: CANARY })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: CANARY })).toBeVisible();
  await look('with results on the screen');
  expect(tokens.size).toBeGreaterThan(2);
  await page.goto(`${server.origin}/settings`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expectNobody(page);
  await look('after disconnecting');

  // And nothing else was asked of the server for its sake.
  const asked = server.log().split('\n').filter(Boolean).map((line) => line.match(/(?:GET|HEAD) (\S+)/)?.[1]);
  expect(asked.filter((path) => !existsSync(join(server.site, path ?? '?'))), 'each path in the log is a file').toEqual([]);
  expect(server.log()).not.toMatch(/\?|biomarkers|lph_|canary/i);
});

test('a first visit downloads each file once, although the worker keeps it', async ({ page, server }) => {
  const times = {};
  // Without TLS: Chromium keeps no file that came with the certificate of a throw-away authority.
  const plain = createServer(({ url }, answer) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    times[name] = (times[name] ?? 0) + 1;
    const kind = table.types[name.split('.').pop()];
    const cache = isHashed(name) ? table.caching.kinds[0].value : table.caching.else.value;
    const isThere = existsSync(join(server.site, name));
    answer.writeHead(isThere ? 200 : 404, { 'content-type': kind, 'cache-control': cache }).end(isThere ? readFileSync(join(server.site, name)) : '');
  });
  await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
  try {
    await page.goto(`http://localhost:${plain.address().port}/`);
    await workerIsReady(page);
    for (const name of hashed(server)) expect(times[name], name).toBe(1);
    expect([times['index.html'], times[WORKER]]).toEqual([2, 1]);
  } finally {
    plain.closeAllConnections();
    await new Promise((resolve) => plain.close(resolve));
  }
});

test('the worker answers for pages and its own files; queries, the platform, ranges, other methods and all else go their way', async ({ page, platform, server, forgive }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  const heard = answered(page);
  await connectAs(page, platform, 'Maya Lindqvist');
  expect(heard.of(`${CALLBACK}?`), 'the callback with its code').toEqual([false]);
  for (const part of [platform.identity, platform.clinical, 'loop.config.json', 'catalogue']) {
    expect(heard.of(part).length, part).toBeGreaterThan(0);
    expect(heard.of(part), part).not.toContain(true);
  }
  for (const name of ['.wasm', '/boot-', '.css']) expect(heard.of(name), name).toContain(true);

  const file = hashed(server).find((name) => name.endsWith('.txt'));
  for (const [what, path, options] of [
    ['as it is', file, {}],
    ['with a query', `${file}?x=1`, {}],
    ['with an empty query', `${file}?`, {}],
    ['a part of it', file, { headers: { range: 'bytes=0-9' } }],
    ['its head', file, { method: 'HEAD' }],
    ['an icon', 'icon.svg', {}],
    ['the worker', WORKER, {}],
  ]) {
    heard.seen.length = 0;
    await page.evaluate(([path, options]) => fetch(`/${path}`, options).then((answer) => answer.text()), [path, options]);
    expect(heard.of(path), what).toEqual([what === 'as it is']);
  }
  forgive(`/${file}`, 405);
  heard.seen.length = 0;
  await page.evaluate((file) => fetch(`/${file}`, { method: 'POST', body: 'x' }), file);
  expect(heard.of(file), 'a POST').toEqual([false]);
});

test('on the way back from Loop without a network the browser says so, and keeps the code for when it is back', async ({ page, platform, server }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  const address = await stopAtTheDoor(page, platform);
  const used = (await platform.calls('token')).length;
  await withoutServer(server, async () => {
    await expect(page.goto(address.href)).rejects.toThrow(REFUSED);
    await expect(page.goto(`${server.origin}/?x`)).rejects.toThrow(REFUSED);
    expect((await platform.calls('token')).length, 'the code is not used up').toBe(used);
  });
  await page.goto(address.href);
  await backInTheApp(page, platform);
  await expect(page.getByRole('link', { name: 'LDL cholesterol' })).toBeVisible();
  expect((await kept(page)).texts.join('\n')).not.toContain(address.searchParams.get('code'));
});

/** Makes another build of what is served: another style sheet, and with it another page and another worker. Its version. */
function rebuild(server, name) {
  const path = (name) => join(server.site, name);
  const read = (name) => readFileSync(path(name), 'utf8');
  const digest = (name) => `sha384-${createHash('sha384').update(read(name)).digest('base64')}`;
  const write = (name, text) => {
    for (const ending of ['.br', '.gz']) rmSync(path(name + ending), { force: true });
    writeFileSync(path(name), text);
  };
  const version = createHash('sha256').update(name).digest('hex').slice(0, 16);
  const [sheet, now] = [hashed(server).find((name) => name.endsWith('.css')), `loop-${version}.css`];
  const changes = [[sheet, now], [digest(sheet)]];
  const page = digest('index.html');
  write(now, `${read(sheet)}/*${name}*/`);
  for (const ending of ['', '.br', '.gz']) rmSync(path(sheet + ending), { force: true });
  changes[1].push(digest(now));
  const edited = (text, changes) => changes.reduce((text, [from, to]) => text.replaceAll(from, to), text);
  write('index.html', edited(read('index.html'), changes));
  const worker = read(WORKER);
  const [, before] = worker.match(/\$\{OWN\}([0-9a-f]{16})/);
  write(WORKER, edited(worker, [...changes, [page, digest('index.html')], [before, version]]));
  return version;
}

/** The deployment is the one of the other tests again, whatever `act` made of it. */
async function restored(server, act) {
  try {
    await act();
  } finally {
    await server.deploy(['--offline']);
  }
}

const versions = async (page) => (await kept(page)).names.map((name) => name.split(' ').at(-1));
const sheet = (page) => page.locator('link[rel=stylesheet]').getAttribute('href');
const hasVersion = (page, version) => expect.poll(() => versions(page), `version ${version} alone is kept`).toEqual([version]);

test('a new deployment is there at the next load, and is what is kept from then on', async ({ page, server }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  const old = await sheet(page);
  await restored(server, async () => {
    const version = rebuild(server, 'second');
    const heard = answered(page);
    await page.reload();
    await expect(connectButton(page)).toBeVisible();
    expect(await sheet(page), 'the old worker hands on the new page').toBe(`/loop-${version}.css`);
    expect(heard.of(version)).toContain(false);
    await hasVersion(page, version);
    expect((await kept(page)).urls.join(' ')).not.toContain(old);
    await withoutServer(server, async () => {
      await page.reload();
      await expectOffline(page);
      expect(await sheet(page)).toBe(`/loop-${version}.css`);
    });
  });
});

test('half of a new deployment changes nothing of what is kept, and the whole one mends it', async ({ page, server }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  const [before] = await versions(page);
  const old = await sheet(page);
  await restored(server, async () => {
    const page_ = join(server.site, 'index.html');
    const oldPage = readFileSync(page_);
    const oldSheet = readFileSync(join(server.site, old));
    const version = rebuild(server, 'third');
    const newPage = readFileSync(page_);
    // As between two files of an upload: the new worker and the new sheet are there, the page is the old one.
    writeFileSync(page_, oldPage);
    writeFileSync(join(server.site, old), oldSheet);
    const refused = page.evaluate(() => navigator.serviceWorker.getRegistration().then(async (registration) => {
      await registration.update();
      const { installing } = registration;
      await new Promise((resolve) => installing.addEventListener('statechange', resolve));
      return installing.state;
    }));
    expect(await refused, 'a page with another digest is not kept').toBe('redundant');
    await page.reload();
    await expect(connectButton(page)).toBeVisible();
    await withoutServer(server, async () => {
      await page.reload();
      await expectOffline(page);
      expect(await sheet(page), 'all of it is the old one').toBe(old);
    });
    expect(await versions(page)).toContain(before);
    writeFileSync(page_, newPage);
    await page.reload();
    await expect(connectButton(page)).toBeVisible();
    expect(await sheet(page)).toBe(`/loop-${version}.css`);
    await hasVersion(page, version);
  });
});

test('a deployment without it takes the worker and its cache away, and leaves what is not its own', async ({ page, server, quiet }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  await page.evaluate(() => caches.open('of somebody else'));
  await restored(server, async () => {
    await server.deploy();
    // Even where its app does not start.
    const wasm = hashed(server).find((name) => name.startsWith('loop-partner-') && name.endsWith('.wasm'));
    for (const ending of ['', '.br', '.gz']) rmSync(join(server.site, wasm + ending));
    // The old worker still has it.
    await page.evaluate(async (wasm) => (await caches.open((await caches.keys()).find((name) => name.startsWith('loop.')))).delete(`/${wasm}`), wasm);
    expect((await server.ask(`/${WORKER}`)).status).toBe(404);
    expect((await server.ask('/')).headers['content-security-policy']).toContain("worker-src 'none'");
    await page.reload();
    await expect(page.locator('#boot-failed')).toBeVisible();
    await expect.poll(() => page.evaluate(async () => [(await navigator.serviceWorker.getRegistrations()).length, await caches.keys()])).toEqual([0, ['of somebody else']]);
    const heard = answered(page);
    await page.reload();
    await expect(page.locator('#boot-failed')).toBeVisible();
    expect(heard.seen.filter(({ byWorker }) => byWorker)).toEqual([]);
    await withoutServer(server, async () => {
      await expect(page.reload()).rejects.toThrow(REFUSED);
    });
  });
  expect(quiet.splice(0).filter(({ text }) => !/Failed to load resource|integrity/.test(text))).toEqual([]);
});

test('a page that a script wrote into the cache is not shown', async ({ page, server, quiet }) => {
  await page.goto(server.origin);
  await workerIsReady(page);
  await page.evaluate(async () => {
    const [name] = await caches.keys();
    const html = { headers: { 'content-type': 'text/html' } };
    await (await caches.open(name)).put('/', new Response('<!doctype html><h1>Planted</h1>', html));
  });
  await withoutServer(server, async () => {
    await expect(page.goto(server.origin)).rejects.toThrow('net::ERR_FAILED');
    await expect(page.getByText('Planted')).toHaveCount(0);
  });
  // Chromium says what it made of the worker's answer.
  quiet.splice(0);
});

test('no script of the page can have another worker installed, and without the flag none at all', async ({ page, server, quiet }) => {
  const register = (address) => page.evaluate((address) => navigator.serviceWorker.register(address).then(() => 'installed', (error) => error.name), address);
  await page.goto(server.origin);
  await workerIsReady(page);
  expect(await register(`${server.origin}/${WORKER}?other`), 'Trusted Types').toBe('TypeError');
  expect(await register(`${server.origin}/${WORKER}`)).toBe('installed');
  await restored(server, async () => {
    await server.deploy();
    await page.reload();
    await expect(connectButton(page)).toBeVisible();
    expect(await register(`${server.origin}/${WORKER}`), 'worker-src').toBe('SecurityError');
  });
  expect(quiet.splice(0).filter(({ text }) => !/TrustedScriptURL|Content Security Policy|worker-src/.test(text))).toEqual([]);
});
