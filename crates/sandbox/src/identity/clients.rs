//! Registered clients: the one that is always there, registration, and what a redirect URI may look like.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use loop_contracts::error::ErrorCode;
use loop_contracts::identity::{ClientRegistration, ClientType};
use loop_contracts::scope::{Scope, ScopeSet};
use serde_json::{Value, json};

use crate::reply::{self, Refusal};
use crate::secret;
use crate::webhooks::settings::Settings;
use crate::world::{Origins, World};

/// The client_id of the pre-registered public client.
pub const LOOP_PARTNER: &str = "app_sandbox_spa";
/// The bearer token of the administrator, for `POST /v1/admin/oauth-clients`. A sandbox has no secrets of its own.
pub const ADMIN_TOKEN: &str = "sandbox-admin";

/// One registered app.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: ClientType,
    pub(crate) secret_hash: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) allowed_scopes: ScopeSet,
    pub(crate) allowed_origins: Vec<String>,
    pub(crate) home_uri: Option<String>,
    pub(crate) logo_uri: Option<String>,
    pub(crate) baa: Baa,
    pub(crate) webhook: Settings,
}

/// How far the business associate agreement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Baa {
    None,
    /// Under review: 1–3 business days, or a button in the portal.
    Applied,
    Signed,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The app of this repository, ready to connect.
    pub(crate) fn loop_partner(origins: &Origins) -> Self {
        use Scope::{
            Email, ManageConnectedApps, OfflineAccess, Openid, Profile, ReadBiomarkers,
            ReadCheckIns, ReadProtocols, ReadRecommendations, ReadRedFlags, WriteCheckIns,
        };
        Self {
            id: LOOP_PARTNER.to_owned(),
            name: "Loop Partner".to_owned(),
            kind: ClientType::Public,
            secret_hash: None,
            redirect_uris: vec![format!("{}{}", origins.app, crate::app::REDIRECT_PATH)],
            allowed_scopes: [
                Openid,
                Profile,
                Email,
                OfflineAccess,
                ManageConnectedApps,
                ReadBiomarkers,
                ReadProtocols,
                ReadCheckIns,
                WriteCheckIns,
                ReadRecommendations,
                ReadRedFlags,
            ]
            .into_iter()
            .collect(),
            allowed_origins: vec![origins.app.clone()],
            home_uri: Some(origins.app.clone()),
            logo_uri: None,
            baa: Baa::Signed,
            webhook: Settings::default(),
        }
    }

    /// Makes a client of a registration. The second value is the secret of a confidential client, told once.
    pub(crate) fn register(
        registration: ClientRegistration,
    ) -> Result<(Self, Option<String>), String> {
        let name = registration.client_name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 255 {
            return Err("client_name has 1 to 255 characters".to_owned());
        }
        let kind = registration.client_type;
        if !matches!(kind, ClientType::Public | ClientType::Confidential) {
            return Err("client_type is public or confidential".to_owned());
        }
        if registration.redirect_uris.is_empty() {
            return Err("redirect_uris has at least one entry".to_owned());
        }
        for uri in &registration.redirect_uris {
            check_redirect_uri(uri)?;
        }
        if registration.allowed_scopes.is_empty() {
            return Err("allowed_scopes has at least one entry".to_owned());
        }
        if let Some(scope) = registration
            .allowed_scopes
            .iter()
            .find(|scope| matches!(scope, Scope::Other(_)))
        {
            return Err(format!("the scope {scope} does not exist"));
        }
        for origin in &registration.allowed_origins {
            check_origin(origin)?;
        }
        for uri in [&registration.client_uri, &registration.logo_uri]
            .into_iter()
            .flatten()
        {
            check_web_address(uri)?;
        }
        let secret = (kind == ClientType::Confidential).then(|| secret::random("lph_cs_"));
        let client = Self {
            id: secret::random("app_")[..20].to_owned(),
            name,
            kind,
            secret_hash: secret.as_deref().map(secret::hash),
            redirect_uris: registration.redirect_uris,
            allowed_scopes: registration.allowed_scopes.into_iter().collect(),
            allowed_origins: registration.allowed_origins,
            home_uri: registration.client_uri,
            logo_uri: registration.logo_uri,
            baa: Baa::None,
            webhook: Settings::default(),
        };
        Ok((client, secret))
    }
}

