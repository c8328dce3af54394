// What runs inside a page that is compared: stopwatches that end when the browser has painted. The same for every app.

/** Installed before the app starts; `hooks` are the app's. `globalThis.stopwatch` is its only trace. */
export function install(hooks) {
  const stopwatch = { painted: null, keys: [], opened: null };
  globalThis.stopwatch = stopwatch;
  const find = (hook) => document.querySelector(hooks[hook]);

  /** Runs when what is on the page now has been painted: a task behind the frame that shows it. */
  const afterPaint = (act) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => act(performance.now());
      port2.postMessage(null);
    });

  /** Runs `act` with the moment at which `isThere` is first true and painted. */
  const whenPainted = (isThere, act) => {
    const look = (_, observer) => {
      if (!isThere()) return;
      observer.disconnect();
      afterPaint(act);
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['d', 'points'] });
  };

  // Data to painted. It ends with the frame that shows the first row and a search field.
  whenPainted(() => find('row') && find('search'), (at) => (stopwatch.painted = at));

  // Key to painted. The time of an event is when the browser got it, so a page that is still busy counts as well. The frame that
  // counts is the first that shows what a few frames later still stands: an app may take its time for the rows.
  const FRAMES = 4;
  const seen = () => `${find('row')?.textContent}\n${find('count')?.textContent}`;
  const watch = (began) => {
    const frames = [];
    const next = (at) => {
      frames.push({ at, seen: seen() });
      if (frames.length < FRAMES) afterPaint(next);
      else stopwatch.keys.push(frames.find((frame) => frame.seen === frames.at(-1).seen).at - began);
    };
    afterPaint(next);
  };
  addEventListener('input', (event) => watch(event.timeStamp), { capture: true });

  // Click to painted: the line of the trend and the first measurement are there.
  const opens = (event) => {
    if (!event.target.closest?.(hooks.link)) return;
    stopwatch.opened = null;
    whenPainted(() => find('line') && find('measurement'), (at) => (stopwatch.opened = at - event.timeStamp));
  };
  addEventListener('click', opens, { capture: true });
}

/** Milliseconds from the last byte of the results to the first usable picture; null until there is one. */
export function dataToPainted(path) {
  const { painted } = globalThis.stopwatch;
  const answers = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname === path);
  return painted === null ? null : painted - Math.max(...answers.map(({ responseEnd }) => responseEnd));
}

/** Milliseconds since the navigation began: `{first_paint, usable}`; null until the list is usable. */
export function loaded() {
  const { painted } = globalThis.stopwatch;
  const first = performance.getEntriesByName('first-contentful-paint')[0];
  return painted === null || !first ? null : { first_paint: first.startTime, usable: painted };
}

/** Scrolls by a step each frame, at an end the other way; gives what each frame took, in milliseconds. */
export async function scroll({ frames, step }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  const page = document.documentElement;
  let way = step;
  let before = await frame();
  for (let count = 0; count < frames; count += 1) {
    if (scrollY + way < 0 || scrollY + way > page.scrollHeight - innerHeight) way = -way;
    scrollBy(0, way);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  scrollTo(0, 0);
  return times;
}
