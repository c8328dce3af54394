// The elements of the session, and what the others draw when nobody gave them results.
import { LoopElement, TELL, hooks } from './element.js';
import { InputError } from './input.js';
import { LoopError, errorOf, setupError } from './errors.js';
import { arrive, current, follow, isSettled, land, open, sessionState, tellFollowers } from './session.js';

/** Providers on the page. */
const providers = new Set();

/** Landings, and how they failed, that a provider has told of. */
const heard = new Set();

/** Whether a page that has no provider by now has none. */
const isComplete = () => document.readyState !== 'loading';

hooks.follow = follow;
hooks.ofSession = (element) => {
  if (!isSettled() || sessionState().state !== 'connected') return null;
  const code = element.getAttribute('code') ?? '';
  if (element.constructor.kind !== 'biomarkers' && !code) return null;
  return { results: [], of_session: true, code, bare: element.hasAttribute('bare') };
};

if (globalThis.document) addEventListener('DOMContentLoaded', tellFollowers);

/** Whether there is a session to draw of; a page without one is wrong. */
function isOpen() {
  if (!current() && providers.size === 0 && isComplete()) throw new InputError('no_provider');
  return isSettled();
}

/** Opens the session of the page for everything on it. */
export class LoopProvider extends LoopElement {
  static kind = 'provider';
  static keepsContent = true;
  static flags = ['navigate'];
  static observedAttributes = ['config', 'home', 'navigate'];

  #config;
  /** What is wrong with its configuration. */
  #wrong;
  #isBeginning = false;
  #said = '';
  #unfollow;

  /** The address of a `loop.config.json`; as a property, its text or what is in it as well. */
  get config() {
    return this.#config ?? this.getAttribute('config');
  }

  set config(config) {
    const isText = typeof config === 'string' && config.trimStart().startsWith('{');
    this.#config = isText || typeof config === 'object' ? (config ?? undefined) : undefined;
    if (typeof config === 'string' && !isText) this.setAttribute('config', config);
    else this.#begin();
  }

  connectedCallback() {
    providers.add(this);
    super.connectedCallback();
    this.#unfollow ??= follow(() => this.#changed());
    this.#begin();
    tellFollowers();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    queueMicrotask(() => {
      if (this.isConnected) return;
      providers.delete(this);
      this.#unfollow?.();
      this.#unfollow = undefined;
    });
  }

  attributeChangedCallback(name, before, now) {
    super.attributeChangedCallback(name, before, now);
    if (name === 'config' && before !== now) this.#begin();
  }

  read() {
    if (this.#wrong) throw this.#wrong;
    return isSettled() ? { results: [], of_session: true } : null;
  }

  #begin() {
    if (!this.isConnected) return;
    arrive();
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    // After everything that sets properties of a new element in the same turn.
    queueMicrotask(() => this.#land());
  }

  async #land() {
    this.#isBeginning = false;
    try {
      // Markup does not say where tokens go: of an attribute, only a file of this origin is read.
      if (!this.#config && this.getAttribute('config')?.trimStart().startsWith('{')) throw setupError('config_wrong', 'config: is an address. JSON is for the property.');
      await open(this.config);
      this.#wrong = undefined;
      tellFollowers();
      const landing = await land({ home: this.getAttribute('home') ?? '/', navigate: this.hasAttribute('navigate') });
      if (landing && this.isConnected && !heard.has(landing)) {
        heard.add(landing);
        this[TELL]('loop-landing', landing);
      }
    } catch (caught) {
      const error = caught instanceof LoopError ? caught : errorOf({ code: 'crashed', message: 'The session could not be opened.', action: 'tell' });
      if (!current() || error.code.startsWith('config_')) {
        this.#wrong = new InputError(error.code, error.message);
        tellFollowers();
      } else if (this.isConnected && !heard.has(caught)) {
        heard.add(caught);
        this[TELL]('loop-error', { code: error.code, message: error.message, recovery: error.recovery });
      }
    }
  }

  #changed() {
    if (!current()) return;
    const { state, reason, account } = sessionState();
    const detail = { state, ...(reason && { reason }), granted: account?.granted ?? [], missing: account?.missing ?? [] };
    const said = JSON.stringify([detail, account?.subject]);
    if (said === this.#said) return;
    this.#said = said;
    this[TELL]('loop-session', detail);
  }
}

/** The way to Loop, while nobody is connected; with `scopes`, for whoever is connected and has not allowed them. */
export class LoopConnect extends LoopElement {
  static kind = 'connect';
  static observedAttributes = ['label', 'return-to', 'scopes'];

  read() {
    const { state, account } = isOpen() ? sessionState() : { state: 'looking' };
    const scopes = (this.getAttribute('scopes') ?? '').split(/\s+/).filter(Boolean);
    const isWanted = scopes.length ? account && scopes.some((scope) => !account.granted.includes(scope)) : state === 'signed_out';
    if (!isWanted) return null;
    return { results: [], of_session: true, label: this.getAttribute('label') ?? '', return_to: this.getAttribute('return-to') ?? '', scopes: scopes.join(' ') };
  }
}

/** Who is connected, and the way out. */
export class LoopAccount extends LoopElement {
  static kind = 'account';
  static observedAttributes = [];

  read() {
    // The person is part of it, so that another one is drawn anew.
    return isOpen() && sessionState().account ? { results: [], of_session: true, code: sessionState().account.subject } : null;
  }
}
