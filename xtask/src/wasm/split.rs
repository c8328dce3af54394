//! One wasm file as several: the first, with which a page starts, and chunks that it loads later.
//!
//! What belongs to a chunk follows from what the linker says: whatever is reached through the chunk's entries alone. An entry is
//! called by its place in the table, which is empty until the chunk is there, so a call that came too early would be a trap and
//! never another function. A chunk may use what the chunks before it have; nothing before it can call it otherwise.
//!
//! wasm-opt sees the whole file, since it inlines and merges. Which function went where is then read off the calls and the table
//! once more; places in the table and addresses are the linker's still. All chunks share one memory, one table, one stack.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::code::{Function, Instruction};
use super::linked::{self, Body, Module, Target};
use super::{
    CODE, DATA, ELEMENTS, EXPORTS, FUNCTION, FUNCTIONS, GLOBAL, HEADER, IMPORTS, MEMORY, Reader,
    START, TABLE, TYPES, sections, write_number, write_section, write_text,
};

const TABLES: u8 = 4;
const MEMORIES: u8 = 5;
const GLOBALS: u8 = 6;

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
        let places: BTreeSet<usize> = table
            .iter()
            .filter(|(_, function)| is_its(*function))
            .map(|(place, _)| *place)
            .collect();
        if places.is_empty() {
            return None;
        }
        let mut data: Vec<Range<usize>> = Vec::new();
        for (address, place) in &segments {
            let of = &of[place.clone()];
            let mut last = None;
            for (at, _) in of.iter().enumerate().filter(|(_, of)| **of == Some(chunk)) {
                let address = address + at;
                match (last, data.last_mut()) {
                    (Some(last), Some(range))
                        if at - last <= GAP && of[last + 1..at].iter().all(Option::is_none) =>
                    {
                        range.end = address + 1;
                    }
                    _ => data.push(address..address + 1),
                }
                last = Some(at);
            }
        }
        chunks.push(Chunk { places, data });
    }
    Some(chunks)
}

