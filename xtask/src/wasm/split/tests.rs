use super::super::code::{Function, Instruction};
use super::super::sample::{custom, padded, section};
use super::super::{
    CODE, DATA, EXPORTS, FUNCTIONS, HEADER, IMPORTS, MEMORIES, TABLES, TYPES, functions, imports,
    sections, write_number, write_text,
};
use super::write::{constant, number, short_name};
use super::*;

/// The kinds of relocations that the tests write.
const CALL: u8 = 0;
const PLACE: u8 = 1;
const ADDRESS: u8 = 4;

/// The memory where the data begins.
const FIRST: usize = 1024;
/// What `out` and `page` need; what `page` needs; what `deep` needs.
const TEXTS: [&[u8]; 3] = [b"both", b"page", b"deep"];

/// A body, and where it refers to which symbol.
#[derive(Default)]
struct Code {
    bytes: Vec<u8>,
    refers: Vec<(u8, usize, usize)>,
}

impl Code {
    fn new() -> Self {
        Self {
            bytes: vec![0],
            ..Self::default()
        }
    }

    fn add(mut self, operation: u8, kind: u8, number: usize, symbol: usize) -> Self {
        self.bytes.push(operation);
        self.refers.push((kind, self.bytes.len(), symbol));
        self.bytes.extend(padded(number));
        self
    }

    fn call(self, function: usize) -> Self {
        self.add(0x10, CALL, function, function)
    }

    fn place(self, place: usize, function: usize) -> Self {
        let mut named = self.add(0x41, PLACE, place, function);
        named.bytes.push(0x1a);
        named
    }

    fn text(self, text: usize) -> Self {
        let mut named = self.add(0x41, ADDRESS, FIRST + 4 * text, 5 + text);
        named.bytes.push(0x1a);
        named
    }

    fn end(mut self) -> Self {
        self.bytes.push(0x0b);
        self
    }
}

/// `in` is imported. `out` is exported, calls `helper`, has a text, and knows `page` by its place in the table. `helper` calls `in`.
/// `page` calls `helper` and has two texts; it knows `deep` by its place, and that has a text.
fn codes() -> [Code; 4] {
    [
        Code::new().call(2).text(0).place(1, 3).end(),
        Code::new().call(0).end(),
        Code::new().call(2).text(0).text(1).place(2, 4).end(),
        Code::new().text(2).end(),
    ]
}

fn linked(codes: &[Code]) -> Vec<u8> {
    let mut code = number(codes.len());
    let mut refers = Vec::new();
    for one in codes {
        write_number(&mut code, one.bytes.len());
        let start = code.len();
        refers.extend(
            one.refers
                .iter()
                .map(|(kind, at, symbol)| (*kind, start + at, *symbol)),
        );
        code.extend(&one.bytes);
    }
    let texts = TEXTS.concat();
    let mut data = vec![1, 0];
    constant(&mut data, FIRST);
    write_number(&mut data, texts.len());
    data.extend(&texts);

    // The functions, each by its number and with its name unless imported, then the texts.
    let mut symbols = number(8);
    symbols.extend([0, 0x10, 0]);
    for (function, name) in (1..).zip(["out", "helper", "page", "deep"]) {
        symbols.extend([0, 0, function]);
        write_text(&mut symbols, name);
    }
    for text in 0..3 {
        symbols.extend([1, 0, 1, b'0' + text, 0, 4 * text, 4]);
    }
    let linking = [vec![2, 8], number(symbols.len()), symbols].concat();
    let mut relocations = [number(7), number(refers.len())].concat();
    for (kind, at, symbol) in refers {
        relocations.extend([vec![kind], number(at), number(symbol)].concat());
        if kind == ADDRESS {
            relocations.push(0);
        }
    }
    let mut names = number(4);
    for (function, name) in (1..).zip(["out", "helper", "page", "deep"]) {
        names.push(function);
        write_text(&mut names, name);
    }
    let names = [vec![1], number(names.len()), names].concat();
    [
        HEADER.to_vec(),
        section(TYPES, b"\x01\x60\0\0"),
        section(IMPORTS, b"\x01\x01m\x02in\0\0"),
        section(FUNCTIONS, &[4, 0, 0, 0, 0]),
        section(TABLES, &[1, 0x70, 0, 3]),
        section(MEMORIES, &[1, 0, 1]),
        section(EXPORTS, b"\x01\x03out\0\x01"),
        section(ELEMENTS, &[1, 0, 0x41, 0, 0x0b, 3, 2, 3, 4]),
        section(CODE, &code),
        section(DATA, &data),
        custom("linking", &linking),
        custom("reloc.CODE", &relocations),
        custom("name", &names),
    ]
    .concat()
}

