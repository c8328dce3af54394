// Without a mouse, and on a very narrow screen.
import { test, expect } from '../support/test.mjs';
import { CALLBACK, connectAs } from '../support/journey.mjs';

/** Presses Tab until the focus is on the element of that name; every stop on the way must be visible as such. */
async function tabTo(page, role, name, { back = false } = {}) {
  const target = page.getByRole(role, { name }).first();
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const stop = await page.evaluate(() => {
      const stop = document.activeElement;
      // The ring may be drawn around the whole row, by what lies over it.
      const styles = [getComputedStyle(stop), getComputedStyle(stop, '::after')];
      const box = stop.getBoundingClientRect();
      return {
        what: `${stop.tagName} ${stop.textContent.trim().slice(0, 30)}`,
        outlined: styles.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        onScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        isPage: stop !== document.body && stop !== document.documentElement,
      };
    });
    if (stop.isPage && new URL(page.url()).port === new URL(page.appOrigin).port) {
      expect(stop.outlined, `the focus is to be seen on ${stop.what}`).toBe(true);
      expect(stop.onScreen, `what has the focus is on the screen: ${stop.what}`).toBe(true);
    }
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not lead to ${role} ${name}`);
}

test('with the keyboard alone: connect, read one result, and leave', async ({ page, platform }) => {
  page.appOrigin = platform.app;
  await page.goto(platform.app);
  await tabTo(page, 'button', 'Connect with Loop');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === platform.identity);
  await tabTo(page, 'button', /Maya Lindqvist/);
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Allow');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === platform.app && url.pathname !== CALLBACK);

  await tabTo(page, 'link', 'LDL cholesterol');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'LDL cholesterol' }), 'the focus goes where the page went').toBeFocused();
  await tabTo(page, 'link', 'All results', { back: true });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('searchbox')).toBeVisible();
  await tabTo(page, 'searchbox', 'Search your results');
  await page.keyboard.type('ferritin');
  await expect(page.getByRole('main').getByRole('list').getByRole('link')).toHaveCount(1);
  await tabTo(page, 'link', 'Ferritin');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeFocused();
  await tabTo(page, 'button', 'Disconnect', { back: true });
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Loop has confirmed');
  await tabTo(page, 'button', 'Connect with Loop');
});

test('the first stop of every page leads past the header', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  for (const path of ['/', '/report', '/care', '/care/check-in', '/settings', '/biomarkers/ferritin']) {
    await page.goto(platform.app + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await skip.focus();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(path);
  }
});

test('results that come late take the focus from nobody', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  let answer;
  await page.route(/\/biomarkers(\?|$)/, (route) => (answer = () => route.continue()));
  await page.goto(platform.app + '/biomarkers/ferritin');
  const settings = page.getByRole('link', { name: 'Settings' });
  await settings.focus();
  await expect.poll(() => answer !== undefined).toBe(true);
  await answer();
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(settings).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' }), 'a link of the header does not keep it').toBeFocused();
});

/** What the pages beside the results need. */
const CARE = ['read:red_flags', 'read:recommendations', 'read:check_ins', 'read:protocols', 'write:check_ins'];

for (const { name, path, ready, connected = true, scopes, shown, form } of [
  { name: 'the welcome page', path: '/', ready: 'Your lab results', connected: false },
  { name: 'the list', path: '/', ready: 'Your results' },
  { name: 'one result', path: '/biomarkers/ldl_cholesterol', ready: 'LDL cholesterol' },
  { name: 'the report', path: '/report', ready: 'Report' },
  { name: 'what stands beside the results', path: '/care', ready: 'Care', scopes: CARE, shown: 'Day 60' },
  { name: 'a closed part of it', path: '/care', ready: 'Care', shown: 'Safety flags' },
  { name: 'the next check-in', path: '/care/check-in', ready: 'Check-in', scopes: CARE, form: true },
  { name: 'the settings', path: '/settings', ready: 'Settings' },
]) {
  test(`${name} fits a screen of 320 pixels`, async ({ page, platform }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    if (scopes) await platform.askFor(scopes);
    if (connected) await connectAs(page, platform, 'Maya Lindqvist', { path });
    else await page.goto(platform.app + path);
    await expect(page.getByRole('heading', { level: 1, name: ready })).toBeVisible();
    if (path === '/' && connected) await expect(page.getByRole('searchbox')).toBeVisible();
    if (shown) await expect(page.getByRole('heading', { name: shown })).toBeVisible();
    if (form) {
      await page.getByLabel('On which day did you enrol?').fill('2026-08-01');
      await page.getByRole('button', { name: 'Find my next check-in' }).click();
      await page.getByRole('button', { name: 'Send the check-in' }).click();
      await expect(page.getByRole('group', { name: /answers are missing/ })).toBeVisible();
    }
    const { width, out } = await page.evaluate(() => {
      const clipped = (element) => element.closest('.visually-hidden, .skip-link') !== null;
      const out = [...document.querySelectorAll('h1, h2, h3, p, a, button, input, textarea, label, li, td, th, bdi')]
        .filter((element) => !clipped(element) && element.getBoundingClientRect().width > 0)
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !element.closest('[tabindex="0"]'))
        .map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`);
      return { width: document.documentElement.scrollWidth, out };
    });
    expect(width, 'no scrolling to the side').toBeLessThanOrEqual(320);
    expect(out, 'nothing is cut off at the side').toEqual([]);
  });
}
