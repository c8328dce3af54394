// The steps that most journeys begin with, in a person's words.
import { expect } from '@playwright/test';

/** From the app's first page to the platform's sign-in page. */
export async function connect(page, platform, path = '/') {
  await page.goto(platform.app + path);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await page.waitForURL((url) => url.origin === platform.identity);
}

/** Signs in as one of the platform's people, unless the platform still knows who it is. */
export async function signInAs(page, name) {
  await page.getByRole('button', { name: new RegExp(name) }).click();
}

/** Says yes, without the scopes that are named. */
export async function allow(page, { without = [] } = {}) {
  for (const scope of without) await page.locator(`input[name="scope"][value="${scope}"]`).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** Says no. */
export async function deny(page) {
  await page.getByRole('button', { name: 'Deny' }).click();
}

/** All of it, until the page they started from is there. */
export async function connectAs(page, platform, name, { path = '/', without = [] } = {}) {
  await connect(page, platform, path);
  await signInAs(page, name);
  await allow(page, { without });
  await backInTheApp(page, platform);
}

/** The same in whatever language the app speaks. */
export async function connectInAnyLanguage(page, platform, name, path = '/') {
  await page.goto(platform.app + path);
  await page.locator('main button.button--primary').click();
  await page.waitForURL((url) => url.origin === platform.identity);
  await signInAs(page, name);
  await allow(page);
  await backInTheApp(page, platform);
}

/** Waits until the callback is dealt with. */
export async function backInTheApp(page, platform) {
  await page.waitForURL((url) => url.href.startsWith(platform.app) && !url.search && !url.pathname.endsWith(CALLBACK));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Where Loop sends the person back to. */
export const CALLBACK = '/auth/loop/callback';

/** Connects, says yes, and stops at the door: the address that Loop sends the browser to, which the app has not seen yet. */
export async function stopAtTheDoor(page, platform, name = 'Maya Lindqvist', path = '/') {
  await connect(page, platform, path);
  await signInAs(page, name);
  const isDecision = (url) => url.origin === platform.identity && url.pathname === '/v1/oauth/consent';
  let address;
  // The decision reaches Loop, and its answer does not reach the browser. A redirected request itself cannot be caught.
  await page.route(isDecision, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const answer = await route.fetch({ maxRedirects: 0 });
    address = new URL(answer.headers().location);
    // No content: the browser stays where it is.
    return route.fulfill({ status: 204 });
  });
  await allow(page);
  await expect.poll(() => address?.pathname.endsWith(CALLBACK)).toBe(true);
  await page.unroute(isDecision);
  // From somewhere else, as by a link.
  await page.goto('about:blank');
  return address;
}

/** A page that says what happened and offers exactly one next step. */
export async function expectPage(page, title, step, words) {
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(main.locator('button, a[href]'), 'one next step').toHaveText([step]);
  if (words) await expect(main).toContainText(words);
}

/** The results are there. */
export async function expectResults(page) {
  await expect(page.getByRole('heading', { level: 1, name: 'Your results' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'LDL cholesterol' })).toBeVisible();
}

/** Nothing of a person is on the page or in the tab. */
export async function expectNobody(page) {
  await expect(page.getByRole('button', { name: 'Disconnect' })).toHaveCount(0);
  await expect(page.getByText(/Maya|LDL|Ferritin|mg\/dL/)).toHaveCount(0);
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
}

/**
 * What the pages of this tab send to an address from now on. This counts what the app does. The platform's log may count
 * more: when a connection that was used before breaks without an answer, Chromium sends the request again by itself.
 */
export function sentTo(page, address) {
  const sent = [];
  page.on('request', (request) => {
    if (request.url().split('?')[0] === address) sent.push(request);
  });
  return sent;
}

/** The key of the session in the tab's store. */
export const SESSION = 'loop.session.v2';

/** All of the tab's session store. */
export function stored(page) {
  return page.evaluate(() => ({ ...sessionStorage }));
}

/** What stays in the store that tabs share when nobody is signed in: how often and when Loop was called, how the app is wanted. */
const COUNTS = [
  [/^loop\.calls\.v2\.(token|read|write)$/, /^\d{13} \d{1,3}$/],
  [/^loop\.pause\.v2\.(token|read|write)$/, /^(\d{13}|0) \d{1,3}$/],
  [/^loop\.sign-ins\.v2$/, /^(\d{13}( \d{13})?)?$/],
  // Parts of used up `state`s: of sign-ins that failed.
  [/^loop\.exchanges\.v2$/, /^[\w-]{12}( [\w-]{12}){0,3}$/],
  // How a person wants the app in this browser.
  [/^loop\.theme\.v1$/, /^(light|dark)$/],
  [/^loop\.idle\.v1$/, /^\d{1,2}$/],
  [/^loop\.language\.v1$/, /^[a-z]{2}$/],
  [/^loop\.units\.v1$/, /^(conventional|si)$/],
];
/** And what stands there besides while somebody is: a random name of the session, its refreshes, the last activity. */
const ABOUT_A_SESSION = [
  [/^loop\.family\.v2$/, /^[\w-]{22}$/],
  [/^loop\.sent\.v2$/, /^[\w-]{22} \d{1,10}$/],
  [/^loop\.active\.v2$/, /^\d{13}$/],
];

/** What is in an object of the shared store beyond what may stay there: nothing, if all is well. */
export function beyondCounts(store, { connected = false } = {}) {
  const allowed = connected ? [...COUNTS, ...ABOUT_A_SESSION] : COUNTS;
  return Object.fromEntries(Object.entries(store).filter(([key, text]) => !allowed.some(([name, form]) => name.test(key) && form.test(text))));
}

/** The store that all tabs share, without the counts that may stay in it. */
export async function shared(page) {
  return beyondCounts(await page.evaluate(() => ({ ...localStorage })));
}

/** Changes the session in the tab's store: what may have happened to it while the app was not looking. */
export function changeSession(page, changes) {
  return page.evaluate(
    ([key, changes]) => sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), ...changes })),
    [SESSION, changes],
  );
}

/** The same, between two loads of the page: whichever page is there acts on what it sees until the very end. */
export async function changeSessionAndReload(page, changes) {
  const here = page.url();
  // Of the same origin, and not the app; with an icon of its own, so that the browser asks for none.
  const between = new URL('/between', here).href;
  await page.route(between, (route) => route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' }));
  await page.goto(between);
  await page.unroute(between);
  await changeSession(page, changes);
  await page.goto(here);
}

/** From a button on somebody else's page to the platform. */
export async function toLoop(page, platform, button) {
  await button.click();
  await page.waitForURL((url) => url.origin === platform.identity);
}

/** Back on that page: the callback is dealt with, and the address holds nothing of it. */
export async function backOnThePage(page, platform) {
  await page.waitForURL((url) => url.href.startsWith(platform.app) && !url.searchParams.has('state') && !url.pathname.endsWith(CALLBACK));
}
