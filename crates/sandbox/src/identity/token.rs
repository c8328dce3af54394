//! `POST /v1/oauth/token`: a code or a refresh token for a new pair.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use loop_contracts::error::ErrorCode;
use loop_contracts::identity::ClientType;
use loop_contracts::scope::{Scope, ScopeSet};
use serde_json::{Map, Value};

use crate::cors;
use crate::form::{Form, Params};
use crate::identity::clients::Client;
use crate::identity::id_token::{self, Subject};
use crate::identity::store::{Lives, Pair, RefreshRefused};
use crate::limits::Bucket;
use crate::reply::{self, FromClient, Refusal};
use crate::secret;
use crate::switches::Replaced;
use crate::world::{State, World};

/// A refusal, and what the log says about it.
struct Refused {
    refusal: Refusal,
    why: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self {
            why: refusal.code.to_string(),
            refusal,
        }
    }
}

/// `invalid_grant`: the app learns no more than that, the log says why.
fn invalid_grant(why: impl std::fmt::Display) -> Refused {
    Refused {
        refusal: Refusal::bad(
            ErrorCode::InvalidGrant,
            "the code or token is expired, used, or not yours",
        ),
        why: why.to_string(),
    }
}

/// The token endpoint.
///
/// # Specification
/// RFC 6749 §4.1.3, §5, §6; RFC 7636 §4.5–4.6; RFC 9700 §2.2.2, §4.14
pub(crate) async fn token(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    Form(params): Form,
) -> Response {
    let grant_type = match params.get("grant_type") {
        Some(known @ ("authorization_code" | "refresh_token")) => known,
        Some(_) => "unknown grant_type",
        None => "no grant_type",
    };
    let mut state = world.state();
    let client = match client_of(&state, &list, &params) {
        Ok(client) => client,
        Err(refusal) => {
            let words = format!("{grant_type}: {}", refusal.code);
            drop(state);
            return reply::noted(refusal.into_response(), words);
        }
    };
    let left = state.count(Bucket::Token, &client.id, world.now());
    let answer = match left.clone() {
        Err(refusal) => Err(Refused::from(refusal)),
        Ok(_) => exchange(&world, &mut state, &client, &list, &params),
    };
    drop(state);
    let mut response = match answer {
        Ok(answer) => reply::noted(
            reply::json(StatusCode::OK, &answer),
            format!("{grant_type}: ok"),
        ),
        Err(Refused { refusal, why }) => {
            reply::noted(refusal.into_response(), format!("{grant_type}: {why}"))
        }
    };
    response.extensions_mut().insert(FromClient(client.id));
    if let Ok(Some(left)) = left {
        response.extensions_mut().insert(left);
    }
    response
}

/// Which client asks. A public client names itself; a confidential one proves it, in the header or in the form.
///
/// # Specification
/// RFC 6749 §2.3.1, §3.2.1
pub(crate) fn client_of(
    state: &State,
    list: &HeaderMap,
    params: &Params,
) -> Result<Client, Refusal> {
    let invalid = || {
        Refusal::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::InvalidClient,
            "unknown client or wrong secret",
        )
    };
    let basic = basic_credentials(list);
    let (id, secret) = match &basic {
        Some((id, secret)) => (id.as_str(), Some(secret.as_str())),
        None => (
            params.get("client_id").unwrap_or_default(),
            params.get("client_secret"),
        ),
    };
    let client = state.clients.get(id).ok_or_else(invalid)?;
    if basic.is_some() && params.get("client_id").is_some_and(|other| other != id) {
        return Err(invalid());
    }
    let proven = match (&client.secret_hash, secret) {
        (None, secret) => client.kind == ClientType::Public && secret.is_none(),
        (Some(hash), Some(secret)) => secret::equal(hash, &secret::hash(secret)),
        (Some(_), None) => false,
    };
    if proven {
        Ok(client.clone())
    } else {
        Err(invalid())
    }
}

