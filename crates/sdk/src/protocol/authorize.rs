//! The authorization request: what the browser is sent to, and what is kept until it comes back.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;

use super::discovery::Server;
use super::dpop::PublicKey;
use super::return_to::ReturnTo;
use super::{Randomness, pkce};
use crate::secret::{CodeVerifier, Nonce};

/// What is asked, and where to return to.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The app.
    pub client_id: String,
    /// Exactly as registered.
    pub redirect_uri: String,
    /// Only what is needed.
    pub scopes: ScopeSet,
    /// A path of this app.
    pub return_to: ReturnTo,
    /// What the person was about to do there, in the app's own words; at most [`MAX_ACTION`] bytes.
    pub action: Option<String>,
    /// What the tokens are to be bound to. Decided here and kept: the callback does what this request promised.
    pub key: Option<PublicKey>,
}

/// The most bytes of an [`Ask::action`].
pub const MAX_ACTION: usize = 4096;

/// What is kept from the request to the callback, in this tab only, and used once.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Names the transaction; comes back in the callback.
    pub state: String,
    /// Goes to the token endpoint, and nowhere else.
    pub verifier: CodeVerifier,
    /// Comes back inside the id_token.
    pub nonce: Nonce,
    /// Who was asked: a callback of another server is refused (RFC 9207).
    pub issuer: String,
    /// What was asked.
    pub ask: Ask,
    /// When. Ten minutes later it is void.
    pub created_at: Timestamp,
}

/// Begins a sign-in: what has to be kept until the person is back. `state`, `nonce` and the verifier have 256 bits each.
pub fn begin(server: &Server, ask: Ask, random: &Randomness, now: Timestamp) -> Transaction {
    let [state, nonce, verifier] = [0, 32, 64].map(|at| {
        let mut part = [0; 32];
        part.copy_from_slice(&random.0[at..at + 32]);
        part
    });
    Transaction {
        state: Base64UrlUnpadded::encode_string(&state),
        verifier: pkce::verifier(&verifier),
        nonce: Nonce::new(Base64UrlUnpadded::encode_string(&nonce)),
        issuer: server.issuer.clone(),
        ask,
        created_at: now,
    }
}

/// Builds the URL to navigate to. `digest` is the SHA-256 of the verifier. `nonce` is sent always, though the documentation's
/// samples leave it out (C3).
///
/// # Specification
/// RFC 6749 §4.1.1; RFC 7636 §4.3; OpenID Connect Core §3.1.2.1; RFC 9449 §10
pub fn request(server: &Server, transaction: &Transaction, digest: &[u8]) -> String {
    let scope = transaction.ask.scopes.to_string();
    let challenge = pkce::challenge(digest);
    let thumbprint = transaction.ask.key.as_ref().map(PublicKey::thumbprint);
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", &transaction.ask.client_id),
        ("redirect_uri", &transaction.ask.redirect_uri),
        ("scope", &scope),
        ("state", &transaction.state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("nonce", transaction.nonce.reveal()),
    ];
    if transaction.ask.scopes.contains(&Scope::OfflineAccess) {
        // OpenID Connect Core §11: servers that know this scope give a refresh token only after consent.
        parameters.push(("prompt", "consent"));
    }
    if let Some(thumbprint) = &thumbprint {
        // Who steals the code cannot exchange it either.
        parameters.push(("dpop_jkt", thumbprint));
    }
    server.authorization_endpoint.with_query(&parameters)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::collections::HashSet;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::url::Endpoint;

    /// Begins a sign-in, and says where it goes.
    fn request(
        server: &Server,
        ask: Ask,
        random: &Randomness,
        now: Timestamp,
    ) -> (String, Transaction) {
        let transaction = begin(server, ask, random, now);
        let digest = Sha256::digest(transaction.verifier.reveal());
        (super::request(server, &transaction, &digest), transaction)
    }

    fn server() -> Server {
        crate::protocol::discovery::documented(
            &Endpoint::parse("https://identity.platform.loop.health").unwrap(),
        )
        .unwrap()
    }

    fn ask() -> Ask {
        Ask {
            client_id: "app_1".to_owned(),
            redirect_uri: "https://app.example/auth/loop/callback".to_owned(),
            scopes: ScopeSet::parse("openid read:biomarkers"),
            return_to: ReturnTo::own_path("/"),
            action: None,
            key: None,
        }
    }

    #[test]
    fn the_url_is_exactly_this() {
        let mut random = [0; 96];
        random[64..].copy_from_slice(&[
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ]);
        let (url, _) = request(&server(), ask(), &Randomness(random), Timestamp(0));
        assert_eq!(
            url,
            "https://identity.platform.loop.health/v1/oauth/authorize?response_type=code&client_id=app_1\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fauth%2Floop%2Fcallback&scope=openid%20read%3Abiomarkers\
             &state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &nonce=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        );
    }

    #[test]
    fn the_verifier_and_the_return_path_never_stand_in_the_url() {
        let mut ask = ask();
        ask.return_to = ReturnTo::own_path("/biomarkers/canary");
        let (url, transaction) = request(&server(), ask, &Randomness([7; 96]), Timestamp(0));
        // With equal random parts, `state` is the same text as the verifier; so make them differ.
        let mut random = [7; 96];
        random[64..].fill(9);
        let (url_2, transaction_2) = request(
            &server(),
            transaction.ask.clone(),
            &Randomness(random),
            Timestamp(0),
        );
        assert!(!url_2.contains(transaction_2.verifier.reveal()));
        assert!(!url.contains("canary"));
    }

    #[test]
    fn a_hundred_thousand_states_are_all_different_and_have_256_bits() {
        let server = server();
        let mut seen = HashSet::new();
        let source = ring::rand::SystemRandom::new();
        for _ in 0..100_000 {
            let mut random = [0; 96];
            ring::rand::SecureRandom::fill(&source, &mut random).unwrap();
            let (_, transaction) = request(&server, ask(), &Randomness(random), Timestamp(0));
            assert_eq!(transaction.state.len(), 43);
            assert!(seen.insert(transaction.state.clone()));
        }
    }
}
