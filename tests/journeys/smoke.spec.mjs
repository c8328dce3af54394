// The main job from end to end: what `cargo xtask demo --smoke` runs.
import { test, expect } from '../support/test.mjs';
import { allow, connect, signInAs } from '../support/journey.mjs';

test('connect, read the results, open one, disconnect, and Back shows nothing', async ({ page, platform }) => {
  await test.step('the welcome page leads to the platform', async () => {
    await connect(page, platform);
  });

  await test.step('sign in as Maya Lindqvist', async () => {
    await signInAs(page, 'Maya Lindqvist');
  });

  await test.step('the consent page names the app; allow', async () => {
    await expect(page.getByText('Loop Partner').first()).toBeVisible();
    await allow(page);
  });

  const ldl = page.getByRole('link', { name: /LDL/ }).first();
  await test.step('the results are listed, and the address holds no code', async () => {
    await expect(ldl).toBeVisible();
    const url = new URL(page.url());
    expect(url.origin).toBe(platform.app);
    expect(url.search + url.hash, 'code and state are gone from the address').toBe('');
    await expect(page.getByText('Ferritin', { exact: true }).first()).toBeVisible();
  });

  await test.step('LDL cholesterol has a page of its own', async () => {
    await ldl.click();
    await expect(page.getByRole('heading', { level: 1, name: /LDL/ })).toBeVisible();
    await expect(page.locator('svg').first()).toBeVisible();
  });

  await test.step('disconnect revokes both tokens', async () => {
    await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
    await expect(page.getByRole('main').getByRole('button', { name: /^connect/i })).toBeVisible();
    await expect.poll(async () => (await platform.calls('revoke')).filter((call) => call.status === 200).length).toBe(2);
  });

  await test.step('nothing is left on screen, in storage, or on Back', async () => {
    const gone = async (when) => {
      await expect(page.getByText(/LDL|Ferritin|Maya/), when).toHaveCount(0);
      const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie]));
      expect(kept, when).not.toMatch(/lph_|usr_maya|Maya/);
    };
    await gone('after disconnect');
    for (const time of ['once', 'twice', 'three times']) {
      await page.goBack({ waitUntil: 'commit' });
      if (!page.url().startsWith(platform.app)) break;
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await gone(`after Back ${time}`);
    }
  });
});
