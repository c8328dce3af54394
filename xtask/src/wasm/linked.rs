//! What the linker wrote, with what it says of it: which function and which data refers to which.
//!
//! Later tools cannot tell, since to them an address is a number. Here it is not: with `--emit-relocs` the linker says where in the
//! code and the data which address stands.
//!
//! See the conventions for object files, `tool-conventions/Linking.md`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{CODE, CUSTOM, DATA, EXPORTS, Reader, imports, sections};

/// What stands in place of a function, by its name as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// Ends the app.
    Trap,
    /// Gives the number 0, which `fmt::Result` reads as `Ok`.
    Zero,
}

impl Body {
    /// No locals, one or two instructions, `end`.
    pub(super) const fn code(self) -> &'static [u8] {
        match self {
            Self::Trap => &[0x00, 0x00, 0x0b],
            Self::Zero => &[0x00, 0x41, 0x00, 0x0b],
        }
    }
}

/// Where a thing lies in the payload of its section.
pub(super) type Place = Range<usize>;

/// What an address in the code or the data is the address of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// By its number, imported ones first.
    Function(usize),
    /// By where it begins and ends in the payload of the data section.
    Data(usize, usize),
    /// A global, a table, or something that lies elsewhere.
    Other,
}

/// A place in a section at which the address of a symbol stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Relocation {
    at: usize,
    pub(super) symbol: usize,
    /// The function is called there, and not only named.
    pub(super) is_call: bool,
}

/// The file of the linker as a graph.
pub(super) struct Module<'wasm> {
    pub(super) sections: Vec<(u8, &'wasm [u8])>,
    pub(super) imported: usize,
    /// The names of exported functions, and which these are.
    exports: Vec<(&'wasm str, usize)>,
    pub(super) names: Vec<(usize, &'wasm str)>,
    pub(super) bodies: Vec<Place>,
    pub(super) data: &'wasm [u8],
    pub(super) symbols: Vec<Target>,
    /// In the code and in the data, in order.
    pub(super) code_refers: Vec<Relocation>,
    data_refers: Vec<Relocation>,
}

impl<'wasm> Module<'wasm> {
    pub(super) fn read(wasm: &'wasm [u8]) -> Option<Self> {
        let sections = sections(wasm)?;
        let body_of = |wanted| {
            let at = sections.iter().position(|(id, _)| *id == wanted)?;
            Some((at, sections[at].1))
        };
        let (code_at, code) = body_of(CODE)?;
        let (data_at, data) = body_of(DATA)?;
        let segments = segments(data)?;
        let mut module = Self {
            imported: imports(wasm)?.len(),
            exports: exported(body_of(EXPORTS)?.1)?,
            names: super::names(&sections)?,
            bodies: bodies(code)?,
            data,
            symbols: Vec::new(),
            code_refers: Vec::new(),
            data_refers: Vec::new(),
            sections: Vec::new(),
        };
        for (_, body) in sections.iter().filter(|(id, _)| *id == CUSTOM) {
            match custom(body)? {
                ("linking", body) => module.symbols = symbols(body, &segments)?,
                ("reloc.CODE", body) => module.code_refers = relocations(body, code_at)?,
                ("reloc.DATA", body) => module.data_refers = relocations(body, data_at)?,
                _ => {}
            }
        }
        module.sections = sections;
        let says_enough = !module.symbols.is_empty() && !module.code_refers.is_empty();
        says_enough.then_some(module)
    }

    /// The body that each function has instead of its own, as `changed` says of its name.
    pub(super) fn others(
        &self,
        changed: impl Fn(&str) -> Option<Body>,
    ) -> Option<Vec<Option<Body>>> {
        let mut others = vec![None; self.bodies.len()];
        for (index, name) in &self.names {
            if let Some(own) = index.checked_sub(self.imported) {
                *others.get_mut(own)? = changed(name);
            }
        }
        Some(others)
    }

    /// All functions and data that the exports need: without those that `is_unused` says of, and without what only functions need
    /// at which `stops` says to stop.
    pub(super) fn reached(
        &self,
        others: &[Option<Body>],
        is_unused: impl Fn(&str) -> bool,
        stops: impl Fn(usize) -> bool,
    ) -> Option<BTreeSet<Target>> {
        let exported = self.exports.iter().filter(|(name, _)| !is_unused(name));
        let mut next: Vec<Target> = exported
            .map(|(_, index)| Target::Function(*index))
            .collect();
        let mut reached = BTreeSet::new();
        while let Some(target) = next.pop() {
            let refers = match target {
                Target::Function(index) if stops(index) => continue,
                Target::Function(index) => match index.checked_sub(self.imported) {
                    Some(own) if others.get(own)?.is_none() => {
                        within(&self.code_refers, &self.bodies[own])
                    }
                    _ => &[],
                },
                // A line and a column of the source are read by nobody.
                Target::Data(from, to) if self.is_location(from, to) => continue,
                Target::Data(from, to) => within(&self.data_refers, &(from..to)),
                Target::Other => continue,
            };
            if reached.insert(target) {
                for relocation in refers {
                    next.push(self.symbols.get(relocation.symbol)?.clone());
                }
            }
        }
        Some(reached)
    }

    /// Whether this is a `core::panic::Location`: the path of a source file, its length, a line and a column.
    fn is_location(&self, from: usize, to: usize) -> bool {
        let [relocation] = within(&self.data_refers, &(from..to)) else {
            return false;
        };
        let Some(Target::Data(start, end)) = self.symbols.get(relocation.symbol) else {
            return false;
        };
        let path = self.data[*start..*end].trim_ascii_end();
        let path = path.strip_suffix(b"\0").unwrap_or(path);
        to - from == 16 && relocation.at == from && path.ends_with(b".rs")
    }
}

/// Those that lie in a place; all are in order.
pub(super) fn within<'all>(relocations: &'all [Relocation], place: &Place) -> &'all [Relocation] {
    let [from, to] = [place.start, place.end]
        .map(|edge| relocations.partition_point(|relocation| relocation.at < edge));
    &relocations[from..to]
}

