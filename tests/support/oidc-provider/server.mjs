// A second identity server: the certified OpenID Provider of npm, run in the test's own process on a free port. It has
// its own paths, its own token formats and its own idea of consent, and no code of this project in it. What it asked,
// answered and refused can be read, and what it says can be changed on the way out.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { ALGORITHMS, SigningKeys } from '../signing.mjs';
import { read } from './id-tokens.mjs';
import { pages } from './pages.mjs';

const CLINICAL = { id: 'clinical', secret: 'clinical-asks-about-tokens' };
const ROUTES = { authorization: '/auth', token: '/token', revocation: '/token/revocation', introspection: '/token/introspection', jwks: '/jwks' };
const AN_HOUR = 3600;

/** The client_id of the app that gets id_tokens signed with `alg`. */
export const clientIdOf = (alg) => `loop-partner-${alg.toLowerCase()}`;

/** Keeps what the provider wants kept. The provider's own store prints warnings and cannot be emptied. */
class Store {
  #kept = new Map();

  adapter = (model) => {
    const kept = this.#kept;
    const key = (id) => `${model}:${id}`;
    const which = (test) => [...kept].filter(([name, payload]) => name.startsWith(`${model}:`) && test(payload));
    return {
      upsert: async (id, payload) => void kept.set(key(id), payload),
      find: async (id) => kept.get(key(id)),
      findByUid: async (uid) => which((payload) => payload.uid === uid)[0]?.[1],
      consume: async (id) => void (kept.get(key(id)).consumed = Math.floor(Date.now() / 1000)),
      destroy: async (id) => void kept.delete(key(id)),
      revokeByGrantId: async (grantId) => which((payload) => payload.grantId === grantId).forEach(([name]) => kept.delete(name)),
    };
  };

  clear(model = '') {
    for (const name of this.#kept.keys()) if (name.startsWith(model)) this.#kept.delete(name);
  }
}

/** What a test can do to it. */
export class IdentityServer {
  #server;
  #keys = new SigningKeys();
  #store = new Store();
  #answer;
  #routes;

  /** Use `IdentityServer.listen`. */
  constructor(server, routes) {
    this.#server = server;
    this.#routes = { ...ROUTES, ...routes };
    this.issuer = `http://localhost:${server.address().port}`;
    this.reset();
  }

  /**
   * Takes a port, so that the platform can be told the issuer. It answers nothing before `open`: the app's redirect URI
   * is known only when the platform has taken its ports too.
   */
  static async listen(routes = {}) {
    const server = createServer();
    await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    const identity = new IdentityServer(server, routes);
    server.on('request', (request, response) => identity.#serve(request, response));
    return identity;
  }

  /** Flags that make a platform's app and clinical service use this server. */
  get platformFlags() {
    return [
      ...['--issuer', this.issuer],
      ...['--client-id', clientIdOf('RS256')],
      ...['--introspect', this.endpoint('introspection')],
      ...['--introspect-auth', `${CLINICAL.id}:${CLINICAL.secret}`],
    ];
  }

  /** Where an endpoint is. */
  endpoint(name) {
    return this.issuer + this.#routes[name];
  }

  /** Registers the app and begins to answer. `people` are those of the platform, so that clinical knows them. */
  open({ redirectUri, people }) {
    const appOrigin = new URL(redirectUri).origin;
    const app = (alg) => ({
      client_id: clientIdOf(alg),
      client_name: 'Loop Partner',
      // A public client, as a browser-only app is one.
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [redirectUri],
      id_token_signed_response_alg: alg,
    });
    const clinical = {
      client_id: CLINICAL.id,
      client_secret: CLINICAL.secret,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [],
      response_types: [],
      redirect_uris: [],
    };
    const provider = new Provider(this.issuer, {
      adapter: this.#store.adapter,
      clients: [...ALGORITHMS.map(app), clinical],
      jwks: this.#keys.jwks,
      cookies: { keys: ['only for tests'] },
      routes: this.#routes,
      scopes: ['openid', 'profile', 'read:biomarkers'],
      claims: { profile: ['name'] },
      enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
      // The app asks no userinfo endpoint, so the name must be in the id_token.
      conformIdTokenClaims: false,
      findAccount: (_, id) => {
        const person = people.find((one) => one.id === id);
        return person && { accountId: id, claims: () => ({ sub: id, name: person.name }) };
      },
      pkce: { required: () => true },
      clientBasedCORS: (_, origin) => origin === appOrigin,
      // By default this server gives a refresh token only for the scope `offline_access` with `prompt=consent`. The app
      // does not know which server it talks to, so the server's owner decides instead.
      issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
      rotateRefreshToken: true,
      expiresWithSession: () => false,
      // A partner's app always gets the consent page, also when the person said yes before.
      loadExistingGrant: (ctx) => ctx.oidc.result?.consent && provider.Grant.find(ctx.oidc.result.consent.grantId),
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: { enabled: false },
        introspection: { enabled: true, allowedPolicy: (_, client) => client.clientId === CLINICAL.id },
        // The server's default is to offer it; the nonces are what a test can switch on.
        dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => this.wantsNonce },
        revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
      },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      renderError: (ctx, out) => {
        ctx.type = 'text';
        ctx.body = JSON.stringify(out);
      },
      ttl: {
        AccessToken: () => this.accessTokenLife,
        AuthorizationCode: 60,
        IdToken: 300,
        Grant: AN_HOUR,
        Interaction: AN_HOUR,
        RefreshToken: AN_HOUR,
        Session: AN_HOUR,
      },
    });
    provider.on('server_error', (_, error) => this.failures.push(error.stack));
    provider.use((ctx, next) => this.#layer(ctx, next));
    provider.use(pages(provider, people));
    this.#answer = provider.callback();
  }

