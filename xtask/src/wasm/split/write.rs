//! How sections, and what stands in them, are written.

use std::collections::BTreeMap;

use super::parts::Thing;
use crate::wasm::{FUNCTION, write_number, write_section, write_text};

pub(super) fn write_entries(out: &mut Vec<u8>, id: u8, entries: &[Vec<u8>]) {
    if !entries.is_empty() {
        let mut body = number(entries.len());
        body.extend(entries.iter().flatten());
        write_section(out, id, &body);
    }
}

pub(super) fn number(number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    write_number(&mut out, number);
    out
}

/// An expression that is a number: `i32.const`, whose operand is signed, and `end`.
pub(super) fn constant(out: &mut Vec<u8>, mut value: usize) {
    out.push(0x41);
    while value >= 0x40 {
        out.push(0x80 | u8::try_from(value & 0x7f).unwrap_or_default());
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
    out.push(0x0b);
}

pub(super) fn export(
    name: &str,
    (kind, thing): Thing,
    numbers: &BTreeMap<usize, usize>,
) -> Option<Vec<u8>> {
    let mut entry = Vec::new();
    write_text(&mut entry, name);
    entry.push(kind);
    let is_function = kind == FUNCTION;
    write_number(
        &mut entry,
        if is_function {
            *numbers.get(&thing)?
        } else {
            thing
        },
    );
    Some(entry)
}

/// One list for each run of places.
pub(super) fn lists<'places>(
    places: impl Iterator<Item = &'places (usize, usize)>,
    numbers: &BTreeMap<usize, usize>,
) -> Option<Vec<Vec<u8>>> {
    let mut runs: Vec<(usize, Vec<usize>)> = Vec::new();
    for (place, function) in places {
        let function = *numbers.get(function)?;
        match runs.last_mut() {
            Some((first, run)) if *first + run.len() == *place => run.push(function),
            _ => runs.push((*place, vec![function])),
        }
    }
    let list = |(first, run): (usize, Vec<usize>)| {
        let mut entry = vec![0];
        constant(&mut entry, first);
        write_number(&mut entry, run.len());
        for function in run {
            write_number(&mut entry, function);
        }
        entry
    };
    Some(runs.into_iter().map(list).collect())
}

/// `a` to `z`, `A` to `Z`, then two letters, and so on.
pub(super) fn short_name(number: usize) -> String {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let mut name = String::new();
    let mut rest = number;
    loop {
        name.insert(0, letters[rest % letters.len()]);
        match (rest / letters.len()).checked_sub(1) {
            Some(next) => rest = next,
            None => return name,
        }
    }
}
