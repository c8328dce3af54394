// Types of the SDK: a client whose secrets are handles, calls of the clinical service, errors that say what now.
import type { CheckIn, LoopResult, LoopWasm, NewCheckIn, NextCheckIn, Protocol, Recommendation, RedFlag, Scope, Stage } from './platform.js';

export * from './platform.js';

/** What belongs to every list. */
export interface Listed {
  /** Entries that could not be read, and are left out. */
  unreadable: number;
  /** Whether the platform has more than was loaded. */
  more: boolean;
  /** When it was loaded, as ISO 8601 writes it. */
  loaded_at: string;
}

/** What now: each `action` is one thing that a page can offer. */
export type Recovery =
  /** Try again, after so many milliseconds. */
  | { readonly action: 'retry'; readonly after: number }
  /** Ask the person for these scopes: `connect({ scopes })`. Empty where the platform did not say which. */
  | { readonly action: 'ask_consent'; readonly scopes: readonly Scope[] }
  /** `connect` again. */
  | { readonly action: 'sign_in' }
  /** Signing in goes round in circles: say so, and do not go on by yourself. */
  | { readonly action: 'diagnose' }
  /** Nothing can be done here: say so. */
  | { readonly action: 'tell' }
  /** The page, its configuration or the app's registration is wrong. */
  | { readonly action: 'owner' };

/** What went wrong. Which codes there are may grow; `recovery` covers those to come. */
export type LoopErrorCode =
  | 'signed_out'
  | 'session_ended'
  | 'outcome_unknown'
  | 'no_provider'
  | 'sign_in_loop'
  | 'access_denied'
  | 'invalid_scope'
  | 'insufficient_scope'
  | 'not_found'
  | 'no_results_yet'
  | 'invalid_input'
  | 'no_patient_id'
  | 'rate_limited'
  | 'offline'
  | 'unavailable'
  | 'unreadable_answer'
  | 'unsupported_browser'
  | 'config_missing'
  | 'config_wrong'
  | 'config_differs'
  | 'load'
  | 'crashed'
  | (string & {});

/** Something went wrong. Holds no token, no health value and no text of a server. */
export declare class LoopError extends Error {
  protected constructor();
  readonly code: LoopErrorCode;
  readonly recovery: Recovery;
}

/** Try again, after `recovery.after` milliseconds. */
export declare class LoopRetryError extends LoopError {
  readonly recovery: Extract<Recovery, { action: 'retry' }>;
}

/** The person has not allowed it: ask for `recovery.scopes` with `connect`. */
export declare class LoopConsentError extends LoopError {
  readonly recovery: Extract<Recovery, { action: 'ask_consent' }>;
}

/** Nobody is connected any more: `connect` again. */
export declare class LoopSignInError extends LoopError {
  readonly recovery: Extract<Recovery, { action: 'sign_in' }>;
}

/** The page, its configuration or the app's registration is wrong. */
export declare class LoopSetupError extends LoopError {
  readonly recovery: Extract<Recovery, { action: 'owner' }>;
}

/** What the platform's documentation does not say; docs/assumptions.md has each. */
export interface Assumptions {
  biomarkers_path?: string;
  biomarkers_user_param?: string;
  biomarkers_key?: string;
  biomarkers_page_size?: number;
  discovery?: boolean;
  revoke_as_public_client?: boolean;
  idempotency_header?: string;
  sub_is_patient_id?: boolean;
  recommendations_path?: string;
}

/** Strict checks that the owner of an app switches off. */
export interface Dangerously {
  allow_missing_iss?: boolean;
}

/** What is in a `loop.config.json`. */
export interface LoopConfig {
  client_id: string;
  stage?: Stage;
  issuer?: string;
  clinical?: string;
  scopes?: readonly Scope[];
  redirect_path?: string;
  idle_minutes?: number;
  session_hours?: number;
  assumptions?: Assumptions;
  dangerously?: Dangerously;
  /** A browser cannot keep one. */
  client_secret?: never;
}

/** The same, said in code. */
export interface LoopClientOptions {
  /** From the developer portal. Public. */
  clientId: string;
  /** A browser cannot keep one: register the app as a SPA. */
  clientSecret?: never;
  /** An address of the page's own origin, as it is registered; `/auth/loop/callback` by default. */
  redirectUri?: string;
  /** `production` by default. */
  stage?: Stage;
  /** The identity service, where it is not that of the stage. */
  issuer?: string;
  /** The clinical service, where it is not that of the stage. */
  clinical?: string;
  /** What is asked for when connecting; `openid`, `profile` and `read:biomarkers` by default. */
  scopes?: readonly Scope[];
  /** The session ends when nobody did anything for so long: 2 to 15, by default 10. */
  idleMinutes?: number;
  /** The session ends after so long in any case: 1 to 8, by default 8. */
  sessionHours?: number;
  assumptions?: Assumptions;
  dangerously?: Dangerously;
  config?: never;
}

/** A file of the page's own origin by its address, or what is in it. */
export interface LoopConfigOptions {
  config: string | LoopConfig;
  clientId?: never;
  clientSecret?: never;
}

/** Stands for the access token of whoever is connected. No text is one. */
export declare class AccessToken {
  private constructor();
  readonly #handle: never;
  toString(): string;
  toJSON(): string;
}

/** Stands for the PKCE verifier of the sign-in that is on its way. No text is one. */
export declare class CodeVerifier {
  private constructor();
  readonly #handle: never;
  toString(): string;
  toJSON(): string;
}

