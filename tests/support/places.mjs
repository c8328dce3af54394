// Where a secret or a lab result may be in a page, and the rule for each of these places.
import { expect } from '@playwright/test';
import { beyondCounts } from './journey.mjs';

/** Every place of the page that outlives a click, as text. */
async function places(page) {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const kept = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) kept.push(name, request.url, await (await cache.match(request)).text());
    }
    const entries = (store) => JSON.stringify(Object.entries(store));
    return {
      sessionStorage: entries(sessionStorage),
      localStorage: entries(localStorage),
      cookies: document.cookie,
      indexedDB: JSON.stringify(databases),
      'Cache API': JSON.stringify(kept),
      'service workers': String((await navigator.serviceWorker.getRegistrations()).length || ''),
      address: location.href,
      title: document.title,
      'history.state': JSON.stringify([history.state]),
      'addresses of the history': JSON.stringify(navigation.entries().map((entry) => [entry.url, entry.getState() ?? null])),
      'window.name': window.name,
      'names of what was loaded': JSON.stringify(performance.getEntries().map((entry) => entry.name)),
      'document as HTML': document.documentElement.outerHTML,
      'what was typed': JSON.stringify([...document.querySelectorAll('input')].map((input) => input.value)),
      globals: JSON.stringify(Object.keys(window).map((name) => (typeof window[name] === 'string' ? window[name] : ''))),
    };
  });
}

/**
 * Nothing of `tokens` (but in the session store of somebody who is connected), of `once` (codes and verifiers) and of `results` (but
 * in the document of somebody who is connected) is in any place of the page.
 */
export async function expectNowhere(page, when, { tokens, once, results, connected }) {
  const code = [...once].find((secret) => secret.startsWith('lph_ac_'));
  const others = await page.evaluate(() => ({ ...localStorage }));
  expect(beyondCounts(others, { connected }), `${when}: more than a name and numbers in: localStorage`).toEqual({});
  for (const [place, text] of Object.entries(await places(page))) {
    for (const secret of [...tokens, ...once]) {
      const inStore = connected && place === 'sessionStorage' && tokens.has(secret);
      // A browser never forgets the address that a document was opened with. The code in it is spent by now.
      const spent = place === 'names of what was loaded' && secret === code;
      if (!inStore && !spent) expect(text.includes(secret), `${when}: a token or code in: ${place}`).toBe(false);
    }
    const mayShow = connected && place === 'document as HTML';
    for (const result of results) if (!mayShow) expect(text.includes(result), `${when}: a lab result in: ${place}`).toBe(false);
  }
}
