//! Revocation: telling the server that a token is not needed any more.

use super::MAX_ANSWER;
use crate::env::{HttpRequest, HttpResponse};
use crate::url::{Endpoint, encode_form};

/// Which token is being revoked; a hint for the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// `access_token`
    AccessToken,
    /// `refresh_token`
    RefreshToken,
}

/// Builds the revocation of one token.
///
/// # Specification
/// RFC 7009 §2.1
pub(crate) fn request(
    endpoint: &Endpoint,
    client_id: &str,
    token: &str,
    hint: Hint,
) -> HttpRequest {
    let hint = match hint {
        Hint::AccessToken => "access_token",
        Hint::RefreshToken => "refresh_token",
    };
    let form = [
        ("token", token),
        ("token_type_hint", hint),
        ("client_id", client_id),
    ];
    HttpRequest::post_form(endpoint.as_str().to_owned(), encode_form(&form))
        .accept_json()
        .at_most(MAX_ANSWER)
}

/// Whether the server confirmed. It says 200 even when the token was dead already.
///
/// # Specification
/// RFC 7009 §2.2
pub fn process(response: &HttpResponse) -> bool {
    response.status == 200
}
