// Loads the wasm once for all elements of this script, and keeps what happens in it away from the page.
import { BUILT, glue } from './built.js';

/** What `define` was given: where the wasm is, where the catalogue is, and whether it is wanted. */
export const settings = { wasm: undefined, catalogue: undefined };

/** How long a text is waited for, in milliseconds: everything can be read without. */
const PATIENCE = 5000;

/** What was loaded: nothing yet, on its way, or there. One that failed is tried again by the next element. */
let loading;
/** Whether something broke in the wasm. Its memory is then in no known state, so nothing is drawn with it any more. */
let isBroken = false;
/** The language of the texts: that of the first element that is drawn. */
let language = 'en';
/** Why the last loading failed, in the browser's words: about a file or a policy, and never about a person. */
let why = '';

/** Elements that want to know when the wasm breaks. */
const listeners = new Set();

/** What tells an event of an element, by the number of what it draws. */
export const byNumber = new Map();

export const onBreak = (listener) => listeners.add(listener);
export const offBreak = (listener) => listeners.delete(listener);
export const hasBroken = () => isBroken;
export const spoken = () => language;
export const whyNotLoaded = () => why;

/**
 * What draws, or `null` where it cannot be loaded or has broken. `element` says in which language; `withCatalogue` waits for the
 * names of biomarkers as well.
 */
export async function runtime(element, withCatalogue) {
  if (isBroken) return null;
  const own = (loading ??= begin(element));
  let loaded;
  try {
    loaded = await own;
  } catch (error) {
    why = String(error?.message ?? error).slice(0, 300);
    if (loading === own) loading = undefined;
    return null;
  }
  if (withCatalogue) await (loaded.catalogue ??= takeCatalogue());
  return isBroken ? null : glue;
}

/** The language of an element: its own, that of what it stands in, that of the page. */
function languageOf(element) {
  const tag = element.closest('[lang]')?.lang || document.documentElement.lang || 'en';
  return tag.toLowerCase().split('-')[0];
}

async function begin(element) {
  const wanted = languageOf(element);
  const texts = Object.hasOwn(BUILT.languages, wanted) && text(BUILT.languages[wanted].texts).catch(() => null);
  const imports = glue.imports();
  const source = await (typeof settings.wasm === 'function' ? settings.wasm() : settings.wasm);
  const { instance, module } = await instantiated(source ?? BUILT.wasm.url(), imports);
  glue.start({ exports: guarded(instance.exports) }, module);
  const file = texts && (await texts);
  if (file && glue.takeLanguage(file)) language = wanted;
  if (isBroken) throw new Error('the wasm could not start');
  return {};
}

/** From an address, an answer, bytes or a module. */
async function instantiated(source, imports) {
  if (source instanceof WebAssembly.Module) return { instance: await WebAssembly.instantiate(source, imports), module: source };
  if (typeof source === 'string' || source instanceof URL) {
    const address = String(source);
    source = await fetch(address, { integrity: BUILT.wasm.integrity, credentials: 'same-origin' }).catch((error) => {
      throw new Error(`${address}: ${error.message}`);
    });
  }
  if (source instanceof Response) {
    if (!source.ok) throw new Error(`the wasm was answered with ${source.status}`);
    // Not streamed, so that a server which does not know what kind of file this is serves it all the same.
    source = await source.arrayBuffer();
  }
  return WebAssembly.instantiate(source, imports);
}

/** A file of the package, held to its digest. */
const text = ({ url, integrity }) => textOf(url(), integrity);

async function textOf(url, integrity) {
  const answer = await fetch(url, { integrity, credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}`);
  return answer.text();
}

/** Without one, results are shown as their lab named them. */
async function takeCatalogue() {
  const own = BUILT.languages[language]?.catalogue ?? BUILT.catalogue;
  let file = '';
  if (settings.catalogue !== false) file = await (settings.catalogue === undefined ? text(own) : textOf(settings.catalogue)).catch(() => '');
  // Results of a session wait for it: also for none.
  glue.takeCatalogue(file);
  return true;
}

/**
 * What the wasm exports, each call of which ends here when something breaks, also one that the browser makes for an event. Only the
 * outermost call knows that nothing of it goes on.
 */
function guarded(exports) {
  const safe = Object.create(null);
  let depth = 0;
  let hasTrapped = false;
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value !== 'function') {
      safe[name] = value;
      continue;
    }
    safe[name] = (...values) => {
      if (isBroken) return undefined;
      depth += 1;
      try {
        return value(...values);
      } catch (error) {
        hasTrapped = true;
        if (depth > 1) throw error;
        // What broke is neither shown nor logged: it may hold a value.
        return undefined;
      } finally {
        depth -= 1;
        // Also where the page's own code caught it in between.
        if (depth === 0 && hasTrapped && !isBroken) {
          isBroken = true;
          queueMicrotask(() => listeners.forEach((listener) => listener()));
        }
      }
    };
  }
  return safe;
}
