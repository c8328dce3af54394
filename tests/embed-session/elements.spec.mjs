// The elements of the session: connect, see, ask for more, leave; and what stands there when something is wrong.
import { allow, backOnThePage, CALLBACK, deny, SESSION, signInAs, stored, toLoop } from '../support/journey.mjs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setClock } from '../support/clock.mjs';
import { expect, test } from './test.mjs';

const PAGE = `<loop-provider config="/loop.config.json">
  <loop-connect label="Connect your results"></loop-connect>
  <loop-account></loop-account>
  <loop-biomarkers><p>Nobody is connected.</p></loop-biomarkers>
  <loop-number-line code="ldl"></loop-number-line>
</loop-provider>`;

async function connectAs(page, platform, name) {
  await toLoop(page, platform, page.getByRole('button', { name: 'Connect your results' }));
  await signInAs(page, name);
  await allow(page);
  await backOnThePage(page, platform);
}

test('connect, see, disconnect: every element draws of one session', async ({ open, page, platform, heard }) => {
  await open({ body: PAGE, path: '/anywhere?tab=2' });
  await expect(page.getByText('Nobody is connected.')).toBeVisible();
  await connectAs(page, platform, 'Maya Lindqvist');
  expect(page.url(), 'the person is where they were').toBe(`${platform.app}/anywhere?tab=2`);
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await expect(page.locator('loop-number-line').getByRole('img')).toHaveAccessibleName(/LDL/);
  await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
  await expect(page.getByText('Nobody is connected.')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Connect your results' })).toHaveCount(0);
  expect(await platform.calls('biomarkers'), 'they read the same results').toHaveLength(1);
  const told = await heard();
  expect(told.filter(({ name }) => name === 'loop-error')).toEqual([]);
  expect(told.filter(({ name }) => name === 'loop-landing').map(({ detail }) => detail)).toEqual([{ returnTo: '/anywhere?tab=2', missing: [], denied: false, action: null }]);
  expect(told.find(({ detail }) => detail?.state === 'connected').detail.granted).toContain('read:biomarkers');

  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('button', { name: 'Connect your results' })).toBeVisible();
  await expect(page.getByText('Nobody is connected.')).toBeVisible();
  const shadows = await page.evaluate(() => [...document.querySelectorAll('loop-provider *')].map((element) => element.shadowRoot?.textContent ?? '').join(' '));
  expect(shadows, 'nothing of the person is left in any shadow root').not.toMatch(/ldl|maya|mg\/dl/i);
  await expect.poll(async () => (await heard()).filter(({ name }) => name === 'loop-disconnected').map(({ detail }) => detail)).toEqual([{ complete: true }]);
  expect((await heard()).filter(({ name }) => name === 'loop-error'), 'to leave is no error').toEqual([]);
  await expect.poll(async () => (await platform.calls('revoke')).filter((call) => call.status === 200).length).toBe(2);
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
});

test('what the person has not allowed is asked for where it is missing', async ({ open, page, platform }) => {
  const config = await (await fetch(`${platform.app}/loop.config.json`)).json();
  await platform.switches({ app_config: { ...config, scopes: ['openid', 'profile'] } });
  await open({ body: `${PAGE}<loop-connect scopes="read:red_flags" label="Show my safety flags"></loop-connect>` });
  const flags = page.getByRole('button', { name: 'Show my safety flags' });
  await expect(page.getByRole('button', { name: 'Connect your results' })).toBeVisible();
  await expect(flags, 'nobody is there to ask').toHaveCount(0);
  await connectAs(page, platform, 'Maya Lindqvist');
  const notice = page.locator('loop-biomarkers').getByRole('note');
  await expect(notice).toContainText('Your permission is needed');
  expect(await platform.calls('biomarkers')).toEqual([]);
  await toLoop(page, platform, notice.getByRole('button'));
  await allow(page);
  await backOnThePage(page, platform);
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();

  // Three times within a minute look like a loop.
  await setClock(page, { ahead: 61_000 });
  await toLoop(page, platform, flags);
  await deny(page);
  await backOnThePage(page, platform);
  await expect(flags, 'it may be asked again').toBeVisible();
  await toLoop(page, platform, flags);
  await allow(page);
  await backOnThePage(page, platform);
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await expect(flags).toHaveCount(0);
});

test('saying no is said at the button and told, and the way is open', async ({ open, page, platform, heard }) => {
  await open({ body: PAGE });
  await toLoop(page, platform, page.getByRole('button', { name: 'Connect your results' }));
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await backOnThePage(page, platform);
  await expect(page.locator('loop-connect').getByRole('alert')).toContainText('You said no, and that is fine');
  await expect.poll(heard).toContainEqual({ name: 'loop-error', tag: 'loop-provider', detail: { code: 'access_denied', message: 'the person did not agree', recovery: { action: 'sign_in' } } });
  expect(await platform.calls('token')).toEqual([]);
  await toLoop(page, platform, page.getByRole('button', { name: 'Connect again' }));
  await allow(page);
  await backOnThePage(page, platform);
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
});

