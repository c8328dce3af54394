#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::http_date::parse_http_date;
use loop_contracts::time::{DateTime, parse_rfc3339};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Some(at) = parse_rfc3339(&text) {
        assert_eq!(parse_rfc3339(&DateTime::from(at).0), Some(at));
    }
    let _ = parse_http_date(&text, common::NOW);
});
