//! What the authorization server answers, as it stands on the wire. Judging an answer is the SDK's work.
//!
//! Secrets in these structs are plain strings, because this is the wire; so none of them that carries one prints.

use std::fmt;

#[cfg(feature = "serde")]
use serde::Serialize;

use crate::json::{self, FromJson, Json, Object, entries};
use crate::json_object;
use crate::scope::ScopeSet;

/// Paths on the identity host.
pub mod path {
    /// Top-level navigation of the authorization request.
    pub const AUTHORIZE: &str = "/v1/oauth/authorize";
    /// Code exchange and refresh.
    pub const TOKEN: &str = "/v1/oauth/token";
    /// RFC 7009.
    pub const REVOKE: &str = "/v1/oauth/revoke";
    /// RFC 7662, for services.
    pub const INTROSPECT: &str = "/v1/oauth/introspect";
    /// OpenID Connect Discovery §4, below the issuer.
    pub const DISCOVERY: &str = "/.well-known/openid-configuration";
    /// RFC 7517 key set.
    pub const JWKS: &str = "/.well-known/jwks.json";
}

/// How a token of the platform begins. Other servers write theirs differently, so this is for display and log
/// filters, never a condition.
pub mod token_prefix {
    /// Access token.
    pub const ACCESS: &str = "lph_at_";
    /// Refresh token.
    pub const REFRESH: &str = "lph_rt_";
}

/// `expires_in`: seconds. Some servers send it as a string.
///
/// Anything that is not a non-negative finite number reads as `None`: the SDK then takes its safe default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpiresIn(pub Option<f64>);

impl FromJson<'_> for ExpiresIn {
    fn from_json(json: Json<'_>) -> Option<Self> {
        let seconds = f64::from_json(json)
            .or_else(|| json::parse(String::from_json(json)?.trim().as_bytes()))
            .filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        Some(Self(seconds))
    }
}
json_object!(@serde ExpiresIn);

#[cfg(feature = "serde")]
impl Serialize for ExpiresIn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A successful answer of the token endpoint.
///
/// # Specification
/// RFC 6749 §5.1; OpenID Connect Core §3.1.3.3
#[derive(Clone)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct TokenResponse {
    /// Opaque, `lph_at_…`.
    pub access_token: String,
    /// `Bearer` or `DPoP`, in any case.
    pub token_type: String,
    /// Life of the access token.
    pub expires_in: ExpiresIn,
    /// Opaque, `lph_rt_…`; replaces the one that was sent.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub refresh_token: Option<String>,
    /// What was granted; absent when it is what was asked.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scope: Option<ScopeSet>,
    /// Signed JWT, with `openid`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id_token: Option<String>,
}

json_object!(TokenResponse { access_token, token_type, expires_in default, refresh_token, scope, id_token });

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// Discovery metadata: the part a public browser client needs.
///
/// # Specification
/// OpenID Connect Discovery §3; RFC 8414 §2; RFC 9207 §3
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct DiscoveryDocument {
    /// Must be the configured issuer.
    pub issuer: String,
    /// Where the browser goes to ask.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the keys are.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub jwks_uri: Option<String>,
    /// RFC 7009.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub revocation_endpoint: Option<String>,
    /// RP-initiated logout, where the server has it. Loop documents none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub end_session_endpoint: Option<String>,
    /// `S256` must be among them when the list is there.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// What an id_token may be signed with.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub id_token_signing_alg_values_supported: Option<Vec<String>>,
    /// Whether the callback carries `iss` (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
    /// Scopes the server names.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub scopes_supported: Option<Vec<String>>,
}

json_object!(DiscoveryDocument { issuer, authorization_endpoint, token_endpoint, jwks_uri, revocation_endpoint, end_session_endpoint, code_challenge_methods_supported, id_token_signing_alg_values_supported, authorization_response_iss_parameter_supported default, scopes_supported });

/// A set of public keys.
///
/// # Specification
/// RFC 7517 §5
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct JwkSet {
    /// Keys this version can read; the rest is skipped, as §5 asks.
    pub keys: Vec<Jwk>,
}

impl FromJson<'_> for JwkSet {
    fn from_json(json: Json<'_>) -> Option<Self> {
        let keys: Json<'_> = Object::from_json(json)?.get("keys")?;
        let keys = entries(keys)?
            .into_iter()
            .filter_map(Jwk::from_json)
            .collect();
        Some(Self { keys })
    }
}
json_object!(@serde JwkSet);

/// One public key: the members needed for RSA, P-256 and Ed25519.
///
/// # Specification
/// RFC 7517 §4; RFC 7518 §6; RFC 8037 §2
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct Jwk {
    /// `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// Key id.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub kid: Option<String>,
    /// `sig` when the key is for signatures only.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "use", skip_serializing_if = "Option::is_none")
    )]
    pub use_: Option<String>,
    /// What the key may do, when the server says: `verify` for signatures.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub key_ops: Option<Vec<String>>,
    /// The algorithm the key is for.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub alg: Option<String>,
    /// Curve of an `EC` or `OKP` key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub crv: Option<String>,
    /// Modulus of an RSA key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub n: Option<String>,
    /// Exponent of an RSA key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub e: Option<String>,
    /// First coordinate, or the Ed25519 public key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub x: Option<String>,
    /// Second coordinate of an `EC` key.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub y: Option<String>,
}

json_object!(Jwk { kty, kid, use_ = "use", key_ops, alg, crv, n, e, x, y });