/** What an exchange gave. It is refreshed behind the handle, so there is no refresh token, and no moment when it ends. */
export interface Tokens {
  readonly access_token: AccessToken;
  readonly token_type: 'Bearer';
  /** What the person allowed, with spaces between. */
  readonly scope: string;
  /** Who it is. */
  readonly sub: string;
}

/** Who is connected, and what they allowed. */
export interface Account {
  readonly subject: string;
  /** Untrusted text; `null` where it was not allowed. */
  readonly name: string | null;
  readonly granted: readonly Scope[];
  /** What was asked for and not allowed. */
  readonly missing: readonly Scope[];
}

/** Why nobody is connected. */
export type SignedOutReason = 'not_yet' | 'disconnected' | 'disconnected_elsewhere' | 'ended' | 'interrupted' | 'idle' | 'too_long';

/** Whether somebody is connected: the same object until that changes. */
export type LoopState =
  /** Other tabs are asked, for less than a second. */
  | { readonly state: 'looking'; readonly account?: undefined }
  | { readonly state: 'signed_out'; readonly reason: SignedOutReason; readonly account?: undefined }
  | { readonly state: 'connected'; readonly account: Account };

/** Where a callback ended. */
export interface LoopLanding {
  /** Where the person was: path and query. */
  readonly returnTo: string;
  /** What was asked for and not allowed. */
  readonly missing: readonly Scope[];
  /** Whether the person said no to all of it. */
  readonly denied: boolean;
  /** What `connect` was given. */
  readonly action: string | null;
}

/** Ends the waiting: a read is cancelled, what writes or carries a code goes on. */
export interface Abortable {
  signal?: AbortSignal;
}

/** Talks to Loop in the name of whoever is connected. A page has one session, which all of its clients share. */
export declare class LoopClient {
  /** Without options, with the page's `/loop.config.json`. */
  constructor(options?: LoopClientOptions | LoopConfigOptions);
  /** Resolves when the session is open; rejects when it cannot be. Every method waits for it. */
  get ready(): Promise<void>;
  get state(): LoopState;
  /** Calls `listener` when the state changes. Gives what ends that. */
  subscribe: (listener: (state: LoopState) => void) => () => void;
  /** When the session will end by itself if nobody does anything, in milliseconds from now; `null` when nobody is connected. */
  ending(): { readonly left: number; readonly reason: SignedOutReason } | null;
  /** Sends the person to Loop, to come back to `returnTo`. `scopes` are asked for beyond the configuration. */
  connect(options?: { returnTo?: string; scopes?: readonly Scope[]; action?: string } & Abortable): Promise<void>;
  /** Completes what came back from Loop; `null` where nothing did. `navigate` loads the page where the person was. */
  handleCallback(options?: { home?: string; navigate?: boolean } & Abortable): Promise<LoopLanding | null>;
  get codeVerifier(): CodeVerifier;
  /** Exchanges the code of a callback, once. `iss` is read off the address where it is not given. */
  exchangeCode(options: { code: string; state: string; iss?: string; codeVerifier?: CodeVerifier } & Abortable): Promise<Tokens>;
  /** Handles of whoever is connected, or `null`. */
  tokens(): Tokens | null;
  /** The clinical service, for whoever is connected. Throws a `LoopError` when nobody is. */
  clinical(): ClinicalClient;
  /** Forgets everything in every tab, and asks Loop to revoke the tokens. `complete` says whether Loop confirmed. */
  disconnect(options?: Abortable): Promise<{ readonly complete: boolean }>;
}

/** What every call takes. */
export interface CallOptions extends Abortable {
  /** Whose: `tokens.sub`, which is the default. For anybody else the call is refused as `not_found`. */
  userId?: string;
}

/** Calls of the clinical service for one person. Each rejects with a `LoopError`, or with what `signal` was aborted with. */
export interface ClinicalClient {
  /** Needs `read:biomarkers`. All pages of the list. */
  listBiomarkers(options?: CallOptions): Promise<{ results: LoopResult[] } & Listed>;
  /** Needs `read:red_flags`. */
  listRedFlags(options?: CallOptions): Promise<{ flags: RedFlag[] } & Listed>;
  /** Needs `read:recommendations`. */
  listRecommendations(options?: CallOptions): Promise<{ recommendations: Recommendation[] } & Listed>;
  /** Needs `read:check_ins`. */
  listCheckIns(options?: CallOptions): Promise<{ check_ins: CheckIn[] } & Listed>;
  /** Needs `read:protocols`. */
  getProtocol(options: { id: string } & CallOptions): Promise<Protocol>;
  /** Needs `read:check_ins`. `enrolledAt` is the day of enrolment, as ISO 8601 writes it. */
  getNextCheckIn(options: { enrolledAt: string } & CallOptions): Promise<NextCheckIn>;
  /**
   * Needs `write:check_ins`. The same check-in with the same `idempotencyKey` is written once, however often it is sent; without a
   * key, each call has a new one. `null` where Loop wrote it down and did not say what.
   */
  answerCheckIn(options: { checkIn: NewCheckIn; idempotencyKey?: string } & CallOptions): Promise<CheckIn | null>;
  /** A key for one write. */
  newIdempotencyKey(): Promise<string>;
}

/** Calls in the name of whoever `accessToken` stands for. `baseUrl` is the clinical service of the configuration, and no other. */
export declare function createClinicalClient(options: { baseUrl: string | URL; accessToken: AccessToken }): ClinicalClient;

/** Says where `loop-sdk.wasm` is, where that is not beside `sdk.js`. Before the first call. */
export declare function configure(options: { wasm: LoopWasm | (() => LoopWasm | Promise<LoopWasm>) }): void;
