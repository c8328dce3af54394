// The SDK alone: a page of its own makes calls, and never sees a token.
import { allow, CALLBACK, deny, SESSION, signInAs, stored } from '../support/journey.mjs';
import { expect, test } from './test.mjs';

/** A page that has the SDK, and does nothing by itself. */
const SCRIPT = `import * as sdk from '/loop-partner/sdk.js';
Object.assign(globalThis, { sdk, loop: new sdk.LoopClient({ config: '/loop.config.json' }) });`;
/** And completes what comes back. */
const HANDLES = `${SCRIPT}
globalThis.landed = loop.handleCallback();
landed.catch(() => undefined);`;

const ready = (page) => page.waitForFunction(() => globalThis.loop);

/** How a promise of the page ends: with a value, or an error's class, code and recovery. */
function ends(page, work, given) {
  return page.evaluate(`(async () => {
    try {
      return { value: await (${work})(${JSON.stringify(given)}) };
    } catch (error) {
      const { name, code, recovery } = error;
      return { error: { name, ...(code !== undefined && { code }), ...(recovery && { recovery }), isError: error instanceof Error, isOurs: error instanceof sdk.LoopError } };
    }
  })()`);
}

const failure = (name, code, recovery) => ({ error: { name, code, recovery, isError: true, isOurs: true } });

async function connectAs(page, platform, name, options) {
  await ready(page);
  await Promise.all([page.waitForURL((url) => url.origin === platform.identity), ends(page, '(options) => loop.connect(options)', options).catch(() => undefined)]);
  await signInAs(page, name);
  await allow(page);
  await page.waitForURL((url) => url.href.startsWith(platform.app));
}

async function connected(open, page, platform, { script = HANDLES, name = 'Maya Lindqvist' } = {}) {
  await open({ script, path: '/mine?tab=2' });
  await connectAs(page, platform, name);
  await ready(page);
  await page.evaluate(() => landed);
}

test('connect, read, disconnect, with handles in place of tokens', async ({ open, page, platform }) => {
  await connected(open, page, platform);
  expect(page.url()).toBe(`${platform.app}/mine?tab=2`);
  expect(await page.evaluate(() => landed)).toEqual({ returnTo: '/mine?tab=2', missing: [], denied: false, action: null });
  const state = await page.evaluate(() => loop.state);
  expect(state).toMatchObject({ state: 'connected', account: { name: 'Maya Lindqvist', missing: [] } });
  expect(await page.evaluate(() => Object.isFrozen(loop.state) && loop.state === loop.state)).toBe(true);
  const list = (await ends(page, '() => loop.clinical().listBiomarkers()')).value;
  expect(list).toMatchObject({ unreadable: 0, more: false });
  expect(Date.parse(list.loaded_at)).toBeGreaterThan(0);
  expect(list.results.length).toBeGreaterThan(60);
  expect(list.results[0]).toMatchObject({ patient_id: state.account.subject });
  const { left, reason } = await page.evaluate(() => loop.ending());
  expect(left).toBeGreaterThan(9 * 60_000);
  expect(reason).toBe('idle');

  // Whatever a page can do with what it has: there is no token in it.
  const tokens = JSON.stringify(await stored(page)).match(/[\w.-]{20,}/g);
  const has = await page.evaluate(() => [JSON.stringify(loop.tokens()), String(loop.tokens().access_token), JSON.stringify(loop), Object.values(Object.getOwnPropertyDescriptors(loop.tokens().access_token)).join(), Object.keys(sdk).join()].join(' '));
  expect(has).toContain('[kept by the session]');
  for (const token of tokens) expect(has).not.toContain(token);

  expect(await ends(page, '() => loop.disconnect()')).toEqual({ value: { complete: true } });
  expect(await page.evaluate(() => loop.state)).toEqual({ state: 'signed_out', reason: 'disconnected' });
  expect(await page.evaluate(() => loop.tokens())).toBe(null);
  expect(await ends(page, '() => loop.clinical().listBiomarkers()')).toEqual(failure('LoopSignInError', 'signed_out', { action: 'sign_in' }));
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
});