  /** Back to the start: nobody signed in, no tokens, no log, nothing changed on the way out. */
  reset() {
    this.#store.clear();
    /** Seconds that the next access tokens live. */
    this.accessTokenLife = AN_HOUR;
    /** Whether a proof must have the server's nonce. */
    this.wantsNonce = false;
    /** What the token endpoint says that tokens are, whatever they are. */
    this.tokenType = undefined;
    /** `{grant, by}`: rewrites the id_token of every answer to that grant type. */
    this.tampering = undefined;
    /** Members of the discovery document that are said instead. */
    this.discovery = {};
    /** Holds back what the token endpoint says until this resolves. */
    this.pause = undefined;
    /** Breaks off in the middle of what the token endpoint says. */
    this.loseTokenAnswers = false;
    /** `[{method, path, endpoint, status, params, proof, error}]`; endpoint by the provider's name, such as `token`. */
    this.requests = [];
    /** `[{grant, access_token, refresh_token, id_token}]` of the token endpoint, as sent. */
    this.answers = [];
    /** What broke inside the server. */
    this.failures = [];
  }

  /** Every access token is dead from now on, though the app was told otherwise. */
  endAccessTokens() {
    this.#store.clear('AccessToken:');
  }

  /** Requests to one endpoint. */
  calls(endpoint) {
    return this.requests.filter((request) => request.endpoint === endpoint && request.method !== 'OPTIONS');
  }

  /** Every refresh token that was sent here, in order. When the nonce is missing the server has not looked at the token. */
  get sentRefreshTokens() {
    return this.calls('token').flatMap(({ params, error }) => (error === 'use_dpop_nonce' ? [] : (params.refresh_token ?? [])));
  }

  /** What clinical would be told about a token. */
  async introspect(token) {
    const answer = await fetch(this.endpoint('introspection'), {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLINICAL.id}:${CLINICAL.secret}`)}` },
      body: new URLSearchParams({ token }),
    });
    return answer.json();
  }

  /** Ends it. */
  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request, response) {
    if (this.#answer) this.#answer(request, response);
    else response.writeHead(503).end();
  }

  /** Writes the log, and changes what goes out. The provider itself has decided by then and knows nothing of it. */
  async #layer(ctx, next) {
    await next();
    const endpoint = ctx.oidc?.route;
    const params = { ...ctx.oidc?.params };
    const proof = ctx.get('dpop') || undefined;
    this.requests.push({ method: ctx.method, path: ctx.path, endpoint, status: ctx.status, params, proof, error: ctx.body?.error });
    if (endpoint === 'discovery') Object.assign(ctx.body, this.discovery);
    if (endpoint !== 'token') return;
    if (ctx.body?.access_token) {
      const { by, grant } = this.tampering ?? {};
      if (by && grant === params.grant_type) {
        const token = ctx.body.id_token;
        ctx.body.id_token = by({ token, ...read(token), keys: this.#keys, accessToken: ctx.body.access_token });
      }
      if (this.tokenType) ctx.body.token_type = this.tokenType;
      this.answers.push({ grant: params.grant_type, ...ctx.body });
    }
    await this.pause;
    if (this.loseTokenAnswers) breakOff(ctx);
  }
}

/**
 * Begins the answer and cuts the connection. With nothing said at all, Chromium would send the request once more by itself,
 * unseen by the page, if the connection had served before: that is the browser's doing and not the app's.
 */
function breakOff(ctx) {
  ctx.respond = false;
  ctx.res.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
  ctx.res.write('{', () => ctx.req.socket.destroy());
}
