// The SDK: a client as the platform's guide has it, whose secrets are handles. The page passes them on and never sees a token.
import { errorOf, setupError } from './errors.js';
import { arrive, call, current, ending, follow, land, open, sessionState, until } from './session.js';

/** What a handle stands for: whose it is. */
const subjects = new WeakMap();

/** Stands for a secret of the session, which is nowhere else. */
class Handle {
  toString() {
    return '[kept by the session]';
  }

  toJSON() {
    return String(this);
  }
}

/** Stands for the access token of whoever is connected. It is refreshed behind it. */
export class AccessToken extends Handle {}

/** Stands for the PKCE verifier of the sign-in that is on its way. */
export class CodeVerifier extends Handle {}

const VERIFIER = Object.freeze(new CodeVerifier());

const signedOut = () => errorOf({ code: 'signed_out', message: 'nobody is connected', action: 'sign_in' });

/** Where the person is, unless that is only the way through. */
const here = () => (location.pathname === current().redirect_path ? '/' : location.pathname + location.search);

/** Options by their names in a configuration. */
const FIELDS = { clientId: 'client_id', stage: 'stage', issuer: 'issuer', clinical: 'clinical', scopes: 'scopes', idleMinutes: 'idle_minutes', sessionHours: 'session_hours', assumptions: 'assumptions', dangerously: 'dangerously' };

/** An address, or `undefined`. */
function parsed(address) {
  try {
    return new URL(address, globalThis.location?.href);
  } catch {
    return undefined;
  }
}

const isObject = (value) => typeof value === 'object' && value !== null;

/** What a caller in plain JavaScript may leave out. */
const given = (options) => (isObject(options) ? options : {});

function configured(all) {
  const { config, redirectUri, ...options } = given(all);
  // As a provider: without a word, the file where an app has it.
  if (config === undefined && !Object.keys(given(all)).length) return undefined;
  const file = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (name === 'clientSecret') throw setupError('config_wrong', 'clientSecret: a browser cannot keep one. Register the app as a SPA, and leave it out.');
    if (!Object.hasOwn(FIELDS, name)) throw setupError('config_wrong', `${name.slice(0, 40)}: there is no such option.`);
    file[FIELDS[name]] = value;
  }
  if (redirectUri !== undefined) {
    const url = parsed(redirectUri);
    const isOwn = !globalThis.location || url?.origin === location.origin;
    if (!url || !isOwn || url.search || url.hash) throw setupError('config_wrong', 'redirectUri: must be an address of this page’s own origin, without a query.');
    file.redirect_path = url.pathname;
  }
  if (config !== undefined && Object.keys(file).length) throw setupError('config_wrong', 'config: says all there is; there is no other option beside it.');
  return config ?? file;
}

export class LoopClient {
  #source;
  #opening;
  #exchange;

  /** With `{ clientId, redirectUri, … }`, or `{ config }`: a `loop.config.json` by its address, or what is in it. */
  constructor(options) {
    this.#source = configured(options);
  }

