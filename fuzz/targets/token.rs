#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::scope::ScopeSet;
use loop_sdk::protocol::token;

fuzz_target!(|data: &[u8]| {
    let asked = ScopeSet::parse("openid read:biomarkers");
    for status in [200, 400] {
        if let Ok(set) = token::process(&common::answer(status, data), &asked, None) {
            assert!(set.scopes.without(&asked).is_empty());
        }
    }
});
