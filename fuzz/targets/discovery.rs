#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::protocol::discovery;
use loop_sdk::url::Endpoint;

fuzz_target!(|data: &[u8]| {
    let issuer = Endpoint::parse(common::ISSUER).unwrap();
    if let Ok(server) = discovery::process(&issuer, &common::answer(200, data)) {
        assert_eq!(server.issuer, common::ISSUER);
    }
});