  /** Resolves when the session is open; rejects when it cannot be. Every method waits for it. */
  get ready() {
    return (this.#opening ??= open(this.#source).catch((error) => {
      this.#opening = undefined;
      throw error;
    })).then(() => undefined);
  }

  /** Whether somebody is connected: the same object until that changes. */
  get state() {
    return sessionState();
  }

  /** Calls `listener` when the state changes. Gives what ends that. */
  subscribe = (listener) => {
    this.ready.catch(() => undefined);
    let last = sessionState();
    return follow(() => {
      if (sessionState() !== last) listener((last = sessionState()));
    });
  };

  /** When the session will end by itself: `{ left, reason }`, or `null`. */
  ending() {
    return ending();
  }

  /** Sends the person to Loop, to come back to `returnTo`. `scopes` are asked for beyond the configuration. */
  async connect(options) {
    const { returnTo, scopes, action, signal } = given(options);
    await this.#open(signal);
    const asked = typeof scopes === 'string' ? scopes : Array.from(scopes ?? []).join(' ');
    await call('connect', { return_to: String(returnTo ?? here()), scopes: asked, ...(action !== undefined && { action: String(action) }) }, signal);
  }

  /** Completes what came back from Loop, if this page is where Loop sends people: where they were, what they said no to. */
  async handleCallback(options) {
    const { home, navigate, signal } = given(options);
    if (globalThis.location) arrive();
    await this.#open(signal);
    return until(land({ home, navigate }), signal);
  }

  /** The verifier of the sign-in that is on its way: kept by the session since `connect`. */
  get codeVerifier() {
    return VERIFIER;
  }

  /** Exchanges the code of a callback, once, for handles. `iss` is taken from the address of the callback where it is not given. */
  async exchangeCode(options) {
    const { code, state, iss, codeVerifier = VERIFIER, signal } = given(options);
    if (codeVerifier !== VERIFIER) throw setupError('invalid_input', 'codeVerifier: connect makes it and keeps it; pass on what loop.codeVerifier gives, or leave it out.');
    const query = new URLSearchParams({ code: code ?? '', state: state ?? '' });
    const came = new URLSearchParams(globalThis.location?.search);
    const issuer = iss ?? (came.get('code') === code ? came.get('iss') : null);
    if (issuer) query.set('iss', issuer);
    await this.#open(signal);
    // A framework may run what handles a callback twice: a code is sent once.
    if (!this.#exchange || this.#exchange.code !== code) this.#exchange = { code, done: call('complete', { query: String(query) }) };
    await until(this.#exchange.done, signal);
    return this.tokens() ?? Promise.reject(signedOut());
  }

  /** Handles of whoever is connected, or `null`. */
  tokens() {
    const { account } = sessionState();
    if (!account) return null;
    const token = Object.freeze(new AccessToken());
    subjects.set(token, account.subject);
    return Object.freeze({ access_token: token, token_type: 'Bearer', scope: account.granted.join(' '), sub: account.subject });
  }

  /** The clinical service, for whoever is connected. */
  clinical() {
    const token = this.tokens()?.access_token;
    if (!token) throw signedOut();
    return createClinicalClient({ baseUrl: current().clinical, accessToken: token });
  }

  /** Forgets everything in every tab, and asks Loop to revoke the tokens. `complete` says whether Loop confirmed. */
  async disconnect(options) {
    const { signal } = given(options);
    await this.#open(signal);
    return call('disconnect', {}, signal);
  }

  async #open(signal) {
    await until(this.ready, signal);
  }
}

/** Calls of the clinical service in the name of whoever `accessToken` stands for, and of nobody else. */
export function createClinicalClient(options) {
  const { baseUrl, accessToken } = given(options);
  const subject = subjects.get(accessToken);
  if (subject === undefined) throw setupError('invalid_input', 'accessToken: is what exchangeCode or tokens() gave, and no text.');
  if (parsed(baseUrl)?.href !== parsed(current().clinical).href) throw setupError('invalid_input', 'baseUrl: a token only goes to the service of the configuration.');
  const ask = async (name, options, fields) => {
    const { userId = subject, signal } = given(options);
    if (userId === subject) return call(name, { ...fields, subject }, signal);
    throw errorOf({ code: 'not_found', message: 'not there, or not visible to this person', action: 'tell' });
  };
  const list = (name, key) => async (options) => {
    const { items, ...rest } = await ask(name, options);
    return { [key]: items, ...rest };
  };
  return Object.freeze({
    listBiomarkers: list('biomarkers', 'results'),
    listRedFlags: list('red_flags', 'flags'),
    listRecommendations: list('recommendations', 'recommendations'),
    listCheckIns: list('check_ins', 'check_ins'),
    getProtocol: (options) => ask('protocol', options, { id: given(options).id }),
    getNextCheckIn: (options) => ask('next_check_in', options, { enrolled_at: given(options).enrolledAt }),
    answerCheckIn: async (options) => {
      const { checkIn, idempotencyKey } = given(options);
      return ask('answer_check_in', options, { check_in: checkIn, key: idempotencyKey ?? (await call('key')) });
    },
    /** A key for one write, which is the same for every try of it. */
    newIdempotencyKey: () => call('key'),
  });
}
