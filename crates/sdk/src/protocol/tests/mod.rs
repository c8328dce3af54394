//! Tables of what the protocol accepts and refuses, one room a step. Each negative case names the check that must refuse it.

mod any_input;
mod callbacks;
mod discoveries;
#[cfg(feature = "dpop")]
mod dpop;
mod id_tokens;
mod keys;
mod mutations;
mod tokens;

use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use sha2::{Digest, Sha256, Sha512};

use super::authorize::{Ask, Transaction};
use super::discovery::{self, Server};
use super::pkce;
use super::return_to::ReturnTo;
use crate::env::{Hash, HttpResponse};
use crate::secret::Nonce;
use crate::url::Endpoint;

const ISSUER: &str = "https://identity.example";

const NOW: Timestamp = Timestamp(1_772_526_600_000);

fn issuer() -> Endpoint {
    Endpoint::parse(ISSUER).unwrap()
}

fn server() -> Server {
    Server {
        callback_iss: true,
        ..discovery::documented(&issuer()).unwrap()
    }
}

fn transaction() -> Transaction {
    Transaction {
        state: "S".to_owned(),
        verifier: pkce::verifier(&[1; 32]),
        nonce: Nonce::new("N"),
        issuer: ISSUER.to_owned(),
        ask: Ask {
            client_id: "app".to_owned(),
            redirect_uri: "https://app.example/cb".to_owned(),
            scopes: ScopeSet::parse("openid read:biomarkers"),
            return_to: ReturnTo::own_path("/"),
            action: None,
            key: None,
        },
        created_at: NOW,
    }
}

/// What the environment says of a text.
fn digest(hash: Hash, text: &str) -> Vec<u8> {
    match hash {
        Hash::Sha256 => Sha256::digest(text).to_vec(),
        Hash::Sha512 => Sha512::digest(text).to_vec(),
    }
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    }
}
