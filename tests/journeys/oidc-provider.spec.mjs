// The journeys against an identity server that nobody here wrote: the same app, the same steps, other endpoints, other
// tokens. Clinical asks that server about every token.
import { NOTHING, test, expect, kept, readings } from '../support/oidc-provider/test.mjs';
import { read } from '../support/oidc-provider/id-tokens.mjs';
import { ALGORITHMS } from '../support/signing.mjs';
import { clientIdOf } from '../support/oidc-provider/server.mjs';
import { allow, connect, connectAs, deny, signInAs } from '../support/journey.mjs';

const ldl = (page) => page.getByRole('link', { name: /LDL/ }).first();
const connectButton = (page) => page.getByRole('main').getByRole('button', { name: /^connect/i });
const disconnect = (page) => page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();

for (const alg of ALGORITHMS) {
  test(`connect, read the results, open one, disconnect; id_token signed with ${alg}`, async ({ page, platform, identity, signedWith }) => {
    await signedWith(alg);
    await connect(page, platform);
    await signInAs(page, 'Maya Lindqvist');
    await expect(page.getByRole('heading', { name: /Loop Partner/ })).toBeVisible();
    await allow(page);

    await expect(ldl(page)).toBeVisible();
    await expect(page.getByText('Ferritin', { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('banner').getByText('Maya Lindqvist')).toBeVisible();
    const url = new URL(page.url());
    expect([url.origin, url.search + url.hash], 'code and state are gone from the address').toEqual([platform.app, '']);

    await ldl(page).click();
    await expect(page.getByRole('heading', { level: 1, name: /LDL/ })).toBeVisible();

    const [tokens, ...others] = identity.answers;
    expect(others).toEqual([]);
    expect(read(tokens.id_token).header.alg).toBe(alg);
    expect(read(tokens.id_token).claims).toMatchObject({ sub: 'usr_maya', aud: clientIdOf(alg), iss: identity.issuer });
    expect(await identity.introspect(tokens.access_token)).toMatchObject({ active: true, sub: 'usr_maya' });
    expect(await identity.introspect(tokens.refresh_token)).toMatchObject({ active: true, sub: 'usr_maya' });

    await disconnect(page);
    await expect(page.getByText('Loop has confirmed that this app has no access any more')).toBeVisible();
    const revoked = identity.calls('revocation').map(({ status, params }) => [status, params.token]);
    expect(revoked).toEqual([
      [200, tokens.refresh_token],
      [200, tokens.access_token],
    ]);
    expect(await identity.introspect(tokens.access_token)).toEqual({ active: false });
    expect(await identity.introspect(tokens.refresh_token)).toEqual({ active: false });
  });
}

test('after disconnecting, nothing is on screen or in storage, and Back shows nothing', async ({ page, platform, identity }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await ldl(page).click();
  await expect(page.getByRole('heading', { level: 1, name: /LDL/ })).toBeVisible();
  await disconnect(page);
  await expect(connectButton(page)).toBeVisible();
  await expect.poll(() => identity.calls('revocation').length).toBe(2);

  const [tokens] = identity.answers;
  const gone = async (when) => {
    await expect(page.getByText(/LDL|Ferritin|Maya/), when).toHaveCount(0);
    const left = await kept(page);
    for (const secret of ['usr_maya', 'Maya', tokens.access_token, tokens.refresh_token]) expect(left, when).not.toContain(secret);
  };
  await gone('after disconnecting');
  for (const time of ['once', 'twice', 'three times']) {
    await page.goBack({ waitUntil: 'commit' });
    if (!page.url().startsWith(platform.app)) break;
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await gone(`after Back ${time}`);
  }
  expect(await readings(platform), 'what was shown was read once').toEqual([200]);
});

test('whoever says no is told that nothing was shared', async ({ page, platform, identity }) => {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await expect(page.getByRole('heading', { level: 1, name: 'You said no, and that is fine' })).toBeVisible();
  await expect(page.getByText('(code: access_denied)')).toBeVisible();
  expect(new URL(page.url()).search).toBe('');
  expect(identity.calls('token')).toEqual([]);
  expect(await readings(platform)).toEqual([]);
  expect(await kept(page)).toBe(NOTHING);
});

test('whoever leaves out the lab results is asked for them, and nothing is read', async ({ page, platform, identity }) => {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page, { without: ['read:biomarkers'] });
  await expect(page.getByRole('heading', { level: 1, name: 'Your permission is needed' })).toBeVisible();
  expect(identity.answers.map((answer) => answer.scope)).toEqual(['openid profile']);
  expect(await readings(platform)).toEqual([]);

  await page.getByRole('button', { name: 'Ask Loop for this' }).click();
  await allow(page);
  await expect(ldl(page)).toBeVisible();
});
