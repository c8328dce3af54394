// The list as somebody uses it: overview, filters, order, search; what survives Back and reload, and where that is kept.
import { test, expect } from '../support/test.mjs';
import { connectAs, expectResults, stored } from '../support/journey.mjs';

const KEPT = 'loop.list.v1';
const rows = (page) => page.locator('.row');
const names = (page) => page.locator('.row__link');
const headings = (page) => page.locator('.group__title');
const choose = (page, name) => page.getByRole('combobox', { name, exact: true });
const chip = (page, name) => page.getByRole('group', { name: 'Filter' }).getByRole('button', { name });

test('the overview says what is critical and what to do, and what is new since the measurements before', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  const critical = page.getByRole('region', { name: /talk to a clinician/ });
  await expect(critical).toContainText('Ferritin');
  await expect(critical).toContainText('call your local emergency number');
  await expect(page.getByText(/^Loaded (just now|\d+ .* ago) from Loop\.$/)).toBeVisible();
  const draw = page.getByRole('region', { name: /^Draw of / });
  await expect(draw.locator('dt').first()).toHaveText(/Now critical|Now out of range|Back in range|More than normal variation/);
  await critical.getByRole('link', { name: 'Ferritin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeFocused();
});

test('filters by status, change and body system, and says how many are left', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const left = page.locator('.results__left');
  const count = async (name) => Number(/\d+/.exec(await chip(page, name).textContent())[0]);
  const all = await count(/^All/);
  await expect(rows(page)).toHaveCount(all);
  for (const name of [/^Out of range/, /^In range/, /^Changed/]) {
    const some = await count(name);
    await chip(page, name).click();
    await expect(chip(page, name)).toHaveAttribute('aria-pressed', 'true');
    await expect(rows(page)).toHaveCount(some);
    await expect(left.getByRole('status')).toHaveText(some === 1 ? '1 result' : `${some} results`);
  }
  await chip(page, /^All/).click();
  await choose(page, 'Body system').selectOption('Thyroid');
  await expect(headings(page).last()).toHaveText('Thyroid');
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByRole('button', { name: 'Show all results' }).click();
  await expect(rows(page)).toHaveCount(all);
  await expect(choose(page, 'Body system'), 'all of them').toHaveValue('');
  await expect(page.getByRole('searchbox'), 'the focus is not lost with the button').toBeFocused();
});

test('orders by body system, name, date and change, and loses no row', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const all = Number(/\d+/.exec(await chip(page, /^All/).textContent())[0]);
  await expect(rows(page)).toHaveCount(all);
  const sorted = async () => (await names(page).allTextContents()).toSorted();
  const usual = await sorted();
  await choose(page, 'Order').selectOption('Name');
  await expect(headings(page).last()).toHaveText('Name');
  await expect(rows(page)).toHaveCount(all);
  const byName = await names(page).allTextContents();
  expect(byName).toEqual(byName.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  expect(byName.toSorted()).toEqual(usual);
  for (const [order, first] of [['Body system', 'Heart and lipids'], ['Newest first', 'Newest first'], ['Largest change', 'Largest change']]) {
    await choose(page, 'Order').selectOption(order);
    await expect(page.locator('.results__groups').getByRole('heading').first()).toHaveText(first);
    await expect(rows(page)).toHaveCount(all);
    expect(await sorted(), order).toEqual(usual);
  }
});

test('what was chosen survives Back and reload, is in no address and no history, and goes with the session', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  expect(Object.keys(await stored(page)), 'nothing is kept while nothing is chosen').not.toContain(KEPT);
  await chip(page, /^In range/).click();
  await choose(page, 'Order').selectOption('Name');
  await page.getByRole('searchbox').fill('cholest');
  const expectChoice = async (when) => {
    await expect(page.getByRole('searchbox'), when).toHaveValue('cholest');
    await expect(choose(page, 'Order'), when).toHaveValue('name');
    await expect(chip(page, /^In range/), when).toHaveAttribute('aria-pressed', 'true');
    await expect(headings(page).last(), when).toHaveText('Name');
    const left = await names(page).allTextContents();
    expect(left.length, when).toBeGreaterThan(0);
    expect(page.url(), when).toBe(`${platform.app}/`);
    expect(await page.evaluate(() => [history.state, { ...localStorage }, document.cookie].map((place) => JSON.stringify(place)).join()), when).not.toMatch(/cholest|inside/);
  };
  await expectChoice('at first');
  await names(page).first().click();
  await expect(page.getByRole('link', { name: 'All results' })).toBeVisible();
  await page.goBack();
  await expectChoice('after Back');
  await page.reload();
  await expectChoice('after a reload');
  await names(page).first().click();
  await page.reload();
  await page.getByRole('link', { name: 'All results' }).click();
  await expectChoice('after a reload elsewhere');

  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByText('Loop has confirmed')).toBeVisible();
  expect(JSON.stringify(await stored(page))).not.toMatch(/cholest|loop\.list/);
  // The platform forgets who it was.
  await page.context().clearCookies();
  await connectAs(page, platform, 'Jonas Okafor');
  await expect(page.getByRole('searchbox'), 'another person starts afresh').toHaveValue('');
  await expect(chip(page, /^All/)).toHaveAttribute('aria-pressed', 'true');
});

