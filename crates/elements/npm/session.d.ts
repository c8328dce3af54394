// Types of all elements with a session, and of the SDK; `session/react`, `session/vue` and `session/svelte` add them to templates.
import type { LoopElement } from './index.js';
import type { LoopConfig, LoopErrorCode, LoopLanding, LoopState, Recovery, Scope, SignedOutReason } from './sdk.js';

export { AccessToken, CodeVerifier, EVENT_NAMES, LoopClient, LoopConsentError, LoopError, LoopRetryError, LoopSetupError, LoopSignInError, OAUTH_ERRORS, SERVICE_NAMES, WEBHOOK_HEADERS, createClinicalClient, platformHost } from './sdk.js';
export type * from './index.js';
export type * from './sdk.js';
export { LoopBiomarker, LoopBiomarkers, LoopElement, LoopNumberLine, LoopTrend, define } from './index.js';

/** What went wrong with the session, and what now. */
export interface LoopSessionErrorDetail {
  code: LoopErrorCode;
  /** For whoever builds the page. People are told by the element itself. */
  message: string;
  recovery: Recovery;
}

/** The page is set up wrongly: the element shows what is wrong in place of the session. */
export interface LoopSetupErrorDetail {
  code: 'no_provider' | 'config_missing' | 'config_wrong' | 'config_differs' | 'unsupported_browser';
  message: string;
  attribute?: undefined;
  recovery?: undefined;
}

/** Whether somebody is connected. */
export interface LoopSessionDetail {
  state: LoopState['state'];
  /** Why nobody is. */
  reason?: SignedOutReason;
  granted: readonly Scope[];
  /** What was asked for and not allowed. */
  missing: readonly Scope[];
}

declare module './index.js' {
  interface LoopErrorDetails {
    session: LoopSessionErrorDetail;
    setup: LoopSetupErrorDetail;
  }

  interface LoopEventMap {
    /** Somebody is connected, or nobody any more. Of the provider. */
    'loop-session': CustomEvent<LoopSessionDetail>;
    /** The person is back from Loop. Of the provider, once. */
    'loop-landing': CustomEvent<LoopLanding>;
    /** The person left by the button. Of the account. */
    'loop-disconnected': CustomEvent<{ complete: boolean }>;
  }
}

/** Opens the session of the page for everything on it. */
export declare class LoopProvider extends LoopElement {
  /** A `loop.config.json` of the page's own origin by its address, its text, or what is in it. */
  get config(): string | LoopConfig | null;
  set config(config: string | LoopConfig | null | undefined);
  /** Where to go from a callback that cannot be used; `/` by default. */
  home: string | null;
  /** Whether the page where the person was is loaded after a callback, for a site of several pages. */
  navigate: boolean;
}

/** The way to Loop, for somebody who is not connected or has not allowed `scopes`. */
export declare class LoopConnect extends LoopElement {
  label: string | null;
  /** Where to come back to: path and query. The page itself by default. */
  returnTo: string | null;
  /** Scopes beyond those of the configuration, with spaces between. */
  scopes: string | null;
}

/** Who is connected, and the way out. */
export declare class LoopAccount extends LoopElement {}

declare global {
  interface HTMLElementTagNameMap {
    'loop-provider': LoopProvider;
    'loop-connect': LoopConnect;
    'loop-account': LoopAccount;
  }
}
