// A Loop platform on localhost for one test file: starts it on free ports, and speaks to its control API.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a test can do to a running platform. */
export class Platform {
  #child;
  #said;

  /** Use `startPlatform`. */
  constructor(child, said, ready) {
    this.#child = child;
    this.#said = said;
    /** Origins, without a slash at the end. */
    this.app = ready.app;
    this.identity = ready.identity;
    this.clinical = ready.clinical;
    this.portal = ready.portal;
    this.clientId = ready.client_id;
    /** `[{id, name, summary}]` */
    this.people = ready.people;
  }

  /** All that happened: `[{seq, service, endpoint, method, path, status, detail}]`. */
  async log() {
    return (await this.#control('GET', 'log')).entries;
  }

  /** What happened at one endpoint, such as `token` or `revoke`. */
  async calls(endpoint) {
    return (await this.log()).filter((entry) => entry.endpoint === endpoint);
  }

  /** Back to the start: no sessions, tokens, faults, log; switches as given when it was started. */
  reset() {
    return this.#control('POST', 'reset');
  }

  /** Without an argument all switches; with one, changes those it names. */
  switches(changes) {
    return changes ? this.#control('POST', 'switches', changes) : this.#control('GET', 'switches');
  }

  /** The app asks a person for these scopes, too, when they connect. */
  async askFor(scopes) {
    const config = await (await fetch(`${this.app}/loop.config.json`)).json();
    return this.switches({ app_config: { ...config, scopes: [...config.scopes, ...scopes] } });
  }

  /** Breaks an endpoint: `refuse|reset|stall|429|500|503|html|truncated|slow|huge|deep`, `times` times or for good. */
  fault(endpoint, fault, { times = null, retryAfter } = {}) {
    return this.#control('POST', 'faults', { endpoint, fault: String(fault), times, ...(retryAfter === undefined ? {} : { retry_after: retryAfter }) });
  }

  /** Mends everything. */
  clearFaults() {
    return this.#control('DELETE', 'faults');
  }

  /** Every access token is expired from now on. */
  expireAccessTokens() {
    return this.#control('POST', 'expire-access-tokens');
  }

  /** Every refresh token is revoked from now on. */
  revokeRefreshTokens() {
    return this.#control('POST', 'revoke-refresh-tokens');
  }

  /** Moves the platform's clock forward. */
  advance(seconds) {
    return this.#control('POST', 'advance', { seconds });
  }

  /** Whether the app's owner has signed a BAA. */
  baa(signed, clientId = this.clientId) {
    return this.#control('POST', 'baa', { client_id: clientId, signed });
  }

  /** Adds lab results of now to a person's record as one report: `[{biomarker, value}]`. Apps are told by webhook. */
  addResults(person, results) {
    return this.#control('POST', 'results', { person, results });
  }

  /** Where an app's webhooks go and what signs them: `{client_id, url, secret}`, each only when it is to change. */
  webhooks(changes) {
    return this.#control('POST', 'webhooks', changes);
  }

  /** Spoils deliveries, `times` of them or all from now on; which faults there are stands in docs/webhooks.md. */
  webhookFault(fault, times = null) {
    return this.#control('POST', 'webhooks/faults', { fault, times });
  }

  /** Webhooks from the first to the last: `[{id, type, user_id, client_id, occurred_at, state, attempts, last_status, last_answer, next_attempt_at}]`. */
  async deliveries() {
    return (await this.#control('GET', 'webhooks/deliveries')).deliveries;
  }

  /** How often the token endpoint was called, how often with a refresh token used before, and which grants ended: `{token_calls, old_refresh_tokens, ended_grants}`. */
  counters() {
    return this.#control('GET', 'counters');
  }

  /** Live tokens by person, and which grants were revoked and why. */
  state() {
    return this.#control('GET', 'state');
  }

  /** Ends it. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    // It watches its standard input, so this also works where signals do not.
    this.#child.stdin.end();
    await ended;
  }

  async #control(method, path, body) {
    const answer = await fetch(`${this.portal}/_sandbox/${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /_sandbox/${path} answered ${answer.status}: ${text}\n${this.#said()}`);
    return text ? JSON.parse(text) : undefined;
  }
}

/** Starts a platform that serves a built app; `flags` go to it after those that every test needs. */
export async function startPlatform(flags = [], { app = process.env.LOOP_APP } = {}) {
  const { LOOP_SANDBOX, LOOP_SANDBOX_FLAGS } = process.env;
  if (!LOOP_SANDBOX || !app) throw new Error('LOOP_SANDBOX and LOOP_APP are not set: run this as `cargo xtask test browser`.');
  const all = [...JSON.parse(LOOP_SANDBOX_FLAGS ?? '[]'), ...flags];
  const ports = ['app', 'identity', 'clinical', 'portal']
    .map((service) => `--${service}-port`)
    .filter((flag) => !all.some((own) => own === flag || own.startsWith(`${flag}=`)))
    .flatMap((flag) => [flag, '0']);
  const child = spawn(LOOP_SANDBOX, ['--json', '--stdin-guard', '--app', app, ...ports, ...all], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = [];
  child.stderr.setEncoding('utf8').on('data', (text) => {
    lines.push(text);
    lines.splice(0, lines.length - 50);
  });
  const said = () => lines.join('').trim();
  const ready = await new Promise((resolve, reject) => {
    const failed = (why) => reject(new Error(`the platform did not start: ${said() || why}`));
    child.once('error', (error) => failed(error.message));
    // `close`, not `exit`: its last words may still be on the way.
    child.once('close', (code) => failed(`it ended with ${code}`));
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve(JSON.parse(line));
      } catch {
        failed(`it said ${line}`);
      }
    });
  });
  return new Platform(child, said, ready);
}
