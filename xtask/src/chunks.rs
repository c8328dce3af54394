//! Which functions of the app are the entries of its chunks. The app's `chunks.rs` calls them by pointers alone.

use crate::bind::{is_unused, readable, replaced};
use crate::term::{Failure, Outcome};
use crate::wasm::split::{self, Chunk};

/// So many chunks stand in the file of the app itself, in their order behind what it starts with.
pub(crate) const ALONG: usize = 2;

/// The entries of each chunk.
const ENTRIES: [&[&str]; 3] = [
    &["loop_partner::app::show"],
    &[
        "loop_partner::pages::home::home",
        "loop_partner::pages::biomarker::biomarker",
    ],
    &[
        "loop_partner::pages::report::report",
        "loop_partner::pages::care::care",
        "loop_partner::pages::check_in::check_in",
        "loop_partner::pages::settings::settings",
    ],
];

/// The chunks of the app, from what the linker wrote.
pub(crate) fn of_app(linked: &[u8]) -> Outcome<Vec<Chunk>> {
    let entry = |name: &str| {
        let name = readable(name);
        let chunk = ENTRIES.iter().position(|of| of.contains(&name.as_str()))?;
        Some(chunk + 1)
    };
    let chunks = split::chunks(linked, ENTRIES.len(), entry, replaced, is_unused);
    let mut chunks = chunks.ok_or_else(|| {
        Failure::new("the app cannot be split: what xtask/src/chunks.rs names is not there, or is called by its name.")
    })?;
    for chunk in &mut chunks[..ALONG] {
        chunk.leave_data();
    }
    Ok(chunks)
}
