// The offline shell of an app that is not at the root of its origin.
import journeys from '../playwright.config.mjs';
import { test, expect } from './test.mjs';

const { launchOptions } = journeys.use;

test.use({
  // Playwright lets pages come with the certificate of a throw-away authority, and workers not.
  launchOptions: { ...launchOptions, args: [...launchOptions.args, '--ignore-certificate-errors'] },
  distFlags: ['--offline'],
});

test('the worker answers for the folder alone, and the app says that it is offline', async ({ page, platform, server, forgive }) => {
  for (const name of ['loop.config.json', 'catalogue.json', 'icon.svg', 'manifest.webmanifest']) forgive(`${server.base}/${name}`, 'net::ERR_CONNECTION_REFUSED');
  await page.goto(`${platform.app}/settings`);
  const worker = () => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return [registration?.scope, registration?.active?.state];
  });
  await expect.poll(worker).toEqual([`${platform.app}/`, 'activated']);
  await server.down();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'You are offline' })).toBeVisible();
  await expect(page.goto(`${server.origin}/`), 'the root is not the folder').rejects.toThrow('net::ERR_CONNECTION_REFUSED');
  await server.up();
});
