// The two identity servers that the clients meet: the strict sandbox, and the certified OpenID Provider of npm. Both replace
// a refresh token at each use and end the grant when an old one comes back. Both are asked what they saw.
import { startPlatform } from '../support/platform.mjs';
import { CALLBACK } from '../support/journey.mjs';
import { setClock } from '../support/clock.mjs';
import { letTimePass, refreshesAt } from '../support/tabs.mjs';
import { IdentityServer, clientIdOf } from '../support/oidc-provider/server.mjs';

const AN_HOUR = 3600;

/** Registers an app at the platform, ready to connect. Gives its client_id. */
async function register(platform, origin) {
  const answer = await fetch(`${platform.identity}/v1/admin/oauth-clients`, {
    method: 'POST',
    // The sandbox tells this to everybody.
    headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Baseline',
      client_type: 'public',
      redirect_uris: [origin + CALLBACK],
      allowed_scopes: ['openid', 'profile', 'read:biomarkers'],
      allowed_origins: [origin],
    }),
  });
  if (!answer.ok) throw new Error(`the platform did not register ${origin}: ${await answer.text()}`);
  const { client_id: id } = await answer.json();
  await platform.baa(true, id);
  return id;
}

/** The platform on localhost. */
export class Sandbox {
  name = 'sandbox';
  /** Tokens end because time passes, so a client's own timers come due too. */
  hasTime = true;

  async start(client) {
    this.origin = await client.listen();
    this.platform = await startPlatform();
    this.tokenEndpoint = `${this.platform.identity}/v1/oauth/token`;
  }

  /** As if nothing had happened, for the next scenario. */
  async prepare(client) {
    const { platform, origin } = this;
    await platform.reset();
    const clientId = origin ? await register(platform, origin) : platform.clientId;
    client.use({ issuer: platform.identity, clientId, clinical: platform.clinical, app: platform.app });
  }

  /**
   * The access token of these tabs has ended, on both sides. A client that signs people out when nobody is there must not
   * see an hour go by: its token ends at the server alone, which leaves it less time to be clever in.
   */
  async expire(pages, { speed = 1, idles = false } = {}) {
    if (!idles) return letTimePass(this.platform, pages, AN_HOUR + 1, { speed });
    await this.platform.expireAccessTokens();
    for (const page of pages) await setClock(page, { speed });
    return undefined;
  }

  /** The next token request is dealt with, and its answer breaks off. */
  loseAnswers() {
    return this.platform.fault('token', 'truncated', { times: 1 });
  }

  mend() {
    return this.platform.clearFaults();
  }

  refreshes() {
    return refreshesAt(this.platform);
  }

  stop() {
    return this.platform.stop();
  }
}

/** `oidc-provider`; the platform's clinical service asks it about tokens. */
export class OidcProvider {
  name = 'oidc-provider';
  /** Its clock is the machine's: access tokens are taken away instead, and no client's timer comes due. */
  hasTime = false;

  async start(client) {
    this.origin = await client.listen();
    this.identity = await IdentityServer.listen();
    this.platform = await startPlatform(this.identity.platformFlags);
    this.tokenEndpoint = this.identity.endpoint('token');
    this.identity.open({ redirectUri: (this.origin ?? this.platform.app) + CALLBACK, people: this.platform.people });
  }

  async prepare(client) {
    const { platform, identity, origin } = this;
    await platform.reset();
    identity.reset();
    // Not to connect: only so that clinical answers scripts of this origin.
    if (origin) await register(platform, origin);
    client.use({ issuer: identity.issuer, clientId: clientIdOf('RS256'), clinical: platform.clinical, app: platform.app });
  }

  expire() {
    this.identity.endAccessTokens();
  }

  loseAnswers() {
    this.identity.loseTokenAnswers = true;
  }

  mend() {
    this.identity.loseTokenAnswers = false;
  }

  async refreshes() {
    const sent = this.identity.sentRefreshTokens;
    const spent = this.identity.calls('token').flatMap(({ status, params }) => (status === 200 ? (params.refresh_token ?? []) : []));
    // One that was given and not yet exchanged is alive for an hour, unless its grant was ended.
    const live = this.identity.answers.map((answer) => answer.refresh_token).filter((token) => !spent.includes(token));
    const alive = await Promise.all(live.map(async (token) => (await this.identity.introspect(token)).active));
    return { calls: sent.length, old: sent.length - new Set(sent).size, revoked: alive.includes(false) };
  }

  async stop() {
    await this.platform.stop();
    await this.identity.stop();
  }
}
