//! The pieces of which tests put wasm files together.

use super::{CUSTOM, write_section, write_text};

/// Five bytes, as the linker writes numbers that it may change.
pub(super) fn padded(number: usize) -> [u8; 5] {
    [0, 7, 14, 21, 28].map(|shift| {
        let more = if shift < 28 { 0x80 } else { 0 };
        u8::try_from(number >> shift & 0x7f).unwrap() | more
    })
}

pub(super) fn section(id: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    write_section(&mut out, id, body);
    out
}

/// A custom section.
pub(super) fn custom(name: &str, body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    write_text(&mut all, name);
    all.extend_from_slice(body);
    section(CUSTOM, &all)
}
