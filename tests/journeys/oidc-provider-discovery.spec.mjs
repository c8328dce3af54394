// Discovery alone decides where the app goes: here the server has paths that nobody can know beforehand. And what a
// discovery document may not say.
import { randomBytes } from 'node:crypto';
import { NOTHING, SHORT_LIFE, test, expect, accessTokenEnded, kept } from '../support/oidc-provider/test.mjs';
import { connectAs } from '../support/journey.mjs';

const anyPath = () => `/${randomBytes(6).toString('hex')}/${randomBytes(6).toString('hex')}`;
const ROUTES = Object.fromEntries(['authorization', 'token', 'jwks', 'revocation'].map((name) => [name, anyPath()]));

test.use({ identityRoutes: ROUTES });

test('the app finds every endpoint by discovery, and asks for nothing else', async ({ page, platform, identity }) => {
  identity.accessTokenLife = SHORT_LIFE;
  await connectAs(page, platform, 'Maya Lindqvist');
  const ldl = page.getByRole('link', { name: /LDL/ }).first();
  await expect(ldl).toBeVisible();
  await accessTokenEnded(identity);
  await page.reload();
  await expect(ldl).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect.poll(() => identity.calls('revocation').length).toBe(2);

  expect(identity.answers.map((answer) => answer.grant)).toEqual(['authorization_code', 'refresh_token']);
  for (const name of Object.keys(ROUTES)) expect(identity.calls(name)[0].path, name).toBe(ROUTES[name]);
  const lost = identity.requests.filter((request) => !request.endpoint && !request.path.startsWith('/interaction/'));
  expect(lost, 'no path was guessed').toEqual([]);
});

const ELSEWHERE = 'http://identity.platform.loop.health';
const DOCUMENTS = [
  ['issuer_mismatch', 'another issuer', () => ({ issuer: ELSEWHERE })],
  ['issuer_mismatch', 'the issuer with a slash more', (issuer) => ({ issuer: `${issuer}/` })],
  ['insecure_endpoint', 'sign-in without TLS', () => ({ authorization_endpoint: `${ELSEWHERE}/auth` })],
  ['insecure_endpoint', 'a token endpoint without TLS', () => ({ token_endpoint: `${ELSEWHERE}/token` })],
  ['insecure_endpoint', 'keys without TLS', () => ({ jwks_uri: `${ELSEWHERE}/jwks` })],
  ['insecure_endpoint', 'revocation without TLS', () => ({ revocation_endpoint: `${ELSEWHERE}/revocation` })],
  ['no_s256', 'PKCE without S256', () => ({ code_challenge_methods_supported: ['plain'] })],
];

for (const [code, what, changes] of DOCUMENTS) {
  test(`a discovery document is refused before anything is sent: ${what}`, async ({ page, platform, identity }) => {
    identity.discovery = changes(identity.issuer);
    await page.goto(platform.app);
    await page.getByRole('main').getByRole('button', { name: 'Connect with Loop' }).click();
    await expect(page.getByText(`(code: ${code})`)).toBeVisible();
    expect(page.url()).toBe(`${platform.app}/`);
    expect(identity.requests.map((request) => request.endpoint)).toEqual(['discovery']);
    expect(await kept(page), 'no transaction was begun').toBe(NOTHING);
  });
}
