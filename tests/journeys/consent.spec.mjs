// What the person, or the platform, answers to the question: no, less than was asked, not yet, not any more.
import { test, expect } from '../support/test.mjs';
import { allow, backInTheApp, changeSessionAndReload, connect, connectAs, deny, expectNobody, expectPage, expectResults, signInAs } from '../support/journey.mjs';

const PERMISSION = 'Your permission is needed';

test('saying no is fine: a calm page, and nothing happens until the person asks for it', async ({ page, platform }) => {
  await connect(page, platform);
  await signInAs(page, 'Maya Lindqvist');
  await deny(page);
  await expectPage(page, 'You said no, and that is fine', 'Connect again', 'Loop shared nothing with this app');
  expect(new URL(page.url()).search).toBe('');
  await expectNobody(page);
  expect(await platform.calls('token'), 'no token is asked for').toEqual([]);
  expect(await platform.calls('authorize'), 'Loop is not asked again').toHaveLength(1);

  await page.getByRole('button', { name: 'Connect again' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});

test('an app without a BAA says so, and works once the BAA is signed', async ({ page, platform }) => {
  await platform.baa(false);
  await page.goto(platform.app);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await expectPage(page, 'This app may not ask for that yet', 'Go to the start', 'BAA');
  await expectNobody(page);
  expect(await platform.calls('token')).toEqual([]);

  await platform.baa(true);
  await page.getByRole('link', { name: 'Go to the start' }).click();
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await signInAs(page, 'Maya Lindqvist');
  await allow(page);
  await backInTheApp(page, platform);
  await expectResults(page);
});

test('whoever keeps the lab results to themselves is told what is missing, and is asked only on their own click', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { path: '/biomarkers/ferritin', without: ['read:biomarkers'] });
  await expectPage(page, PERMISSION, 'Ask Loop for this', 'your lab results');
  expect(await platform.calls('biomarkers'), 'what was not granted is not tried').toEqual([]);
  expect(await platform.calls('authorize'), 'Loop is not asked again by itself').toHaveLength(1);

  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Your lab results' })).toContainText('Not allowed');
  await expect(page.getByRole('listitem').filter({ hasText: 'Who you are' })).toContainText('Allowed');
  await page.goBack({ waitUntil: 'commit' });

  await page.getByRole('button', { name: 'Ask Loop for this' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/biomarkers/ferritin');
});

test('whoever keeps their name to themselves still sees their results', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist', { without: ['profile'] });
  await expectResults(page);
  await expect(page.getByText('Maya')).toHaveCount(0);
});

// The documentation gives both statuses. By its status alone a 401 would be refreshed, which cannot help.
for (const { status, headers } of [{ status: 403, headers: true }, { status: 401, headers: true }, { status: 403, headers: false }, { status: 401, headers: false }]) {
  test(`a permission that is gone at Loop (${status}, ${headers ? 'named' : 'not named'}) is asked for again, and the results come back`, async ({ page, platform, forgive }) => {
    forgive('/v1/biomarkers', status);
    await platform.switches({ insufficient_scope_status: status, expose_headers: headers });
    await connectAs(page, platform, 'Maya Lindqvist', { without: ['read:biomarkers'] });
    await changeSessionAndReload(page, { granted: 'openid profile read:biomarkers' });
    await expectPage(page, PERMISSION, 'Ask Loop for this', 'you decide');
    const refused = await platform.calls('biomarkers');
    expect(refused.map((call) => call.status)).toEqual([status]);
    expect(await platform.calls('token'), 'a new token would not help').toHaveLength(1);

    await page.getByRole('button', { name: 'Ask Loop for this' }).click();
    await allow(page);
    await backInTheApp(page, platform);
    await expectResults(page);
  });
}
