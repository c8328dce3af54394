// The code that the platform's guide tells partners to write, with another module's name in its imports and without the secret that a
// browser cannot keep: compiled, bundled, and run against the platform under its own names.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { blocks } from '../support/docs.mjs';
import { allow, signInAs } from '../support/journey.mjs';
import { FRAMEWORKS, runScript } from '../support/package.mjs';
import { APP, CLINICAL, IDENTITY, startHosts } from './hosts.mjs';

const OUT = new URL('../../target/embed-guide/', import.meta.url).pathname;
// Beside the packages, where imports are looked for.
const SOURCE = join(FRAMEWORKS, '.app-guide');
const REDIRECT = `${APP}/auth/loop/callback`;
const SCOPES = ['openid', 'profile', 'read:biomarkers'];

/** A step of the guide as it stands there, and as it is compiled. `undefined` takes a line out. */
async function changed(step, change) {
  const file = new URL(`guide/${step}.ts`, import.meta.url);
  const said = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const lines = said.map((line) => [line, change(line)]);
  const differing = lines.filter(([before, after]) => before !== after);
  return { text: lines.map(([, after]) => after).filter((line) => line !== undefined).join('\n'), differing };
}

/** The only change of most lines: whose module it is. */
const named = (line) => line.replace(/ from "@platform\/(sdk|sdk-clinical|hosts|contracts)";$/, ' from "loop-partner/sdk";');

const test = base.extend({
  hosts: [
    async ({}, use) => {
      await rm(SOURCE, { recursive: true, force: true });
      await cp(new URL('guide', import.meta.url).pathname, SOURCE, { recursive: true });
      await mkdir(join(OUT, 'app'), { recursive: true });
      const hosts = await startHosts(join(OUT, 'app'), { '/': 'index.html', '/auth/loop/callback': 'callback.html' });
      await use(hosts);
      await hosts.stop();
      await rm(SOURCE, { recursive: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  launchOptions: [
    async ({ launchOptions, hosts }, use) => {
      const rules = [APP, IDENTITY, CLINICAL].map((origin) => `MAP ${new URL(origin).host}:443 127.0.0.1:${hosts.port}`);
      await use({ ...launchOptions, args: [...launchOptions.args, `--host-resolver-rules=${rules.join(', ')}`] });
    },
    { scope: 'worker' },
  ],
});

test.use({ ignoreHTTPSErrors: true });
// A compiler and a bundler, on a machine that may be busy.
test.describe.configure({ mode: 'serial', timeout: 120_000 });

test('the guide’s code compiles, with another module in its imports and without the secret', async ({ hosts }) => {
  const three = await changed('step-3', (line) => (line.startsWith('clientSecret: ') ? undefined : named(line)));
  expect(three.differing).toEqual([
    ['import { LoopClient } from "@platform/sdk";', 'import { LoopClient } from "loop-partner/sdk";'],
    ['clientSecret: process.env.LOOP_CLIENT_SECRET!,', undefined],
    ['import { createClinicalClient } from "@platform/sdk-clinical";', 'import { createClinicalClient } from "loop-partner/sdk";'],
    ['import { platformHost, SERVICE_NAMES } from "@platform/hosts";', 'import { platformHost, SERVICE_NAMES } from "loop-partner/sdk";'],
  ]);
  // The guide waits in a function that is not `async`, which no compiler takes.
  const four = await changed('step-4', (line) => named(line).replace(', (req, res) => {', ', async (req, res) => {'));
  expect(four.differing).toEqual([
    ['import { WEBHOOK_HEADERS, EVENT_NAMES } from "@platform/contracts";', 'import { WEBHOOK_HEADERS, EVENT_NAMES } from "loop-partner/sdk";'],
    ['app.post("/webhooks/loop", (req, res) => {', 'app.post("/webhooks/loop", async (req, res) => {'],
  ]);
  expect(hosts.platform.identity).toBe(IDENTITY);
  // For the page that shows what it has.
  await writeFile(join(SOURCE, 'step-3.ts'), `${three.text}\nexport { biomarkers, tokens };\n`);
  await writeFile(join(SOURCE, 'step-4.ts'), `${four.text}\n`);
  // What our own documentation shows of the same.
  const [sdk] = await blocks('The SDK');
  await writeFile(join(SOURCE, 'docs.ts'), sdk);
  await runScript('typescript/bin/tsc', ['--project', '.'], SOURCE);
});

test('the guide’s code runs: connect, allow, and it has the biomarkers', async ({ page, hosts: { platform } }) => {
  const words = [];
  page.on('console', (message) => words.push(message.text()));
  page.on('pageerror', (error) => words.push(error.message));
  const form = new URLSearchParams([['client_name', 'Your app'], ['redirect_uri', REDIRECT], ...SCOPES.map((scope) => ['scope', scope])]);
  const registered = await fetch(`${platform.portal}/clients`, { method: 'POST', body: form, redirect: 'manual' });
  const clientId = new URL(registered.headers.get('location'), platform.portal).hash.slice(1);
  await platform.baa(true, clientId);
  process.env.LOOP_CLIENT_ID = clientId;
  await runScript('vite/bin/vite.js', ['build', '--outDir', join(OUT, 'app')], SOURCE);

  await page.goto(APP);
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await page.waitForURL((url) => url.origin === IDENTITY);
  await signInAs(page, 'Maya Lindqvist');
  await expect(page.getByText('You will return to your-app.example.com')).toBeVisible();
  await allow(page);
  await page.waitForURL((url) => url.href.startsWith(`${REDIRECT}?`));
  await expect(page.getByRole('listitem').filter({ hasText: /^LDL/ }).first()).toHaveText(/LDL.* \d+(\.\d+)? mg\/dL$/);

  const { shown, count, handle, kept } = await page.evaluate(() => ({
    shown: document.querySelectorAll('li').length,
    count: biomarkers.results.length,
    handle: JSON.stringify(tokens),
    kept: Object.values({ ...sessionStorage }).join(' '),
  }));
  expect(count).toBe(shown);
  expect(shown).toBeGreaterThan(10);
  const { access_token, sub } = JSON.parse(handle);
  expect(access_token, 'a handle, and no token').toBe('[kept by the session]');
  expect(kept).toContain(sub);
  const [call] = await platform.calls('biomarkers');
  expect(call.status).toBe(200);
  expect((await platform.calls('token')).map(({ status }) => status), 'the code went once').toEqual([200]);
  expect(words, 'the console stays empty').toEqual([]);
});
