#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::protocol::return_to::ReturnTo;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let path = ReturnTo::own_path(&text);
    let path = path.as_str();
    assert!(path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r', '\t']));
});