test('results that do not come are said with one next step, and told without them', async ({ open, page, platform, heard }) => {
  await platform.fault('biomarkers', 'html', { times: 1 });
  await open({ body: PAGE });
  await connectAs(page, platform, 'Maya Lindqvist');
  const list = page.locator('loop-biomarkers');
  await expect(list.getByRole('alert')).toContainText('unreadable_answer');
  await expect.poll(heard).toContainEqual({ name: 'loop-error', tag: 'loop-biomarkers', detail: { code: 'unreadable_answer', message: 'the biomarkers answer could not be read', recovery: { action: 'retry', after: 0 } } });
  await expect(page.locator('loop-account'), 'no other element is harmed').toContainText('Maya Lindqvist');
  await list.getByRole('button', { name: 'Try again' }).click();
  await expect(list.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await expect(list.getByRole('alert')).toHaveCount(0);
});

test('no token and no value is in any event, attribute or text of the page', async ({ open, page, platform, heard }) => {
  await open({ body: PAGE });
  await connectAs(page, platform, 'Maya Lindqvist');
  await page.getByRole('link', { name: /ldl/i }).first().click();
  const tokens = JSON.stringify(await stored(page)).match(/[\w.-]{20,}/g);
  expect(tokens.length).toBeGreaterThan(2);
  const told = JSON.stringify(await heard());
  expect(told).toContain('loop-select');
  const markup = await page.evaluate(() => document.documentElement.outerHTML);
  for (const token of tokens) expect(told + markup).not.toContain(token);
  expect(told).not.toMatch(/maya|usr_|\d{2,} ?(mg|ng|mmol)/i);
});

test('outside of every provider the session’s elements say so, until there is one', async ({ open, page, platform, heard }) => {
  await open({ body: '<loop-connect></loop-connect><loop-account></loop-account><loop-biomarkers>As the page has it</loop-biomarkers>' });
  await expect(page.getByRole('alert')).toHaveText(Array(2).fill('This page has no <loop-provider>: put one around this part of it.'));
  await expect(page.getByText('As the page has it')).toBeVisible();
  const errors = (await heard()).filter(({ name }) => name === 'loop-error').map(({ tag, detail }) => [tag, detail.code]);
  expect(errors).toEqual([['loop-connect', 'no_provider'], ['loop-account', 'no_provider']]);
  await page.evaluate(() => document.body.append(document.createElement('loop-provider')));
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await platform.calls('biomarkers')).toEqual([]);
});

for (const [what, config, code, words] of [
  ['of another origin', 'https://elsewhere.example/loop.config.json', 'config_missing', 'could not be loaded'],
  ['that is no JSON', '{', 'config_wrong', 'file: '],
  ['with a field that there is not', '{"client_id":"a","client_secret":"x"}', 'config_wrong', 'client_secret: is no setting'],
  ['without a client', '{}', 'config_wrong', 'client_id: is missing'],
  ['with markup in it', '{"client_id":"a","<img src=x onerror=alert(1)>":1}', 'config_wrong', '<img src=x onerror=alert(1)>: is no setting'],
]) {
  test(`a configuration ${what} is said and told, and the page goes on`, async ({ open, page, heard }) => {
    await open({ body: `<loop-provider id="provider"><loop-connect>Not yet</loop-connect></loop-provider><loop-number-line label="Good" value="1" high="2"></loop-number-line>`, script: `${"import '/loop-partner/session-auto.js';"}` });
    await page.evaluate((config) => (provider.config = config), config);
    await expect(page.getByRole('alert')).toContainText(words);
    expect((await heard()).filter(({ name }) => name === 'loop-error').map(({ detail }) => detail.code)).toContain(code);
    await expect(page.locator('loop-number-line').getByRole('img')).toBeVisible();
  });
}

test('markup alone cannot say where the token of somebody who is connected goes', async ({ open, page, platform, abroad }) => {
  await open({ body: PAGE });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
  const config = JSON.stringify({ client_id: platform.clientId, issuer: platform.identity, clinical: 'https://evil.example' });
  await open({ body: `<loop-provider id="provider"></loop-provider><loop-biomarkers></loop-biomarkers>`, script: '' });
  await page.evaluate(async (config) => {
    provider.setAttribute('config', config);
    await import('/loop-partner/session-auto.js');
  }, config);
  await expect(page.getByRole('alert')).toContainText('config: is an address');
  expect(abroad).toEqual([]);
});

