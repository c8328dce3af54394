// Errors of the session and its calls: a code to branch on, and what to do now. None holds a token, a health value or a server's text.

/** Something went wrong: `code` says what, `recovery` what now. */
export class LoopError extends Error {
  constructor(code, message, recovery = { action: 'tell' }) {
    super(message);
    this.name = 'LoopError';
    this.code = code;
    this.recovery = Object.freeze(recovery);
  }
}

/** Try again, after `recovery.after` milliseconds. */
export class LoopRetryError extends LoopError {
  name = 'LoopRetryError';
}

/** The person has not allowed it: ask for `recovery.scopes` with `connect`. */
export class LoopConsentError extends LoopError {
  name = 'LoopConsentError';
}

/** Nobody is connected any more: `connect` again. */
export class LoopSignInError extends LoopError {
  name = 'LoopSignInError';
}

/** The page, its configuration or the app's registration is wrong. */
export class LoopSetupError extends LoopError {
  name = 'LoopSetupError';
}

const CLASSES = { retry: LoopRetryError, ask_consent: LoopConsentError, sign_in: LoopSignInError, owner: LoopSetupError };

/** Scopes as a list. */
export const scopesOf = (text) => (text ? text.split(' ') : []);

/** An error as the session says it. */
export function errorOf({ code, message, action, after, scopes }) {
  const recovery = { action, ...(action === 'retry' && { after }), ...(action === 'ask_consent' && { scopes: scopesOf(scopes) }) };
  return new (CLASSES[action] ?? LoopError)(code, message, recovery);
}

export const setupError = (code, message) => errorOf({ code, message, action: 'owner' });
