#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::url::{Endpoint, decode_component, decode_form, encode_component};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok(endpoint) = Endpoint::parse(&text) {
        let origin = endpoint.origin();
        assert!(origin.starts_with("https://") || origin.starts_with("http://"));
        assert_eq!(Endpoint::parse(endpoint.as_str()).map(|again| again.as_str().to_owned()), Ok(endpoint.as_str().to_owned()));
    }
    let _ = decode_form(&text);
    assert_eq!(decode_component(&encode_component(&text)).as_deref(), Some(&*text));
});
