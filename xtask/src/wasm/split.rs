//! One wasm file as several: the first, with which a page starts, and chunks that it loads later.
//!
//! What belongs to a chunk follows from what the linker says: whatever is reached through the chunk's entries alone. An entry is
//! called by its place in the table, which is empty until the chunk is there, so a call that came too early would be a trap and
//! never another function. A chunk may use what the chunks before it have; nothing before it can call it otherwise.
//!
//! wasm-opt sees the whole file, since it inlines and merges. Which function went where is then read off the calls and the table
//! once more; places in the table and addresses are the linker's still. All chunks share one memory, one table, one stack.

mod parts;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use self::parts::Whole;
use super::linked::{self, Body, Module, Target};
use super::{ELEMENTS, Reader};

/// The module under which a chunk imports what the chunks before it export.
pub(crate) const BEFORE: &str = "_";

/// Bytes of nobody between two texts of a chunk that are sent along: fewer than a segment of its own would take.
const GAP: usize = 8;

/// What a chunk has that is not needed before it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Places in the table.
    places: BTreeSet<usize>,
    /// Addresses in the memory.
    data: Vec<Range<usize>>,
}

impl Chunk {
    /// Leaves its texts in the first part: a chunk that comes in the same file gains nothing by bringing them itself, and each
    /// would need a head of its own.
    pub(crate) fn leave_data(&mut self) {
        self.data.clear();
    }
}

/// The chunks of what the linker wrote. `entry` says of a function's name which chunk it is an entry of, from 1. `None` when the
/// file says too little of itself, has no entry of one of them, or calls an entry by its name.
pub(crate) fn chunks(
    wasm: &[u8],
    count: usize,
    entry: impl Fn(&str) -> Option<usize>,
    changed: impl Fn(&str) -> Option<Body>,
    is_unused: impl Fn(&str) -> bool,
) -> Option<Vec<Chunk>> {
    let module = Module::read(wasm)?;
    let others = module.others(changed)?;
    let entries: BTreeMap<usize, usize> = module
        .names
        .iter()
        .filter_map(|(function, name)| Some((*function, entry(name)?)))
        .collect();
    // What is called by its name would not be the chunk's alone.
    let is_called = |symbol: &Target| match symbol {
        Target::Function(function) => entries.contains_key(function),
        _ => false,
    };
    let mut calls = module.code_refers.iter().filter(|refers| refers.is_call);
    if calls.any(|call| module.symbols.get(call.symbol).is_some_and(is_called)) {
        return None;
    }
    let reached = (0..=count)
        .map(|chunk| {
            let is_later = |function: usize| entries.get(&function).is_some_and(|of| *of > chunk);
            module.reached(&others, &is_unused, is_later)
        })
        .collect::<Option<Vec<_>>>()?;
    let table = module.sections.iter().find(|(id, _)| *id == ELEMENTS)?;
    let table = places(table.1)?;

    // Which chunk each byte of the data is of; what nobody reaches is of none.
    let mut of = vec![None; module.data.len()];
    for (chunk, reached) in reached.iter().enumerate().rev() {
        for target in reached {
            if let Target::Data(from, to) = target {
                of[*from..*to].fill(Some(chunk));
            }
        }
    }
    let segments = linked::segments(module.data)?;
    let mut chunks = Vec::new();
    for (chunk, pair) in (1..).zip(reached.windows(2)) {
        let is_its = |function: usize| {
            let function = Target::Function(function);
            pair[1].contains(&function) && !pair[0].contains(&function)
        };
        let its = table.iter().filter(|(_, function)| is_its(*function));
        let places: BTreeSet<usize> = its.map(|(place, _)| *place).collect();
        if places.is_empty() {
            return None;
        }
        let segments = segments.iter();
        let data = segments.flat_map(|(address, place)| runs(*address, &of[place.clone()], chunk));
        let data = data.collect();
        chunks.push(Chunk { places, data });
    }
    Some(chunks)
}

/// The addresses at which bytes of a chunk lie, in a segment that begins at `address`.
fn runs(address: usize, of: &[Option<usize>], chunk: usize) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..of.len()).filter(|at| of[*at] == Some(chunk)) {
        match runs.last_mut() {
            Some(run) if at - run.end < GAP && of[run.end..at].iter().all(Option::is_none) => {
                run.end = at + 1;
            }
            _ => runs.push(at..at + 1),
        }
    }
    for run in &mut runs {
        *run = address + run.start..address + run.end;
    }
    runs
}

/// Which function stands at which place of the table, by their numbers.
fn places(section: &[u8]) -> Option<Vec<(usize, usize)>> {
    let mut from = Reader(section);
    let mut places = Vec::new();
    for _ in 0..from.number()? {
        let first = from.offset()?;
        for place in first..first + from.number()? {
            places.push((place, from.number()?));
        }
    }
    Some(places)
}

/// The file in parts: the first, then the chunks. `None` when it holds something that is not known here.
pub(crate) fn split(wasm: &[u8], chunks: &[Chunk]) -> Option<Vec<Vec<u8>>> {
    let whole = Whole::read(wasm)?;
    let levels = whole.levels(chunks)?;
    let needs: Vec<BTreeSet<usize>> = (0..=chunks.len())
        .map(|level| whole.needs(level, &levels))
        .collect();
    let names = whole.names(&needs, &levels);
    (0..=chunks.len())
        .map(|level| whole.part(level, chunks, &levels, &needs[level], &names))
        .collect()
}

#[cfg(test)]
mod tests;
