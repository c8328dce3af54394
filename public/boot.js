// Starts the app, or says in plain words why it cannot, and clears the page when the app breaks.
//
// It is a file of its own, because the content security policy allows no inline script. It loads chunks and languages by `fetch` and
// the glue by a script element, because only these make the browser refuse what does not match its digest; the parts of the WebAssembly
// it holds to theirs itself.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';

/**
 * What the page says when it cannot start: the words of the button, then a heading and what it means for each reason. The build
 * fills in the English ones of crates/ui/languages; a language that is loaded replaces them.
 */
let words = [];

/** Why the page cannot start, in the order of the words, and whether loading again can help. */
const REASONS = { insecure: false, unsupported: false, offline: true, missing: true, altered: true, broken: true, crashed: true };

/** How long a language is waited for. */
const PATIENCE = 5000;

/** The worker that keeps the shell for when there is no network, beside this file. */
const WORKER = new URL('service-worker.js', import.meta.url).href;

/** The look that the person chose; without one, the system's. */
function dress() {
  try {
    const theme = localStorage.getItem('loop.theme.v1');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // A store that is blocked keeps no choice.
  }
}

/**
 * Loads the language that the person chose, or else the first of the browser's that this app has, and tells the page. English is
 * part of the app, and stands in for a file that does not come.
 */
async function speak() {
  const offered = new Map();
  for (const { content, dataset } of document.querySelectorAll('meta[name="app-language"]')) offered.set(dataset.tag, { url: content, integrity: dataset.integrity });
  const primary = (locale) => locale.split('-')[0];
  let chosen = null;
  try {
    chosen = localStorage.getItem('loop.language.v1');
  } catch {
    // A store that is blocked keeps no choice.
  }
  const isKnown = (locale) => primary(locale) === 'en' || offered.has(primary(locale));
  const tag = primary([chosen ?? '', ...navigator.languages, 'en'].find(isKnown));
  const locale = navigator.languages.find((locale) => primary(locale) === tag) ?? tag;
  const root = document.documentElement;
  if (tag === 'en') {
    root.lang = locale;
    return;
  }
  try {
    const { url, integrity } = offered.get(tag);
    const answer = await fetch(url, { integrity, credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return;
    const text = await answer.text();
    const lines = text.split('\n');
    words = lines.slice(1, 1 + words.length);
    root.lang = locale;
    root.dir = lines[0].split('\t')[2];
    window.loopLanguage = text;
  } catch {
    // It did not come.
  }
}

/**
 * Asks for the catalogue in the language of the page. The app will ask for it, and would do so only once its code is there; meanwhile
 * the line is free. What is needed first goes first.
 */
function foresee() {
  const [tag] = document.documentElement.lang.split('-');
  const href = meta('app-js').replace(/[^/]*$/, tag === 'en' ? 'catalogue.json' : `catalogue.${tag}.json`);
  document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', fetchPriority: 'low', href }));
}

/** An error that knows its reason. */
class BootError extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether the page has said why there is no app. Nothing is shown afterwards. */
let isOver = false;

/** Shows the reason, the first one that there is. Built node by node, so it works under the strictest policy, and without the app's own style. */
function show(reason) {
  if (isOver) return;
  isOver = true;
  // A code in the address bar would otherwise stay there, and come along when the page is loaded again.
  history.replaceState(null, '', location.pathname);
  const [again, ...texts] = words;
  const [heading, text] = texts.slice(2 * Object.keys(REASONS).indexOf(reason));
  const main = document.createElement('main');
  main.id = 'boot-failed';
  main.dataset.reason = reason;
  const alert = document.createElement('div');
  alert.setAttribute('role', 'alert');
  main.append(alert);
  alert.append(
    Object.assign(document.createElement('h1'), { textContent: heading }),
    Object.assign(document.createElement('p'), { textContent: text }),
  );
  if (REASONS[reason]) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button button--primary', textContent: again });
    // Not the page that broke, which may break again.
    button.addEventListener('click', () => (reason === 'crashed' ? location.assign(meta('app-js').replace(/[^/]*$/, '')) : location.reload()));
    alert.append(button);
  }
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('#boot-failed{box-sizing:border-box;max-width:36rem;margin:15vh auto 0;padding:1.5rem;font:1.0625rem/1.6 system-ui,sans-serif}#boot-failed h1{font-size:1.75rem;line-height:1.2;margin:0 0 .75rem}#boot-failed p{margin:0 0 1.5rem}#boot-failed button{font:inherit;padding:.6rem 1.1rem}');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // A browser too old for this still shows the words.
  }
  document.body.replaceChildren(main);
}

