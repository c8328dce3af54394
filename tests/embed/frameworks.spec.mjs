// The package as npm installs it: what judges packages, types, and apps of three frameworks that Vite builds with it. What the
// documentation says to copy is copied from there.
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { blocks } from '../support/docs.mjs';
import { FRAMEWORKS, install, PACKAGE, run, runScript } from '../support/package.mjs';
import { serve } from './server.mjs';
import { expect, RESULTS, test } from './test.mjs';

const OUT = new URL('../../target/embed/', import.meta.url).pathname;

/** What a framework's part of the documentation shows first. */
async function block(heading) {
  const [code] = await blocks(heading);
  expect(code.trim().split('\n').length, `${heading}: under ten lines`).toBeLessThan(10);
  return code;
}

// Compilers and bundlers, on a machine that may be busy.
test.describe.configure({ mode: 'serial', timeout: 180_000 });

let packed;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  packed = await install(OUT);
});

/** What of the package is no script. */
const DATA = ['loop-elements.wasm', 'loop-session.wasm', 'loop-sdk.wasm', 'catalogue.json', 'custom-elements.json', 'integrity.json'];

test('publint and are-the-types-wrong find nothing', async () => {
  const [lint] = await Promise.all([
    runScript('publint/src/cli.js', [PACKAGE, '--strict']),
    // `esm-only`, because the package has no CommonJS; every subpath then resolves in Node, and in bundlers.
    runScript('@arethetypeswrong/cli/dist/index.js', [packed, '--profile', 'esm-only', '--exclude-entrypoints', ...DATA]),
  ]);
  expect(lint).toContain('All good!');
});

test('the types are right in strict TypeScript, for each framework, without a session and with one', async () => {
  await Promise.all(['tsconfig.json', 'tsconfig.session.json'].map((project) => runScript('typescript/bin/tsc', ['--project', project])));
});

test('every file is in the package, and has the digest that integrity.json says', async () => {
  const installed = join(FRAMEWORKS, 'node_modules/loop-partner');
  const digests = JSON.parse(await readFile(join(installed, 'integrity.json'), 'utf8'));
  const files = (await readdir(installed)).filter((name) => name !== 'integrity.json').sort();
  expect(Object.keys(digests).sort()).toEqual(files);
  for (const name of files) {
    const bytes = await readFile(join(installed, name));
    expect(digests[name], name).toBe(`sha384-${createHash('sha384').update(bytes).digest('base64')}`);
  }
  const texts = ['catalogue.json', 'catalogue.de.json', 'de.txt'];
  for (const [own, others] of [['index', ['loop-elements.wasm', ...texts]], ['session', ['loop-session.wasm', ...texts]], ['sdk', ['loop-sdk.wasm']]]) {
    const text = await readFile(join(installed, `${own}.js`), 'utf8');
    for (const name of others) expect(text.includes(digests[name]), `${own}.js holds ${name} to its digest`).toBe(true);
  }
  expect(files).not.toContain('node_modules');
});

test('it may be imported where there are no elements, as on a server', async () => {
  const elements = "import { define, LoopTrend } from 'loop-partner'; import 'loop-partner/auto'; define(); if (!LoopTrend.observedAttributes) throw 1;";
  const session = "import { define, LoopProvider } from 'loop-partner/session'; import 'loop-partner/session/auto'; define(); if (!LoopProvider.observedAttributes) throw 1;";
  const sdk = "import { LoopClient, platformHost } from 'loop-partner/sdk'; const loop = new LoopClient({ clientId: 'app_1' }); const { code } = await loop.ready.catch((error) => error); if (code !== 'unsupported_browser' || loop.tokens() !== null || !platformHost({ service: 'ai' })) throw 1;";
  for (const code of [elements, session, sdk]) await run(process.execPath, ['--input-type=module', '--eval', code]);
});

test('plain HTML, as the documentation says', async ({ page, server }) => {
  const html = await block('Plain HTML');
  server.pages.set('/docs.html', `<!doctype html><html lang="en"><title>A page</title><body>${html.replaceAll('/loop-partner/', '/pkg/')}</body></html>`);
  await page.goto(`${server.origin}/docs.html`);
  await expect(page.getByRole('img')).toHaveAccessibleName('LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL');
});

for (const [name, heading, file] of [
  ['react', 'React', 'Docs.jsx'],
  ['vue', 'Vue', 'Docs.vue'],
  ['svelte', 'Svelte', 'Docs.svelte'],
]) {
  test(`${heading}, built by Vite`, async ({ page }) => {
    // Beside the packages, where the app's imports are looked for.
    const app = join(FRAMEWORKS, `.app-${name}`);
    await rm(app, { recursive: true, force: true });
    await cp(join(FRAMEWORKS, name), join(app, name), { recursive: true });
    await writeFile(join(app, 'results.json'), JSON.stringify(RESULTS));
    await writeFile(join(app, name, file), await block(heading));
    await runScript('vite/bin/vite.js', ['build', join(app, name), '--config', 'vite.config.mjs', '--outDir', join(OUT, name)]);
    await rm(app, { recursive: true });
    const built = await readdir(join(OUT, name, 'assets'));
    expect(built.filter((one) => one.endsWith('.wasm'))).toHaveLength(1);

    const strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' data:; base-uri 'none'";
    const host = await serve({ app: join(OUT, name) }, strict);
    await page.goto(`${host.origin}/app/index.html`);
    await expect(page.locator('loop-number-line').first().getByRole('img')).toHaveAccessibleName('LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL');
    await expect(page.locator('#line').getByRole('img')).toHaveAccessibleName('Counted: 1, in range; range below 2');
    await page.getByRole('button', { name: 'More', exact: true }).click({ clickCount: 2 });
    await expect(page.locator('#line').getByRole('img')).toHaveAccessibleName('Counted: 3, above range; range below 2');
    await page.locator('#list .row__link', { hasText: 'Potassium' }).click();
    await expect(page.locator('#one').getByRole('heading', { name: 'Potassium' })).toBeVisible();
    expect(host.asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
    await host.stop();
  });
}
