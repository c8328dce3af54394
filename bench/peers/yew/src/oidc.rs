//! Connect, come back, renew: the openidconnect crate, as its documentation does it for a public client with PKCE. Discovery reads the
//! keys as well, and the session is in the tab's session store.

use std::error::Error;

use gloo_net::http::Request;
use gloo_storage::{SessionStorage, Storage};
use js_sys::Date;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AuthorizationCode, ClientId, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, Scope, TokenResponse, reqwest,
};
use serde::{Deserialize, Serialize};
use web_sys::{Location, UrlSearchParams};

const SESSION: &str = "session";
const SIGN_IN: &str = "sign-in";
/// Milliseconds before its end at which a token is renewed.
const EARLY: f64 = 30_000.0;

type Outcome<T> = Result<T, Box<dyn Error>>;
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// `loop.config.json`.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Settings {
    client_id: String,
    issuer: String,
    pub clinical: String,
    scopes: Vec<String>,
    redirect_path: String,
}

/// Who is signed in, and with what.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub subject: String,
    token: String,
    refresh: Option<String>,
    expires_at: f64,
}

/// What has to be remembered until the person comes back.
#[derive(Serialize, Deserialize)]
struct SignIn {
    verifier: String,
    state: String,
    nonce: String,
}

fn location() -> Outcome<Location> {
    Ok(web_sys::window().ok_or("there is no window")?.location())
}

fn origin() -> Outcome<String> {
    location()?
        .origin()
        .map_err(|_| "there is no origin".into())
}

impl Settings {
    pub async fn load() -> Outcome<Self> {
        Ok(Request::get("/loop.config.json")
            .send()
            .await?
            .json()
            .await?)
    }

    pub fn is_callback(&self) -> bool {
        location().is_ok_and(|location| {
            location
                .pathname()
                .is_ok_and(|path| path == self.redirect_path)
        })
    }

    async fn client(&self) -> Outcome<(Client, reqwest::Client)> {
        let http = reqwest::ClientBuilder::new().build()?;
        let metadata =
            CoreProviderMetadata::discover_async(IssuerUrl::new(self.issuer.clone())?, &http)
                .await?;
        let back = RedirectUrl::new(format!("{}{}", origin()?, self.redirect_path))?;
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.client_id.clone()),
            None,
        );
        Ok((client.set_redirect_uri(back), http))
    }

    pub async fn connect(&self) -> Outcome<()> {
        let (client, _) = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        // The crate asks for `openid` by itself.
        let scopes = self
            .scopes
            .iter()
            .filter(|scope| *scope != "openid")
            .cloned()
            .map(Scope::new);
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        let sign_in = SignIn {
            verifier: verifier.into_secret(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
        };
        SessionStorage::set(SIGN_IN, sign_in)?;
        location()?
            .assign(address.as_str())
            .map_err(|_| "the browser does not go there".into())
    }

    /// Exchanges the code in the address bar.
    pub async fn complete(&self) -> Outcome<Session> {
        let sign_in: SignIn = SessionStorage::get(SIGN_IN)?;
        SessionStorage::delete(SIGN_IN);
        let came = location()?
            .search()
            .and_then(|query| UrlSearchParams::new_with_str(&query))
            .map_err(|_| "the address cannot be read")?;
        if came.get("state") != Some(sign_in.state) {
            return Err("this is the answer to another request".into());
        }
        let code = came.get("code").ok_or("Loop sent no code")?;
        let (client, http) = self.client().await?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))?
            .set_pkce_verifier(PkceCodeVerifier::new(sign_in.verifier));
        let tokens = request.request_async(&http).await?;
        let claims = tokens
            .id_token()
            .ok_or("Loop sent no id_token")?
            .claims(&client.id_token_verifier(), &Nonce::new(sign_in.nonce))?;
        Session::keep(&tokens, claims.subject().to_string())
    }

    /// A token that is good for now.
    pub async fn token(&self) -> Outcome<String> {
        let session: Session = SessionStorage::get(SESSION)?;
        match session.refresh {
            Some(refresh) if session.expires_at < Date::now() + EARLY => {
                let (client, http) = self.client().await?;
                let tokens = client
                    .exchange_refresh_token(&RefreshToken::new(refresh))?
                    .request_async(&http)
                    .await?;
                Ok(Session::keep(&tokens, session.subject)?.token)
            }
            _ => Ok(session.token),
        }
    }
}

impl Session {
    pub fn kept() -> Option<Self> {
        SessionStorage::get(SESSION).ok()
    }

    pub fn forget() {
        SessionStorage::delete(SESSION);
    }

    fn keep(tokens: &CoreTokenResponse, subject: String) -> Outcome<Self> {
        let seconds = tokens
            .expires_in()
            .map_or(3600.0, |life| life.as_secs_f64());
        let session = Self {
            subject,
            token: tokens.access_token().secret().clone(),
            refresh: tokens.refresh_token().map(|token| token.secret().clone()),
            expires_at: Date::now() + 1000.0 * seconds,
        };
        SessionStorage::set(SESSION, &session)?;
        Ok(session)
    }
}
