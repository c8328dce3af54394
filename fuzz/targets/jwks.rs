#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::env::SignatureAlgorithm;
use loop_sdk::protocol::jwks;

fuzz_target!(|data: &[u8]| {
    if let Ok(set) = jwks::process(&common::answer(200, data)) {
        for algorithm in [SignatureAlgorithm::Rs256, SignatureAlgorithm::Es256, SignatureAlgorithm::EdDsa] {
            assert!(jwks::candidates(&set, algorithm, None).len() <= 4);
        }
    }
});