/// A custom section's name, and what it holds.
pub(super) fn custom(body: &[u8]) -> Option<(&str, &[u8])> {
    let mut from = Reader(body);
    Some((from.text()?, from.0))
}

/// Where each function lies in the code section.
fn bodies(code: &[u8]) -> Option<Vec<Place>> {
    let mut from = Reader(code);
    let mut bodies = Vec::new();
    for _ in 0..from.number()? {
        let length = from.number()?;
        let start = code.len() - from.0.len();
        from.take(length)?;
        bodies.push(start..start + length);
    }
    Some(bodies)
}

/// Each segment of the data section: from which address it fills the memory, and where in the section its bytes lie. Segments that
/// the code copies itself are not of the linker.
pub(super) fn segments(data: &[u8]) -> Option<Vec<(usize, Place)>> {
    let mut from = Reader(data);
    let mut segments = Vec::new();
    for _ in 0..from.number()? {
        let address = from.offset()?;
        let length = from.number()?;
        let start = data.len() - from.0.len();
        from.take(length)?;
        segments.push((address, start..start + length));
    }
    Some(segments)
}

fn exported(body: &[u8]) -> Option<Vec<(&str, usize)>> {
    const FUNCTION: u8 = 0;
    let mut from = Reader(body);
    let mut exported = Vec::new();
    for _ in 0..from.number()? {
        let (name, kind, index) = (from.text()?, from.take(1)?[0], from.number()?);
        if kind == FUNCTION {
            exported.push((name, index));
        }
    }
    Some(exported)
}

/// The symbol table of a linking section.
fn symbols(body: &[u8], segments: &[(usize, Place)]) -> Option<Vec<Target>> {
    const VERSION: usize = 2;
    const SYMBOL_TABLE: u8 = 8;
    let mut from = Reader(body);
    if from.number()? != VERSION {
        return None;
    }
    let mut symbols = Vec::new();
    while !from.0.is_empty() {
        let kind = from.take(1)?[0];
        let length = from.number()?;
        let mut table = Reader(from.take(length)?);
        if kind == SYMBOL_TABLE {
            for _ in 0..table.number()? {
                symbols.push(symbol(&mut table, segments)?);
            }
        }
    }
    Some(symbols)
}

fn symbol(table: &mut Reader<'_>, segments: &[(usize, Place)]) -> Option<Target> {
    const FUNCTION: u8 = 0;
    const DATA: u8 = 1;
    const SECTION: u8 = 3;
    const UNDEFINED: usize = 0x10;
    const EXPLICIT_NAME: usize = 0x40;
    let (kind, flags) = (table.take(1)?[0], table.number()?);
    let is_defined = flags & UNDEFINED == 0;
    match kind {
        DATA => {
            table.text()?;
            if !is_defined {
                return Some(Target::Other);
            }
            let (segment, offset, size) = (table.number()?, table.number()?, table.number()?);
            let (_, segment) = segments.get(segment)?;
            let start = segment.start + offset;
            (start + size <= segment.end).then_some(Target::Data(start, start + size))
        }
        SECTION => table.number().map(|_| Target::Other),
        // Functions, globals, tags and tables: a number, and a name unless it is that of an import.
        _ => {
            let index = table.number()?;
            if is_defined || flags & EXPLICIT_NAME != 0 {
                table.text()?;
            }
            Some(if kind == FUNCTION {
                Target::Function(index)
            } else {
                Target::Other
            })
        }
    }
}

/// What stands where in a section, in order; `None` when it is about another section than the one that is meant.
fn relocations(body: &[u8], section: usize) -> Option<Vec<Relocation>> {
    /// The number of a function, as the operand of a call.
    const CALL: u8 = 0;
    /// A number of a type, and none of a symbol.
    const TYPE_INDEX: u8 = 6;
    /// Those that say how far behind the symbol, too.
    const WITH_ADDEND: [u8; 13] = [3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23];
    let mut from = Reader(body);
    if from.number()? != section {
        return None;
    }
    let mut relocations = Vec::new();
    for _ in 0..from.number()? {
        let kind = from.take(1)?[0];
        let (at, symbol) = (from.number()?, from.number()?);
        if WITH_ADDEND.contains(&kind) {
            // Signed, and of no interest: whatever part of it is meant, the whole is needed.
            while from.take(1)?[0] & 0x80 != 0 {}
        }
        if kind != TYPE_INDEX {
            let is_call = kind == CALL;
            relocations.push(Relocation {
                at,
                symbol,
                is_call,
            });
        }
    }
    relocations.sort_by_key(|relocation| relocation.at);
    Some(relocations)
}
