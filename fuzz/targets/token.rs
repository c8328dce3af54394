#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::scope::ScopeSet;
use loop_sdk::protocol::dpop::PublicKey;
use loop_sdk::protocol::token;

fuzz_target!(|data: &[u8]| {
    let asked = ScopeSet::parse("openid read:biomarkers");
    let key = PublicKey::new(&"x".repeat(43), &"y".repeat(43));
    for status in [200, 400] {
        let answer = common::answer(status, data);
        let plain = token::process(&answer, &asked, None);
        let bound = token::process(&answer, &asked, key.as_ref());
        // A token is one or the other.
        assert!(plain.is_err() || bound.is_err());
        if let Ok(set) = plain.or(bound) {
            assert!(set.scopes.without(&asked).is_empty());
        }
    }
});