/// Which function stands at which place of the table, by their numbers.
fn places(section: &[u8]) -> Option<Vec<(usize, usize)>> {
    const PLAIN: usize = 0;
    const I32_CONST: u8 = 0x41;
    const END: u8 = 0x0b;
    let mut from = Reader(section);
    let mut places = Vec::new();
    for _ in 0..from.number()? {
        if from.number()? != PLAIN || from.take(1)?[0] != I32_CONST {
            return None;
        }
        let first = from.number()?;
        if from.take(1)?[0] != END {
            return None;
        }
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

/// A thing that is imported or exported: its kind as in those sections, and its number.
type Thing = (u8, usize);

struct Whole<'wasm> {
    sections: Vec<(u8, &'wasm [u8])>,
    /// Imported functions: module, name, and kind with type.
    imports: Vec<(&'wasm str, &'wasm str, &'wasm [u8])>,
    /// The type of each function of its own.
    types: Vec<usize>,
    functions: Vec<Function<'wasm>>,
    /// Tables, the memory and globals, each with the bytes by which it is imported.
    shared: Vec<(Thing, &'wasm [u8])>,
    exports: Vec<(&'wasm str, Thing)>,
    start: Option<usize>,
    places: Vec<(usize, usize)>,
    data: &'wasm [u8],
    segments: Vec<(usize, Range<usize>)>,
}

impl<'wasm> Whole<'wasm> {
    fn read(wasm: &'wasm [u8]) -> Option<Self> {
        let sections = sections(wasm)?;
        let body_of = |wanted| {
            let section = sections.iter().find(|(id, _)| *id == wanted);
            section.map_or(&[0_u8][..], |section| section.1)
        };
        let mut from = Reader(body_of(IMPORTS));
        let mut imports = Vec::new();
        for _ in 0..from.number()? {
            let import = from.import()?;
            (import.2[0] == FUNCTION).then(|| imports.push(import))?;
        }
        let mut from = Reader(body_of(FUNCTIONS));
        let types = (0..from.number()?)
            .map(|_| from.number())
            .collect::<Option<_>>()?;
        let mut from = Reader(body_of(CODE));
        let mut functions = Vec::new();
        for _ in 0..from.number()? {
            let length = from.number()?;
            functions.push(Function::read(from.take(length)?)?);
        }
        let mut from = Reader(body_of(EXPORTS));
        let mut exports = Vec::new();
        for _ in 0..from.number()? {
            exports.push((from.text()?, (from.take(1)?[0], from.number()?)));
        }
        let start = sections.iter().find(|(id, _)| *id == START);
        let data = body_of(DATA);
        Some(Self {
            imports,
            types,
            functions,
            shared: shared(body_of(TABLES), body_of(MEMORIES), body_of(GLOBALS))?,
            exports,
            start: match start {
                Some((_, body)) => Some(Reader(body).number()?),
                None => None,
            },
            places: places(body_of(ELEMENTS))?,
            data,
            segments: linked::segments(data)?,
            sections,
        })
    }

    /// The functions that one of its own calls.
    fn calls(&self, own: usize) -> impl Iterator<Item = usize> {
        self.functions[own]
            .instructions
            .iter()
            .filter_map(|instruction| match instruction {
                Instruction::Call(called) => Some(*called),
                _ => None,
            })
    }

    /// For each of its own functions the first part that needs it: 0, or the number of a chunk. Of what nobody needs it is none.
    fn levels(&self, chunks: &[Chunk]) -> Option<Vec<Option<usize>>> {
        let mut levels = vec![None; self.functions.len()];
        for level in 0..=chunks.len() {
            let is_its = |place: &usize| match level.checked_sub(1) {
                Some(chunk) => chunks[chunk].places.contains(place),
                None => chunks.iter().all(|chunk| !chunk.places.contains(place)),
            };
            let placed = self.places.iter().filter(|(place, _)| is_its(place));
            let mut next: Vec<usize> = placed.map(|(_, function)| *function).collect();
            if level == 0 {
                next.extend(self.exported());
                next.extend(self.start);
            }
            while let Some(function) = next.pop() {
                let Some(own) = function.checked_sub(self.imports.len()) else {
                    continue;
                };
                let of: &mut Option<usize> = levels.get_mut(own)?;
                if of.is_none() {
                    *of = Some(level);
                    next.extend(self.calls(own));
                }
            }
        }
        Some(levels)
    }

    fn exported(&self) -> impl Iterator<Item = usize> {
        let functions = self.exports.iter().map(|(_, thing)| *thing);
        functions
            .filter(|(kind, _)| *kind == FUNCTION)
            .map(|(_, number)| number)
    }

    /// Which part has a function of its own; an imported one is of none.
    fn level(&self, function: usize, levels: &[Option<usize>]) -> Option<usize> {
        levels[function.checked_sub(self.imports.len())?]
    }

    /// The functions that a part calls or has in the table, its own among them.
    fn needs(&self, level: usize, levels: &[Option<usize>]) -> BTreeSet<usize> {
        let mut needs = BTreeSet::new();
        for (own, of) in levels.iter().enumerate() {
            if *of == Some(level) {
                needs.insert(self.imports.len() + own);
                needs.extend(self.calls(own));
            }
        }
        // What is imported stands in the table from the beginning.
        if level == 0 {
            let placed = self.places.iter().map(|(_, function)| *function);
            let imported = |function: &usize| *function < self.imports.len();
            needs.extend(placed.chain(self.exported()).filter(imported));
        }
        needs
    }

    /// The names under which parts have from each other what they share, in an order that does not depend on the part.
    fn names(
        &self,
        needs: &[BTreeSet<usize>],
        levels: &[Option<usize>],
    ) -> BTreeMap<Thing, String> {
        let of_others = needs.iter().enumerate().flat_map(|(level, needs)| {
            needs
                .iter()
                .copied()
                .filter(move |function| self.level(*function, levels).is_some_and(|of| of < level))
        });
        let functions: BTreeSet<Thing> = of_others.map(|function| (FUNCTION, function)).collect();
        let things = self.shared.iter().map(|(thing, _)| *thing).chain(functions);
        let taken: BTreeSet<&str> = self.exports.iter().map(|(name, _)| *name).collect();
        let mut free = (0..)
            .map(short_name)
            .filter(|name| !taken.contains(name.as_str()));
        things
            .filter_map(|thing| Some((thing, free.next()?)))
            .collect()
    }

    fn part(
        &self,
        level: usize,
        chunks: &[Chunk],
        levels: &[Option<usize>],
        needs: &BTreeSet<usize>,
        names: &BTreeMap<Thing, String>,
    ) -> Option<Vec<u8>> {
        let is_first = level == 0;
        let of = |function: &usize| self.level(*function, levels);
        let imported = needs.iter().filter(|function| of(function).is_none());
        let before = needs
            .iter()
            .filter(|function| of(function).is_some_and(|of| of < level));
        let own = needs.iter().filter(|function| of(function) == Some(level));
        let order: Vec<usize> = imported.chain(before).chain(own).copied().collect();
        let numbers: BTreeMap<usize, usize> = (0..)
            .zip(&order)
            .map(|(number, function)| (*function, number))
            .collect();
        let own: Vec<usize> = order
            .iter()
            .filter(|function| of(function) == Some(level))
            .map(|function| function - self.imports.len())
            .collect();

        let mut out = HEADER.to_vec();
        let whole = |id: u8| Some(self.sections.iter().find(|(own, _)| *own == id)?.1);
        write_section(&mut out, TYPES, whole(TYPES)?);
        let imported = self.imported(level, &order, levels, names)?;
        write_entries(&mut out, IMPORTS, &imported);
        let types: Vec<_> = own.iter().map(|own| number(self.types[*own])).collect();
        write_entries(&mut out, FUNCTIONS, &types);
        if is_first {
            for id in [TABLES, MEMORIES, GLOBALS] {
                if let Some(body) = whole(id) {
                    write_section(&mut out, id, body);
                }
            }
        }
        let mut exports = Vec::new();
        if is_first {
            for (name, thing) in &self.exports {
                exports.push(export(name, *thing, &numbers)?);
            }
        }
        for (thing, name) in names {
            let is_its = match thing {
                (FUNCTION, function) => of(function) == Some(level),
                _ => is_first,
            };
            if is_its {
                exports.push(export(name, *thing, &numbers)?);
            }
        }
        write_entries(&mut out, EXPORTS, &exports);
        if let Some(start) = self.start.filter(|_| is_first) {
            write_section(&mut out, START, &number(*numbers.get(&start)?));
        }
        let of_table = self
            .places
            .iter()
            .filter(|(_, function)| of(function).map_or(is_first, |of| of == level));
        write_entries(&mut out, ELEMENTS, &lists(of_table, &numbers)?);
        let bodies = own.iter().map(|own| {
            let body = self.functions[*own].body(|called| numbers[&called]);
            [number(body.len()), body].concat()
        });
        write_entries(&mut out, CODE, &bodies.collect::<Vec<_>>());
        match level.checked_sub(1) {
            None => write_section(&mut out, DATA, &self.first_data(chunks)),
            Some(chunk) => write_entries(&mut out, DATA, &self.data_of(&chunks[chunk])?),
        }
        Some(out)
    }

    /// The entries of a part's imports: from the script, then from the parts before.
    fn imported(
        &self,
        level: usize,
        order: &[usize],
        levels: &[Option<usize>],
        names: &BTreeMap<Thing, String>,
    ) -> Option<Vec<Vec<u8>>> {
        let mut entries = Vec::new();
        let mut entry = |module: &str, name: &str, what: &[u8]| {
            let mut entry = Vec::new();
            write_text(&mut entry, module);
            write_text(&mut entry, name);
            entry.extend_from_slice(what);
            entries.push(entry);
        };
        for function in order {
            match self.level(*function, levels) {
                None => {
                    let (module, name, what) = self.imports[*function];
                    entry(module, name, what);
                }
                Some(of) if of < level => {
                    let own = function - self.imports.len();
                    let mut what = vec![FUNCTION];
                    write_number(&mut what, self.types[own]);
                    entry(BEFORE, names.get(&(FUNCTION, *function))?, &what);
                }
                Some(_) => {}
            }
        }
        if level > 0 {
            for (thing, what) in &self.shared {
                let mut kind = vec![thing.0];
                kind.extend_from_slice(what);
                entry(BEFORE, names.get(thing)?, &kind);
            }
        }
        Some(entries)
    }

    /// The data with zeros for what a chunk brings.
    fn first_data(&self, chunks: &[Chunk]) -> Vec<u8> {
        let mut data = self.data.to_vec();
        for range in chunks.iter().flat_map(|chunk| &chunk.data) {
            for (address, place) in &self.segments {
                let from = range.start.max(*address);
                let to = range.end.min(address + place.len());
                if from < to {
                    data[place.start + from - address..place.start + to - address].fill(0);
                }
            }
        }
        data
    }

    /// A segment for each text of a chunk.
    fn data_of(&self, chunk: &Chunk) -> Option<Vec<Vec<u8>>> {
        let segment = |range: &Range<usize>| {
            let (address, place) = self.segments.iter().find(|(address, place)| {
                *address <= range.start && range.end <= address + place.len()
            })?;
            let start = place.start + range.start - address;
            let mut entry = vec![0];
            constant(&mut entry, range.start);
            write_number(&mut entry, range.len());
            entry.extend_from_slice(&self.data[start..start + range.len()]);
            Some(entry)
        };
        chunk.data.iter().map(segment).collect()
    }
}

fn write_entries(out: &mut Vec<u8>, id: u8, entries: &[Vec<u8>]) {
    if !entries.is_empty() {
        let mut body = number(entries.len());
        body.extend(entries.iter().flatten());
        write_section(out, id, &body);
    }
}

fn number(number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    write_number(&mut out, number);
    out
}

/// An expression that is a number: `i32.const`, whose operand is signed, and `end`.
fn constant(out: &mut Vec<u8>, mut value: usize) {
    out.push(0x41);
    while value >= 0x40 {
        out.push(0x80 | u8::try_from(value & 0x7f).unwrap_or_default());
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
    out.push(0x0b);
}

fn export(name: &str, (kind, thing): Thing, numbers: &BTreeMap<usize, usize>) -> Option<Vec<u8>> {
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
fn lists<'places>(
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

/// Tables, the memory and globals, each with what an import says of it.
fn shared<'wasm>(
    tables: &'wasm [u8],
    memories: &'wasm [u8],
    globals: &'wasm [u8],
) -> Option<Vec<(Thing, &'wasm [u8])>> {
    let mut shared = Vec::new();
    for (kind, section) in [(TABLE, tables), (MEMORY, memories), (GLOBAL, globals)] {
        let mut from = Reader(section);
        for thing in 0..from.number()? {
            let start = from.0;
            match kind {
                TABLE => {
                    from.take(1)?;
                    from.limits()?;
                }
                MEMORY => from.limits()?,
                _ => {
                    from.take(2)?;
                }
            }
            shared.push(((kind, thing), &start[..start.len() - from.0.len()]));
            if kind == GLOBAL {
                // Its first value: one number, or null, and `end`.
                from.take(1)?;
                while from.take(1)?[0] & 0x80 != 0 {}
                (from.take(1)?[0] == 0x0b).then_some(())?;
            }
        }
    }
    Some(shared)
}

/// `a` to `z`, `A` to `Z`, then two letters, and so on.
fn short_name(number: usize) -> String {
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

#[cfg(test)]
mod tests;
