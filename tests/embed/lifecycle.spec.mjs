// The life of an element on somebody else's page: early, moved, removed, many, twice.
import { expect, RESULTS, TABLE, test } from './test.mjs';

const LINE = '<loop-number-line id="line" label="LDL" value="128" high="100"></loop-number-line>';
const DEFINE = "import { define } from '/pkg/index.js';\n";

test('properties that were set before the definition count', async ({ open, page, told }) => {
  const script = `document.getElementById('line').value = 128;\ndocument.getElementById('line').high = 100;\ndocument.getElementById('list').results = ${JSON.stringify(RESULTS)};\nconst { define } = await import('/pkg/index.js');\ndefine();`;
  await open('<loop-number-line id="line" label="LDL"></loop-number-line><loop-biomarkers id="list"></loop-biomarkers>', script);
  await told('loop-ready', 'list');
  await expect(page.locator('#line').getByRole('img')).toHaveAccessibleName('LDL: 128, above range; range below 100');
  expect(await page.evaluate(() => Object.keys(line))).toEqual([]);
});

test('what the page wrote inside is shown until the wasm is there', async ({ open, page, told }) => {
  let arrive;
  const held = new Promise((resolve) => (arrive = resolve));
  await page.route('**/loop-elements.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await open(`<loop-trend id="trend">${TABLE}</loop-trend>`);
  await expect(page.getByRole('table')).toBeVisible();
  arrive();
  await told('loop-ready', 'trend');
  await expect(page.getByRole('table')).toBeHidden();
});

test('a wasm that does not come leaves what the page wrote, and an error', async ({ open, page, told, forgiven }) => {
  forgiven.push('error: Failed to load resource: net::ERR_FAILED');
  let refused = true;
  await page.route('**/loop-elements.wasm', (route) => (refused ? route.abort() : route.continue()));
  await open(`<loop-trend id="trend">${TABLE}</loop-trend>`);
  expect(await told('loop-error', 'trend')).toEqual({ code: 'load', message: 'This part of the page could not be loaded.', reason: expect.stringContaining('loop-elements.wasm') });
  await expect(page.getByRole('alert')).toHaveText('This part of the page could not be loaded.');
  await expect(page.getByRole('table')).toBeVisible();
  // The next element tries again.
  refused = false;
  await page.evaluate(() => document.querySelector('main').append(Object.assign(document.createElement('loop-number-line'), { id: 'later', value: 1, high: 2 })));
  await told('loop-ready', 'later');
});

test('a wasm that was altered is refused', async ({ open, page, told, forgiven }) => {
  forgiven.push("error: Failed to find a valid digest in the 'integrity' attribute", 'error: Fetch API cannot load');
  await page.route('**/loop-elements.wasm', async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ response: answer, body });
  });
  await open(LINE);
  expect((await told('loop-error', 'line')).code).toBe('load');
});

test('the wasm may come from elsewhere, as an address, an answer, bytes or a module', async ({ open, page, told }) => {
  const ways = ["'/pkg/loop-elements.wasm'", "() => fetch('/pkg/loop-elements.wasm')", "await (await fetch('/pkg/loop-elements.wasm')).arrayBuffer()", "await WebAssembly.compileStreaming(fetch('/pkg/loop-elements.wasm'))"];
  for (const way of ways) {
    await open(LINE, `${DEFINE}define({ wasm: ${way} });`);
    await told('loop-ready', 'line');
    await expect(page.getByRole('img')).toBeVisible();
  }
});