/// `POST /v1/admin/oauth-clients`
pub(crate) async fn register(
    State(world): State<Arc<World>>,
    list: HeaderMap,
    body: Bytes,
) -> Response {
    let token = list
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    if token != Some(&format!("Bearer {ADMIN_TOKEN}")) {
        return Refusal::new(
            StatusCode::UNAUTHORIZED,
            ErrorCode::Unauthenticated,
            "for administrators",
        )
        .into_response();
    }
    let invalid = |words: String| {
        let status = world.state().switches.invalid_input_status;
        Refusal::new(
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
            ErrorCode::ValidationError,
            words,
        )
        .into_response()
    };
    let registration: ClientRegistration = match serde_json::from_slice(&body) {
        Ok(registration) => registration,
        Err(error) => return invalid(error.to_string()),
    };
    let (mut client, secret) = match Client::register(registration) {
        Ok(made) => made,
        Err(words) => return invalid(words),
    };
    let webhook_secret = secret::random("whsec_");
    if let Ok(secret) = loop_webhooks::Secret::new(&webhook_secret) {
        client.webhook = Settings::new(None, Some(secret));
    }
    let mut answer = json!({
        "client_id": client.id,
        "client_name": client.name,
        "client_type": client.kind,
        "redirect_uris": client.redirect_uris,
        "allowed_scopes": client.allowed_scopes.iter().collect::<Vec<_>>(),
        "allowed_origins": client.allowed_origins,
        "client_uri": client.home_uri,
        "logo_uri": client.logo_uri,
        "webhook_signing_secret": webhook_secret,
    });
    if let (Some(secret), Value::Object(answer)) = (secret, &mut answer) {
        answer.insert("client_secret".to_owned(), secret.into());
    }
    let words = format!("registered {}", client.id);
    world.state().clients.insert(client.id.clone(), client);
    reply::noted(reply::json(StatusCode::CREATED, &answer), words)
}

/// HTTPS, or `http://localhost` in development; no query, no fragment, nobody's name in it.
fn check_redirect_uri(text: &str) -> Result<(), String> {
    let uri = parse(text)?;
    if text.contains('#') || text.contains('?') {
        return Err(format!("the redirect URI {text} has a query or a fragment"));
    }
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(_)) | (Some("http"), Some("localhost")) => Ok(()),
        _ => Err(format!(
            "the redirect URI {text} is neither https nor http://localhost"
        )),
    }
}

fn check_origin(text: &str) -> Result<(), String> {
    let uri = parse(text)?;
    let is_origin = crate::app::origin_of_url(text) == text
        && text == text.to_ascii_lowercase()
        && matches!(
            (uri.scheme_str(), uri.host()),
            (Some("https"), Some(_)) | (Some("http"), Some("localhost"))
        );
    if is_origin {
        Ok(())
    } else {
        Err(format!(
            "{text} is not an origin such as https://app.example.com"
        ))
    }
}

fn check_web_address(text: &str) -> Result<(), String> {
    match parse(text)?.scheme_str() {
        Some("https" | "http") => Ok(()),
        _ => Err(format!("{text} is not a web address")),
    }
}

fn parse(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| format!("{text} is not a URI"))?;
    if uri
        .authority()
        .is_none_or(|authority| authority.as_str().contains('@'))
        || text.contains([';', '\'', '"', ','])
    {
        return Err(format!("{text} is not a plain absolute URI"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris() {
        for good in [
            "https://app.example.com/auth/loop/callback",
            "http://localhost:8080/auth/loop/callback",
        ] {
            assert_eq!(check_redirect_uri(good), Ok(()), "{good}");
        }
        for bad in [
            "http://app.example.com/callback",
            "https://app.example.com/callback?x=1",
            "https://app.example.com/callback#x",
            "http://localhost.evil.example/callback",
            "https://user@app.example.com/callback",
            "javascript:alert(1)",
            "/callback",
            "https://app.example.com/;script-src *",
            "",
        ] {
            assert!(check_redirect_uri(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn origins() {
        assert_eq!(check_origin("https://app.example.com"), Ok(()));
        assert_eq!(check_origin("http://localhost:8080"), Ok(()));
        for bad in [
            "https://app.example.com/",
            "https://APP.example.com",
            "null",
            "*",
            "http://app.example.com",
        ] {
            assert!(check_origin(bad).is_err(), "{bad}");
        }
    }
}
