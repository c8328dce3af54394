// Several tabs of one browser: what a person does with them, and what the browser does to them behind the person's back.
import { createServer } from 'node:net';
import { chromium, expect } from '@playwright/test';
import { setClock, setServerClock } from './clock.mjs';
import { SESSION, stored } from './journey.mjs';

/** How many seconds each tab is ahead of the machine's clock. */
const passed = new WeakMap();

/** `count` new tabs at an address, opened by hand: each with a session store of its own. */
export function openTabs(context, address, count) {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const page = await context.newPage();
      await page.goto(address);
      return page;
    }),
  );
}

/**
 * "Duplicate tab": another tab at the same address, which begins with a copy of this tab's session store. Only a page that
 * opens another one hands the copy on, so this page does; the new tab then forgets who opened it, as a duplicate knows
 * nobody. Without a page that says `ready`, it is there when its document is.
 */
export async function duplicateTab(page, ready = async () => {}) {
  const [copy] = await Promise.all([
    page.context().waitForEvent('page'),
    page.evaluate(() => {
      window.open('about:blank').opener = null;
    }),
  ]);
  // Before the app begins there: it would take a clock that is put forward under its eyes for a device whose clock is wrong.
  if (passed.has(page)) {
    passed.set(copy, passed.get(page));
    await setClock(copy, { ahead: passed.get(copy) * 1000 });
  }
  await copy.goto(page.url(), { waitUntil: 'commit' });
  await ready(copy);
  return copy;
}

/** `count` duplicates of one tab, one after the other. */
export async function duplicateTabs(page, count, ready) {
  const copies = [];
  while (copies.length < count) copies.push(await duplicateTab(page, ready));
  return copies;
}

/**
 * A browser of its own whose tabs can be frozen. Playwright tells each page of its own contexts that it is in front, and
 * Chromium freezes no such page; it leaves a browser that it merely visits as it is. Gives its context, and what ends it.
 */
export async function browserThatFreezes(launchOptions) {
  const port = await freePort();
  const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`] });
  const visit = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  return { context: visit.contexts()[0], close: () => browser.close() };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Freezes a tab as Chromium does to one in the background: its timers and the answers it waits for stand still, and the locks
 * it holds stay held. Call what comes back to wake it. A tab that is in front cannot be frozen, so another one comes to the
 * front; this fails where the tab is not frozen all the same (see `browserThatFreezes`). Scripts of the test still run in it.
 */
export async function freezeTab(page) {
  const other = page.context().pages().find((one) => one !== page);
  if (!other) throw new Error('a lone tab is in front, and such a tab is not frozen');
  await other.bringToFront();
  await page.evaluate(() => {
    document.isFrozen = false;
    document.addEventListener('freeze', () => (document.isFrozen = true), { once: true });
    document.addEventListener('resume', () => (document.isFrozen = false), { once: true });
  });
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.setWebLifecycleState', { state: 'frozen' });
  await expect.poll(() => page.evaluate(() => document.isFrozen), 'the tab is frozen').toBe(true);
  return async () => {
    await browser.send('Page.setWebLifecycleState', { state: 'active' });
    await expect.poll(() => page.evaluate(() => document.isFrozen), 'the tab is awake').toBe(false);
    await browser.detach();
  };
}

/**
 * Time passes: on the platform, for the app's own server, and in these tabs and whatever they open later. A tab that is
 * left out wakes up in the past.
 */
export async function letTimePass(platform, pages, seconds, { speed = 1 } = {}) {
  await platform.advance(seconds);
  for (const page of pages) passed.set(page, (passed.get(page) ?? 0) + seconds);
  await setServerClock(pages[0].context(), platform, passed.get(pages[0]) * 1000);
  await Promise.all(pages.map((page) => setClock(page, { ahead: passed.get(page) * 1000, speed })));
}

/**
 * A store that does not work, from now on and in every later page of a tab: `full` takes nothing more, `blocked` throws at
 * the first touch, as with cookies turned off. `name` is `sessionStorage` or `localStorage`.
 */
export async function breakStorage(page, name, how) {
  await page.addInitScript(spoil, { name, how });
  await page.evaluate(spoil, { name, how });
}

function spoil({ name, how }) {
  const refuse = (kind) => {
    throw new DOMException(`the test made ${name} ${how}`, kind);
  };
  if (how === 'blocked') {
    Object.defineProperty(globalThis, name, { configurable: true, get: () => refuse('SecurityError') });
    return;
  }
  // Some pages have no stores at all, such as about:blank.
  if (location.protocol === 'about:') return;
  const [store, { setItem }] = [globalThis[name], Storage.prototype];
  Storage.prototype.setItem = function (...pair) {
    return this === store ? refuse('QuotaExceededError') : setItem.apply(this, pair);
  };
}

/** Every packet of these tabs takes this long: on localhost alone, two tabs hardly ever ask at the same time. */
export async function slowDown(pages, milliseconds) {
  for (const page of pages) {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.enable');
    await browser.send('Network.emulateNetworkConditions', { offline: false, latency: milliseconds, downloadThroughput: -1, uploadThroughput: -1 });
  }
}

/** Goes on once this tab holds the lock of the refresh and `count` others wait for it. */
export function expectQueue(page, count) {
  const queue = async () => {
    const { held, pending } = await page.evaluate(() => navigator.locks.query());
    return [held, pending].map((locks) => locks.filter(({ name }) => name === 'loop.refresh').length);
  };
  return expect.poll(queue, { message: 'who holds the lock, and who waits' }).toEqual([1, count]);
}

/** What each of these tabs keeps as the session: the same everywhere, once every tab has heard. */
export async function expectSameTokens(pages) {
  const tokens = () => Promise.all(pages.map(async (page) => (await stored(page))[SESSION]));
  await expect.poll(async () => new Set(await tokens()).size, { message: 'different tokens' }).toBe(1);
}

/** Watches what is painted in a tab from now on. Call what comes back for every frame: which of the texts could be read in it. */
export async function watchFrames(page, texts) {
  await page.evaluate((texts) => {
    const frames = (globalThis.watchedFrames = []);
    const look = () => {
      const { textContent } = document.body;
      frames.push(texts.filter((text) => textContent.includes(text)));
      requestAnimationFrame(look);
    };
    look();
  }, texts);
  return () => page.evaluate(() => globalThis.watchedFrames);
}

/** What Loop saw since it was started or reset: refresh calls, how many with an old token, and whether that ended a grant. */
export async function refreshesAt(platform) {
  const { token_calls: calls, old_refresh_tokens: old, ended_grants: ended } = await platform.counters();
  return { calls: calls.refresh_token ?? 0, old, revoked: 'reuse of a refresh token' in ended };
}
