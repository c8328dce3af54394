// An app that is not at the root of its origin: everything it loads, every link and the way back from consent are below its folder.
import { test, expect } from './test.mjs';
import { connectAs, expectNobody, expectResults } from '../support/journey.mjs';

test('connect, open pages by their links and by their addresses, go back, disconnect: all in the folder', async ({ page, platform, server }) => {
  const outside = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === server.origin && !url.pathname.startsWith(`${server.base}/`)) outside.push(url.pathname);
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  expect(page.url()).toBe(`${platform.app}/`);

  await page.getByRole('link', { name: 'LDL cholesterol' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/biomarkers/ldl_cholesterol`);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' })).toBeVisible();
  await page.goBack();
  await expectResults(page);

  const nav = page.getByRole('navigation').first();
  for (const [name, path] of [['Report', '/report'], ['Settings', '/settings']]) {
    await nav.getByRole('link', { name, exact: true }).click();
    expect(page.url()).toBe(platform.app + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.goto(platform.app + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: /^connect/i })).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/`);
  await expectNobody(page);
  expect(outside).toEqual([]);
  expect(server.log() + server.said()).not.toMatch(/\?|code=|state=|ldl|biomarkers/i);
});

test('a page that is not there leads to the start of the app', async ({ page, server, platform, forgive }) => {
  forgive(`${server.base}/nowhere`, 404);
  await page.goto(`${platform.app}/nowhere`);
  await page.getByRole('link', { name: 'Go to the start' }).click();
  await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
  expect(page.url()).toBe(`${platform.app}/`);
  expect((await server.ask('/')).status).toBe(404);
});
