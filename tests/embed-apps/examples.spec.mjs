// The examples, built as their authors would build them: connect, see, ask for more in place, leave; two elements of one session.
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allow, backOnThePage, SESSION, signInAs, stored, toLoop } from '../support/journey.mjs';
import { PACKAGE, run } from '../support/package.mjs';
import { startPlatform } from '../support/platform.mjs';
import { test as base, expect } from '../support/test.mjs';

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname;
const OUT = new URL('../../target/embed-examples/', import.meta.url).pathname;

const test = base.extend({
  /** Which example is served. */
  example: ['', { option: true }],

  platform: async ({ example }, use) => {
    const platform = await startPlatform([], { app: join(OUT, example) });
    await use(platform);
    await platform.stop();
  },
});

/** Makes what a host would serve. */
const BUILD = {
  async 'hello-html'(to) {
    await cp(join(EXAMPLES, 'hello-html'), to, { recursive: true });
    await cp(PACKAGE, join(to, 'loop-partner'), { recursive: true });
  },
  'hello-react': vite('hello-react'),
  'hello-vue': vite('hello-vue'),
};

function vite(name) {
  const folder = join(EXAMPLES, name);
  return (to) => run(process.execPath, [join(folder, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', '--emptyOutDir', '--outDir', to], folder);
}

const shadows = (page) => page.evaluate(() => [...document.querySelectorAll('loop-provider *')].map((element) => element.shadowRoot?.textContent ?? '').join(' '));
const connectButton = (page) => page.getByRole('button', { name: 'Connect with Loop' });

async function connect(page, platform) {
  await page.goto(`${platform.app}/anywhere?tab=2`);
  await toLoop(page, platform, connectButton(page));
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await backOnThePage(page, platform);
  expect(page.url(), 'the person is where they were').toBe(`${platform.app}/anywhere?tab=2`);
  await expect(connectButton(page)).toHaveCount(0);
}

async function leave(page, platform) {
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(connectButton(page)).toBeVisible();
  await expect.poll(() => shadows(page), 'nothing of the person is left').not.toMatch(/ldl|maya|mg\/dl/i);
  await expect(page.locator('body')).not.toContainText(/maya|safety flags/i);
  await expect.poll(async () => (await platform.calls('revoke')).filter((call) => call.status === 200).length).toBe(2);
  expect(Object.keys(await stored(page))).not.toContain(SESSION);
}

for (const example of Object.keys(BUILD)) {
  test.describe(example, () => {
    test.use({ example });
    test.beforeAll(async () => {
      await rm(join(OUT, example), { recursive: true, force: true });
      await BUILD[example](join(OUT, example));
      // Browsers ask for it by themselves.
      await writeFile(join(OUT, example, 'favicon.ico'), '');
    });

    test('connect, see, ask for more in place, disconnect', example === 'hello-html' ? inPlace : withTheSdk);
  });
}

/** It asks for the results when somebody is connected, where they will be. */
async function inPlace({ page, platform }) {
  const config = await (await fetch(`${platform.app}/loop.config.json`)).json();
  await platform.switches({ app_config: { ...config, scopes: ['openid', 'profile'] } });
  await connect(page, platform);
  expect(await platform.calls('biomarkers')).toEqual([]);
  const list = page.locator('loop-biomarkers');
  await toLoop(page, platform, list.getByRole('button'));
  await allow(page);
  await backOnThePage(page, platform);
  await list.getByRole('link', { name: /^LDL/ }).click();
  await expect(page.locator('loop-trend').getByRole('figure')).toBeVisible();
  expect(await platform.calls('biomarkers'), 'both read the same results').toHaveLength(1);
  await leave(page, platform);
}

/** It asks for safety flags when somebody is connected, and reads them with the SDK. */
async function withTheSdk({ page, platform, example, forgive }) {
  // Vue asks for a policy of its own, which the sandbox's headers do not allow, and goes on without.
  const [script] = (await readdir(join(OUT, example, 'assets'))).filter((name) => name.endsWith('.js'));
  if (example === 'hello-vue') forgive.lines.push({ path: `/assets/${script}`, start: "error: Creating a TrustedTypePolicy named 'vue'" });
  await connect(page, platform);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Hello, Maya Lindqvist');
  await expect(page.locator('loop-trend').getByRole('group', { name: /LDL/ })).toBeVisible();
  await page.locator('loop-biomarkers').getByRole('link', { name: /ferritin/i }).first().click();
  await expect(page.locator('loop-trend').getByRole('group', { name: /ferritin/i })).toBeVisible();
  expect(await platform.calls('biomarkers'), 'both read the same results').toHaveLength(1);
  expect(await platform.calls('red-flags')).toEqual([]);

  await toLoop(page, platform, page.getByRole('button', { name: 'Show safety flags' }));
  await allow(page);
  await backOnThePage(page, platform);
  await expect(page.getByText(/^Safety flags: \d+$/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show safety flags' })).toHaveCount(0);
  await leave(page, platform);
}
