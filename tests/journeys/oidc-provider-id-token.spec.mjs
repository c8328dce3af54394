// The table of mutations in a browser: id_tokens in which one thing is wrong, and all the rest is right, from a server
// whose other answers are right too.
import { NOTHING, test, expect, kept, readings } from '../support/oidc-provider/test.mjs';
import { CASES, read, whole } from '../support/oidc-provider/id-tokens.mjs';
import { allow, connect, connectAs, signInAs } from '../support/journey.mjs';
import { ALGORITHMS } from '../support/signing.mjs';

const GRANT = 'authorization_code';
/** Refused for reasons that are most often the device's own clock. */
const CLOCKS = ['id_token_expired', 'id_token_issued_at', 'id_token_not_yet'];

// What the browser does for each algorithm is tried with each, the rest with one after the other.
const EACH = ['one bit of its signature is flipped', 'its at_hash is of another access token'];
const cases = CASES.flatMap((mutation, index) => {
  const algorithms = EACH.includes(mutation.name) ? ALGORITHMS : [ALGORITHMS[index % ALGORITHMS.length]];
  return algorithms.map((alg) => ({ alg, ...mutation }));
});

/** Connects as far as the app lets it come, and expects it to stop for this reason, with nothing kept and nothing read. */
async function expectRefusal(page, platform, identity, code) {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  const title = CLOCKS.includes(code) ? 'The clocks do not agree' : 'Signing in was stopped for your safety';
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByText(`(code: ${code})`)).toBeVisible();
  expect(identity.answers.length, 'the app did get tokens').toBe(1);
  expect(await kept(page), 'nothing is kept').toBe(NOTHING);
  expect(await readings(platform), 'nothing is read').toEqual([]);
  await expect(page.getByText(/LDL|Ferritin|Maya/)).toHaveCount(0);
}

for (const { name, alg, verdict, reason, by } of cases) {
  test(`an id_token is ${verdict === 'accept' ? 'accepted' : 'refused'} (${alg}): ${name}`, async ({ page, platform, identity, signedWith }) => {
    await signedWith(alg);
    identity.tampering = { grant: GRANT, by };
    if (verdict === 'refuse') return expectRefusal(page, platform, identity, reason);
    await connectAs(page, platform, 'Maya Lindqvist');
    await expect(page.getByRole('link', { name: /LDL/ }).first()).toBeVisible();
  });
}

// A server under attack announces what the attacker needs.
for (const { name, by } of CASES.filter(({ change }) => ['none', 'nOnE', 'HS256'].includes(change.header?.alg))) {
  test(`an id_token is refused though discovery announces its algorithm: ${name}`, async ({ page, platform, identity }) => {
    identity.discovery = { id_token_signing_alg_values_supported: ['RS256', 'none', 'nOnE', 'HS256'] };
    identity.tampering = { grant: GRANT, by };
    await expectRefusal(page, platform, identity, 'id_token_algorithm');
  });
}

test('an id_token is refused when discovery announces other algorithms than its own', async ({ page, platform, identity }) => {
  identity.discovery = { id_token_signing_alg_values_supported: ['ES256'] };
  await expectRefusal(page, platform, identity, 'id_token_algorithm');
});

for (const alg of ALGORITHMS) {
  test(`an id_token is accepted after the same treatment, when it is whole (${alg})`, async ({ page, platform, identity, signedWith }) => {
    await signedWith(alg);
    identity.tampering = { grant: GRANT, by: whole };
    await connectAs(page, platform, 'Maya Lindqvist');
    await expect(page.getByRole('link', { name: /LDL/ }).first()).toBeVisible();
    const { header, claims } = read(identity.answers[0].id_token);
    expect(header.alg).toBe(alg);
    expect(claims).toHaveProperty('at_hash');
  });
}
