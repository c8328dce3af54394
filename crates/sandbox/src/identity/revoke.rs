//! `POST /v1/oauth/revoke` and `POST /v1/oauth/introspect`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use loop_contracts::error::ErrorCode;
use serde_json::json;

use crate::cors;
use crate::form::{Form, Params};
use crate::identity::token::{basic_credentials, client_of};
use crate::limits::Bucket;
use crate::reply::{self, FromClient, Refusal};
use crate::secret;
use crate::world::World;

/// Credentials of the services that may introspect. A sandbox has no secrets of its own.
pub const SERVICE_CLIENT: (&str, &str) = ("svc_sandbox", "sandbox-service-secret");

/// Revokes a token: 200 also when it was dead before, 401 for bad client credentials.
///
/// # Specification
/// RFC 7009 §2
pub(crate) async fn revoke(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    Form(params): Form,
) -> Response {
    let mut state = world.state();
    let client = match client_of(&state, &list, &params) {
        Ok(client) => client,
        Err(refusal) => return refusal.into_response(),
    };
    let left = state.count(Bucket::Revoke, &client.id, world.now());
    let revoked = left.clone().and_then(|_| {
        cors::admit(&state, &client.id, &list)?;
        let token = params
            .get("token")
            .ok_or_else(|| Refusal::bad(ErrorCode::InvalidRequest, "token is missing"))?;
        state.tokens.revoke(token, &client.id).map_err(|()| {
            Refusal::bad(
                ErrorCode::UnauthorizedClient,
                "this token belongs to another client",
            )
        })
    });
    drop(state);
    let mut response = match revoked {
        Ok(words) => reply::noted(StatusCode::OK.into_response(), words),
        Err(refusal) => refusal.into_response(),
    };
    response.extensions_mut().insert(FromClient(client.id));
    if let Ok(Some(left)) = left {
        response.extensions_mut().insert(left);
    }
    response
}

/// Tells a service what an access token stands for.
///
/// # Specification
/// RFC 7662 §2
pub(crate) async fn introspect(
    Shared(world): Shared<Arc<World>>,
    list: HeaderMap,
    body: Bytes,
) -> Response {
    let (id, secret) = SERVICE_CLIENT;
    let known = basic_credentials(&list)
        .is_some_and(|(given, proof)| given == id && secret::equal(&proof, secret));
    if !known {
        return Refusal::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::InvalidClient,
            "for services",
        )
        .into_response();
    }
    let params = match Params::of_form(&list, &body) {
        Ok(params) => params,
        Err(refusal) => return refusal.into_response(),
    };
    let now = world.now();
    let mut state = world.state();
    let left = match state.count(Bucket::Introspect, id, now) {
        Ok(left) => left,
        Err(refusal) => return refusal.into_response(),
    };
    let answer = match params
        .get("token")
        .and_then(|token| state.tokens.live(token, now))
    {
        Some(live) => json!({
            "active": true,
            "iss": world.origins.identity,
            "sub": live.user,
            "client_id": live.client,
            "scope": live.scopes,
            "token_type": "Bearer",
            "iat": live.issued.0 / 1000,
            "exp": live.expires.0 / 1000,
        }),
        None => json!({ "active": false }),
    };
    let mut response = reply::json(StatusCode::OK, &answer);
    if let Some(left) = left {
        response.extensions_mut().insert(left);
    }
    response
}
