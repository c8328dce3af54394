#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_sdk::api::{classify, retry_after};
use loop_sdk::session::{MAX_PAUSE, MIN_PAUSE};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (header, body) = text.split_once('\n').unwrap_or((&text, ""));
    for status in [200, 401, 403, 404, 429, 500] {
        let mut answer = common::answer(status, body.as_bytes());
        for name in ["www-authenticate", "retry-after", "date"] {
            answer.headers.push((name.to_owned(), header.to_owned()));
        }
        let _ = classify(&answer);
        let wait = retry_after(&answer, common::NOW);
        assert!(wait.is_none_or(|wait| (MIN_PAUSE..=MAX_PAUSE).contains(&wait)));
    }
});
