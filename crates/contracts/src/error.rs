//! Error codes, and the two body shapes in which the platform sends them.

#[cfg(feature = "serde")]
use serde::Serialize;

use crate::json::{self, FromJson, Json, Object};
use crate::json_object;
use crate::open_enum::open_enum;

open_enum! {
    /// The `error` of an answer. Branch on this, not on the HTTP status: the documentation gives
    /// `insufficient_scope` both as 403 and as 401 (C1), and invalid input both as 400 and as 422 (C7).
    pub enum ErrorCode {
        /// The access token is expired, revoked or unknown: refresh, retry once.
        InvalidToken = "invalid_token",
        /// A scope is missing, named in `WWW-Authenticate`: ask the person again.
        InsufficientScope = "insufficient_scope",
        /// Too many requests for this client_id: wait for `Retry-After`.
        RateLimited = "rate_limited",
        /// Absent, or not visible to this user.
        NotFound = "not_found",
        /// No usable bearer token came with the request.
        Unauthenticated = "unauthenticated",
        /// A business rule says no. Never retried.
        Forbidden = "forbidden",
        /// An idempotency key was used for another request, or the state does not allow this.
        Conflict = "conflict",
        /// The input is wrong.
        ValidationError = "validation_error",
        /// The input is well formed and still cannot be used.
        UnprocessableEntity = "unprocessable_entity",
        /// RFC 6749 §4.1.2.1 and §5.2.
        InvalidRequest = "invalid_request",
        /// Unknown client, or wrong credentials.
        InvalidClient = "invalid_client",
        /// The code or the refresh token is dead: start again from `authorize`.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant.
        UnauthorizedClient = "unauthorized_client",
        /// Grant type unknown to the server.
        UnsupportedGrantType = "unsupported_grant_type",
        /// Response type unknown to the server.
        UnsupportedResponseType = "unsupported_response_type",
        /// A scope is unknown, or asked without a signed BAA.
        InvalidScope = "invalid_scope",
        /// The person said no.
        AccessDenied = "access_denied",
        /// The server failed.
        ServerError = "server_error",
        /// The server is down for now.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// OpenID Connect Core §3.1.2.6: `prompt=none` cannot be met.
        LoginRequired = "login_required",
        /// OpenID Connect Core §3.1.2.6.
        InteractionRequired = "interaction_required",
        /// OpenID Connect Core §3.1.2.6.
        ConsentRequired = "consent_required",
    }
}

/// The body of an error answer, in either documented shape (C2): `{error, error_description, error_uri}` or
/// `{error, message}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorCode,
    /// Words for a developer. Untrusted text, never shown to a person as it came.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub error_description: Option<String>,
    /// Where to read more. Untrusted, never followed.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub error_uri: Option<String>,
    /// With `rate_limited`: how long to wait, in milliseconds, for browsers that cannot read `Retry-After`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub retry_after_ms: Option<u64>,
}

impl ErrorBody {
    /// Reads a body. `None` when it is no error body in either shape.
    ///
    /// The code decides what a client does, so it is read whatever stands beside it: both shapes at once, or a member of
    /// another type, which counts as absent.
    pub fn parse(body: &[u8]) -> Option<Self> {
        json::parse(body)
    }
}

impl FromJson<'_> for ErrorBody {
    fn from_json(json: Json<'_>) -> Option<Self> {
        let object = Object::from_json(json)?;
        let text = |name: &str| object.get::<String>(name);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float beyond u64 saturates, and a negative one is filtered out"
        )]
        let milliseconds = |number: f64| (number >= 0.0).then_some(number.ceil() as u64);
        Some(Self {
            error: object.get("error")?,
            error_description: text("error_description").or_else(|| text("message")),
            error_uri: text("error_uri"),
            retry_after_ms: object.get("retry_after_ms").and_then(milliseconds),
        })
    }
}
json_object!(@serde ErrorBody);