test('a callback that is handled twice at once is completed once', async ({ open, page, platform }) => {
  const script = `${SCRIPT}
globalThis.landed = Promise.all([loop.handleCallback(), loop.handleCallback(), new sdk.LoopClient({ config: '/loop.config.json' }).handleCallback()]);`;
  await connected(open, page, platform, { script });
  expect(await page.evaluate(async () => (await landed).map((one) => one?.returnTo))).toEqual(Array(3).fill('/mine?tab=2'));
  expect(await platform.calls('token')).toHaveLength(1);
});

test('the code is exchanged as the guide has it, once, and the address is clean before', async ({ open, page, platform }) => {
  const script = `${SCRIPT}
const query = new URLSearchParams(location.search);
const exchange = () => loop.exchangeCode({ code: query.get('code'), state: query.get('state'), codeVerifier: loop.codeVerifier });
globalThis.landed = query.has('code') ? Promise.all([exchange(), exchange()]) : null;`;
  await connected(open, page, platform, { script });
  expect(new URL(page.url()).search).toBe('');
  const tokens = await page.evaluate(async () => JSON.parse(JSON.stringify((await landed)[1])));
  expect(tokens).toMatchObject({ access_token: '[kept by the session]', token_type: 'Bearer' });
  expect(tokens.scope.split(' ')).toContain('read:biomarkers');
  expect(await platform.calls('token')).toHaveLength(1);
  const list = await ends(page, `async (baseUrl) => {
    const [tokens] = await landed;
    const clinical = sdk.createClinicalClient({ baseUrl, accessToken: tokens.access_token });
    return (await clinical.listBiomarkers({ userId: tokens.sub })).results.length;
  }`, platform.clinical);
  expect(list.value).toBeGreaterThan(60);
});

test('a code of another sign-in, or without its issuer, is refused', async ({ open, page, platform }) => {
  await open({ script: SCRIPT });
  await ready(page);
  const refused = await ends(page, "() => loop.exchangeCode({ code: 'c', state: 's' })");
  expect(refused).toEqual(failure('LoopSignInError', 'unknown_state', { action: 'sign_in' }));
  expect(await ends(page, "() => loop.exchangeCode({ code: 'c', state: 's', codeVerifier: 'of my own' })")).toEqual(failure('LoopSetupError', 'invalid_input', { action: 'owner' }));
  expect(await platform.calls('token')).toEqual([]);
});

test('saying no is an error with what now', async ({ open, page, platform }) => {
  await open({ script: HANDLES });
  await ready(page);
  await Promise.all([page.waitForURL((url) => url.origin === platform.identity), ends(page, '() => loop.connect()').catch(() => undefined)]);
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await page.waitForURL((url) => url.href.startsWith(platform.app));
  await ready(page);
  expect(await ends(page, '() => landed')).toEqual(failure('LoopSignInError', 'access_denied', { action: 'sign_in' }));
  expect(page.url()).toBe(`${platform.app}/`);
});

test('a handle is good for one person and one service, and a text for none', async ({ open, page, platform }) => {
  await connected(open, page, platform);
  const setup = failure('LoopSetupError', 'invalid_input', { action: 'owner' });
  for (const given of [{ baseUrl: 'https://clinical.example', accessToken: '@' }, { baseUrl: `${platform.clinical}.evil.example`, accessToken: '@' }, { baseUrl: `${platform.identity}`, accessToken: '@' }, { baseUrl: '', accessToken: '@' }, { baseUrl: platform.clinical, accessToken: 'eyJhbGciOi' }, { baseUrl: platform.clinical }]) {
    const work = `(given) => sdk.createClinicalClient({ ...given, accessToken: given.accessToken === '@' ? loop.tokens().access_token : given.accessToken })`;
    expect(await ends(page, work, given), JSON.stringify(given)).toEqual(setup);
  }
  expect(await ends(page, "() => loop.clinical().listBiomarkers({ userId: 'usr_other' })")).toEqual(failure('LoopError', 'not_found', { action: 'tell' }));
  for (const given of ["{ subject: 'usr_other' }", "{ subject: '' }", "{ '\\ud800': 1, subject: '' }"]) {
    // What a call is not asked for does not reach it.
    expect((await ends(page, `() => loop.clinical().getProtocol({ id: '', ...${given} })`)).error.code, given).toBe('not_found');
  }
  expect(await platform.calls('biomarkers'), 'nothing was asked').toEqual([]);

  // Another person signs in on this page: what was made for the first reads nothing of the second.
  await page.evaluate(() => (globalThis.before = loop.clinical()));
  await page.evaluate(() => loop.disconnect());
  await page.evaluate(() => (globalThis.after = before.listBiomarkers().catch(({ code }) => code)));
  expect(await page.evaluate(() => after)).toBe('signed_out');
});