/// `Authorization: Basic`, decoded.
pub(crate) fn basic_credentials(list: &HeaderMap) -> Option<(String, String)> {
    let text = list
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn exchange(
    world: &World,
    state: &mut State,
    client: &Client,
    list: &HeaderMap,
    params: &Params,
) -> Result<Value, Refused> {
    cors::admit(state, &client.id, list)?;
    if let Some(name) = params.duplicate() {
        return Err(Refusal::bad(
            ErrorCode::InvalidRequest,
            format!("{name} came more than once"),
        )
        .into());
    }
    match params.get("grant_type") {
        Some("authorization_code") => with_code(world, state, client, params),
        Some("refresh_token") => with_refresh_token(world, state, client, params),
        Some(_) => Err(Refusal::bad(
            ErrorCode::UnsupportedGrantType,
            "grant_type is authorization_code or refresh_token",
        )
        .into()),
        None => Err(missing("grant_type")),
    }
}

fn with_code(
    world: &World,
    state: &mut State,
    client: &Client,
    params: &Params,
) -> Result<Value, Refused> {
    let code = params.get("code").ok_or_else(|| missing("code"))?;
    let redirect_uri = params
        .get("redirect_uri")
        .ok_or_else(|| missing("redirect_uri"))?;
    let verifier = params
        .get("code_verifier")
        .ok_or_else(|| missing("code_verifier"))?;
    let hash = secret::hash(code);
    let now = world.now();
    let known = state
        .codes
        .get(&hash)
        .cloned()
        .ok_or_else(|| invalid_grant("unknown code"))?;
    if let Some(family) = &known.used_for {
        // Somebody has a copy of the code, and nobody can tell which of the two was the app (RFC 6749 §4.1.2).
        state
            .tokens
            .revoke_family(family, "replay of an authorization code");
        return Err(invalid_grant("code replayed, its tokens revoked"));
    }
    if known.client != client.id {
        return Err(invalid_grant("code of another client"));
    }
    if now >= known.expires {
        return Err(invalid_grant("code expired"));
    }
    if known.redirect_uri != redirect_uri {
        return Err(invalid_grant("redirect_uri differs"));
    }
    if !is_verifier(verifier) || !secret::equal(&secret::hash(verifier), &known.challenge) {
        // One guess a code.
        state.codes.remove(&hash);
        return Err(invalid_grant("wrong code_verifier"));
    }
    let family = state
        .tokens
        .open(&known.user, &client.id, known.scopes.clone(), now);
    if let Some(code) = state.codes.get_mut(&hash) {
        code.used_for = Some(family.clone());
    }
    let lives = lives(world, state);
    let pair = state
        .tokens
        .issue(&family, None, lives)
        .ok_or_else(|| invalid_grant("revoked"))?;
    Ok(answer(world, state, client, &pair, known.nonce.as_deref()))
}

fn with_refresh_token(
    world: &World,
    state: &mut State,
    client: &Client,
    params: &Params,
) -> Result<Value, Refused> {
    let token = params
        .get("refresh_token")
        .ok_or_else(|| missing("refresh_token"))?;
    let asked = params.get("scope").map(ScopeSet::parse);
    let replaced_counts = state.switches.replaced_refresh_token == Replaced::RevokesGrant;
    let lives = lives(world, state);
    let pair = state
        .tokens
        .rotate(token, &client.id, asked.as_ref(), replaced_counts, lives)
        .map_err(|why| match why {
            RefreshRefused::WiderScope => {
                Refusal::bad(ErrorCode::InvalidScope, "more than what was granted").into()
            }
            why => invalid_grant(why),
        })?;
    Ok(answer(world, state, client, &pair, None))
}

fn missing(name: &str) -> Refused {
    Refusal::bad(ErrorCode::InvalidRequest, format!("{name} is missing")).into()
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

fn lives(world: &World, state: &State) -> Lives {
    Lives {
        now: world.now(),
        access_seconds: state.switches.access_token_ttl_seconds,
        refresh_seconds: state.switches.refresh_token_ttl_seconds,
    }
}

/// The token answer, bent as the switches say.
fn answer(
    world: &World,
    state: &State,
    client: &Client,
    pair: &Pair,
    nonce: Option<&str>,
) -> Value {
    let switches = &state.switches;
    let mut answer = Map::new();
    answer.insert("access_token".to_owned(), pair.access.clone().into());
    answer.insert("refresh_token".to_owned(), pair.refresh.clone().into());
    answer.insert("token_type".to_owned(), switches.token_type.clone().into());
    if !switches.omit_expires_in {
        let seconds = switches.access_token_ttl_seconds;
        let seconds = if switches.expires_in_as_string {
            seconds.to_string().into()
        } else {
            seconds.into()
        };
        answer.insert("expires_in".to_owned(), seconds);
    }
    answer.insert("scope".to_owned(), pair.scopes.to_string().into());
    if pair.scopes.contains(&Scope::Openid)
        && switches.include_id_token
        && let Some(person) = world.person(&pair.user)
    {
        let subject = Subject {
            issuer: &world.origins.identity,
            client_id: &client.id,
            person,
            scopes: &pair.scopes,
            nonce,
            access_token: &pair.access,
            now: world.now(),
        };
        let id_token = id_token::issue(
            &world.keys,
            switches.id_token_alg,
            switches.broken_id_token,
            &subject,
        );
        answer.insert("id_token".to_owned(), id_token.into());
    }
    Value::Object(answer)
}
