#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::Config;

fuzz_target!(|data: &[u8]| {
    if let Ok(config) = Config::from_json(data, "https://app.example") {
        assert!(config.redirect_uri.starts_with("https://app.example/"));
    }
});