test('a read that is given up is cancelled, and the next one works', async ({ open, page, platform }) => {
  await connected(open, page, platform);
  await platform.fault('biomarkers', 'stall');
  const failed = [];
  page.on('requestfailed', (request) => request.url().includes('/v1/biomarkers') && failed.push(request.failure().errorText));
  const given = page.evaluate(async () => {
    const stop = new AbortController();
    globalThis.stop = stop;
    try {
      await loop.clinical().listBiomarkers({ signal: stop.signal });
    } catch (error) {
      return [error === stop.signal.reason, error.name];
    }
  });
  await expect.poll(async () => (await platform.calls('biomarkers')).length).toBe(1);
  await page.evaluate(() => stop.abort());
  expect(await given).toEqual([true, 'AbortError']);
  // Far sooner than a request that nobody answers ends by itself.
  await expect.poll(() => failed, { timeout: 5000 }).toEqual(['net::ERR_ABORTED']);
  await platform.clearFaults();
  expect((await ends(page, '() => loop.clinical().listBiomarkers()')).value.results.length).toBeGreaterThan(60);
  // Given up before it began: nothing is asked.
  const asked = (await platform.calls('biomarkers')).length;
  expect(await page.evaluate(() => loop.clinical().listBiomarkers({ signal: AbortSignal.abort('why') }).catch((reason) => reason))).toBe('why');
  expect(await platform.calls('biomarkers')).toHaveLength(asked);
});

test('an exchange that nobody waits for any more goes on', async ({ open, page, platform }) => {
  await platform.fault('token', 'slow', { times: 1 });
  const script = `${SCRIPT}
globalThis.stop = new AbortController();
globalThis.landed = location.search ? loop.handleCallback({ signal: stop.signal }).catch(({ name }) => name) : null;`;
  await open({ script });
  const sent = page.waitForRequest((request) => request.url().endsWith('/v1/oauth/token'));
  await connectAs(page, platform, 'Maya Lindqvist');
  await ready(page);
  await sent;
  await page.evaluate(() => stop.abort());
  expect(await page.evaluate(() => landed)).toBe('AbortError');
  await expect.poll(() => page.evaluate(() => loop.state.state)).toBe('connected');
  expect(await platform.calls('token')).toHaveLength(1);
});

test('each error is of a class that says what now', async ({ open, page, platform, forgive }) => {
  forgive('/v1/biomarkers', 503, 429, 500);
  forgive('/v1/red-flags/usr_maya', 403);
  await connected(open, page, platform);
  await platform.fault('biomarkers', 'html', { times: 1 });
  expect(await ends(page, '() => loop.clinical().listBiomarkers()')).toEqual(failure('LoopRetryError', 'unreadable_answer', { action: 'retry', after: 0 }));
  const flags = await ends(page, '() => loop.clinical().listRedFlags()');
  expect(flags).toEqual(failure('LoopConsentError', 'insufficient_scope', { action: 'ask_consent', scopes: ['read:red_flags'] }));
  await platform.fault('biomarkers', 429, { times: 1, retryAfter: 7 });
  const limited = await ends(page, '() => loop.clinical().listBiomarkers()');
  expect(limited.error).toMatchObject({ name: 'LoopRetryError', code: 'rate_limited' });
  expect(limited.error.recovery.after).toBeGreaterThan(5000);
});

test('a check-in is written once, however often it is sent with its key', async ({ open, page, platform }) => {
  await platform.askFor(['read:check_ins', 'write:check_ins']);
  await connected(open, page, platform);
  const written = await ends(page, `async () => {
    const clinical = loop.clinical();
    const { day_marker } = await clinical.getNextCheckIn({ enrolledAt: '2026-01-01' });
    const checkIn = { day_marker, enrolled_at: '2026-01-01', goals: ['run'], wins: ['ran'], blockers: ['rain'], mood: 7, sleep_quality: 8 };
    const idempotencyKey = await clinical.newIdempotencyKey();
    const [one, two] = [await clinical.answerCheckIn({ checkIn, idempotencyKey }), await clinical.answerCheckIn({ checkIn, idempotencyKey })];
    return [one.id === two.id, (await clinical.listCheckIns()).check_ins.filter(({ id }) => id === one.id).length];
  }`);
  expect(written).toEqual({ value: [true, 1] });
  const wrong = await ends(page, "() => loop.clinical().answerCheckIn({ checkIn: { day_marker: 30, enrolled_at: '2026-01-01', goals: [], wins: ['w'], blockers: ['b'], mood: 7, sleep_quality: 8 } })");
  expect(wrong).toEqual(failure('LoopError', 'invalid_input', { action: 'tell' }));
});

