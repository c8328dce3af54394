//! Which part of a file has which function, and the file of each part.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::write::{constant, export, lists, number, short_name, write_entries};
use super::{BEFORE, Chunk, places};
use crate::wasm::code::{Function, Instruction};
use crate::wasm::linked::segments;
use crate::wasm::{
    CODE, DATA, ELEMENTS, EXPORTS, FUNCTION, FUNCTIONS, GLOBAL, GLOBALS, HEADER, IMPORTS, MEMORIES,
    MEMORY, Reader, START, TABLE, TABLES, TYPES, sections, write_number, write_section, write_text,
};

/// A thing that is imported or exported: its kind as in those sections, and its number.
pub(super) type Thing = (u8, usize);

/// The whole file, and what each part of it needs.
pub(super) struct Whole<'wasm> {
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
    pub(super) fn read(wasm: &'wasm [u8]) -> Option<Self> {
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
            segments: segments(data)?,
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
    pub(super) fn levels(&self, chunks: &[Chunk]) -> Option<Vec<Option<usize>>> {
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
    pub(super) fn needs(&self, level: usize, levels: &[Option<usize>]) -> BTreeSet<usize> {
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
    pub(super) fn names(
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

    pub(super) fn part(
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
