// The app in other languages: whose is chosen, numbers and dates, right to left, and that no text is left out.
import { test, expect } from '../support/test.mjs';
import { connectAs, connectInAnyLanguage, expectNobody } from '../support/journey.mjs';
import { outsideOfBrackets, speakInBrackets, TAG } from '../support/language.mjs';

const MAYA = 'Maya Lindqvist';
const CARE = ['read:red_flags', 'read:recommendations', 'read:check_ins', 'read:protocols', 'write:check_ins'];
const PAGES = ['/', '/report', '/biomarkers/ldl_cholesterol', '/biomarkers/ferritin', '/care', '/care/check-in', '/settings', '/nowhere'];
/** The heading of the first page. */
const ENGLISH = 'Your lab results, in words you can use.';
const title = (page) => page.getByRole('heading', { level: 1 });

test.describe('in a German browser', () => {
  test.use({ locale: 'de-AT' });

  test('everything is German, with the numbers and dates of the country, from the first page to the last', async ({ page, platform }) => {
    await page.goto(platform.app);
    await expect(page.locator('html')).toHaveAttribute('lang', 'de-AT');
    await expect(title(page)).toHaveText(/Laborwerte/);
    await connectInAnyLanguage(page, platform, MAYA, '/biomarkers/ldl_cholesterol');
    await expect(title(page)).toHaveText('LDL-Cholesterin');
    await page.getByRole('radio', { name: 'mmol/L' }).check();
    await expect(page.getByText('3,31').first()).toBeVisible();
    // Of de-AT, where a German from Germany would read "Januar".
    await page.getByRole('button', { name: /Tabelle/ }).click();
    await expect(page.getByRole('main')).toContainText(/\d{1,2}\. \p{L}+ 20\d\d/u);
    await page.getByRole('banner').getByRole('button').click();
    await expectNobody(page);
    await expect(page.getByRole('main')).toContainText('Loop');
  });

  test('why the app cannot start is said in German', async ({ page, platform }) => {
    await page.addInitScript(() => delete globalThis.WebAssembly);
    await page.goto(platform.app);
    await expect(title(page)).toHaveText('Dieser Browser ist zu alt');
  });

  test('English stands in for a file that does not come', async ({ page, platform, forgive }) => {
    const [file] = (await (await fetch(platform.app)).text()).match(/\/de-[0-9a-f]+\.txt/);
    forgive(file, 'net::ERR_FAILED');
    await page.route(platform.app + file, (route) => route.abort());
    await page.goto(platform.app);
    await expect(title(page)).toHaveText(ENGLISH);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('English stands in for a file that was altered', async ({ page, platform, quiet }) => {
    await page.route(/\/de-[0-9a-f]+\.txt$/, async (route) => route.fulfill({ body: (await (await route.fetch()).text()).replaceAll('Loop', 'Pool') }));
    await page.goto(platform.app);
    await expect(title(page)).toHaveText(ENGLISH);
    // The browser says itself that it refused it.
    await expect.poll(() => quiet.length).toBe(2);
    for (const { text } of quiet.splice(0)) expect(text).toContain('integrity');
  });

  test('English is chosen against the browser, for this browser, and outlives the session', async ({ page, platform }) => {
    await connectInAnyLanguage(page, platform, MAYA, '/settings');
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
    await expect(title(page)).toHaveText('Settings');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('combobox', { name: 'Language' })).toHaveValue('en');
    expect(await page.evaluate(() => localStorage.getItem('loop.language.v1'))).toBe('en');
    await page.goto(platform.app);
    await expect(title(page)).toHaveText('Your results');
  });
});

test('German is chosen in an English browser, and given up again', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA, { path: '/settings' });
  await page.getByRole('combobox', { name: 'Language' }).selectOption('Deutsch');
  await expect(title(page)).toHaveText('Einstellungen');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
  await expect(title(page)).toHaveText('Settings');
});

for (const kept of ['', 'xx', 'de"><img src=x>', '__proto__', 'constructor']) {
  test(`a language that somebody else left there is none: ${kept}`, async ({ page, platform }) => {
    await page.addInitScript((kept) => localStorage.setItem('loop.language.v1', kept), kept);
    await page.goto(platform.app);
    await expect(title(page)).toHaveText(ENGLISH);
  });
}

test('each text that the app has is one of a language file', async ({ page, context, platform }) => {
  await speakInBrackets(context, platform);
  // What the platform and the catalogue say is shown as it came: their sentences whole, their names and units anywhere.
  const came = [await (await fetch(`${platform.app}/catalogue.json`)).text()];
  await context.route((url) => url.origin === platform.clinical, async (route) => {
    const answer = await route.fetch();
    came.push(await answer.text());
    await route.fulfill({ response: answer });
  });
  const strings = (json) => (typeof json === 'string' ? [json] : json && typeof json === 'object' ? Object.values(json).flatMap(strings) : []);
  const foreign = async () => {
    const said = await outsideOfBrackets(page);
    const data = came.filter((text) => text.startsWith('{')).flatMap((text) => strings(JSON.parse(text)));
    const sentences = new Set(data.flatMap((text) => [text, ...text.split('\n')]));
    const words = new Set([...data.filter((text) => text.split(' ').length < 5), MAYA].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)));
    const isKnown = (text) => sentences.has(text) || /^(Loop Partner|English|Deutsch|Brackets|CSV|JSON|FHIR)$/.test(text) || text.split(/[^\p{L}\p{N}]+/u).every((word) => !/\p{Script=Latin}/u.test(word) || words.has(word));
    return said.filter((text) => !isKnown(text));
  };
  await page.goto(platform.app);
  await expect(title(page)).toBeVisible();
  await expect.poll(foreign).toEqual([]);
  await platform.askFor(CARE);
  await connectInAnyLanguage(page, platform, MAYA);
  for (const path of PAGES) {
    await page.goto(platform.app + path);
    await expect(title(page)).toBeVisible();
    await expect(page.locator('[aria-busy="true"], .skeleton')).toHaveCount(0);
    await expect.poll(foreign, path).toEqual([]);
    expect(await page.title(), path).toMatch(/^\[/);
  }
});

for (const width of [320, 1280]) {
  test(`from right to left, ${width} pixels wide: the page is mirrored, nothing sticks out, a chart runs from left to right`, async ({ page, context, platform }) => {
    await page.setViewportSize({ width, height: 800 });
    await speakInBrackets(context, platform);
    await platform.askFor(CARE);
    await connectInAnyLanguage(page, platform, MAYA);
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    await expect(page.locator('html')).toHaveAttribute('lang', TAG);
    for (const path of PAGES) {
      await page.goto(platform.app + path);
      await expect(title(page)).toBeVisible();
      await expect(page.locator('[aria-busy="true"], .skeleton')).toHaveCount(0);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, path).toBeLessThanOrEqual(0);
    }
    const edge = (locator) => locator.evaluate((one) => one.getBoundingClientRect());
    const [brand, end] = [await edge(page.locator('.shell-header__brand')), await edge(page.locator('.shell-header__end'))];
    expect(brand.right).toBeGreaterThan(end.left + end.width / 2);
    await page.goto(`${platform.app}/biomarkers/ldl_cholesterol`);
    const points = page.locator('.trend [role="img"]');
    await expect(points.first()).toBeAttached();
    expect((await edge(points.last())).left).toBeGreaterThan((await edge(points.first())).left);
  });
}
