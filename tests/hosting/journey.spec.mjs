// The main job through a real web server, and what its log says of it afterwards.
import { test, expect } from './test.mjs';
import { connectAs, expectNobody, expectResults } from '../support/journey.mjs';

test('connect, read the results, open one, reload it, disconnect; the log has no code, no query and no biomarker', async ({ page, platform, server }) => {
  // The platform is not put back to the start between tests.
  const revoked = async () => (await platform.calls('revoke')).filter((call) => call.status === 200).length;
  const before = await revoked();
  // The console is looked at by `quiet`, requests to elsewhere by `abroad`.
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  expect(new URL(page.url()).origin).toBe(server.origin);
  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  // Now the server is asked for that path.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: /^connect/i })).toBeVisible();
  await expectNobody(page);
  await expect.poll(revoked).toBe(before + 2);

  await server.ask('/last?canary=1');
  await expect.poll(() => server.log()).toMatch(/404/);
  expect(server.log() + server.said()).not.toMatch(/\?|code=|state=|canary|ldl|biomarkers|lph_|Maya|Mozilla/i);
});

test('a page that is not there says so, in the style of the app', async ({ page, server, forgive }) => {
  forgive('/nowhere', 404);
  const answer = await page.goto(`${server.origin}/nowhere`);
  expect(answer.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address');
  await page.getByRole('link', { name: 'Go to the start' }).click();
  await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
});
