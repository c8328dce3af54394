// Refreshing at an identity server that nobody here wrote, which ends the whole grant when an old refresh token comes
// back. The `identity` fixture checks after every test that none was sent twice.
import { NOTHING, SHORT_LIFE, test, expect, accessTokenEnded, kept, readings } from '../support/oidc-provider/test.mjs';
import { CASES, ofAnotherPerson } from '../support/oidc-provider/id-tokens.mjs';
import { allow, connectAs } from '../support/journey.mjs';

const ldl = (page) => page.getByRole('link', { name: /LDL/ }).first();
const signedOut = (page) => page.getByRole('status').filter({ hasText: 'You were signed out' });
const lost = (page) => page.getByRole('status').filter({ hasText: 'Please connect once more' });
const refreshes = (identity) => identity.answers.filter((answer) => answer.grant === 'refresh_token');

/** Makes the token endpoint decide and say nothing; call what comes back to let it speak. */
function hold(identity) {
  let speak;
  identity.pause = new Promise((resolve) => (speak = resolve));
  return speak;
}

test('every access token that ends is renewed once, with the newest refresh token', async ({ page, platform, identity }) => {
  identity.accessTokenLife = SHORT_LIFE;
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(ldl(page)).toBeVisible();
  expect(refreshes(identity)).toEqual([]);

  await accessTokenEnded(identity);
  await page.reload();
  await expect(ldl(page)).toBeVisible();
  expect(refreshes(identity).length).toBe(1);

  await accessTokenEnded(identity);
  identity.accessTokenLife = 3600;
  await page.reload();
  await expect(ldl(page)).toBeVisible();
  expect(refreshes(identity).length).toBe(2);

  // This one lives an hour: reading again needs no other.
  await page.reload();
  await expect(ldl(page)).toBeVisible();
  const given = identity.answers.map((answer) => answer.refresh_token);
  expect(new Set(given).size, 'the server rotates').toBe(3);
  expect(identity.sentRefreshTokens).toEqual(given.slice(0, 2));
  expect(await identity.introspect(given[2])).toMatchObject({ active: true });
  expect(await kept(page)).toContain(given[2]);
  expect(await readings(platform), 'clinical never saw a token that had ended').toEqual([200, 200, 200, 200]);
});

test('a token that ends early at the server is renewed once, and the reading is repeated once', async ({ page, platform, identity, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(ldl(page)).toBeVisible();
  identity.endAccessTokens();
  await page.reload();
  await expect(ldl(page)).toBeVisible();
  expect(refreshes(identity).length).toBe(1);
  expect(await readings(platform)).toEqual([200, 401, 200]);
});

test('however often the person asks while it is being renewed, it is renewed once', async ({ page, platform, identity, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(ldl(page)).toBeVisible();
  identity.endAccessTokens();
  const speak = hold(identity);
  await page.reload();
  await expect.poll(() => identity.sentRefreshTokens.length).toBe(1);
  const menu = page.getByRole('navigation', { name: 'Main' });
  for (const place of ['Settings', 'Results', 'Settings', 'Results']) {
    await menu.getByRole('link', { name: place }).click();
    await expect(menu.getByRole('link', { name: place })).toHaveAttribute('aria-current', 'page');
  }
  speak();
  await expect(ldl(page)).toBeVisible();
  expect(identity.sentRefreshTokens.length).toBe(1);
  expect(await readings(platform)).toEqual([200, 401, 200]);
});

test('when the answer to a refresh is lost, the person signs in again and the server never sees an old token', async ({ page, platform, identity, forgive }) => {
  forgive('/v1/biomarkers', 401);
  forgive(new URL(identity.endpoint('token')).pathname, 'net::ERR_CONTENT_LENGTH_MISMATCH');
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(ldl(page)).toBeVisible();
  identity.endAccessTokens();
  identity.loseTokenAnswers = true;
  await page.reload();
  await expect(lost(page)).toBeVisible();
  expect(identity.sentRefreshTokens.length).toBe(1);
  expect(await kept(page)).toBe(NOTHING);

  identity.loseTokenAnswers = false;
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await allow(page);
  await expect(ldl(page)).toBeVisible();
});

test('a reload in the middle of a refresh does not send the refresh token again', async ({ page, platform, identity, forgive }) => {
  forgive('/v1/biomarkers', 401);
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(ldl(page)).toBeVisible();
  identity.endAccessTokens();
  const speak = hold(identity);
  await page.reload();
  await expect.poll(() => identity.sentRefreshTokens.length).toBe(1);
  await page.reload();
  await expect(lost(page)).toBeVisible();
  speak();
  expect(identity.sentRefreshTokens.length).toBe(1);
});

const WRONG = {
  'it is of another person': ofAnotherPerson,
  ...Object.fromEntries(['it answers another sign-in (nonce)', 'one bit of its signature is flipped'].map((how) => [how, CASES.find(({ name }) => name === how).by])),
};

for (const [how, by] of Object.entries(WRONG)) {
  test(`a refresh with a wrong id_token ends the session: ${how}`, async ({ page, platform, identity, forgive }) => {
    forgive('/v1/biomarkers', 401);
    await connectAs(page, platform, 'Maya Lindqvist');
    await expect(ldl(page)).toBeVisible();
    identity.endAccessTokens();
    identity.tampering = { grant: 'refresh_token', by };
    await page.reload();
    await expect(signedOut(page)).toBeVisible();
    expect(refreshes(identity).length).toBe(1);
    expect(await kept(page)).toBe(NOTHING);
    expect(await readings(platform), 'nothing was read with the new token').toEqual([200, 401]);
  });
}
