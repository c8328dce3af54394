// The stopwatches of the comparison, on a page of which is known how long it takes.
import { test, expect } from '@playwright/test';
import { install, loaded } from '../bench/stopwatch.mjs';

const HOOKS = { row: '.row', search: 'input', count: '.count', link: 'a', line: 'path', measurement: '.measurement' };
const PAGE = `<!doctype html><title>known</title><p>waiting</p><input><p class="count">0</p>`;
/** Milliseconds that the page is busy. */
const BUSY = 150;

test.beforeEach(async ({ page }) => {
  await page.addInitScript(install, HOOKS);
  await page.route('http://localhost/known', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
  await page.goto('http://localhost/known');
  await page.evaluate(() => {
    globalThis.busy = (milliseconds) => {
      const until = performance.now() + milliseconds;
      while (performance.now() < until);
    };
  });
});

test('a list is usable once its first row is painted, which is after it came and after all that the frame does', async ({ page }) => {
  const came = await page.evaluate(() => {
    requestAnimationFrame(() => globalThis.busy(150));
    document.body.insertAdjacentHTML('beforeend', '<div class="row">a row</div>');
    return performance.now();
  });
  const { usable } = await (await page.waitForFunction(loaded)).jsonValue();
  expect(usable).toBeGreaterThanOrEqual(came + BUSY);
});

test('a key counts until what it leads to is painted: busy at once, and busy later', async ({ page }) => {
  const keys = () => page.evaluate(() => globalThis.stopwatch.keys);
  const answer = (act) =>
    page.evaluate((act) => {
      document.querySelector('input').oninput = () => {
        const show = () => (document.querySelector('.count').textContent += '.');
        if (act === 'at once') globalThis.busy(150);
        if (act !== 'later') return show();
        // Frames later: the first one shows what stood there before.
        const wait = (frames) => requestAnimationFrame(() => (frames > 0 ? wait(frames - 1) : (globalThis.busy(150), show())));
        wait(2);
      };
    }, act);
  for (const act of ['quick', 'at once', 'later']) {
    await answer(act);
    const before = (await keys()).length;
    await page.getByRole('textbox').press('a');
    await expect.poll(async () => (await keys()).length).toBe(before + 1);
  }
  const [quick, atOnce, later] = await keys();
  expect(atOnce).toBeGreaterThanOrEqual(BUSY);
  expect(later).toBeGreaterThanOrEqual(BUSY);
  expect(quick).toBeLessThan(Math.min(atOnce, later));
});

test('a click counts until the line and the first measurement are painted', async ({ page }) => {
  await page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), { href: '#', textContent: 'open' });
    link.onclick = () => {
      document.body.insertAdjacentHTML('beforeend', '<svg><path d="M0 0"></path></svg>');
      setTimeout(() => {
        globalThis.busy(150);
        document.body.insertAdjacentHTML('beforeend', '<p class="measurement">1</p>');
      });
    };
    document.body.append(link);
  });
  await page.getByText('open').click();
  const opened = await (await page.waitForFunction(() => globalThis.stopwatch.opened)).jsonValue();
  expect(opened).toBeGreaterThanOrEqual(BUSY);
});
