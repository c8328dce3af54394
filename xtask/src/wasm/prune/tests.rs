use super::super::linked::segments;
use super::super::sample::{padded, section};
use super::super::{EXPORTS, FUNCTIONS, IMPORTS, TYPES, sample, sections};
use super::*;

/// The kinds of relocations that the tests write.
const CALL: u8 = 0;
const ADDRESS_IN_CODE: u8 = 4;
const ADDRESS_IN_DATA: u8 = 5;

/// A function body that calls one function (or none) and names one address (or none).
fn body(call: Option<u8>, address: Option<u8>) -> Vec<u8> {
    let mut out = vec![0];
    if let Some(call) = call {
        out.push(0x10);
        out.extend(padded(call.into()));
    }
    if let Some(address) = address {
        out.push(0x41);
        out.extend(padded(address.into()));
        out.push(0x1a);
    }
    out.push(0x0b);
    out
}

/// What the data holds, by symbol: a text that the export needs; an address of the next one; a text that only that needs; a
/// text that only the panic needs; a location; the path that it names; a text that ends like a path and is needed.
const TEXTS: [&[u8]; 7] = [
    b"kept",
    b"\x08\x04\0\0",
    b"deep",
    b"dead",
    b"\x20\x04\0\0\x04\0\0\0\x07\0\0\0\x05\0\0\0",
    b"a.rs",
    b"b.rs",
];

/// `in` is imported; `out` is exported, calls `helper` and names `kept`; `helper` calls `panic`, whose message is `dead`; `unused`
/// is called by nobody. `helper` also names the location, as whoever may panic does, and the last text.
fn module() -> Vec<u8> {
    let bodies = [
        body(Some(2), Some(0)),
        [body(Some(3), Some(16)), vec![]].concat(),
        body(None, Some(12)),
        body(Some(2), None),
    ];
    let mut code = vec![4];
    let mut starts = Vec::new();
    for body in &bodies {
        write_number(&mut code, body.len());
        starts.push(code.len());
        code.extend_from_slice(body);
    }
    let mut data = vec![1, 0, 0x41, 0x80, 0x08, 0x0b];
    let all = TEXTS.concat();
    write_number(&mut data, all.len());
    let first = data.len();
    data.extend_from_slice(&all);

    // Symbols: functions 0 to 4, then the texts.
    let mut table = Vec::new();
    write_number(&mut table, 5 + TEXTS.len());
    table.extend_from_slice(b"\0\x10\0");
    for index in 1..5 {
        table.extend_from_slice(&[0, 0, index, 1, b'f']);
    }
    let mut offset = 0;
    for text in TEXTS {
        table.extend_from_slice(&[1, 0, 1, b'd', 0]);
        write_number(&mut table, offset);
        write_number(&mut table, text.len());
        offset += text.len();
    }
    let mut linking = vec![2];
    write_section(&mut linking, 8, &table);

    let refers = |section: u8, entries: &[(u8, usize, u8)]| {
        let mut out = vec![section];
        write_number(&mut out, entries.len());
        for (kind, at, symbol) in entries {
            out.push(*kind);
            write_number(&mut out, *at);
            out.push(*symbol);
            if *kind != CALL {
                out.push(0);
            }
        }
        out
    };
    let in_code = refers(
        4,
        &[
            (CALL, starts[0] + 2, 2),
            (ADDRESS_IN_CODE, starts[0] + 8, 5),
            (ADDRESS_IN_CODE, starts[0] + 9, 6),
            (CALL, starts[1] + 2, 3),
            (ADDRESS_IN_CODE, starts[1] + 8, 9),
            (ADDRESS_IN_CODE, starts[1] + 9, 11),
            (ADDRESS_IN_CODE, starts[2] + 2, 8),
            (CALL, starts[3] + 2, 2),
        ],
    );
    let in_data = refers(
        5,
        &[
            (ADDRESS_IN_DATA, first + 4, 7),
            (ADDRESS_IN_DATA, first + 16, 10),
        ],
    );
    [
        HEADER.to_vec(),
        section(TYPES, b"\x01\x60\0\0"),
        section(IMPORTS, b"\x01\x01m\x02in\0\0"),
        section(FUNCTIONS, b"\x04\0\0\0\0"),
        section(EXPORTS, b"\x02\x03out\0\x01\x04more\0\x04"),
        section(CODE, &code),
        section(DATA, &data),
        sample::custom("linking", &linking),
        sample::custom("reloc.CODE", &in_code),
        sample::custom("reloc.DATA", &in_data),
        sample::custom(
            "name",
            b"\x01\x1d\x04\x01\x03out\x02\x06helper\x03\x05panic\x04\x06unused",
        ),
    ]
    .concat()
}

