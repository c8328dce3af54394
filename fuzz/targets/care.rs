#![no_main]

#[path = "../common.rs"]
mod common;

use libfuzzer_sys::fuzz_target;
use loop_contracts::clinical::{CheckIn, Protocol, Recommendation, RedFlag};
use loop_contracts::identity::ConnectedApp;
use loop_contracts::json;
use loop_contracts::page::Page;

fuzz_target!(|data: &[u8]| {
    let _ = Page::<CheckIn>::parse(data, "check_ins");
    let _ = Page::<RedFlag>::parse(data, "flags");
    let _ = Page::<Recommendation>::parse(data, "recommendations");
    let _ = Page::<ConnectedApp>::parse(data, "data");
    let _ = json::parse::<Protocol>(data);
});