test('a page that follows errors and draws its provider anew hears of one once', async ({ open, page, heard }) => {
  await open({ body: '<loop-provider id="provider"></loop-provider>', path: `${CALLBACK}?code=c&state=s`, script: `addEventListener('loop-error', () => (provider.config = { ...config }));
const config = await (await fetch('/loop.config.json')).json();
provider.config = config;
await import('/loop-partner/session-auto.js');` });
  const errors = async () => (await heard()).filter(({ name }) => name === 'loop-error').length;
  await expect.poll(errors).toBe(1);
  // Some turns later it is still one.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  expect(await errors()).toBe(1);
});

test('a link of the page around an element is the page’s', async ({ open, page, platform, heard }) => {
  await open({ body: '<a href="/elsewhere"><loop-number-line label="A" value="1" high="2"></loop-number-line></a>' });
  await page.locator('loop-number-line').click();
  await page.waitForURL(`${platform.app}/elsewhere`);
  expect((await heard()).map(({ name }) => name)).not.toContain('loop-select');
});

test('a configuration that is missing may come later', async ({ open, page, forgive }) => {
  forgive('/not/there.json', 404);
  // Of a page that is not there the platform shows the app, which is no configuration.
  await open({ body: '<loop-provider id="provider" config="/not/there.json"><loop-connect></loop-connect></loop-provider>' });
  await expect(page.getByRole('alert')).toContainText('The configuration of this page');
  await page.evaluate(() => provider.setAttribute('config', '/loop.config.json'));
  await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a configuration as a property, set before the elements are defined', async ({ open, page, platform }) => {
  await open({
    body: '<loop-provider id="provider"><loop-connect></loop-connect></loop-provider>',
    script: `provider.config = ${JSON.stringify({ client_id: platform.clientId, issuer: platform.identity, clinical: platform.clinical })};
await import('/loop-partner/session-auto.js');`,
  });
  await toLoop(page, platform, page.getByRole('button', { name: 'Connect with Loop' }));
});

test('two providers of one configuration share the session, and one that differs says so', async ({ open, page, platform }) => {
  await open({ body: `<loop-provider config="/loop.config.json">${PAGE}</loop-provider><loop-provider id="other"><loop-account></loop-account></loop-provider>`, script: `other.config = { client_id: 'other' };\nawait import('/loop-partner/session-auto.js');` });
  await expect(page.getByRole('alert')).toHaveText('This page has two configurations that differ: give each <loop-provider> the same.');
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.locator('#other loop-account')).toContainText('Maya Lindqvist');
  expect(await platform.calls('biomarkers')).toHaveLength(1);
});

