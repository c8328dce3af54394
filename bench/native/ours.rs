//! The steps as the session takes them. What a browser gives there (randomness, hashes, the curve) is here what openidconnect uses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::json;
use loop_contracts::oauth::{Jwk, JwkSet};
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use loop_sdk::env::HttpResponse;
use loop_sdk::protocol::authorize::{self, Ask, Transaction};
use loop_sdk::protocol::discovery::{self, Dangerously, Server};
use loop_sdk::protocol::id_token::{self, Expected};
use loop_sdk::protocol::return_to::ReturnTo;
use loop_sdk::protocol::token::{self, TokenSet};
use loop_sdk::protocol::{Randomness, callback, jwks};
use loop_sdk::secret::AuthorizationCode;
use loop_sdk::url::{Endpoint, decode_form};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use rand::RngCore as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{ACCESS_TOKEN, CLIENT_ID, ISSUER, NOW, REDIRECT_URI, SCOPES};

const AT: Timestamp = Timestamp(NOW * 1000);

/// An app with its server, and a sign-in that has begun.
pub struct Ours {
    server: Server,
    scopes: ScopeSet,
    keys: JwkSet,
    pub transaction: Transaction,
    /// That of the transaction, as text.
    pub nonce: String,
}

impl Ours {
    pub fn new(keys: &Value) -> Self {
        let server = Server {
            callback_iss: true,
            id_token_algorithms: Some(vec!["ES256".to_owned()]),
            ..discovery::documented(&Endpoint::parse(ISSUER).unwrap()).unwrap()
        };
        let scopes = ScopeSet::parse(&SCOPES.join(" "));
        Self {
            transaction: authorize::begin(&server, ask(&scopes), &Randomness([5; 96]), AT),
            nonce: URL_SAFE_NO_PAD.encode([5; 32]),
            keys: json::parse(keys.to_string().as_bytes()).unwrap(),
            server,
            scopes,
        }
    }

    /// Begins a sign-in, and says where it goes.
    pub fn authorize(&self) -> (String, Transaction) {
        let mut random = Randomness([0; 96]);
        rand::thread_rng().fill_bytes(&mut random.0);
        let transaction = authorize::begin(&self.server, ask(&self.scopes), &random, AT);
        // The session hashes the verifier, which only the SDK can read: it is written once more here.
        let digest = Sha256::digest(URL_SAFE_NO_PAD.encode(&random.0[64..]));
        let url = authorize::request(&self.server, &transaction, &digest);
        (url, transaction)
    }

    /// Reads what the browser came back with, and judges it.
    pub fn callback(&self, query: &str, transaction: &Transaction) -> Option<AuthorizationCode> {
        let came = callback::parse(query, "").ok()?;
        let relaxed = Dangerously::default();
        callback::process(came, transaction, &self.server, relaxed, AT).ok()
    }

    /// What goes to the token endpoint: the only place where a code and a verifier can be read.
    pub fn sent(
        &self,
        transaction: &Transaction,
        code: &AuthorizationCode,
    ) -> Vec<(String, String)> {
        let request = token::code_request(&self.server.token_endpoint, transaction, code);
        decode_form(&request.body.unwrap()).unwrap()
    }

    /// An answer of the token endpoint with this id_token.
    pub fn came(&self, id_token: &str) -> TokenSet {
        let body = json!({ "access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 300, "id_token": id_token });
        let response = HttpResponse {
            status: 200,
            headers: vec![],
            body: body.to_string().into_bytes(),
        };
        token::process(&response, &self.scopes, None).unwrap()
    }

    /// Judges an id_token, and says who signed in.
    pub fn id_token(&self, came: &TokenSet, is_signature_checked: bool) -> Option<String> {
        let announced = self.server.id_token_algorithms.as_deref();
        let unverified = id_token::parse(came.id_token.as_ref()?, announced).ok()?;
        let candidates =
            jwks::candidates(&self.keys, unverified.algorithm, unverified.kid.as_deref());
        let holds = |key: &&Jwk| {
            !is_signature_checked || is_signed(key, &unverified.signed, &unverified.signature)
        };
        candidates.into_iter().find(holds)?;
        let expected = Expected {
            issuer: &self.transaction.issuer,
            client_id: CLIENT_ID,
            nonce: &self.transaction.nonce,
            access_token: &came.access_token,
            subject: None,
            now: AT,
        };
        let identity = id_token::process(unverified, &expected, &Sha256::digest(ACCESS_TOKEN));
        identity.ok().map(|identity| identity.subject)
    }
}

fn ask(scopes: &ScopeSet) -> Ask {
    Ask {
        client_id: CLIENT_ID.to_owned(),
        redirect_uri: REDIRECT_URI.to_owned(),
        scopes: scopes.clone(),
        return_to: ReturnTo::own_path("/biomarkers/ldl_cholesterol"),
        action: None,
        key: None,
    }
}

/// The environment's part: a key of text becomes one of the curve, as for openidconnect, and checks.
fn is_signed(key: &Jwk, signed: &[u8], signature: &[u8]) -> bool {
    let decode = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_deref()?).ok();
    let holds = || {
        let point = [vec![4], decode(&key.x)?, decode(&key.y)?].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).ok()?;
        let signature = Signature::from_slice(signature).ok()?;
        key.verify(signed, &signature).ok()
    };
    holds().is_some()
}
