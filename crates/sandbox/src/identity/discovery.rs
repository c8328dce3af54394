//! Discovery and the key set.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use loop_contracts::oauth::{JwkSet, path};
use loop_contracts::scope::Scope;
use serde_json::json;

use crate::identity::keys::Keys;
use crate::reply;
use crate::world::World;

/// The metadata of this authorization server.
///
/// # Specification
/// OpenID Connect Discovery §3; RFC 8414 §2; RFC 9207 §3
pub(crate) async fn discovery(Shared(world): Shared<Arc<World>>) -> Response {
    let issuer = &world.origins.identity;
    let (alg, _) = Keys::names(world.state().switches.id_token_alg);
    reply::json(
        StatusCode::OK,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}{}", path::AUTHORIZE),
            "token_endpoint": format!("{issuer}{}", path::TOKEN),
            "revocation_endpoint": format!("{issuer}{}", path::REVOKE),
            "introspection_endpoint": format!("{issuer}{}", path::INTROSPECT),
            "jwks_uri": format!("{issuer}{}", path::JWKS),
            "scopes_supported": Scope::KNOWN,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [alg],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "revocation_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
            "claims_supported":
                ["iss", "sub", "aud", "exp", "iat", "nonce", "at_hash", "name", "email", "email_verified", "brand"],
        }),
    )
}

/// The public keys.
pub(crate) async fn jwks(Shared(world): Shared<Arc<World>>) -> Response {
    reply::json(
        StatusCode::OK,
        &JwkSet {
            keys: world.keys.set(),
        },
    )
}
