// Addresses that come back from Loop, or from somebody who pretends to be Loop.
import { test, expect } from '../support/test.mjs';
import { setServerClock } from '../support/clock.mjs';
import { CALLBACK, allow, backInTheApp, connect, expectNobody, expectPage, expectResults, signInAs, stopAtTheDoor } from '../support/journey.mjs';

const LINK = ['This sign-in link cannot be used', 'Connect again'];
const STOPPED = ['Signing in was stopped for your safety', 'Connect again'];
const DENIED = ['You said no, and that is fine', 'Connect again'];

/** Changes a good address into a bad one. */
const set = (changes) => (address) => {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
};
const twice = (name) => (address) => address.searchParams.append(name, address.searchParams.get(name));
const EVIL = 'Call +1 900 555 0100 to unlock your results';

const ADDRESSES = [
  { name: 'the state of somebody else', change: set({ state: 'A'.repeat(43) }), page: LINK, code: 'unknown_state' },
  { name: 'no state', change: set({ state: null }), page: LINK, code: 'missing_state' },
  { name: 'an empty state', change: set({ state: '' }), page: LINK, code: 'missing_state' },
  { name: 'two states', change: twice('state'), page: LINK, code: 'duplicate_parameter' },
  { name: 'two codes', change: twice('code'), page: LINK, code: 'duplicate_parameter' },
  { name: 'two issuers', change: twice('iss'), page: LINK, code: 'duplicate_parameter' },
  { name: 'a code and an error at once', change: set({ error: 'access_denied' }), page: STOPPED, code: 'code_and_error' },
  { name: 'neither a code nor an error', change: set({ code: null }), page: STOPPED, code: 'missing_code' },
  { name: 'a token in the query', change: set({ access_token: 'lph_at_planted' }), page: STOPPED, code: 'token_in_url' },
  { name: 'a token in the fragment', change: (address) => (address.hash = 'access_token=lph_at_planted&token_type=bearer'), page: STOPPED, code: 'token_in_url' },
  { name: 'another issuer', change: set({ iss: 'https://identity.example.com' }), page: STOPPED, code: 'callback_issuer_mismatch' },
  { name: 'the right issuer with a slash more', change: (address) => address.searchParams.set('iss', `${address.searchParams.get('iss')}/`), page: STOPPED, code: 'callback_issuer_mismatch' },
  { name: 'no issuer, although the server promises one', change: set({ iss: null }), page: STOPPED, code: 'callback_issuer_missing' },
  { name: 'a query that is no UTF-8', change: (address) => (address.search += '&x=%ff%fe'), page: STOPPED, code: 'malformed_callback' },
  { name: 'a query of 9,000 characters', change: set({ padding: 'x'.repeat(9000) }), page: STOPPED, code: 'malformed_callback' },
  { name: 'an error with a text of its own', change: set({ code: null, error: 'access_denied', error_description: EVIL, error_uri: 'https://evil.example' }), page: DENIED, code: 'access_denied' },
  { name: 'an error nobody knows', change: set({ code: null, error: EVIL, error_description: EVIL }), page: STOPPED, code: 'unknown_error', step: 'Go to the start' },
];

for (const { name, change, page: [title, step], code, step: other = step } of ADDRESSES) {
  test(`coming back with ${name}: refused in plain words, and nothing is sent`, async ({ page, platform }) => {
    await refused(page, platform, change, [title, other], code);
  });
}

async function refused(page, platform, change, [title, step], code) {
  // The sign-in is under way; its answer is written here, which is quicker than going through Loop's pages each time.
  await connect(page, platform);
  const asked = new URL(page.url()).searchParams;
  const address = new URL(asked.get('redirect_uri'));
  address.search = new URLSearchParams({ code: 'lph_ac_any', state: asked.get('state'), iss: platform.identity });
  change(address);
  await page.goto(address.href);
  await expectPage(page, title, step, `(code: ${code})`);
  expect(page.url(), 'the address is clean').toBe(platform.app + CALLBACK);
  expect(await page.content()).not.toMatch(/900 555|evil\.example|planted|identity\.example/);
  await expectNobody(page);
  expect(await platform.calls('token'), 'no token is asked for').toEqual([]);
  expect(await platform.calls('biomarkers')).toEqual([]);
}

for (const [iss, code] of [['wrong', 'callback_issuer_mismatch'], ['absent', 'callback_issuer_missing']]) {
  test(`a platform whose callback has the ${iss} issuer is not trusted`, async ({ page, platform }) => {
    await platform.switches({ callback_iss: iss });
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await allow(page);
    await expectPage(page, ...STOPPED, `(code: ${code})`);
    await expectNobody(page);
    expect(await platform.calls('token')).toEqual([]);
  });
}

test('a sign-in link opened in another tab is refused there', async ({ page, platform, context }) => {
  const address = await stopAtTheDoor(page, platform);
  const other = await context.newPage();
  await other.goto(address.href);
  await expectPage(other, ...LINK, '(code: unknown_state)');
  expect(other.url()).toBe(platform.app + CALLBACK);
  await expectNobody(other);
  expect(await platform.calls('token')).toEqual([]);
});

test('a forged address does not spoil the sign-in that is under way', async ({ page, platform }) => {
  const address = await stopAtTheDoor(page, platform);
  await page.goto(`${platform.app}${CALLBACK}?code=forged&state=forged&iss=${encodeURIComponent(platform.identity)}`);
  await expectPage(page, ...LINK);
  await page.goto(address.href);
  await backInTheApp(page, platform);
  await expectResults(page);
});

test('a sign-in link works once', async ({ page, platform }) => {
  const address = await stopAtTheDoor(page, platform);
  await page.goto(address.href);
  await backInTheApp(page, platform);
  await expectResults(page);

  await page.goto(address.href);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(LINK[0]);
  expect(page.url()).toBe(platform.app + CALLBACK);
  expect(await platform.calls('token'), 'the code is not sent a second time').toHaveLength(1);

  await page.goto(platform.app);
  await expectResults(page);
});

test('an answer that was refused cannot be mended: its sign-in is over', async ({ page, platform }) => {
  const good = await stopAtTheDoor(page, platform);
  const bad = new URL(good);
  bad.searchParams.set('iss', 'https://identity.example.com');
  await page.goto(bad.href);
  await expectPage(page, ...STOPPED);
  await page.goto(good.href);
  await expectPage(page, ...LINK, '(code: unknown_state)');
  expect(await platform.calls('token')).toEqual([]);
});

for (const { minutes, works } of [{ minutes: 9, works: true }, { minutes: 11, works: false }]) {
  test(`${minutes} minutes on the consent page are ${works ? 'fine' : 'too long'}`, async ({ page, platform, context }) => {
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
    await setServerClock(context, platform, minutes * 60_000);
    // The platform would have forgotten the request after ten minutes; here the app has to know by itself.
    await platform.advance(Math.min(minutes, 9) * 60);
    await allow(page);
    if (works) {
      await backInTheApp(page, platform);
      await expectResults(page);
    } else {
      await expectPage(page, ...LINK, '(code: transaction_expired)');
      await expectNobody(page);
      expect(await platform.calls('token')).toEqual([]);
    }
  });
}