for (const text of ['\n\n\n\n', 'changed\nnope\nnope\n', `all\n${'x'.repeat(9999)}\nname\n${'<img src=x onerror=alert(1)>'.repeat(999)}`, '{"a":1}', 'outside\n\u202Ethyroid\nsystem\n\u202E']) {
  test(`a kept choice that somebody changed is a choice or none: ${JSON.stringify(text).slice(0, 30)}`, async ({ page, platform }) => {
    await connectAs(page, platform, 'Maya Lindqvist');
    await expectResults(page);
    await page.evaluate(([key, text]) => sessionStorage.setItem(key, text), [KEPT, text]);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Your results' })).toBeVisible();
    await expect(page.getByRole('searchbox')).toBeVisible();
    expect((await page.getByRole('searchbox').inputValue()).length).toBeLessThanOrEqual(80);
    await page.getByRole('searchbox').fill('ferritin');
    await chip(page, /^All/).click();
    await expect(page.getByRole('link', { name: 'Ferritin' }).last()).toBeVisible();
  });
}

test('Back leads to the place in the list that was left', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const all = Number(/\d+/.exec(await chip(page, /^All/).textContent())[0]);
  await expect(rows(page)).toHaveCount(all);
  const link = names(page).nth(all - 3);
  const name = await link.textContent();
  await link.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(1000);
  await link.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await page.goBack();
  await expect(page.locator('.row__link', { hasText: name }).first()).toBeInViewport();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before - 50);
});

test('with the keyboard alone: narrow, order, clear, open', async ({ page, platform }) => {
  await connectAs(page, platform, 'Maya Lindqvist');
  await expectResults(page);
  const press = async (key, times = 1) => {
    for (let time = 0; time < times; time += 1) await page.keyboard.press(key);
  };
  await chip(page, /^Out of range/).focus();
  await press('Enter');
  await expect(rows(page)).toHaveCount(3);
  await expect(chip(page, /^Out of range/), 'the focus stays').toBeFocused();
  await page.getByRole('searchbox').focus();
  await page.keyboard.type('ldl');
  await expect(names(page)).toHaveText(['LDL cholesterol']);
  await press('Tab');
  await expect(choose(page, 'Body system')).toBeFocused();
  await press('Tab');
  await expect(choose(page, 'Order')).toBeFocused();
  await press('n');
  await expect(headings(page).last()).toHaveText('Name');
  await press('Tab');
  await expect(page.getByRole('button', { name: 'Show all' })).toBeFocused();
  await press('Enter');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await press('Tab', 3);
  await press('Enter');
  await expect(page.getByRole('heading', { level: 1 }), 'past the choices stands the first row').toBeFocused();
});

test('thousands of biomarkers: a screenful first, three hundred soon, more on demand, and all of them in the search', async ({ page, platform, context }) => {
  const many = Array.from({ length: 2000 }, (_, place) => ({
    id: `r${place}`, patient_id: 'usr_maya', biomarker_code: `x_${place}`, biomarker_name: `Marker ${place}`, value: place, unit: 'mg/dL', status: 'unheard of', collected_at: '2026-03-03',
  }));
  await context.route(`${platform.clinical}/v1/biomarkers?*`, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('offset'));
    return route.fulfill({ json: { results: many.slice(from, from + 500), count: many.length }, headers: { 'access-control-allow-origin': platform.app } });
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(rows(page)).toHaveCount(300);
  await expect(page.getByText('300 of 2,000 shown.', { exact: true }).last()).toBeVisible();
  await expect(page.locator('.group__note').last()).toHaveText('2,000 results');
  await expect(chip(page, /^Other status/)).toHaveText('Other status 2,000');
  const last = await names(page).last().textContent();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(names(page).nth(300), 'the focus goes to the first row that is new').toBeFocused();
  await expect(rows(page)).toHaveCount(600);
  await expect(names(page).nth(299), 'rows that were there stay').toHaveText(last);
  await page.getByRole('searchbox').fill('marker 1999');
  await expect(names(page)).toHaveText(['Marker 1999']);
});

test('paper waits for no picture: what was not drawn yet is there when printing begins', async ({ page, platform }) => {
  await page.addInitScript(() => {
    // No picture is ever painted, so nothing is drawn later.
    globalThis.requestAnimationFrame = () => 0;
  });
  await connectAs(page, platform, 'Maya Lindqvist');
  await expect(rows(page).first()).toBeVisible();
  const all = Number(/\d+/.exec(await chip(page, /^All/).textContent())[0]);
  expect(await rows(page).count()).toBeLessThan(all);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(rows(page)).toHaveCount(all);
});

for (const width of [320, 1600]) {
  test(`at ${width} pixels nothing is cut off, and whatever is touched is as large as a finger`, async ({ page, platform }) => {
    await page.setViewportSize({ width, height: 800 });
    await connectAs(page, platform, 'Maya Lindqvist');
    await expectResults(page);
    await page.getByRole('searchbox').fill('e');
    await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible();
    const { wide, small } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - innerWidth,
      small: [...document.querySelectorAll('.results button, .results select, .results input, .names a')]
        .filter((element) => element.offsetParent && element.getBoundingClientRect().height < 43.5)
        .map((element) => `${element.className}: ${element.textContent.slice(0, 30)} ${element.getBoundingClientRect().height}`),
    }));
    expect(wide, 'no scrolling to the side').toBeLessThanOrEqual(0);
    expect(small, 'too small to touch').toEqual([]);
  });
}
