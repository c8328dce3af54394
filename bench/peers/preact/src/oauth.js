// Connect, come back, renew, leave: oauth4webapi, as its examples for a public client with PKCE and OpenID Connect do it. The
// session is in the tab's session store.
import * as oauth from 'oauth4webapi';

const SESSION = 'session';
const SIGN_IN = 'sign-in';
/** Seconds before its end at which a token is renewed. */
const EARLY = 30;

export class Client {
  #config;
  #server;
  #renewing;

  static async load() {
    const answer = await fetch('/loop.config.json');
    if (!answer.ok) throw new Error('The configuration is missing.');
    return new Client(await answer.json());
  }

  constructor(config) {
    this.#config = config;
    this.clinical = config.clinical;
    this.registration = { client_id: config.client_id };
    this.redirectUri = location.origin + config.redirect_path;
    // Plain http is for localhost alone.
    this.options = { [oauth.allowInsecureRequests]: new URL(config.issuer).hostname === 'localhost' };
  }

  /** `{subject, accessToken, refreshToken, expiresAt}`, or null. */
  session() {
    return JSON.parse(sessionStorage.getItem(SESSION));
  }

  isCallback() {
    return location.pathname === this.#config.redirect_path;
  }

  async #discover() {
    const issuer = new URL(this.#config.issuer);
    this.#server ??= await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.options));
    return this.#server;
  }

  async connect() {
    const server = await this.#discover();
    const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
    sessionStorage.setItem(SIGN_IN, JSON.stringify({ verifier, state, nonce, returnTo: location.pathname }));
    const address = new URL(server.authorization_endpoint);
    address.search = new URLSearchParams({
      client_id: this.registration.client_id,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: this.#config.scopes.join(' '),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    location.assign(address);
  }

  /** Exchanges the code in the address bar. */
  async complete() {
    const { verifier, state, nonce, returnTo } = JSON.parse(sessionStorage.getItem(SIGN_IN)) ?? {};
    sessionStorage.removeItem(SIGN_IN);
    const server = await this.#discover();
    const came = oauth.validateAuthResponse(server, this.registration, new URL(location), state);
    const answer = await oauth.authorizationCodeGrantRequest(server, this.registration, oauth.None(), came, this.redirectUri, verifier, this.options);
    const tokens = await oauth.processAuthorizationCodeResponse(server, this.registration, answer, { expectedNonce: nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, answer, this.options);
    return { session: this.#keep(tokens, oauth.getValidatedIdTokenClaims(tokens).sub), returnTo };
  }

  #keep(tokens, subject) {
    const session = { subject, accessToken: tokens.access_token, refreshToken: tokens.refresh_token, expiresAt: Date.now() + 1000 * (tokens.expires_in ?? 3600) };
    sessionStorage.setItem(SESSION, JSON.stringify(session));
    return session;
  }

  async #renew({ subject, refreshToken }) {
    const server = await this.#discover();
    const answer = await oauth.refreshTokenGrantRequest(server, this.registration, oauth.None(), refreshToken, this.options);
    return this.#keep(await oauth.processRefreshTokenResponse(server, this.registration, answer), subject);
  }

  /** A token that is good for now. Two calls renew once. */
  async token() {
    let session = this.session();
    if (session.refreshToken && session.expiresAt < Date.now() + 1000 * EARLY) {
      this.#renewing ??= this.#renew(session).finally(() => (this.#renewing = undefined));
      session = await this.#renewing;
    }
    return session.accessToken;
  }

  async disconnect() {
    const session = this.session();
    sessionStorage.removeItem(SESSION);
    const server = await this.#discover();
    if (session) await oauth.revocationRequest(server, this.registration, oauth.None(), session.refreshToken ?? session.accessToken, this.options);
  }
}
