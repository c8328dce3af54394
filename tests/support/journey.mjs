// The steps that most journeys begin with, in a person's words.
import { expect } from '@playwright/test';

/** From the app's first page to the platform's sign-in page. */
export async function connect(page, platform, path = '/') {
  await page.goto(platform.app + path);
  await page.getByRole('main').getByRole('button', { name: /^connect/i }).click();
  await page.waitForURL((url) => url.origin === platform.identity);
}

/** Signs in as one of the platform's people, unless the platform still knows who it is. */
export async function signInAs(page, name) {
  await page.getByRole('button', { name: new RegExp(name) }).click();
}

/** Says yes, without the scopes that are named. */
export async function allow(page, { without = [] } = {}) {
  for (const scope of without) await page.locator(`input[name="scope"][value="${scope}"]`).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** Says no. */
export async function deny(page) {
  await page.getByRole('button', { name: 'Deny' }).click();
}

/** All of it, until the results are there. */
export async function connectAs(page, platform, name) {
  await connect(page, platform);
  await signInAs(page, name);
  await allow(page);
  await page.waitForURL((url) => url.origin === platform.app && !url.search && url.pathname !== '/auth/loop/callback');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}
