//! The two ends of a wasm file that other code names, what it imports and what it exports; in [`linked`], what the linker says
//! of it; in [`prune`], what nothing in it can reach; in [`split`], what can be loaded later; and, in [`arrange`], the order of what is left.
//!
//! Everything else is left to wasm-opt. Anything unexpected is `None`, and the file then stays as it is.

pub(crate) mod arrange;
mod code;
pub(crate) mod linked;
pub(crate) mod prune;
pub(crate) mod split;

use std::collections::BTreeMap;

const CUSTOM: u8 = 0;
const TYPES: u8 = 1;
const IMPORTS: u8 = 2;
const FUNCTIONS: u8 = 3;
const TABLES: u8 = 4;
const MEMORIES: u8 = 5;
const GLOBALS: u8 = 6;
const EXPORTS: u8 = 7;
const START: u8 = 8;
const ELEMENTS: u8 = 9;
const CODE: u8 = 10;
const DATA: u8 = 11;

/// What is imported or exported.
const FUNCTION: u8 = 0;
const TABLE: u8 = 1;
const MEMORY: u8 = 2;
const GLOBAL: u8 = 3;

const HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// The names under which the file imports functions.
pub(crate) fn imports(wasm: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for (id, body) in sections(wasm)? {
        if id == IMPORTS {
            let mut from = Reader(body);
            for _ in 0..from.number()? {
                let (_, name, what) = from.import()?;
                if what[0] == FUNCTION {
                    names.push(name.to_owned());
                }
            }
        }
    }
    Some(names)
}

/// The names under which the file exports things.
pub(crate) fn exports(wasm: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for (id, body) in sections(wasm)? {
        if id == EXPORTS {
            let mut from = Reader(body);
            for _ in 0..from.number()? {
                names.push(from.export()?.0.to_owned());
            }
        }
    }
    Some(names)
}

/// The file with only those exports that `kept` says.
pub(crate) fn with_exports(wasm: &[u8], kept: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    rewritten(wasm, &|name| name.to_owned(), &|name| {
        kept(name).then(|| name.to_owned())
    })
}

/// The file with each import, its module, and each export under the name that `renamed` gives.
pub(crate) fn with_names(wasm: &[u8], renamed: impl Fn(&str) -> String) -> Option<Vec<u8>> {
    rewritten(wasm, &renamed, &|name| Some(renamed(name)))
}

/// The bodies of the file's own functions, each with its name or none.
pub(crate) fn functions(wasm: &[u8]) -> Option<Vec<(&str, &[u8])>> {
    let sections = sections(wasm)?;
    let imported = imports(wasm)?.len();
    let named: BTreeMap<usize, &str> = names(&sections)?.into_iter().collect();
    let mut functions = Vec::new();
    for (_, body) in sections.iter().filter(|(id, _)| *id == CODE) {
        let mut from = Reader(body);
        for index in 0..from.number()? {
            let length = from.number()?;
            let name = named.get(&(imported + index)).copied().unwrap_or_default();
            functions.push((name, from.take(length)?));
        }
    }
    Some(functions)
}

/// The functions that have a name, imported ones first.
fn names<'wasm>(sections: &[(u8, &'wasm [u8])]) -> Option<Vec<(usize, &'wasm str)>> {
    const FUNCTIONS: u8 = 1;
    let mut names = Vec::new();
    for (_, body) in sections.iter().filter(|(id, _)| *id == CUSTOM) {
        let mut from = Reader(body);
        if from.text()? != "name" {
            continue;
        }
        while !from.0.is_empty() {
            let kind = from.take(1)?[0];
            let length = from.number()?;
            let mut part = Reader(from.take(length)?);
            if kind == FUNCTIONS {
                for _ in 0..part.number()? {
                    names.push((part.number()?, part.text()?));
                }
            }
        }
    }
    Some(names)
}

fn rewritten(
    wasm: &[u8],
    import: &dyn Fn(&str) -> String,
    export: &dyn Fn(&str) -> Option<String>,
) -> Option<Vec<u8>> {
    let mut out = HEADER.to_vec();
    for (id, body) in sections(wasm)? {
        let mut from = Reader(body);
        let mut entries = Vec::new();
        let mut count = 0;
        match id {
            IMPORTS => {
                for _ in 0..from.number()? {
                    let (module, name, rest) = from.import()?;
                    write_text(&mut entries, &import(module));
                    write_text(&mut entries, &import(name));
                    entries.extend_from_slice(rest);
                    count += 1;
                }
            }
            EXPORTS => {
                for _ in 0..from.number()? {
                    let (name, rest) = from.export()?;
                    if let Some(name) = export(name) {
                        write_text(&mut entries, &name);
                        entries.extend_from_slice(rest);
                        count += 1;
                    }
                }
            }
            _ => {
                write_section(&mut out, id, body);
                continue;
            }
        }
        let mut body = Vec::new();
        write_number(&mut body, count);
        body.extend(entries);
        write_section(&mut out, id, &body);
    }
    Some(out)
}

fn sections(wasm: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut from = Reader(wasm.strip_prefix(HEADER)?);
    let mut sections = Vec::new();
    while !from.0.is_empty() {
        let id = from.take(1)?[0];
        let length = from.number()?;
        sections.push((id, from.take(length)?));
    }
    Some(sections)
}

