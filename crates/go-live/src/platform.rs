//! Asks the platform what it answers this app, without credentials: codes and tokens that were never issued.

use loop_contracts::json;
use loop_contracts::oauth::DiscoveryDocument;
use loop_sdk::config::Config;
use loop_sdk::protocol::discovery::documented;
use loop_sdk::url::{Endpoint, encode_form};

use crate::door::{Answer, Ask, Door, Fetched};
use crate::facts::Platform;

/// A pair of RFC 7636, Appendix B. Whoever exchanges a code with it has none.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// What was never issued.
const NO_CODE: &str = "go-live-no-code";
const NO_TOKEN: &str = "go-live-no-token";
/// State and nonce of a sign-in that nobody completes.
const NOBODY: &str = "go-live-go-live-go-live-go-live-go-live-goli";
/// Behind the app's redirect URI: one that nobody registered.
const CHANGED: &str = "/go-live-not-registered";
const FORM: &str = "application/x-www-form-urlencoded";

/// What the platform says of itself. An endpoint that is no `https` address is `None`.
struct Endpoints {
    authorize: Option<Endpoint>,
    token: Option<Endpoint>,
    jwks: Option<Endpoint>,
    revoke: Option<Endpoint>,
}

/// The discovery document, when it can be read.
pub(crate) fn document(answer: &Answer) -> Option<DiscoveryDocument> {
    json::parse(&answer.body).filter(|_| answer.is_ok())
}

/// Asks everything of the platform.
pub(crate) fn gather(door: &impl Door, config: &Config, origin: &str) -> Platform {
    let get = |url: String| {
        let ask = Ask::get(url).with("origin", origin);
        door.send(&ask.with("accept", "application/json"))
    };
    let post = |endpoint: &Endpoint, form: &[(&str, &str)]| {
        let ask = Ask::post(endpoint.as_str(), FORM, encode_form(form).into_bytes());
        door.send(
            &ask.with("origin", origin)
                .with("accept", "application/json"),
        )
    };
    let mut platform = Platform::default();
    let endpoints = if config.assumptions.discovery {
        let path = loop_contracts::oauth::path::DISCOVERY;
        let discovery = get(config.issuer.join(path));
        let endpoints = discovered(&discovery);
        platform.discovery = Some(discovery);
        endpoints
    } else {
        documented(&config.issuer).ok().map(|server| Endpoints {
            authorize: Some(server.authorization_endpoint),
            token: Some(server.token_endpoint),
            jwks: server.jwks_uri,
            revoke: server.revocation_endpoint,
        })
    };
    if let Some(endpoints) = endpoints {
        platform.jwks = endpoints.jwks.map(|url| get(url.as_str().to_owned()));
        if let Some(token) = endpoints.token {
            let preflight = Ask::preflight(token.as_str(), origin, "POST", "content-type");
            platform.token_preflight = Some(door.send(&preflight));
            let form = [
                ("grant_type", "authorization_code"),
                ("code", NO_CODE),
                ("redirect_uri", &config.redirect_uri),
                ("client_id", &config.client_id),
                ("code_verifier", VERIFIER),
            ];
            platform.token = Some(post(&token, &form));
        }
        let may_revoke = config.assumptions.revoke_as_public_client;
        platform.revoke = endpoints.revoke.filter(|_| may_revoke).map(|revoke| {
            let form = [
                ("token", NO_TOKEN),
                ("token_type_hint", "refresh_token"),
                ("client_id", &config.client_id),
            ];
            post(&revoke, &form)
        });
        if let Some(authorize) = endpoints.authorize {
            let changed = format!("{}{CHANGED}", config.redirect_uri);
            let ask = |redirect_uri: &str| door.send(&sign_in(&authorize, config, redirect_uri));
            platform.authorize = Some(ask(&config.redirect_uri));
            let answer = ask(&changed);
            platform.changed = Some((changed, answer));
        }
    }
    let results = config.clinical.join(&config.assumptions.biomarkers_path);
    let preflight = Ask::preflight(results.as_str(), origin, "GET", "authorization");
    platform.clinical_preflight = Some(door.send(&preflight));
    platform.clinical = Some(get(results));
    platform
}

fn discovered(discovery: &Fetched) -> Option<Endpoints> {
    let document = document(discovery.as_ref().ok()?)?;
    let endpoint = |text: &str| Endpoint::parse(text).ok();
    Some(Endpoints {
        authorize: endpoint(&document.authorization_endpoint),
        token: endpoint(&document.token_endpoint),
        jwks: document.jwks_uri.as_deref().and_then(endpoint),
        revoke: document.revocation_endpoint.as_deref().and_then(endpoint),
    })
}

/// What a browser would be sent to. Not from a script, so it names no origin.
fn sign_in(authorize: &Endpoint, config: &Config, redirect_uri: &str) -> Ask {
    let scope = config.scopes.to_string();
    let query = [
        ("response_type", "code"),
        ("client_id", &config.client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &scope),
        ("state", NOBODY),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("nonce", NOBODY),
    ];
    Ask::get(authorize.with_query(&query)).with("accept", "text/html")
}
