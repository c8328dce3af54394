// What Mozilla's HTTP Observatory says of the app behind a real web server: the best grade, and why.
import { execFileSync } from 'node:child_process';
import { test, expect } from './test.mjs';

/** Its whole scan: what it says of each of its tests, and the grade. */
function scanned(server) {
  const words = [new URL('observatory.mjs', import.meta.url).pathname, String(server.port), String(server.plain)];
  return JSON.parse(execFileSync(process.execPath, words, { env: { NODE_EXTRA_CA_CERTS: server.authority } }));
}

test('the grade is A+, and no test of it fails', async ({ server }) => {
  const { scan, tests } = scanned(server);
  const found = Object.fromEntries(Object.entries(tests).map(([name, { result, scoreModifier }]) => [name, `${result} ${scoreModifier}`]));
  console.log(`Observatory: ${scan.grade}, ${scan.score}`);
  // With what each adds to a hundred.
  expect(found).toEqual({
    'content-security-policy': 'csp-implemented-with-no-unsafe-default-src-none 10',
    cookies: 'cookies-not-found 0',
    'cross-origin-resource-policy': 'corp-implemented-with-same-origin 10',
    'cross-origin-resource-sharing': 'cross-origin-resource-sharing-not-implemented 0',
    redirection: 'redirection-to-https 0',
    'referrer-policy': 'referrer-policy-private 5',
    'strict-transport-security': 'hsts-implemented-max-age-at-least-six-months 0',
    'subresource-integrity': 'sri-implemented-and-all-scripts-loaded-securely 5',
    'x-content-type-options': 'x-content-type-options-nosniff 0',
    'x-frame-options': 'x-frame-options-implemented-via-csp 5',
  });
  expect([scan.grade, scan.testsFailed]).toEqual(['A+', 0]);
});
