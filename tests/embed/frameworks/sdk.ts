// The SDK in strict TypeScript: what compiles, and what must not.
import { AccessToken, LoopClient, LoopConsentError, LoopError, LoopRetryError, OAUTH_ERRORS, SERVICE_NAMES, configure, createClinicalClient, platformHost, type CheckIn, type CodeVerifier, type LoopResult, type Tokens } from 'loop-partner/sdk';
import type * as session from 'loop-partner/session';

configure({ wasm: new URL('https://cdn.example/loop-sdk.wasm') });
export const loop = new LoopClient({ clientId: 'app_1', redirectUri: 'https://app.example/auth/loop/callback', scopes: ['openid', 'read:biomarkers', 'read:new'], stage: 'pr-7', idleMinutes: 5 });
new LoopClient({ config: '/loop.config.json' });
new LoopClient({ config: { client_id: 'app_1', dangerously: { allow_missing_iss: true } } });

// @ts-expect-error a browser keeps no secret
new LoopClient({ clientId: 'app_1', clientSecret: 'secret' });
// @ts-expect-error nor does a file
new LoopClient({ config: { client_id: 'app_1', client_secret: 'secret' } });
const fromElsewhere = { clientId: 'app_1', clientSecret: 'secret' };
// @ts-expect-error nor is one taken along
new LoopClient(fromElsewhere);
const file = { client_id: 'app_1', client_secret: 'secret' };
// @ts-expect-error nor out of a file
new LoopClient({ config: file });
// @ts-expect-error one or the other
new LoopClient({ clientId: 'app_1', config: '/loop.config.json' });
// @ts-expect-error whose client it is has to be said
new LoopClient({});
// @ts-expect-error there is no such option
new LoopClient({ clientId: 'app_1', redirectUrl: '/callback' });
// @ts-expect-error there is no such stage
new LoopClient({ clientId: 'app_1', stage: 'prod' });

export async function calls(tokens: Tokens, text: string) {
  const baseUrl = platformHost({ service: SERVICE_NAMES.CLINICAL, stage: 'staging' });
  const clinical = createClinicalClient({ baseUrl, accessToken: tokens.access_token });
  // @ts-expect-error a text is no token
  createClinicalClient({ baseUrl, accessToken: text });
  // @ts-expect-error nor is what looks like one
  createClinicalClient({ baseUrl, accessToken: { toString: () => text, toJSON: () => text } });
  // @ts-expect-error nor can one be made
  new AccessToken();
  // @ts-expect-error the other handle is another one
  createClinicalClient({ baseUrl, accessToken: loop.codeVerifier });
  // @ts-expect-error a text is no verifier
  await loop.exchangeCode({ code: 'c', state: 's', codeVerifier: text });
  // @ts-expect-error a handle is no text
  fetch('https://elsewhere.example', { headers: { authorization: tokens.access_token } });
  // @ts-expect-error there is no refresh token to take
  tokens.refresh_token;
  const again: Tokens = await loop.exchangeCode({ code: 'c', state: 's', codeVerifier: loop.codeVerifier, signal: AbortSignal.timeout(1000) });

  const { results, unreadable, more, loaded_at } = await clinical.listBiomarkers({ userId: again.sub, signal: AbortSignal.abort() });
  const first: LoopResult | undefined = results[0];
  const { flags } = await clinical.listRedFlags();
  const { recommendations } = await clinical.listRecommendations();
  const { check_ins } = await clinical.listCheckIns({});
  const protocol = await clinical.getProtocol({ id: 'p' });
  const next = await clinical.getNextCheckIn({ enrolledAt: '2026-01-01' });
  const idempotencyKey: string = await clinical.newIdempotencyKey();
  const written: CheckIn | null = await clinical.answerCheckIn({ checkIn: { day_marker: 30, enrolled_at: '2026-01-01', goals: ['g'], wins: ['w'], blockers: ['b'], mood: 7, sleep_quality: 8 }, idempotencyKey });
  // @ts-expect-error a protocol has an id
  await clinical.getProtocol({});
  // @ts-expect-error a check-in has all of its fields
  await clinical.answerCheckIn({ checkIn: { mood: 7 } });
  return [first?.value, unreadable.toFixed(), more, loaded_at.length, flags[0]?.severity, recommendations[0]?.priority, check_ins[0]?.mood, protocol.name, next.due_at, written?.id];
}

export async function recover(error: unknown): Promise<number | undefined> {
  if (error instanceof LoopRetryError) return error.recovery.after;
  if (error instanceof LoopConsentError) await loop.connect({ scopes: error.recovery.scopes, returnTo: '/here', action: 'again' });
  if (!(error instanceof LoopError)) throw error;
  const { recovery } = error;
  // @ts-expect-error only where there is something to wait for
  recovery.after;
  switch (recovery.action) {
    case 'retry':
      // @ts-expect-error nobody is asked for a retry
      recovery.scopes;
      return recovery.after;
    case 'ask_consent':
      return recovery.scopes.length;
    case 'sign_in':
    case 'diagnose':
    case 'tell':
    case 'owner':
      return undefined;
    // @ts-expect-error there is no such recovery
    case 'refresh':
      return undefined;
    default:
      return recovery satisfies never;
  }
}

export function who(): string {
  const { state } = loop;
  // @ts-expect-error nobody may be connected
  state.account.subject;
  // @ts-expect-error nobody may be connected
  loop.tokens().sub;
  if (state.state === 'signed_out') return state.reason;
  return state.state === 'connected' ? (state.account.name ?? state.account.subject) : '';
}

export const end: () => void = loop.subscribe((state) => state.account?.granted.includes('read:biomarkers'));
export const code: 'invalid_token' = OAUTH_ERRORS.INVALID_TOKEN;
export const host: string = platformHost({ service: 'clinical' });
// @ts-expect-error there is no such service
platformHost({ service: 'billing' });
// @ts-expect-error constants stay what they are
SERVICE_NAMES.CLINICAL = 'ai';
// The two scripts have the same types.
export const same = (client: session.LoopClient, verifier: session.CodeVerifier): [LoopClient, CodeVerifier] => [client, verifier];
