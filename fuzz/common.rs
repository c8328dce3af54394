//! What several targets need.
#![allow(dead_code, reason = "each target uses some of it")]

use loop_contracts::scope::ScopeSet;
use loop_contracts::time::Timestamp;
use loop_sdk::Config;
use loop_sdk::env::HttpResponse;
use loop_sdk::protocol::authorize::{Ask, Transaction, request};
use loop_sdk::protocol::discovery::{Server, documented};
use loop_sdk::protocol::return_to::ReturnTo;
use loop_sdk::protocol::Randomness;
use loop_sdk::url::Endpoint;

pub const NOW: Timestamp = Timestamp(1_772_526_600_000);
pub const ISSUER: &str = "https://identity.example";

pub fn answer(status: u16, body: &[u8]) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.to_vec(),
    }
}

pub fn server() -> Server {
    documented(&Endpoint::parse(ISSUER).unwrap()).unwrap()
}

pub fn transaction() -> Transaction {
    let ask = Ask {
        client_id: "app".to_owned(),
        redirect_uri: "https://app.example/cb".to_owned(),
        scopes: ScopeSet::parse("openid read:biomarkers"),
        return_to: ReturnTo::own_path("/"),
        action: None,
        key: None,
    };
    request(&server(), ask, &Randomness([7; 96]), NOW).1
}

pub fn config() -> Config {
    let file = format!(r#"{{"client_id": "app", "issuer": "{ISSUER}", "clinical": "https://clinical.example"}}"#);
    Config::from_json(file.as_bytes(), "https://app.example").unwrap()
}
