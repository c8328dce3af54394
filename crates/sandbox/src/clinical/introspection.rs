//! Asking another identity server what a token stands for.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, Uri, header};
use base64::Engine as _;
use http_body_util::{BodyExt as _, Limited};
use hyper_util::rt::TokioIo;
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;
use serde::Deserialize;
use tokio::net::TcpStream;

use crate::clinical::Caller;
use crate::reply::Refusal;

/// Longer than any local server takes.
const PATIENCE: Duration = Duration::from_secs(5);
const ANSWER_LIMIT: usize = 64 * 1024;

/// An identity server that clinical trusts.
pub(crate) struct IdentityServer {
    uri: Uri,
    address: String,
    credentials: String,
}

impl std::fmt::Debug for IdentityServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityServer")
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}

/// The part of an introspection answer that matters here (RFC 7662 §2.2).
#[derive(Deserialize)]
struct Answer {
    active: bool,
    #[serde(default)]
    sub: Option<String>,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    scope: Option<String>,
    /// A server that mixes token kinds says which one this is.
    #[serde(default)]
    token_type: Option<String>,
}

impl IdentityServer {
    /// `url` is the introspection endpoint, `auth` is `id:secret`.
    pub(crate) fn new(url: &str, auth: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|_| "it is not a URL".to_owned())?;
        if uri.scheme_str() != Some("http") {
            return Err("only http:// URLs can be asked, for a server on this computer".to_owned());
        }
        let host = uri.host().ok_or("it names no host")?;
        let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
        if !auth.contains(':') {
            return Err("the credentials need the form ID:SECRET".to_owned());
        }
        let credentials = format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(auth)
        );
        Ok(Self {
            uri,
            address,
            credentials,
        })
    }

    /// What the token stands for, or `None` when it is not active.
    ///
    /// # Errors
    /// 503 when the server does not answer as RFC 7662 says: it is not the caller's fault.
    pub(crate) async fn ask(&self, token: &str) -> Result<Option<Caller>, Refusal> {
        let unavailable = || {
            Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::TemporarilyUnavailable,
                "the identity server cannot be asked about the token",
            )
        };
        let answer = tokio::time::timeout(PATIENCE, self.exchange(token))
            .await
            .map_err(|_| unavailable())?
            .ok_or_else(unavailable)?;
        let is_access = answer
            .token_type
            .as_deref()
            .is_none_or(|kind| !kind.eq_ignore_ascii_case("refresh_token"));
        Ok(answer
            .sub
            .filter(|_| answer.active && is_access)
            .map(|sub| Caller {
                sub,
                client: answer.client_id.unwrap_or_default(),
                scopes: ScopeSet::parse(&answer.scope.unwrap_or_default()),
            }))
    }

    async fn exchange(&self, token: &str) -> Option<Answer> {
        let stream = TcpStream::connect(&self.address).await.ok()?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .ok()?;
        let connection = tokio::spawn(connection);
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", "access_token")
            .finish();
        let request = Request::post(self.uri.path_and_query().map_or("/", |path| path.as_str()))
            .header(header::HOST, self.uri.authority()?.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, &self.credentials)
            .body(Body::from(form))
            .ok()?;
        let response = sender.send_request(request).await.ok()?;
        let is_ok = response.status() == StatusCode::OK;
        let body = Limited::new(response.into_body(), ANSWER_LIMIT)
            .collect()
            .await
            .ok()?
            .to_bytes();
        connection.abort();
        serde_json::from_slice(&body).ok().filter(|_| is_ok)
    }
}