for (const [what, options, words] of [
  ['a secret', { clientId: 'a', clientSecret: 's' }, /clientSecret/],
  ['an option that there is not', { clientId: 'a', clientID: 'b' }, /clientID/],
  ['a way back to another origin', { clientId: 'a', redirectUri: 'https://elsewhere.example/auth/loop/callback' }, /redirectUri/],
  ['a way back that is no address', { clientId: 'a', redirectUri: 'http://' }, /redirectUri/],
]) {
  test(`${what} is refused when the client is made`, async ({ open, page }) => {
    await open({ script: SCRIPT });
    await ready(page);
    const said = await page.evaluate((options) => {
      try {
        return new sdk.LoopClient(options);
      } catch ({ name, code, message }) {
        return { name, code, message };
      }
    }, options);
    expect(said).toMatchObject({ name: 'LoopSetupError', code: 'config_wrong' });
    expect(said.message).toMatch(words);
  });
}

test('what a caller leaves out or gets wrong is an error of ours, and never another one', async ({ open, page, platform }) => {
  await open({ script: SCRIPT });
  await ready(page);
  await page.evaluate(() => loop.ready);
  const setup = (code) => failure('LoopSetupError', code, { action: 'owner' });
  const out = failure('LoopSignInError', 'signed_out', { action: 'sign_in' });
  for (const [work, expected] of [
    ['() => new sdk.LoopClient().ready.then(() => "the file")', { value: 'the file' }],
    ['() => new sdk.LoopClient(null).ready.then(() => loop === loop)', { value: true }],
    ['() => { const config = {}; config.own = config; return new sdk.LoopClient({ config }).ready; }', setup('config_wrong')],
    ['() => new sdk.LoopClient({ config: 7 }).ready', setup('config_wrong')],
    ['() => loop.exchangeCode()', failure('LoopSignInError', 'missing_state', { action: 'sign_in' })],
    ['() => sdk.createClinicalClient()', setup('invalid_input')],
    ['() => sdk.createClinicalClient({ baseUrl: {}, accessToken: {} })', setup('invalid_input')],
    ['() => loop.clinical()', out],
    ['() => loop.disconnect(null)', { value: { complete: true } }],
  ]) {
    const said = await ends(page, work);
    expect(said.error ?? said, work).toEqual(expected.error ?? expected);
  }
  expect(await platform.calls('token')).toEqual([]);
});

test('calls without options, with a text of scopes, and from the way through', async ({ open, page, platform }) => {
  await open({ script: SCRIPT, path: CALLBACK });
  await ready(page);
  await Promise.all([page.waitForURL((url) => url.origin === platform.identity && url.searchParams.get('scope')?.includes('read:red_flags')), ends(page, "() => loop.connect({ scopes: 'read:red_flags' })").catch(() => undefined)]);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await page.waitForURL((url) => url.href.startsWith(platform.app));
  await ready(page);
  const landed = (await ends(page, '() => loop.handleCallback()')).value;
  expect(landed.returnTo, 'nobody wants to come back to the callback').toBe('/');
  for (const work of ['() => loop.clinical().listBiomarkers(null).then(({ results }) => results.length > 60)', '() => loop.clinical().listRedFlags().then(({ flags }) => flags.length >= 0)']) {
    expect(await ends(page, work), work).toEqual({ value: true });
  }
  for (const work of ['() => loop.clinical().getProtocol()', '() => loop.clinical().getNextCheckIn()', '() => loop.clinical().answerCheckIn()']) {
    expect((await ends(page, work)).error, work).toMatchObject({ isOurs: true });
  }
});

