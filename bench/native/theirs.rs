//! The same steps with openidconnect, as its documentation has them.

use std::str::FromStr as _;

use chrono::DateTime;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet,
    CoreJwsSigningAlgorithm,
};
use openidconnect::url::form_urlencoded;
use openidconnect::{
    AccessToken, AccessTokenHash, AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde_json::Value;

use crate::{ACCESS_TOKEN, AUTHORIZATION_ENDPOINT, CLIENT_ID, ISSUER, NOW, REDIRECT_URI, SCOPES};

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
>;

pub struct Theirs {
    client: Client,
    keys: CoreJsonWebKeySet,
}

/// Where to go, and what is kept until the person is back.
pub struct Begun {
    pub url: String,
    pub state: CsrfToken,
    pub nonce: Nonce,
    pub verifier: PkceCodeVerifier,
}

impl Theirs {
    pub fn new(keys: &Value) -> Self {
        let keys: CoreJsonWebKeySet = serde_json::from_value(keys.clone()).unwrap();
        let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
        let client = CoreClient::new(ClientId::new(CLIENT_ID.to_owned()), issuer, keys.clone())
            .set_auth_uri(AuthUrl::new(AUTHORIZATION_ENDPOINT.to_owned()).unwrap())
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap());
        Self { client, keys }
    }

    /// With as many bits as ours; it takes half as many for `state` and `nonce` by itself.
    pub fn authorize(&self) -> Begun {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = || CsrfToken::new_random_len(32);
        let nonce = || Nonce::new_random_len(32);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        // The first of the scopes is there by itself.
        let more = SCOPES[1..]
            .iter()
            .map(|scope| Scope::new((*scope).to_owned()));
        let request = self.client.authorize_url(flow, state, nonce);
        let (url, state, nonce) = request.add_scopes(more).set_pkce_challenge(challenge).url();
        Begun {
            url: url.into(),
            state,
            nonce,
            verifier,
        }
    }

    /// With the clock at [`NOW`].
    pub fn verifier(&self, is_signature_checked: bool) -> CoreIdTokenVerifier<'static> {
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(CLIENT_ID.to_owned()),
            IssuerUrl::new(ISSUER.to_owned()).unwrap(),
            self.keys.clone(),
        )
        .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
        .set_time_fn(|| DateTime::from_timestamp(NOW, 0).unwrap());
        if is_signature_checked {
            verifier
        } else {
            verifier.insecure_disable_signature_check()
        }
    }
}

/// It has no step for the callback: its examples look for `code` and `state`, and compare the latter.
pub fn callback(query: &str, expected: &CsrfToken) -> Option<AuthorizationCode> {
    let one = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    let code = AuthorizationCode::new(one("code")?);
    let state = CsrfToken::new(one("state")?);
    (state.secret() == expected.secret()).then_some(code)
}

/// Judges an id_token, and says who signed in. `at_hash` is looked at as its documentation shows.
pub fn id_token(verifier: &CoreIdTokenVerifier<'_>, text: &str, nonce: &Nonce) -> Option<String> {
    let id_token = CoreIdToken::from_str(text).ok()?;
    let claims = id_token.claims(verifier, nonce).ok()?;
    if let Some(expected) = claims.access_token_hash() {
        let access_token = AccessToken::new(ACCESS_TOKEN.to_owned());
        let (alg, key) = (
            id_token.signing_alg().ok()?,
            id_token.signing_key(verifier).ok()?,
        );
        let actual = AccessTokenHash::from_token(&access_token, alg, key).ok()?;
        (actual == *expected).then_some(())?;
    }
    Some(claims.subject().to_string())
}
