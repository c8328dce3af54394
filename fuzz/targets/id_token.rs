#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::scope::ScopeSet;
use loop_sdk::protocol::id_token::{self, Expected};
use loop_sdk::protocol::token;

fuzz_target!(|data: &[u8]| {
    // An id_token comes in a token answer, and nowhere else.
    let text = String::from_utf8_lossy(data);
    let body = serde_json::json!({"access_token": "a", "token_type": "Bearer", "id_token": text}).to_string();
    let asked = ScopeSet::parse("openid");
    let Ok(set) = token::process(&common::answer(200, body.as_bytes()), &asked, None) else {
        return;
    };
    let Some(token) = &set.id_token else {
        return;
    };
    if let Ok(unverified) = id_token::parse(token, None) {
        let transaction = common::transaction();
        let expected = Expected {
            issuer: common::ISSUER,
            client_id: "app",
            nonce: &transaction.nonce,
            access_token: &set.access_token,
            subject: None,
            now: common::NOW,
        };
        assert!(id_token::process(unverified, &expected).is_err());
    }
});
