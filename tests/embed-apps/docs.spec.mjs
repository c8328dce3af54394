// What the documentation says to copy for a session, in each framework: connect, and see results.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocks } from '../support/docs.mjs';
import { allow, signInAs } from '../support/journey.mjs';
import { FRAMEWORKS, PACKAGE, runScript } from '../support/package.mjs';
import { startPlatform } from '../support/platform.mjs';
import { test as base, expect } from '../support/test.mjs';

const OUT = new URL('../../target/embed-docs/', import.meta.url).pathname;
const page = (inside, script = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An app of somebody else’s</title></head><body><main id="app">${inside}</main>${script}</body></html>`;

/** By the headings of the documentation: the file of the code, and what shows it. */
const APPS = {
  React: ['Docs.jsx', "import { createElement } from 'react';\nimport { createRoot } from 'react-dom/client';\nimport Docs from './Docs.jsx';\ncreateRoot(document.getElementById('app')).render(createElement(Docs));\n"],
  Vue: ['Docs.vue', "import { createApp } from 'vue';\nimport Docs from './Docs.vue';\ncreateApp(Docs).mount('#app');\n"],
  Svelte: ['Docs.svelte', "import { mount } from 'svelte';\nimport Docs from './Docs.svelte';\nmount(Docs, { target: document.getElementById('app') });\n"],
};

const test = base.extend({
  heading: ['', { option: true }],

  platform: async ({ heading }, use) => {
    const platform = await startPlatform([], { app: join(OUT, heading) });
    await use(platform);
    await platform.stop();
  },
});

// A bundler, on a machine that may be busy.
test.describe.configure({ mode: 'serial', timeout: 120_000 });

/** Makes what a host would serve. */
async function build(heading) {
  const [, code] = await blocks(heading);
  expect(code.trim().split('\n').length, `${heading}: under ten lines`).toBeLessThan(10);
  const out = join(OUT, heading);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  if (heading in APPS) {
    const [file, main] = APPS[heading];
    const source = join(FRAMEWORKS, `.app-docs-${heading}`);
    await mkdir(source, { recursive: true });
    const files = { [file]: code, 'main.js': main, 'index.html': page('', '<script type="module" src="/main.js"></script>') };
    for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
    await runScript('vite/bin/vite.js', ['build', source, '--config', 'vite.config.mjs', '--base', '/', '--outDir', out]);
    await rm(source, { recursive: true });
  } else {
    await cp(PACKAGE, join(out, 'loop-partner'), { recursive: true });
    await writeFile(join(out, 'index.html'), page(code));
  }
  // Browsers ask for it by themselves.
  await writeFile(join(out, 'favicon.ico'), '');
}

for (const heading of ['Plain HTML', ...Object.keys(APPS)]) {
  test.describe(heading, () => {
    // Vue and Svelte want a Trusted Types policy of their own, which the sandbox's headers do not allow.
    test.use({ heading, bypassCSP: ['Vue', 'Svelte'].includes(heading) });
    test.beforeAll(() => build(heading));

    test('connect and see, as the documentation says', async ({ page, platform }) => {
      await page.goto(platform.app);
      await page.getByRole('button', { name: 'Connect with Loop' }).click();
      await page.waitForURL((url) => url.origin === platform.identity);
      await signInAs(page, 'Maya Lindqvist');
      await allow(page);
      await expect(page.locator('loop-biomarkers').getByRole('link', { name: /^LDL/ })).toBeVisible();
      await expect(page.locator('loop-account')).toContainText('Maya Lindqvist');
    });
  });
}
