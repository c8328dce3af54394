// The one session of the page: opened from a configuration, followed, called. The tokens stay in the wasm.
import { errorOf, scopesOf, setupError } from './errors.js';
import { glue } from './built.js';
import { byNumber, hasBroken, onBreak, runtime, whyNotLoaded } from './runtime.js';

/** The largest configuration that is read, in characters. */
const MOST = 65536;

/** What the session was opened with; `undefined` until it is. */
let opened;
let state = Object.freeze({ state: 'looking' });
let last = '';
let next = 1;
/** Calls that wait for their answer. */
const pending = new Map();
const followers = new Set();

export const current = () => opened;
export const sessionState = () => state;

/** Calls `listener` when somebody is connected, or nobody any more, and when the session is opened. Gives what ends that. */
export function follow(listener) {
  followers.add(listener);
  return () => followers.delete(listener);
}

/** What one of them throws is the page's, and stops nobody else. */
export const tellFollowers = () =>
  [...followers].forEach((listener) => {
    try {
      listener();
    } catch (error) {
      reportError(error);
    }
  });

/** When the session will end by itself, or `null`. */
export function ending() {
  const { ends_in: left, ends_because: reason } = read();
  return left === undefined ? null : { left, reason };
}

function read() {
  // A text cannot be taken from what has broken.
  try {
    return JSON.parse((opened && glue.sessionState()) || '{}');
  } catch {
    return {};
  }
}

function look() {
  const { state: name, reason, subject, name: person, granted, missing } = read();
  const now = { state: name ?? 'looking', ...(reason && { reason }) };
  if (subject !== undefined) now.account = Object.freeze({ subject, name: person, granted: scopesOf(granted), missing: scopesOf(missing) });
  const text = JSON.stringify(now);
  if (text === last) return;
  last = text;
  state = Object.freeze(now);
  tellFollowers();
}

/** What the wasm tells: of the session, of a call, of an element. */
function told(number, text) {
  if (number === 0) return look();
  const said = JSON.parse(text);
  if (number > 0) return pending.get(number)?.(said);
  const tell = byNumber.get(-number);
  if (said.ok) return tell?.('loop-disconnected', said.ok);
  const { code, message, recovery } = errorOf(said.error);
  tell?.('loop-error', { code, message, recovery });
}

/** What is said when something broke in the wasm. */
const CRASHED = { error: { code: 'crashed', message: 'The session of this page has stopped: load the page again.', action: 'tell' } };

onBreak(() => [...pending.values()].forEach((answer) => answer(CRASHED)));

/** Makes a call, and gives it up when `signal` says so: a read is cancelled, a write goes on without anybody who waits. */
export function call(name, input, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (hasBroken()) throw errorOf(CRASHED.error);
    const text = jsonOf(input ?? {}, 'invalid_input');
    const number = next++;
    const giveUp = () => {
      pending.delete(number);
      glue.sessionCancel(number);
      reject(signal.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    pending.set(number, ({ ok, error }) => {
      pending.delete(number);
      signal?.removeEventListener('abort', giveUp);
      if (error) reject(errorOf(error));
      else resolve(ok);
    });
    glue.sessionCall(number, name, text);
  });
}

/** An object as JSON; one that has a loop in it, or throws, is an error of ours. */
function jsonOf(object, code) {
  try {
    const text = JSON.stringify(object);
    if (text !== undefined) return text;
  } catch {
    // As one that gives no text.
  }
  throw setupError(code, 'An option is no JSON.');
}

/** Configurations by their address: each is read once. */
const files = new Map();

/** The text of a configuration: JSON, an object, or the address of a file on the page's own origin. */
function configuration(source) {
  if (typeof source === 'object' && source !== null) return jsonOf(source, 'config_wrong');
  const text = String(source ?? '/loop.config.json');
  if (text.trimStart().startsWith('{')) return text;
  if (!files.has(text)) files.set(text, fetched(text).catch((error) => (files.delete(text), Promise.reject(error))));
  return files.get(text);
}

