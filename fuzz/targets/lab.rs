#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;

fuzz_target!(|data: &[u8]| {
    if let Ok(page) = Page::<BiomarkerResult>::parse(data, "results") {
        for result in &page.items {
            let _ = (result.value.number(), result.collected_at.timestamp());
        }
    }
});
