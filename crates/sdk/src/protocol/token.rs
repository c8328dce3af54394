//! The token endpoint: the code exchange and the refresh. A public client has no secret; its `client_id` is enough.

use loop_contracts::error::ErrorBody;
use loop_contracts::json;
use loop_contracts::oauth::TokenResponse;
use loop_contracts::scope::ScopeSet;

use super::authorize::Transaction;
use super::dpop::PublicKey;
use super::{MAX_ANSWER, ProtocolError, Reason};
use crate::env::{HttpRequest, HttpResponse};
use crate::secret::{AccessToken, AuthorizationCode, IdToken, RefreshToken};
use crate::url::{Endpoint, encode_form};

/// How long an access token is used when the server does not say, in milliseconds: the shortest life the platform sets.
const DEFAULT_LIFE: i64 = 5 * 60 * 1000;
/// The longest life that is believed, in milliseconds. Longer ones are cut, not refused.
const MAX_LIFE: i64 = 24 * 60 * 60 * 1000;

/// What the token endpoint gave.
#[derive(Debug)]
pub struct TokenSet {
    /// For the services.
    pub access_token: AccessToken,
    /// How long it lives, in milliseconds from the moment the request was sent.
    pub life: i64,
    /// Replaces the one that was sent. `None`: the server does not rotate, or gives none.
    pub refresh_token: Option<RefreshToken>,
    /// What was granted.
    pub scopes: ScopeSet,
    /// Who signed in, not judged yet.
    pub id_token: Option<IdToken>,
}

/// Builds the code exchange.
///
/// # Specification
/// RFC 6749 §4.1.3; RFC 7636 §4.5
pub fn code_request(
    endpoint: &Endpoint,
    transaction: &Transaction,
    code: &AuthorizationCode,
) -> HttpRequest {
    post(
        endpoint,
        &[
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("redirect_uri", &transaction.ask.redirect_uri),
            ("client_id", &transaction.ask.client_id),
            ("code_verifier", transaction.verifier.reveal()),
        ],
    )
}

/// Builds the refresh. The token in it may be sent once in its life: an old one ends the whole grant.
///
/// # Specification
/// RFC 6749 §6
pub fn refresh_request(endpoint: &Endpoint, client_id: &str, token: &RefreshToken) -> HttpRequest {
    post(
        endpoint,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", token.reveal()),
            ("client_id", client_id),
        ],
    )
}

fn post(endpoint: &Endpoint, form: &[(&str, &str)]) -> HttpRequest {
    HttpRequest::post_form(endpoint.as_str().to_owned(), encode_form(form))
        .accept_json()
        .at_most(MAX_ANSWER)
}

/// Whether a token may stand in an `Authorization` header. Another one would make the browser throw, or add a header.
///
/// # Specification
/// RFC 6750 §2.1
pub(crate) fn fits_a_header(token: &str) -> bool {
    !token.is_empty()
        && token.len() <= 8192
        && token
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b))
}

/// Judges an answer of the token endpoint. `asked` is what was asked for, or what is granted so far; `key` is what the request
/// proved, and so what the tokens are bound to: nothing else is taken instead.
///
/// # Errors
/// [`ProtocolError::Server`] for an error answer of the server; [`Reason::TokenType`], [`Reason::MalformedToken`],
/// [`Reason::ScopeWidened`]; [`ProtocolError::Unreadable`] for anything that is no token answer.
///
/// # Specification
/// RFC 6749 §5.1, §5.2; RFC 9449 §5
pub fn process(
    response: &HttpResponse,
    asked: &ScopeSet,
    key: Option<&PublicKey>,
) -> Result<TokenSet, ProtocolError> {
    if response.status != 200 {
        return Err(match ErrorBody::parse(&response.body) {
            Some(body) => ProtocolError::Server(body.error),
            None => ProtocolError::Unreadable("token"),
        });
    }
    let answer: TokenResponse =
        json::parse(&response.body).ok_or(ProtocolError::Unreadable("token"))?;
    let kind = if key.is_some() { "dpop" } else { "bearer" };
    if !answer.token_type.eq_ignore_ascii_case(kind) {
        return Err(Reason::TokenType.into());
    }
    let refresh_usable = answer
        .refresh_token
        .as_deref()
        .is_none_or(|token| !token.is_empty() && token.len() <= 8192);
    if !fits_a_header(&answer.access_token) || !refresh_usable {
        return Err(Reason::MalformedToken.into());
    }
    let scopes = answer.scope.unwrap_or_else(|| asked.clone());
    if !scopes.without(asked).is_empty() {
        return Err(Reason::ScopeWidened.into());
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float above i64 saturates, and is cut to a day anyway"
    )]
    let life = answer.expires_in.0.map_or(DEFAULT_LIFE, |seconds| {
        ((seconds * 1000.0) as i64).min(MAX_LIFE)
    });
    Ok(TokenSet {
        access_token: AccessToken::new(answer.access_token).bound_to(key.cloned()),
        life,
        refresh_token: answer.refresh_token.map(RefreshToken::new),
        scopes,
        id_token: answer.id_token.map(IdToken::new),
    })
}
