// What a browser refuses because of what the server says: frames, foreign code, foreign addresses, and files with a changed byte.
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { startPlatform } from '../support/platform.mjs';
import { startServer } from './server.mjs';

// Not the `test` of journeys: here the console says what is refused.
const test = base.extend({
  host: ['nginx', { option: true, scope: 'worker' }],
  platform: [
    async ({}, use) => {
      const platform = await startPlatform();
      await use(platform);
      await platform.stop();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ host, platform }, use) => {
      const server = await startServer(host, platform);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  /** Another site, with a page that frames the app and a script that says that it ran. */
  elsewhere: [
    async ({ server }, use) => {
      const other = createServer((request, response) => {
        const isScript = request.url.endsWith('.js');
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
        response.setHeader('access-control-allow-origin', '*');
        response.setHeader('cross-origin-resource-policy', 'cross-origin');
        response.end(isScript ? "document.documentElement.dataset.foreign = 'ran';" : `<!doctype html><iframe src="${server.origin}/"></iframe>`);
      });
      await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
      await use(`http://localhost:${other.address().port}`);
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    },
    { scope: 'worker' },
  ],
});

/** Puts files into the folder that is served, for one test. */
async function withFiles(server, files, act) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(server.site, name), text);
  try {
    return await act();
  } finally {
    for (const name of Object.keys(files)) rmSync(join(server.site, name));
  }
}

test('no other site may frame the app', async ({ page, server, elsewhere }) => {
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(`${elsewhere}/`);
  await expect.poll(() => said.join('\n')).toMatch(/frame-ancestors/);
  const frame = page.frames().find((frame) => frame !== page.mainFrame());
  expect(frame.url()).not.toContain(server.origin);
  // The same page by itself is there.
  await page.goto(server.origin);
  await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
});

test('from a script of the site itself: no eval, no handler in markup, no inline, no foreign script, no foreign address', async ({ page, server, platform, elsewhere }) => {
  const files = {
    'probe.html': `<!doctype html><html><meta charset="utf-8"><title>Probe</title><body>
      <script>document.documentElement.dataset.inline = 'ran';</script>
      <img src="/missing.png" alt="" onerror="document.documentElement.dataset.handler = 'ran'">
      <p style="color: red" id="styled">styled</p>
      <script src="${elsewhere}/foreign.js"></script>
      <script src="/probe.js"></script></body></html>`,
    'probe.js': `
      const seen = [];
      const attempt = async (name, act) => {
        try {
          await act();
          seen.push(name + ' worked');
        } catch (error) {
          seen.push(name + ' ' + error.constructor.name);
        }
      };
      (async () => {
        await attempt('eval', () => eval('1'));
        await attempt('Function', () => new Function('return 1')());
        await attempt('markup', () => { document.body.innerHTML += '<b>x</b>'; });
        await attempt('script', () => { document.createElement('script').src = '/probe.js'; });
        await attempt('fetch elsewhere', () => fetch('${elsewhere}/x', { mode: 'no-cors' }));
        await attempt('fetch portal', () => fetch('${platform.portal}/', { mode: 'no-cors' }));
        await attempt('beacon', () => { if (!navigator.sendBeacon('${elsewhere}/x', 'x')) throw new TypeError(); });
        await attempt('fetch issuer', () => fetch('${platform.identity}/.well-known/openid-configuration', { mode: 'no-cors' }));
        await attempt('fetch own', () => fetch('/loop.config.json'));
        document.documentElement.dataset.seen = JSON.stringify(seen);
      })();`,
  };
  await withFiles(server, files, async () => {
    const asked = [];
    page.on('response', (response) => asked.push(response.url()));
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
    });
    await page.goto(`${server.origin}/probe.html`);
    const root = page.locator('html');
    await expect(root).toHaveAttribute('data-seen', /fetch own/);
    expect(JSON.parse(await root.getAttribute('data-seen'))).toEqual([
      'eval EvalError',
      'Function EvalError',
      'markup TypeError',
      'script TypeError',
      'fetch elsewhere TypeError',
      'fetch portal TypeError',
      // A beacon never says; that none arrived is looked at below.
      expect.stringContaining('beacon'),
      'fetch issuer worked',
      'fetch own worked',
    ]);
    for (const name of ['data-inline', 'data-handler', 'data-foreign']) expect(await root.getAttribute(name), name).toBeNull();
    const violations = await page.evaluate(() => window.violations);
    for (const expected of ['script-src-elem inline', 'script-src-attr inline', 'style-src-attr inline', `script-src-elem ${elsewhere}/foreign.js`, `connect-src ${elsewhere}/x`, `connect-src ${platform.portal}/`, 'require-trusted-types-for trusted-types-sink']) {
      expect(violations).toContainEqual(expected);
    }
    expect(asked.filter((url) => url.startsWith(elsewhere) || url.startsWith(platform.portal))).toEqual([]);
  });
});

test('the packed wasm cannot be unpacked: the app is not there, and the page says that it was changed and not that the line is broken', async ({ page, server }) => {
  const name = readdirSync(server.site).find((name) => name.startsWith('loop-partner-') && name.endsWith('.wasm'));
  const packed = ['br', 'gz'].map((ending) => join(server.site, `${name}.${ending}`)).map((file) => [file, readFileSync(file)]);
  // Late, when the browser has given what came before, with what neither form can say.
  for (const [file, bytes] of packed) writeFileSync(file, Buffer.from(bytes).fill(0xff, 100_000, 100_100));
  try {
    await page.goto(server.origin);
    await expect(page.locator('#boot-failed')).toHaveAttribute('data-reason', 'altered');
  } finally {
    for (const [file, bytes] of packed) writeFileSync(file, bytes);
  }
});

/** Where a byte is flipped, for a file with these parts. In the glue the last one, a line end that becomes another white space: it would run as before, so only its digest tells. */
const FLIPPED = [
  ['the first part of the wasm', 'wasm', ([start]) => start >> 1],
  ['the second part of the wasm', 'wasm', ([start, app]) => start + (app >> 1)],
  ['the glue', 'js', (parts, bytes) => bytes.length - 1],
];
for (const [what, extension, where] of FLIPPED) {
  test(`one flipped byte in ${what}: the app is not there, and the page says why`, async ({ page, server }) => {
    const name = readdirSync(server.site).find((name) => name.startsWith('loop-partner-') && name.endsWith(`.${extension}`));
    const file = join(server.site, name);
    const bytes = readFileSync(file);
    const parts = [...readFileSync(join(server.site, 'index.html'), 'utf8').matchAll(/name="?app-part"? content="?(\d+)/g)].map(([, length]) => Number(length));
    const flipped = Buffer.from(bytes);
    flipped[where(parts, bytes)] ^= 1;
    if (extension === 'js') expect(flipped.at(-1)).toBe(0x0b);
    // Compressed forms would be served in its place.
    const packed = ['br', 'gz'].map((ending) => `${file}.${ending}`);
    for (const one of packed) renameSync(one, `${one}-aside`);
    writeFileSync(file, flipped);
    try {
      await page.goto(server.origin);
      await expect(page.locator('#boot-failed')).toHaveAttribute('data-reason', 'altered');
      await expect(page.getByRole('alert').getByRole('heading', { level: 1 })).not.toBeEmpty();
      await expect(page.getByRole('button', { name: /^connect/i })).toHaveCount(0);
    } finally {
      writeFileSync(file, bytes);
      for (const one of packed) renameSync(`${one}-aside`, one);
    }
    // As it was, it starts.
    await page.goto('about:blank');
    await page.goto(server.origin);
    await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
  });
}