/// What is not read yet.
struct Reader<'wasm>(&'wasm [u8]);

impl<'wasm> Reader<'wasm> {
    fn take(&mut self, length: usize) -> Option<&'wasm [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// An unsigned LEB128 number of up to 32 bits.
    fn number(&mut self) -> Option<usize> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.take(1)?[0];
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'wasm str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    /// The module, the name, and the bytes that say of which kind and which type it is.
    fn import(&mut self) -> Option<(&'wasm str, &'wasm str, &'wasm [u8])> {
        let (module, name, start) = (self.text()?, self.text()?, self.0);
        match self.take(1)?[0] {
            FUNCTION => drop(self.number()?),
            TABLE => {
                self.take(1)?;
                self.limits()?;
            }
            MEMORY => self.limits()?,
            GLOBAL => drop(self.take(2)?),
            _ => return None,
        }
        Some((module, name, &start[..start.len() - self.0.len()]))
    }

    /// The head of a segment that fills the one memory, or the one table, from a plain number on: that number. Of other segments, and
    /// of those that the code copies itself, it is none.
    fn offset(&mut self) -> Option<usize> {
        const PLAIN: usize = 0;
        const I32_CONST: u8 = 0x41;
        const END: u8 = 0x0b;
        if self.number()? != PLAIN || self.take(1)?[0] != I32_CONST {
            return None;
        }
        // Signed, but none is so high that it would matter.
        let offset = self.number()?;
        (self.take(1)?[0] == END).then_some(offset)
    }

    /// A least size, and a most where the flag says so.
    fn limits(&mut self) -> Option<()> {
        let has_most = match self.take(1)?[0] {
            0 => false,
            1 => true,
            _ => return None,
        };
        self.number()?;
        if has_most {
            self.number()?;
        }
        Some(())
    }

    /// The name, and the bytes that say what it is.
    fn export(&mut self) -> Option<(&'wasm str, &'wasm [u8])> {
        let (name, start) = (self.text()?, self.0);
        self.take(1)?;
        self.number()?;
        Some((name, &start[..start.len() - self.0.len()]))
    }
}

fn write_number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(0x80 | u8::try_from(value & 0x7f).unwrap_or_default());
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_number(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn write_section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    write_number(out, body.len());
    out.extend_from_slice(body);
}

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    /// A function type, two imported functions, and both exported again.
    const MODULE: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x0e\x02\x01m\x02in\0\0\x01m\x01b\0\0\
        \x07\x0b\x02\x03out\0\0\x01d\0\x01\
        \0\x03\x01x!";

    #[test]
    fn names_are_read() {
        assert_eq!(imports(MODULE).unwrap(), ["in", "b"]);
        assert_eq!(exports(MODULE).unwrap(), ["out", "d"]);
    }

    #[test]
    fn an_export_goes_and_the_rest_stays() {
        let cut = with_exports(MODULE, |name| name == "d").unwrap();
        assert_eq!(exports(&cut).unwrap(), ["d"]);
        assert_eq!(imports(&cut).unwrap(), ["in", "b"]);
        // The type section before and the custom section behind are the same bytes.
        assert_eq!(cut[..14], MODULE[..14]);
        assert!(cut.ends_with(b"\x07\x05\x01\x01d\0\x01\0\x03\x01x!"));
        assert_eq!(with_exports(MODULE, |_| true).unwrap(), MODULE);
    }

    #[test]
    fn names_of_any_length_fit() {
        let long = "x".repeat(200);
        let renamed = with_names(MODULE, |name| match name {
            "in" | "out" => long.clone(),
            "m" => "module".to_owned(),
            name => name.to_owned(),
        })
        .unwrap();
        assert!(renamed.windows(8).any(|part| part == b"\x06module\x01"));
        assert_eq!(imports(&renamed).unwrap(), [long.as_str(), "b"]);
        assert_eq!(exports(&renamed).unwrap(), [long.as_str(), "d"]);
    }

    /// One imported function, two of its own whose bodies are two `nop`s, and the names of all three.
    const NAMED: &[u8] = b"\0asm\x01\0\0\0\
        \x01\x04\x01\x60\0\0\
        \x02\x08\x01\x01m\x02in\0\0\
        \x03\x03\x02\0\0\
        \x0a\x0b\x02\x04\0\x01\x01\x0b\x04\0\x01\x01\x0b\
        \0\x16\x04name\x01\x0f\x03\0\x02in\x01\x03one\x02\x03two";

    #[test]
    fn functions_have_names_and_bodies() {
        let body: &[u8] = b"\0\x01\x01\x0b";
        assert_eq!(functions(NAMED).unwrap(), [("one", body), ("two", body)]);
        assert_eq!(functions(MODULE).unwrap(), []);
    }

    #[test]
    fn what_is_not_understood_is_left() {
        assert_eq!(imports(b"#!/bin/sh"), None);
        for end in 9..MODULE.len() - 5 {
            let short = &MODULE[..end];
            // A file cut between two sections is a smaller module; anywhere else it is none.
            if end != 14 && end != 30 {
                assert_eq!(with_exports(short, |_| true), None, "{end}");
            }
        }
        let mut memory = MODULE.to_vec();
        memory[22] = 2;
        assert_eq!(imports(&memory), None);
    }
}