/**
 * Nothing of a person stays on the screen or in this browser, and what still runs in the page can keep nothing. Other tabs
 * see that the shared store is empty, and drop their session. What broke is neither shown nor logged: it may hold a value.
 */
function crash() {
  for (const name of ['sessionStorage', 'localStorage']) {
    try {
      const store = window[name];
      // First: it tells the other tabs that the session is over.
      store.removeItem('loop.family.v2');
      for (const key of Object.keys(store)) if (key.startsWith('loop.')) store.removeItem(key);
    } catch {
      // A store that is blocked holds nothing.
    }
  }
  Storage.prototype.setItem = () => {};
  try {
    // The keys that tokens may be bound to.
    indexedDB.deleteDatabase('loop.keys.v1');
  } catch {
    // There are none where there is no such store.
  }
  show('crashed');
}

/** A panic ends as a trap of the WebAssembly; what a browser throws into it passes through. Faults of extensions are theirs. */
function watch() {
  const isTrap = (error) => error instanceof WebAssembly.RuntimeError;
  window.addEventListener('error', (event) => {
    const { error, filename } = event;
    if (!isTrap(error) && !(error && filename.startsWith(location.origin))) return;
    event.preventDefault();
    crash();
  });
  window.addEventListener('unhandledrejection', (event) => {
    if (!isTrap(event.reason)) return;
    event.preventDefault();
    crash();
  });
}

/** Under `require-trusted-types-for 'script'` every string that becomes markup or code passes here first. */
function guardMarkup(glue) {
  if (!window.trustedTypes?.createPolicy) return;
  const runsCode = /<(?:script|iframe|object|embed|base|link|meta)\b|[\s/"']on[a-z]+\s*=|\bsrcdoc\s*=|javascript:/i;
  window.trustedTypes.createPolicy('default', {
    // The app's templates are plain markup; `null` makes the browser refuse the rest.
    createHTML: (markup) => (runsCode.test(markup) ? null : markup),
    createScript: () => null,
    createScriptURL: (url) => (url === glue || url === WORKER ? url : null),
  });
}

/** Tells a changed file from one that is gone and one that did not arrive: all three reject `fetch` or `import` alike. */
async function whyNotLoaded(url) {
  try {
    const answer = await fetch(url, { method: 'HEAD', cache: 'no-store', credentials: 'same-origin' });
    // A server that answers any path with the page itself is one where the file is gone, too.
    const isPage = (answer.headers.get('content-type') ?? '').includes('html');
    return answer.ok && !isPage ? 'altered' : answer.status >= 500 ? 'offline' : 'missing';
  } catch {
    return 'offline';
  }
}

/** Loads a module held to its digest, which `import` alone cannot do, then gives what it exports. */
async function load(url, integrity) {
  await new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), { type: 'module', integrity, onload: resolve, onerror: reject });
    script.src = url;
    document.head.append(script);
  });
  return import(url);
}

/** The file of the app's code is made of parts, each a module that needs those before it: how long each is, and its digest. */
const PARTS = [...document.querySelectorAll('meta[name="app-part"]')];

/** What is loaded later has a file of its own. */
const CHUNKS = [...document.querySelectorAll('meta[name="app-chunk"]')];

/** Why a file broke off: the line, or what it was packed in was changed, which a browser says in the same way. */
async function whyBroken(url) {
  try {
    await fetch(url, { integrity: meta('app-wasm-integrity'), cache: 'reload', credentials: 'same-origin' });
    return 'offline';
  } catch {
    return whyNotLoaded(url);
  }
}

/**
 * Gives the parts of the code, each as soon as it has come, so that the first runs while the others are on their way. A browser holds
 * only whole files to a digest, so this does it itself: what is not as it should be is given to nobody.
 */
async function* partsOf(answer, url) {
  const reader = answer.body.getReader();
  const more = () => reader.read().catch(async () => { throw new BootError(await whyBroken(url)); });
  let came = new Uint8Array();
  for (const [number, { content, dataset }] of PARTS.entries()) {
    const part = new Uint8Array(Number(content));
    for (let length = 0; length < part.length;) {
      if (came.length === 0) {
        const { done, value } = await more();
        // The rest stays empty, and is not what the digest says.
        if (done) break;
        came = value;
      }
      const some = came.subarray(0, part.length - length);
      part.set(some, length);
      length += some.length;
      came = came.subarray(some.length);
    }
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', part));
    const isTooLong = number === PARTS.length - 1 && (came.length > 0 || !(await more()).done);
    if (isTooLong || dataset.integrity !== `sha384-${btoa(String.fromCharCode(...digest))}`) {
      reader.cancel();
      throw new BootError(await whyNotLoaded(url));
    }
    yield part;
  }
}

