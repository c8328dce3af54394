// DOM clobbering: an id or a name in a page becomes a property of the window, of the document or of a form, so none may be one that a script
// reads, and none may be chosen by whoever writes a lab report.
import { test, expect } from '../support/test.mjs';
import { connectAs } from '../support/journey.mjs';

/** What a report would call its results, to be taken for something else. */
const WORDS = ['location', 'cookie', 'fetch', 'navigator', 'sessionStorage', 'getElementById', 'querySelector', 'body', 'constructor', '__proto__', 'elements', 'action', 'submit', 'boot-failed'];

test.use({
  labFile: { results: WORDS.map((word) => ({ biomarker_code: word, biomarker_name: word, value: 5, unit: 'mg/dL', reference_low: 1, reference_high: 9, status: 'normal', collected_at: '2026-03-03' })) },
});

/** Ids and names in the page that are a property of window or document, of their form, or a word of the report. */
function clobbers(page) {
  return page.evaluate((words) => {
    const found = [];
    for (const element of document.querySelectorAll('[id], [name]')) {
      // What a <meta> is named is no property of anything.
      if (element.closest('head')) continue;
      for (const text of [element.id, element.getAttribute('name')].filter(Boolean)) {
        const isForm = element.form ? text in HTMLFormElement.prototype : false;
        if (text in Document.prototype || globalThis.before.includes(text) || isForm || words.includes(text)) found.push(`${element.tagName} ${text}`);
      }
    }
    return { found, count: document.querySelectorAll('body [id], body [name]').length };
  }, WORDS);
}

test('no id and no name on any page is a property that a script reads, or a word of a report', async ({ page, platform }) => {
  // What a window has before a page is there.
  await page.addInitScript(() => {
    globalThis.before = [];
    for (let at = globalThis; at; at = Object.getPrototypeOf(at)) globalThis.before.push(...Object.getOwnPropertyNames(at));
  });
  await platform.askFor(['read:check_ins', 'write:check_ins']);
  await connectAs(page, platform, 'From File');
  await expect(page.getByRole('link', { name: 'sessionStorage' })).toBeVisible();
  let looked = 0;
  const look = async (when) => {
    const { found, count } = await clobbers(page);
    expect(found, when).toEqual([]);
    looked += count;
  };
  await look('in the list');
  for (const word of ['location', 'constructor', '__proto__', 'elements']) {
    await page.getByRole('link', { name: word, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: word })).toBeVisible();
    await look(`on the page of ${word}`);
    await page.goBack();
    await expect(page.getByRole('link', { name: word, exact: true })).toBeVisible();
  }
  for (const path of ['/report', '/settings', '/care', '/care/check-in']) {
    await page.goto(platform.app + path);
    await expect(page.getByRole('banner').getByRole('button', { name: 'Disconnect' })).toBeVisible();
    if (path === '/care/check-in') {
      await page.getByLabel('On which day did you enrol?').fill('2026-08-01');
      await page.getByRole('button', { name: 'Find my next check-in' }).click();
      await expect(page.getByLabel('Your goals')).toBeVisible();
    }
    await look(path);
  }
  expect(looked, 'there were some').toBeGreaterThan(20);
});