fn pruned_module() -> Vec<u8> {
    pruned(
        &module(),
        |name| (name == "panic").then_some(Body::Trap),
        |export| export == "more",
    )
    .unwrap()
}

fn data_of(wasm: &[u8]) -> Vec<u8> {
    let sections = sections(wasm).unwrap();
    let (_, data) = sections.iter().find(|(id, _)| *id == DATA).unwrap();
    data[segments(data).unwrap()[0].1.clone()].to_vec()
}

#[test]
fn a_panic_and_what_nobody_calls_are_traps_and_the_rest_is_as_it_was() {
    let trap = Body::Trap.code();
    let before = module();
    let (own, after) = (super::super::functions(&before).unwrap(), pruned_module());
    let after = super::super::functions(&after).unwrap();
    assert_eq!(after[0], own[0]);
    assert_eq!(after[1], own[1]);
    assert_eq!(after[2], ("panic", trap));
    assert_eq!(after[3], ("unused", trap));
}

#[test]
fn texts_that_are_reached_stay_and_what_only_a_panic_says_goes() {
    let expected = [
        b"kept".to_vec(),
        b"\x08\x04\0\0".to_vec(),
        b"deep".to_vec(),
        vec![0; 4],
        // The line and the column, and the path that only they name.
        vec![0; 16],
        vec![0; 4],
        b"b.rs".to_vec(),
    ];
    assert_eq!(data_of(&pruned_module()), expected.concat());
}

#[test]
fn an_export_that_counts_keeps_what_it_needs() {
    let all = pruned(&module(), |_| None, |_| false).unwrap();
    assert_eq!(
        super::super::functions(&all),
        super::super::functions(&module())
    );
    let data = data_of(&all);
    assert_eq!(data[..16], TEXTS[..4].concat());
    assert_eq!(
        data[16..36],
        [0; 20],
        "a line of the source is read by nobody"
    );
}

#[test]
fn what_the_linker_said_is_left_out_and_names_stay() {
    let wasm = pruned_module();
    let sections = sections(&wasm).unwrap();
    let customs: Vec<&str> = sections
        .iter()
        .filter(|(id, _)| *id == CUSTOM)
        .map(|(_, body)| custom(body).unwrap().0)
        .collect();
    assert_eq!(customs, ["name"]);
}

#[test]
fn a_file_that_does_not_say_what_refers_to_what_is_left_as_it_is() {
    let module = module();
    let without = |name: &str| {
        let mut out = HEADER.to_vec();
        for (id, body) in sections(&module).unwrap() {
            if id != CUSTOM || custom(body).unwrap().0 != name {
                write_section(&mut out, id, body);
            }
        }
        pruned(&out, |_| None, |_| false)
    };
    assert!(without("linking").is_none());
    assert!(without("reloc.CODE").is_none());
    assert!(without("name").is_some());
    assert!(pruned(b"#!/bin/sh", |_| None, |_| false).is_none());
    for end in 0..module.len() {
        // Whatever is cut off, nothing panics.
        let _ = pruned(&module[..end], |_| None, |_| false);
    }
}