test('several elements share one wasm, and a prefix may be chosen', async ({ open, page, told, server }) => {
  server.asked.length = 0;
  const tags = ['loop', 'acme', 'acme-health'];
  await open(tags.map((tag) => `<${tag}-number-line id="${tag}" label="${tag}" value="1" high="2"></${tag}-number-line>`).join('') + `<loop-trend id="trend">${TABLE}</loop-trend>`, `${DEFINE}define();\ndefine({ prefix: 'acme' });\ndefine({ prefix: 'acme-health' });\ndefine();`);
  for (const tag of [...tags, 'trend']) await told('loop-ready', tag);
  expect(server.asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  expect(await page.evaluate(() => new Set([...document.querySelectorAll('[id]')].map((one) => one.shadowRoot.adoptedStyleSheets[0])).size)).toBe(1);
  expect(await page.evaluate(() => import('/pkg/index.js').then(({ define }) => { try { define({ prefix: 'A b' }); } catch (error) { return error.name; } }))).toBe('TypeError');
});

test('a second copy of the script does no harm', async ({ open, page, told, server }) => {
  server.pages.set('/copy.js', (await (await fetch(`${server.origin}/pkg/standalone.js`)).text()).replaceAll("'./", "'/pkg/"));
  server.asked.length = 0;
  await open(`${LINE}<loop-trend id="trend">${TABLE}</loop-trend>`, "import '/pkg/auto.js';\nimport '/copy.js';\nimport '/pkg/standalone.js';");
  await told('loop-ready', 'line');
  await told('loop-ready', 'trend');
  expect(server.asked.filter((path) => path.endsWith('.wasm')), 'a copy without elements loads nothing').toHaveLength(1);
  await expect(page.getByRole('img').first()).toBeVisible();
});

test('an element that is moved keeps what the person did in it', async ({ open, page, told }) => {
  await open('<section id="other"></section><loop-biomarkers id="list"></loop-biomarkers>', `${DEFINE}define();\nlist.results = ${JSON.stringify(RESULTS)};`);
  await told('loop-ready', 'list');
  await page.getByRole('searchbox').fill('tsh');
  const rows = page.locator('#list .row__link');
  await expect(rows).toHaveCount(1);
  const row = await rows.elementHandle();
  await page.evaluate(() => other.append(list));
  await page.evaluate(() => (other.moveBefore ? document.querySelector('main').moveBefore(list, null) : other.append(list)));
  await expect(page.getByRole('searchbox')).toHaveValue('tsh');
  expect(await row.evaluate((link) => link.isConnected), 'it is not drawn anew').toBe(true);
  // Other data, same choice.
  await page.evaluate((results) => (list.results = results), RESULTS.slice(0, 4));
  await expect(page.getByRole('searchbox')).toHaveValue('tsh');
  await expect(rows).toHaveCount(1);
  expect(await page.evaluate(() => told.filter((one) => one.name === 'loop-ready').length)).toBe(1);
});

test('an element that was removed comes back', async ({ open, page, told }) => {
  await open(LINE);
  await told('loop-ready', 'line');
  await page.evaluate(async () => {
    window.kept = line;
    kept.remove();
    await new Promise((done) => setTimeout(done));
    told.length = 0;
    document.querySelector('main').append(kept);
  });
  await told('loop-ready', 'line');
  await expect(page.getByRole('img')).toBeVisible();
});

test('a thousand elements that come and go leave nothing behind', async ({ open, page, told }) => {
  test.setTimeout(120_000);
  const watched = `const real = WebAssembly.instantiate;
WebAssembly.instantiate = async (...given) => {
  const made = await real(...given);
  window.memory = Object.values(made.instance.exports).find((one) => one instanceof WebAssembly.Memory);
  return made;
};
`;
  await open(LINE, `${watched}const { define } = await import('/pkg/index.js');\ndefine();`);
  await told('loop-ready', 'line');
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  const round = (count) =>
    page.evaluate(
      async ([count, results]) => {
        const kinds = ['loop-number-line', 'loop-trend', 'loop-biomarkers', 'loop-biomarker'];
        for (let made = 0; made < count; made += 20) {
          const all = Array.from({ length: 20 }, (_, place) => Object.assign(document.createElement(kinds[(made + place) % 4]), { results: structuredClone(results) }));
          const ready = Promise.all(all.map((one) => new Promise((done) => one.addEventListener('loop-ready', done, { once: true }))));
          document.querySelector('main').append(...all);
          await ready;
          for (const one of all) one.remove();
          // Rows are drawn after the picture, and what was removed is freed after this turn.
          await new Promise((done) => setTimeout(done));
          told.length = 0;
        }
      },
      [count, RESULTS],
    );
  const measure = async () => {
    // What runs a frame later has run.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))));
    for (let time = 0; time < 3; time += 1) await client.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    return { nodes, jsEventListeners, usedSize, wasm: await page.evaluate(() => memory.buffer.byteLength) };
  };
  await round(100);
  const before = await measure();
  await round(1000);
  const after = await measure();
  console.log(`1,000 mounts: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  expect(after.nodes - before.nodes, 'nodes').toBeLessThan(50);
  expect(after.jsEventListeners - before.jsEventListeners, 'listeners').toBeLessThan(20);
  expect(after.wasm - before.wasm, 'memory of the wasm').toBeLessThanOrEqual(65_536);
  expect(after.usedSize - before.usedSize, 'bytes of the heap').toBeLessThan(300_000);
});