async function fetched(address) {
  const missing = setupError('config_missing', `The configuration ${address.slice(0, 200)} did not come: it is a file of the page’s own origin.`);
  try {
    const url = new URL(address, document.baseURI);
    // Whoever writes this file decides where people sign in: nobody but the page's own host.
    if (url.origin !== location.origin) throw missing;
    const answer = await fetch(url, { credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer' });
    const text = answer.ok ? await answer.text() : '';
    if (!text || text.length > MOST) throw missing;
    return text;
  } catch {
    throw missing;
  }
}

/** Each opening waits for the one before, so that of two configurations the one that stands first in the page counts. */
let before = Promise.resolve();

/** Opens the session of the page, or joins it. */
export function open(source) {
  const own = before.then(() => openNow(source));
  before = own.catch(() => undefined);
  return own;
}

function begun(text) {
  try {
    return JSON.parse(glue.sessionBegin(text, location.origin, told));
  } catch {
    return CRASHED;
  }
}

async function openNow(source) {
  if (hasBroken()) throw errorOf(CRASHED.error);
  if (!globalThis.document) throw errorOf({ code: 'unsupported_browser', message: 'A session needs a browser.', action: 'tell' });
  const text = await configuration(source);
  if (!(await runtime(document.documentElement))) throw errorOf({ code: 'load', message: `The session could not be loaded: ${whyNotLoaded()}`, action: 'retry', after: 0 });
  const { ok, error } = begun(text);
  if (error) throw errorOf(error);
  if (!opened) {
    opened = ok;
    attend();
    look();
  }
  return opened;
}

/** Somebody who does something puts the end off, and the clock on the wall is looked at while somebody looks at the page. */
function attend() {
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, () => glue.sessionLook(true), { capture: true, passive: true });
  setInterval(() => state.account && glue.sessionLook(false), 1000);
}

/** Waits for something that goes on when `signal` ends the waiting. */
export function until(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

/** Shows an address of this origin; where the browser or the page does not let us, it stays as it is. */
function show(address) {
  try {
    history.replaceState(history.state, '', new URL(address, location.href).origin === location.origin ? address : '/');
  } catch {
    // Another address harms nobody.
  }
}

/** What came back from Loop, and how it ended: a page is come back to once. */
let arrival;
let landing;
let isLanded = false;

/** Whether the session is open, and nothing that came back from Loop is still to be dealt with: the address is then the person's. */
export const isSettled = () => Boolean(opened) && (isLanded || !(arrival || location.pathname === opened.redirect_path));

/** Takes what came back from Loop out of the address bar, before anything else can see it. The rest of the page's queries are its own. */
export function arrive() {
  const { pathname, search, hash } = location;
  const has = (name) => [search, hash].some((part) => new URLSearchParams(part.slice(1)).has(name));
  if (arrival || !has('state') || !(has('code') || has('error'))) return;
  arrival = { pathname, search, hash };
  show(pathname);
}

/** Completes what came back: `null` where nothing did, or it is somebody else's. The address becomes that where the person was. */
export const land = (options) =>
  (landing ??= landed(options).finally(() => {
    isLanded = true;
    tellFollowers();
  }));

async function landed({ home = '/', navigate = false }) {
  const { redirect_path: path } = opened;
  if (!arrival) {
    // A reload, or a step back: there is nothing at this address but the way through.
    if (location.pathname === path) show(home);
    return null;
  }
  if (arrival.pathname !== path) {
    show(arrival.pathname + arrival.search + arrival.hash);
    return null;
  }
  try {
    const { return_to: returnTo, missing, denied, action } = await call('complete', { query: arrival.search.slice(1), fragment: arrival.hash.slice(1) });
    if (navigate) location.replace(returnTo);
    else show(returnTo);
    return { returnTo, missing: scopesOf(missing), denied, action };
  } catch (error) {
    // The code may be spent, so nothing is tried again from here.
    show(home);
    throw error;
  }
}
