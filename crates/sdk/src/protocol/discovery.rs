//! Where the server's endpoints are, and what it promises.

use loop_contracts::json;
use loop_contracts::oauth::{DiscoveryDocument, path};

use super::{MAX_ANSWER, ProtocolError, Reason, dpop};
use crate::env::{HttpRequest, HttpResponse};
use crate::url::Endpoint;

/// What this client needs to know of a server, every endpoint checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Compared with `iss` everywhere, byte by byte.
    pub issuer: String,
    /// Where the browser goes to ask.
    pub authorization_endpoint: Endpoint,
    /// Code exchange and refresh.
    pub token_endpoint: Endpoint,
    /// The keys, when the server signs.
    pub jwks_uri: Option<Endpoint>,
    /// RFC 7009.
    pub revocation_endpoint: Option<Endpoint>,
    /// Whether a callback must carry `iss` (RFC 9207 §3).
    pub callback_iss: bool,
    /// What an id_token may be signed with, when the server says.
    pub id_token_algorithms: Option<Vec<String>>,
    /// Whether it binds tokens to a key that this client can have. Always `false` without the feature `dpop`.
    pub binds_tokens: bool,
}

/// What may be relaxed, and by whom: each is named so that nobody sets it by accident.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dangerously {
    /// Accept a callback without `iss` from a server that promises one. Opens the mix-up attack of RFC 9207 §1.
    pub allow_missing_iss: bool,
}

/// Asks for the discovery document.
///
/// # Specification
/// OpenID Connect Discovery §4.1
pub fn request(issuer: &Endpoint) -> HttpRequest {
    HttpRequest::get(issuer.join(path::DISCOVERY))
        .accept_json()
        .at_most(MAX_ANSWER)
}

/// Judges the discovery document.
///
/// # Errors
/// [`Reason::IssuerMismatch`] unless `issuer` is the configured one (one trailing slash on either side counts as a
/// difference), [`Reason::InsecureEndpoint`], [`Reason::NoS256`].
///
/// # Specification
/// OpenID Connect Discovery §4.3; RFC 8414 §3.3
pub fn process(issuer: &Endpoint, response: &HttpResponse) -> Result<Server, ProtocolError> {
    if response.status != 200 {
        return Err(ProtocolError::Unreadable("discovery"));
    }
    let document: DiscoveryDocument =
        json::parse(&response.body).ok_or(ProtocolError::Unreadable("discovery"))?;
    if document.issuer != issuer.as_str() {
        return Err(Reason::IssuerMismatch.into());
    }
    if let Some(methods) = &document.code_challenge_methods_supported
        && !methods.iter().any(|method| method == "S256")
    {
        return Err(Reason::NoS256.into());
    }
    let endpoint = |text: &str| {
        Endpoint::parse(text).map_err(|_| ProtocolError::from(Reason::InsecureEndpoint))
    };
    let optional = |text: Option<&String>| text.map(|text| endpoint(text)).transpose();
    Ok(Server {
        authorization_endpoint: endpoint(&document.authorization_endpoint)?,
        token_endpoint: endpoint(&document.token_endpoint)?,
        jwks_uri: optional(document.jwks_uri.as_ref())?,
        revocation_endpoint: optional(document.revocation_endpoint.as_ref())?,
        callback_iss: document.authorization_response_iss_parameter_supported,
        id_token_algorithms: document.id_token_signing_alg_values_supported,
        binds_tokens: dpop::IS_ON && dpop::is_offered(&response.body),
        issuer: document.issuer,
    })
}

/// The endpoints that the platform documents, for a platform whose discovery cannot be read across origins
/// (assumption A2).
pub fn documented(issuer: &Endpoint) -> Result<Server, ProtocolError> {
    let endpoint = |path: &str| {
        Endpoint::parse(&issuer.join(path))
            .map_err(|_| ProtocolError::from(Reason::InsecureEndpoint))
    };
    Ok(Server {
        issuer: issuer.as_str().to_owned(),
        authorization_endpoint: endpoint(path::AUTHORIZE)?,
        token_endpoint: endpoint(path::TOKEN)?,
        jwks_uri: Some(endpoint(path::JWKS)?),
        revocation_endpoint: Some(endpoint(path::REVOKE)?),
        callback_iss: false,
        id_token_algorithms: None,
        binds_tokens: false,
    })
}
