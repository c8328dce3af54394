#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::protocol::callback;
use loop_sdk::protocol::discovery::Dangerously;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (query, fragment) = text.split_once('#').unwrap_or((&text, ""));
    if let Ok(came) = callback::parse(query, fragment) {
        let _ = callback::process(came, &common::transaction(), &common::server(), Dangerously::default(), common::NOW);
    }
});