test('a callback that nobody asked for is taken out of the address bar and refused', async ({ open, page, platform, heard }) => {
  await open({ body: PAGE, path: `${CALLBACK}?code=c&state=s` });
  await expect(page.locator('loop-connect').getByRole('alert')).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/`);
  expect((await heard()).find(({ name }) => name === 'loop-error').detail).toMatchObject({ code: 'unknown_state', recovery: { action: 'sign_in' } });
  expect(await platform.calls('token')).toEqual([]);
});

test('on the way back the address is clean before anything is loaded, and nobody is told to connect', async ({ open, page, platform }) => {
  await open({ body: PAGE });
  await toLoop(page, platform, page.getByRole('button', { name: 'Connect your results' }));
  await signInAs(page, 'Maya Lindqvist');
  const held = [];
  await page.route('**/loop-session.wasm', (route) => held.push(route));
  await platform.fault('token', 'slow', { times: 1 });
  await allow(page);
  await expect.poll(() => held.length).toBe(1);
  expect(page.url()).toBe(platform.app + CALLBACK);
  await page.evaluate(() => {
    globalThis.buttons = 0;
    setInterval(() => (buttons += document.querySelector('loop-connect').shadowRoot.querySelectorAll('button').length), 5);
  });
  await held[0].continue();
  await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
  expect(await page.evaluate(() => buttons), 'no button flashed up').toBe(0);
});

test('a code that is of another library stays in the address bar', async ({ open, page, platform }) => {
  const path = '/other/callback?code=c&state=s#there';
  await open({ body: PAGE, path });
  await expect(page.getByRole('button', { name: 'Connect your results' })).toBeVisible();
  expect(page.url()).toBe(platform.app + path);
});

test('a site of several pages loads the one that the person came from', async ({ open, page, platform }) => {
  await open({ body: PAGE.replace('<loop-provider', '<loop-provider navigate'), path: '/second?tab=2' });
  let loads = 0;
  page.on('load', () => (loads += page.url().startsWith(platform.app) ? 1 : 0));
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
  expect(page.url()).toBe(`${platform.app}/second?tab=2`);
  expect(loads, 'the way back, and the page').toBe(2);
});

test('whoever leaves in one tab has left in all', async ({ open, page, platform, context }) => {
  await open({ body: PAGE });
  await connectAs(page, platform, 'Maya Lindqvist');
  const other = await context.newPage();
  await other.goto(platform.app);
  await expect(other.locator('loop-account')).toContainText('Maya Lindqvist');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(other.getByRole('button', { name: 'Connect your results' })).toBeVisible();
  await expect(other.getByText(/ldl/i)).toHaveCount(0);
});

test('elements that come and go find the session, under any prefix', async ({ open, page, platform }) => {
  await open({ body: PAGE.replaceAll('loop-provider', 'acme-provider').replaceAll('<loop-', '<acme-').replaceAll('</loop-', '</acme-'), script: "import { define } from '/loop-partner/session.js';\ndefine({ prefix: 'acme' });" });
  await connectAs(page, platform, 'Maya Lindqvist');
  const list = page.locator('acme-biomarkers');
  await expect(list.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await page.evaluate(async () => {
    const provider = document.querySelector('acme-provider');
    const parent = provider.parentNode;
    provider.remove();
    await new Promise((done) => setTimeout(done));
    parent.append(provider);
  });
  await expect(list.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  await expect(page.locator('acme-account')).toContainText('Maya Lindqvist');
  expect(await platform.calls('biomarkers'), 'what was loaded is kept').toHaveLength(1);
});

test('elements of the session that come and go leave nothing behind', async ({ open, page, platform }) => {
  test.setTimeout(120_000);
  await open({ body: PAGE });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  const round = (count) =>
    page.evaluate(async (count) => {
      const provider = document.querySelector('loop-provider');
      for (let made = 0; made < count; made += 20) {
        const kinds = ['loop-account', 'loop-biomarkers', 'loop-number-line', 'loop-trend'];
        const all = Array.from({ length: 20 }, (_, place) => Object.assign(document.createElement(kinds[place % 4]), place % 4 > 1 ? { code: 'ldl' } : {}));
        const ready = Promise.all(all.map((one) => new Promise((done) => one.addEventListener('loop-ready', done, { once: true }))));
        provider.append(...all);
        await ready;
        for (const one of all) one.remove();
        await new Promise((done) => setTimeout(done));
        heard.length = 0;
      }
    }, count);
  const measure = async () => {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))));
    for (let time = 0; time < 3; time += 1) await client.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
    return { nodes, jsEventListeners, usedSize: (await client.send('Runtime.getHeapUsage')).usedSize };
  };
  await round(100);
  const before = await measure();
  await round(1000);
  const after = await measure();
  console.log(`1,000 mounts with a session: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  expect(after.nodes - before.nodes, 'nodes').toBeLessThan(50);
  expect(after.jsEventListeners - before.jsEventListeners, 'listeners').toBeLessThan(20);
  expect(after.usedSize - before.usedSize, 'bytes of the heap').toBeLessThan(300_000);
  expect(await platform.calls('biomarkers')).toHaveLength(1);
});

test('a page with a second copy of the script has one session', async ({ open, page, platform }) => {
  await open({ body: PAGE, script: "import '/loop-partner/session-auto.js';\nimport '/loop-partner/session-standalone.js';" });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
  expect(await platform.calls('biomarkers')).toHaveLength(1);
});

test('the way back leads to where the person was when they pressed the button', async ({ open, page, platform }) => {
  await open({ body: PAGE });
  await expect(page.getByRole('button', { name: 'Connect your results' })).toBeVisible();
  await page.evaluate(() => history.pushState({ of: 'the router' }, '', '/later?tab=3'));
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
  expect(page.url()).toBe(`${platform.app}/later?tab=3`);
});

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of ['light', 'dark']) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test(`axe finds nothing before, after and when something is wrong: ${colorScheme}`, async ({ open, page, platform }) => {
      await open({ body: `${PAGE}<loop-connect scopes="read:red_flags" label="Show my safety flags"></loop-connect>` });
      const found = async () => {
        await page.evaluate(AXE);
        return page.evaluate(async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' | ')}`));
      };
      const look = (dark) => Object.assign(document.documentElement.style, dark ? { colorScheme: 'dark', background: '#101513', color: '#eee' } : {});
      await page.evaluate(look, colorScheme === 'dark');
      await expect(page.getByRole('button', { name: 'Connect your results' })).toBeVisible();
      expect(await found()).toEqual([]);
      await connectAs(page, platform, 'Maya Lindqvist');
      await page.evaluate(look, colorScheme === 'dark');
      await expect(page.getByRole('link', { name: /ldl/i }).first()).toBeVisible();
      await page.evaluate(() => document.body.append(Object.assign(document.createElement('loop-provider'), { config: '{}' })));
      await expect(page.getByRole('alert').filter({ hasText: 'configuration' })).toBeVisible();
      expect(await found()).toEqual([]);
    });
  });
}
