// Keeps the shell of the app for when there is no network: the page, and the files that are named after their content. Nothing else
// is ever answered or kept by it, above all nothing of the platform: it keeps when it is installed, and never afterwards.
//
// Made by `cargo xtask dist --offline`; a deployment without that flag takes it away (public/boot.js).

const { scope } = self.registration;
const OWN = `loop.shell ${scope} `;
const CACHE = `${OWN}$VERSION`;
/** The page by the address of the start, since some hosts lead from `index.html` to there. */
const PAGE = [scope, '$PAGE'];
/** Addresses and digests. */
const FILES = new Map(Object.entries($LIST).map(([name, integrity]) => [new URL(name, scope).href, integrity]));

/** All or nothing: one file that does not come, or is another, and this version is not installed. The one before stays. */
async function keep() {
  // A file with a digest may come from the browser's own cache, where the page has just put it.
  const requests = [...FILES].map(([url, integrity]) => new Request(url, { integrity, redirect: 'error' }));
  const [url, integrity] = PAGE;
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(url, { integrity, redirect: 'error', cache: 'reload' }), ...requests]);
}

/** What an earlier version kept. Other caches of this origin are not ours. */
async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OWN) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What is kept for this address. */
async function kept(url) {
  const cache = await caches.open(CACHE);
  return cache.match(url, { ignoreVary: true });
}

/** The page, if it is still the one that was kept: any script of this origin may write into its caches. */
async function page() {
  const [url, integrity] = PAGE;
  const found = await kept(url);
  if (!found) return Response.error();
  const digest = await crypto.subtle.digest('SHA-384', await found.clone().arrayBuffer());
  const isTheSame = `sha384-${btoa(String.fromCharCode(...new Uint8Array(digest)))}` === integrity;
  return isTheSame ? found : Response.error();
}

/** The network has the page first, so that a new deployment is seen at once. Its answer is handed on, whatever it is. */
async function visit(request) {
  try {
    return await fetch(request);
  } catch {
    return page();
  }
}

/** Its name follows its content and the page holds it to its digest, so an old one cannot be taken for a new one. */
async function file(request) {
  return (await kept(request.url)) ?? fetch(request);
}

self.addEventListener('install', (event) => {
  // At once, so that nobody stays with an old version because a tab is open somewhere.
  self.skipWaiting();
  event.waitUntil(keep());
});
self.addEventListener('activate', (event) => event.waitUntil(tidy()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { method, url, mode, headers } = request;
  // What is not answered here goes its way as if there were no worker. A query is the callback's, with a code in it.
  if (method !== 'GET' || !url.startsWith(scope) || url.includes('?') || headers.has('range')) return;
  if (mode === 'navigate') event.respondWith(visit(request));
  else if (FILES.has(url)) event.respondWith(file(request));
});
