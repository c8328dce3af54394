// What runs inside the page of a measurement: two stopwatches that end when the browser has painted.

/** Installed before the app starts. `globalThis.stopwatch` is its only trace. */
export function install() {
  const stopwatch = { painted: null, keys: [] };
  globalThis.stopwatch = stopwatch;

  /** Runs when what is on the page now has been painted: a task behind the frame that shows it. */
  const afterPaint = (act) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => act(performance.now());
      port2.postMessage(null);
    });

  // Data to painted. It ends with the frame that shows the first row, a search field and a heading with a count.
  const isUsable = () => document.querySelector('.row') !== null && document.querySelector('input[type="search"]') !== null;
  new MutationObserver((_, observer) => {
    if (!isUsable()) return;
    observer.disconnect();
    afterPaint((at) => (stopwatch.painted = at));
  }).observe(document, { childList: true, subtree: true });

  // Key to painted. The time of an event is when the browser got it, so a page that is still busy counts as well.
  addEventListener('input', (event) => afterPaint((at) => stopwatch.keys.push(at - event.timeStamp)), { capture: true });
}

/** Milliseconds from the last byte of the results to the first usable picture; null until there is one. */
export function painted(path) {
  const { painted } = globalThis.stopwatch;
  const answers = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname === path);
  return painted === null ? null : painted - Math.max(...answers.map(({ responseEnd }) => responseEnd));
}
