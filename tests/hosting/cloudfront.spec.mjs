// CloudFront's function, run as CloudFront runs it: which addresses are pages. The host itself is out of a test's reach.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, expect } from '@playwright/test';

test('pages are the document, everything else is asked for as it is, and no query goes on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loop-cloudfront-'));
  try {
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ client_id: 'app_1', redirect_path: '/back/from-loop' }));
    execFileSync(process.env.LOOP_XTASK, ['dist', '--built', '--host', 'cloudfront', '--config', join(folder, 'config.json'), '--out', join(folder, 'deploy')], { stdio: 'pipe' });
    const handler = new Function(`${readFileSync(join(folder, 'deploy/cloudfront-function.js'), 'utf8')}; return handler;`)();
    const asked = (uri) => handler({ request: { uri, method: 'GET', querystring: { code: { value: 'canary' } }, headers: {} } });
    for (const page of ['/', '/report', '/report/', '/care/check-in', '/settings', '/biomarkers/ldl', '/biomarkers/a%2Fb', '/back/from-loop']) {
      expect(asked(page), page).toMatchObject({ uri: '/index.html', querystring: {} });
    }
    for (const file of ['/missing.wasm', '/loop.config.json', '/nowhere', '/auth/loop/callback', '/biomarkers', '/index.html']) {
      expect(asked(file), file).toMatchObject({ uri: file, querystring: {} });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
