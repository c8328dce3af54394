//! `GET /v1/oauth/authorize`: judges the request, and shows the sign-in or the consent page.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;

use crate::form::{self, Params};
use crate::gate::Peer;
use crate::identity::browser::{self, Session};
use crate::identity::clients::{Baa, Client};
use crate::identity::pages;
use crate::limits::Bucket;
use crate::page;
use crate::reply;
use crate::secret;
use crate::switches::{Echo, Switches};
use crate::world::{State, World};

/// How long a person may take to sign in and decide.
const PENDING_MS: i64 = 600_000;
/// The documented life of a code.
pub(crate) const CODE_MS: i64 = 60_000;

/// An authorization request that waits for the person.
#[derive(Clone)]
pub(crate) struct Pending {
    /// Hash of the session cookie of the browser that asked; no other may answer.
    pub(crate) session: String,
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: ScopeSet,
    pub(crate) state: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: String,
    pub(crate) expires: Timestamp,
}

/// An authorization code.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) user: String,
    pub(crate) scopes: ScopeSet,
    pub(crate) nonce: Option<String>,
    pub(crate) expires: Timestamp,
    /// The family that was opened with it; a second use revokes that family.
    pub(crate) used_for: Option<String>,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// Why a request was sent back to the app.
struct SentBack {
    error: &'static str,
    words: String,
}

fn back<T>(error: &'static str, words: impl Into<String>) -> Result<T, SentBack> {
    Err(SentBack {
        error,
        words: words.into(),
    })
}