test('options say what a configuration says, and a second client of another one is refused', async ({ open, page, platform }) => {
  const options = { clientId: platform.clientId, redirectUri: `${platform.app}${CALLBACK}`, issuer: platform.identity, clinical: platform.clinical, scopes: ['openid'] };
  await open({ script: SCRIPT.replace("{ config: '/loop.config.json' }", JSON.stringify(options)) });
  await ready(page);
  expect(await ends(page, '() => loop.ready')).toEqual({});
  expect(await ends(page, "() => new sdk.LoopClient({ clientId: 'other' }).ready")).toEqual(failure('LoopSetupError', 'config_differs', { action: 'owner' }));
  expect(await ends(page, '(options) => new sdk.LoopClient(options).ready', options)).toEqual({});
  const wrong = await ends(page, "() => new sdk.LoopClient({ clientId: 'a', scopes: ['read:biomarkers'] }).ready");
  expect(wrong).toEqual(failure('LoopSetupError', 'config_wrong', { action: 'owner' }));
});

test('what breaks in the wasm ends every call, also those that come later', async ({ open, page, platform }) => {
  const script = `const real = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const { instance, module } = await real(...given);
  const exports = Object.fromEntries(Object.entries(instance.exports).map(([name, value]) => [name, typeof value === 'function' ? (...all) => (globalThis.breaks && name.startsWith('session') ? (() => { throw new WebAssembly.RuntimeError('unreachable'); })() : value(...all)) : value]));
  return { instance: { exports }, module };
};
${HANDLES}`;
  await connected(open, page, platform, { script });
  await page.evaluate(() => (globalThis.breaks = true));
  const crashed = failure('LoopError', 'crashed', { action: 'tell' });
  for (const work of ['() => loop.disconnect()', '() => loop.disconnect()', '() => loop.connect()', "() => new sdk.LoopClient({ config: '/loop.config.json' }).ready"]) {
    expect(await ends(page, work), work).toEqual(crashed);
  }
  expect(await page.evaluate(() => loop.ending())).toBe(null);
});

test('a follower that throws stops nobody else', async ({ open, page, platform, quiet }) => {
  await connected(open, page, platform);
  await page.evaluate(() => {
    globalThis.states = [];
    loop.subscribe(() => {
      throw new Error('of the page');
    });
    loop.subscribe(({ state }) => states.push(state));
  });
  await page.evaluate(() => loop.disconnect());
  expect(await page.evaluate(() => states)).toEqual(['signed_out']);
  await expect.poll(() => quiet.splice(0).map(({ text }) => text)).toEqual(['uncaught: of the page']);
});

test('an opening that stalls can be given up', async ({ open, page, platform }) => {
  await open({ script: 'globalThis.nothing = 1;' });
  await page.route('**/loop.config.json', () => undefined);
  await page.evaluate(async () => {
    const sdk = await import('/loop-partner/sdk.js');
    Object.assign(globalThis, { sdk, loop: new sdk.LoopClient({ config: '/loop.config.json' }) });
  });
  expect(await page.evaluate(() => loop.connect({ signal: AbortSignal.timeout(50) }).catch(({ name }) => name))).toBe('TimeoutError');
  expect(page.url()).toBe(`${platform.app}/`);
});

test('whoever follows the state hears of every change once', async ({ open, page, platform }) => {
  const script = `${HANDLES}
globalThis.states = [];
loop.subscribe(({ state }) => states.push(state));`;
  await connected(open, page, platform, { script });
  await expect.poll(() => page.evaluate(() => states)).toEqual(['signed_out', 'connected']);
  await page.evaluate(() => loop.disconnect());
  await expect.poll(() => page.evaluate(() => states)).toEqual(['signed_out', 'connected', 'signed_out']);
  const none = await page.evaluate(async () => {
    const stop = loop.subscribe(() => states.push('after'));
    stop();
    return states.length;
  });
  expect(none).toBe(3);
});

test('a wasm that was altered is refused, and said as an error', async ({ open, page, forgive }) => {
  // Chromium says it twice.
  for (const start of ['error: Failed to find a valid digest', 'error: Fetch API cannot load']) forgive.lines.push({ path: '/', start });
  await page.route('**/loop-sdk.wasm', async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ response: answer, body });
  });
  await open({ script: SCRIPT });
  await ready(page);
  expect(await ends(page, '() => loop.ready')).toEqual(failure('LoopRetryError', 'load', { action: 'retry', after: 0 }));
});
