// id_tokens that the browser must refuse: one thing is wrong in each, and all the rest is right, from a server whose
// other answers are right too.
import { NOTHING, test, expect, kept, readings } from '../support/oidc-provider/test.mjs';
import { ALGORITHMS, BROKEN, read, whole } from '../support/oidc-provider/id-tokens.mjs';
import { allow, connect, connectAs, signInAs } from '../support/journey.mjs';

const GRANT = 'authorization_code';

// What does not depend on the algorithm is tried with one after the other.
const cases = Object.entries(BROKEN).flatMap(([how, broken], index) => {
  const algorithms = broken.perAlgorithm ? ALGORITHMS : [ALGORITHMS[index % ALGORITHMS.length]];
  return algorithms.map((alg) => ({ how, alg, ...broken }));
});

/** Connects as far as the app lets it come, and expects it to stop for this reason, with nothing kept and nothing read. */
async function expectRefusal(page, platform, identity, code) {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  const title = code === 'id_token_expired' ? 'The clocks do not agree' : 'Signing in was stopped for your safety';
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByText(`(code: ${code})`)).toBeVisible();
  expect(identity.answers.length, 'the app did get tokens').toBe(1);
  expect(await kept(page), 'nothing is kept').toBe(NOTHING);
  expect(await readings(platform), 'nothing is read').toEqual([]);
  await expect(page.getByText(/LDL|Ferritin|Maya/)).toHaveCount(0);
}

for (const { how, alg, code, by } of cases) {
  test(`an id_token is refused (${alg}): ${how}`, async ({ page, platform, identity, signedWith }) => {
    await signedWith(alg);
    identity.tampering = { grant: GRANT, by };
    await expectRefusal(page, platform, identity, code);
  });
}

// A server under attack announces what the attacker needs.
for (const [how, { by }] of Object.entries(BROKEN).filter(([, { code }]) => code === 'id_token_algorithm')) {
  test(`an id_token is refused though discovery announces its algorithm: ${how}`, async ({ page, platform, identity }) => {
    identity.discovery = { id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'] };
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
