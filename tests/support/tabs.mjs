// Several tabs of one browser: what a person does with them, and what the browser does to them behind the person's back.
import { createServer } from 'node:net';
import { chromium, expect } from '@playwright/test';
import { setClock } from './clock.mjs';

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
      window.open(location.href).opener = null;
    }),
  ]);
  await copy.waitForURL(page.url());
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
 * Freezes a tab of `browserThatFreezes` as Chromium does to one in the background: its timers and the answers it waits for
 * stand still, and the locks it holds stay held. Call what comes back to wake it. Scripts of the test still run in it.
 */
export async function freezeTab(page) {
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

/** Time passes, on the platform and in these tabs and whatever they open later. A tab that is left out wakes up in the past. */
export async function letTimePass(platform, pages, seconds, { speed = 1 } = {}) {
  await platform.advance(seconds);
  await Promise.all(pages.map((page) => setClock(page, { ahead: seconds * 1000, speed })));
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
  const [store, { setItem }] = [globalThis[name], Storage.prototype];
  Storage.prototype.setItem = function (...pair) {
    return this === store ? refuse('QuotaExceededError') : setItem.apply(this, pair);
  };
}

/** Every answer to these tabs takes this long, as from a server that is not on the same machine. */
export async function slowDown(pages, milliseconds) {
  for (const page of pages) {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.enable');
    await browser.send('Network.emulateNetworkConditions', { offline: false, latency: milliseconds, downloadThroughput: -1, uploadThroughput: -1 });
  }
}

/** What Loop saw since it was started or reset: refresh calls, how many with an old token, and whether that ended a grant. */
export async function refreshesAt(platform) {
  const { token_calls: calls, old_refresh_tokens: old, ended_grants: ended } = await platform.counters();
  return { calls: calls.refresh_token ?? 0, old, revoked: 'reuse of a refresh token' in ended };
}