/// The authorization endpoint.
///
/// # Specification
/// RFC 6749 §4.1.1; RFC 7636 §4.3; OpenID Connect Core §3.1.2.1; RFC 9207 §2
pub(crate) async fn authorize(
    Shared(world): Shared<Arc<World>>,
    Extension(Peer(ip)): Extension<Peer>,
    list: HeaderMap,
    uri: Uri,
) -> Response {
    let now = world.now();
    if let Err(refusal) = world.state().count(Bucket::Authorize, &ip.to_string(), now) {
        let mut response = page::problem(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many sign-ins at once",
            "Please wait a minute, then go back to the app and try again.",
        );
        response.headers_mut().insert(
            header::RETRY_AFTER,
            refusal.retry_after.unwrap_or(60).into(),
        );
        return reply::noted(response, "rate_limited");
    }
    let params = Params::of_query(&uri);

    // Nothing is sent to an address before it is known to belong to the client: the app hears nothing of these two.
    let client = params
        .get("client_id")
        .and_then(|id| world.state().clients.get(id).cloned());
    let Some(client) = client else {
        return stop(
            &world,
            "The client_id is missing or unknown to this platform.",
            "unknown client",
        );
    };
    let redirect_uri = params
        .get("redirect_uri")
        .filter(|uri| client.redirect_uris.iter().any(|known| known == uri));
    let (Some(redirect_uri), None | Some("")) = (redirect_uri, params.all("redirect_uri").nth(1))
    else {
        return stop(
            &world,
            "The redirect_uri is missing, or is not exactly one that this app has registered.",
            "redirect_uri mismatch",
        );
    };

    let cookie = form::cookie(&list, &browser::cookie_name(&world)).map(secret::hash);
    let person = cookie
        .as_ref()
        .and_then(|hash| world.state().sessions.get(hash)?.person.clone());
    let switches = world.state().switches.clone();
    let asked = match judge(&client, &params, &switches, person.is_some()) {
        Ok(asked) => asked,
        Err(SentBack { error, words }) => {
            let url = callback_url(
                &world,
                &switches,
                redirect_uri,
                params.get("state"),
                &[("error", error), ("error_description", &words)],
            );
            return reply::noted(
                (StatusCode::FOUND, [(header::LOCATION, url)]).into_response(),
                error,
            );
        }
    };

    // A fresh session when there is none, so that the answer to this request can only come from this browser.
    let known = cookie.filter(|hash| world.state().sessions.contains_key(hash));
    let (hash, set_cookie) = if let Some(hash) = known {
        (hash, None)
    } else {
        let (hash, header) = browser::new_session(&world, Session::default());
        (hash, Some(header))
    };
    let id = secret::random("req_");
    let pending = Pending {
        session: hash,
        client: client.id.clone(),
        redirect_uri: redirect_uri.to_owned(),
        scopes: asked.scopes,
        state: asked.state,
        nonce: asked.nonce,
        challenge: asked.challenge,
        expires: now.plus(PENDING_MS),
    };
    {
        let mut state = world.state();
        state.pending.retain(|_, pending| now < pending.expires);
        state.pending.insert(id.clone(), pending.clone());
    }
    let signed_in = person
        .filter(|_| !asked.sign_in_again)
        .and_then(|id| world.person(&id));
    let mut response = match signed_in {
        Some(person) => reply::noted(
            pages::consent(&id, &pending, &client, person),
            "consent page",
        ),
        None => reply::noted(pages::sign_in(&world, &id, &client), "sign-in page"),
    };
    if let Some(cookie) = set_cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// What a good request asks for.
struct Asked {
    scopes: ScopeSet,
    state: String,
    nonce: Option<String>,
    challenge: String,
    sign_in_again: bool,
}

fn judge(
    client: &Client,
    params: &Params,
    switches: &Switches,
    signed_in: bool,
) -> Result<Asked, SentBack> {
    if let Some(name) = params.duplicate() {
        return back("invalid_request", format!("{name} came more than once"));
    }
    match params.get("response_type") {
        Some("code") => {}
        Some(_) => {
            return back(
                "unsupported_response_type",
                "only response_type=code exists",
            );
        }
        None => return back("invalid_request", "response_type is missing"),
    }
    if params
        .get("response_mode")
        .is_some_and(|mode| mode != "query")
    {
        return back("invalid_request", "only response_mode=query exists");
    }
    if params.get("request").is_some() {
        return back("request_not_supported", "request objects do not exist here");
    }
    if params.get("request_uri").is_some() {
        return back(
            "request_uri_not_supported",
            "request objects do not exist here",
        );
    }
    let Some(state) = params.get("state") else {
        return back("invalid_request", "state is required");
    };
    let challenge = match (
        params.get("code_challenge"),
        params.get("code_challenge_method"),
    ) {
        (None, _) => return back("invalid_request", "code_challenge is required"),
        (_, method) if method != Some("S256") => {
            return back(
                "invalid_request",
                "code_challenge_method is S256, nothing else",
            );
        }
        (Some(challenge), _) if is_s256_challenge(challenge) => challenge.to_owned(),
        _ => {
            return back(
                "invalid_request",
                "code_challenge is not the base64url of a SHA-256",
            );
        }
    };
    let text = params.get("scope").unwrap_or_default();
    let scopes = ScopeSet::parse(text);
    if scopes.is_empty() {
        return back("invalid_scope", "scope is missing");
    }
    for scope in scopes.iter() {
        let name = if Scope::is_valid_token(scope.as_str()) {
            scope.as_str()
        } else {
            "?"
        };
        if matches!(scope, Scope::Other(_)) {
            return back("invalid_scope", format!("the scope {name} does not exist"));
        }
        if !client.allowed_scopes.contains(scope) {
            return back(
                "invalid_scope",
                format!("the scope {name} is not registered for this client"),
            );
        }
        if scope.is_phi() && client.baa != Baa::Signed {
            return back(
                "invalid_scope",
                format!("the scope {name} needs a signed BAA"),
            );
        }
    }
    let nonce = params.get("nonce").map(str::to_owned);
    if scopes.contains(&Scope::Openid) && nonce.is_none() && switches.nonce_required {
        return back("invalid_request", "nonce is required with openid");
    }
    let prompt: Vec<&str> = params
        .get("prompt")
        .unwrap_or_default()
        .split(' ')
        .collect();
    if prompt.contains(&"none") {
        // Third-party apps always see the consent page, so there is no silent way.
        return if signed_in {
            back("interaction_required", "the person has to consent")
        } else {
            back("login_required", "the person has to sign in")
        };
    }
    Ok(Asked {
        scopes,
        state: state.to_owned(),
        nonce,
        challenge,
        sign_in_again: prompt.contains(&"login") || prompt.contains(&"select_account"),
    })
}

/// 43 characters of base64url (RFC 7636 §4.2).
fn is_s256_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn stop(world: &World, words: &str, detail: &str) -> Response {
    let words = format!(
        "{words} Nothing was shared, and you can close this page. If it is your app, compare its settings with its entry \
         in the developer portal at {}.",
        world.origins.portal
    );
    let response = page::problem(StatusCode::BAD_REQUEST, "This app cannot connect", &words);
    reply::noted(response, detail)
}

/// Where the person is sent back to, with `state` and `iss` as the switches say.
pub(crate) fn callback_url(
    world: &World,
    switches: &Switches,
    redirect_uri: &str,
    state: Option<&str>,
    pairs: &[(&str, &str)],
) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    match (switches.callback_state, state) {
        (Echo::Right, Some(state)) => {
            query.append_pair("state", state);
        }
        (Echo::Wrong, Some(_)) => {
            query.append_pair("state", &secret::random("other_"));
        }
        (Echo::Absent, _) | (_, None) => {}
    }
    match switches.callback_iss {
        Echo::Right => {
            query.append_pair("iss", &world.origins.identity);
        }
        Echo::Wrong => {
            query.append_pair("iss", "https://identity.example.com");
        }
        Echo::Absent => {}
    }
    format!("{redirect_uri}?{}", query.finish())
}

impl State {
    /// The request that a form answers, when this browser may answer it and still can.
    pub(crate) fn pending_of(&self, id: &str, session: &str, now: Timestamp) -> Option<&Pending> {
        self.pending
            .get(id)
            .filter(|pending| pending.session == session && now < pending.expires)
    }
}