/** Gives the code of a chunk. */
async function fetchChunk({ content, dataset }) {
  try {
    const answer = await fetch(content, { integrity: dataset.integrity, credentials: 'same-origin' });
    return await answer.arrayBuffer();
  } catch {
    throw await whyNotLoaded(content);
  }
}

/** Brings what has a number, and all before it, each once: the parts behind the first, then the chunks. */
function bringer(parts, imports, instance) {
  const brought = { ...instance.exports };
  const coming = [];
  const make = async (number) => {
    const chunk = CHUNKS[number + 1 - PARTS.length];
    // On its way while those before it are; why one of them did not come is the reason for this one, too.
    const own = chunk && fetchChunk(chunk);
    own?.catch(() => {});
    await bring(number - 1);
    const code = own ? await own : (await parts.next()).value;
    const made = await WebAssembly.instantiate(code, { ...imports, _: brought });
    Object.assign(brought, made.instance.exports);
  };
  const bring = async (number) => {
    // A build for developers has all in one part.
    if (number < 0 || number + 1 >= PARTS.length + CHUNKS.length) return;
    coming[number] ??= make(number);
    try {
      await coming[number];
    } catch (reason) {
      // The next try is a new one, but for a part: its file has to be asked for again, with the page.
      if (number + 1 >= PARTS.length) coming[number] = undefined;
      throw reason;
    }
  };
  return bring;
}

async function boot() {
  if (!window.isSecureContext) throw new BootError('insecure');
  if (typeof WebAssembly !== 'object' || !window.crypto?.subtle) throw new BootError('unsupported');
  const js = meta('app-js');
  const wasm = meta('app-wasm');
  guardMarkup(js);

  // Both downloads start at once; a rejection is looked at below, in order.
  const code = fetch(wasm, { credentials: 'same-origin' });
  const glue = load(js, meta('app-js-integrity'));
  language.then(foresee);
  const [codeAnswer, glueAnswer] = await Promise.allSettled([code, glue]);
  if (codeAnswer.status === 'rejected') throw new BootError(await whyNotLoaded(wasm));
  if (!codeAnswer.value.ok) throw new BootError(codeAnswer.value.status >= 500 ? 'offline' : 'missing');
  if (glueAnswer.status === 'rejected') throw new BootError(await whyNotLoaded(js));
  watch();
  const { imports, start } = glueAnswer.value;
  const table = imports();
  const parts = partsOf(codeAnswer.value, wasm);
  const { instance, module } = await WebAssembly.instantiate((await parts.next()).value, table);
  const bring = bringer(parts, table, instance);
  const shown = new Promise((resolve, reject) => {
    window.loopChunk = (number, then) => {
      const brought = language.then(() => bring(number));
      // The first shows the app, or there is nothing to show.
      if (number === 0) brought.then(() => isOver || then(0)).then(resolve, reject);
      else brought.then(() => then(0), (reason) => then(reason === 'offline' ? 1 : 2));
    };
  });
  // It asks for the results meanwhile.
  start(instance, module);
  // With the last part results are shown, whoever is connected or connects. The page that needs it says why it does not come.
  bring(PARTS.length - 2).catch(() => {});
  await Promise.all([shown, bring(0)]);
}

/**
 * Has the worker installed where the build has one (`cargo xtask dist --offline`). Where it has none, takes away what an earlier
 * deployment left, since a worker would outlive it.
 */
async function tendShell() {
  const workers = navigator.serviceWorker;
  if (meta('app-offline')) return workers.register(WORKER);
  const left = await workers.getRegistration();
  if (left?.active?.scriptURL !== WORKER) return;
  for (const name of await caches.keys()) if (name.startsWith(`loop.shell ${left.scope} `)) await caches.delete(name);
  await left.unregister();
}

dress();
const language = speak();
const placeholder = document.getElementById('boot');
// Shown only when loading is slow enough to be noticed.
const slow = setTimeout(() => placeholder?.removeAttribute('hidden'), 600);
try {
  await boot();
} catch (error) {
  await language;
  if (error instanceof BootError) show(error.reason);
  else if (error instanceof WebAssembly.RuntimeError) crash();
  else show('broken');
} finally {
  clearTimeout(slow);
  placeholder?.remove();
  // Where there are no workers, or none may be, the app is as well without.
  tendShell().catch(() => {});
}