fn found(wasm: &[u8]) -> Option<Vec<Chunk>> {
    let entry = |name: &str| (name == "page").then_some(1);
    // The relocations name the section of the code by its place among all.
    chunks(wasm, 1, entry, |_| None, |_| false)
}

/// The numbers of the functions that a function calls.
fn calls(body: &[u8]) -> Vec<usize> {
    let instructions = Function::read(body).unwrap().instructions;
    let called = instructions.iter().filter_map(|one| match one {
        Instruction::Call(function) => Some(*function),
        _ => None,
    });
    called.collect()
}

#[test]
fn a_chunk_has_what_is_reached_through_its_page_alone() {
    assert_eq!(
        found(&linked(&codes())).unwrap(),
        [Chunk {
            places: [1, 2].into(),
            // Two texts side by side are one.
            data: std::iter::once(FIRST + 4..FIRST + 12).collect(),
        }]
    );
}

#[test]
fn a_page_that_is_not_there_or_is_called_by_its_name_makes_no_chunk() {
    assert_eq!(
        chunks(&linked(&codes()), 1, |_| None, |_| None, |_| false),
        None
    );
    let mut codes = codes();
    codes[1] = Code::new().call(3).end();
    assert_eq!(found(&linked(&codes)), None);
}

#[test]
fn the_parts_have_from_each_other_what_they_share_and_leave_the_rest_out() {
    let whole = linked(&codes());
    let [first, chunk] = split(&whole, &found(&whole).unwrap())
        .unwrap()
        .try_into()
        .unwrap();

    // The first has everything that is shared on offer, and neither the page nor its texts.
    assert_eq!(functions(&first).unwrap().len(), 2);
    assert_eq!(
        super::super::exports(&first).unwrap(),
        ["out", "c", "a", "b"]
    );
    let parts = sections(&first).unwrap();
    let body = |wanted| parts.iter().find(|(id, _)| *id == wanted).unwrap().1;
    assert_eq!(places(body(ELEMENTS)).unwrap(), [(0, 2)]);
    assert!(body(DATA).ends_with(b"both\0\0\0\0\0\0\0\0"));

    // The chunk asks for what it shares by those names, stands at its own places, and brings its texts.
    assert_eq!(imports(&chunk).unwrap(), ["c"]);
    let parts = sections(&chunk).unwrap();
    let body = |wanted| parts.iter().find(|(id, _)| *id == wanted).unwrap().1;
    assert_eq!(
        body(IMPORTS),
        b"\x03\x01_\x01c\0\0\x01_\x01a\x01\x70\0\x03\x01_\x01b\x02\0\x01"
    );
    assert_eq!(places(body(ELEMENTS)).unwrap(), [(1, 1), (2, 2)]);
    assert_eq!(linked::segments(body(DATA)).unwrap()[0].0, FIRST + 4);
    assert!(body(DATA).ends_with(b"pagedeep"));
    let own = functions(&chunk).unwrap();
    // `helper` is imported now, as number 0.
    assert_eq!([calls(own[0].1), calls(own[1].1)], [vec![0], vec![]]);
    assert_eq!(calls(functions(&first).unwrap()[0].1), [2]);
    assert!(
        parts
            .iter()
            .all(|(id, _)| ![TABLES, MEMORIES, EXPORTS].contains(id))
    );
}

#[test]
fn what_both_need_after_merging_is_in_the_first() {
    let whole = linked(&codes());
    let chunks = found(&whole).unwrap();
    // wasm-opt found `deep` to be the same as `helper`.
    let elements = [9, 10, 1, 0, 0x41, 0, 0x0b, 3, 2, 3, 2];
    let at = whole.windows(2).position(|pair| pair == [9, 9]).unwrap();
    let merged = [&whole[..at], &[9, 9], &elements[2..], &whole[at + 11..]].concat();
    let [first, chunk] = split(&merged, &chunks).unwrap().try_into().unwrap();
    let of_table = |part: &[u8]| {
        let parts = sections(part).unwrap();
        places(parts.iter().find(|(id, _)| *id == ELEMENTS).unwrap().1).unwrap()
    };
    assert_eq!(of_table(&first), [(0, 2), (2, 2)]);
    assert_eq!(of_table(&chunk), [(1, 1)]);
}

#[test]
fn names_are_short_and_each_is_another() {
    let names: Vec<String> = (0..3000).map(short_name).collect();
    assert_eq!(
        [&*names[0], &*names[51], &*names[52], &*names[2756]],
        ["a", "Z", "aa", "aaa"]
    );
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn what_is_not_understood_is_not_split() {
    let whole = linked(&codes());
    let chunks = found(&whole).unwrap();
    for end in HEADER.len() + 1..whole.len() {
        // A file cut between two sections may be a module; it must only never panic.
        let _ = split(&whole[..end], &chunks);
        let _ = found(&whole[..end]);
    }
    assert_eq!(split(b"#!/bin/sh", &chunks), None);
}
