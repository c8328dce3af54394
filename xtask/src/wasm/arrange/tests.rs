use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::wasm::code::Instruction;
use crate::wasm::{HEADER, IMPORTS};

const I32: u8 = 0x7f;
const I64: u8 = 0x7e;
const END: u8 = 0x0b;
const GET: u8 = 0x20;
const SET: u8 = 0x21;
const CALL: u8 = 0x10;

fn section(out: &mut Vec<u8>, id: u8, entries: &[Vec<u8>]) {
    let mut body = Vec::new();
    write_number(&mut body, entries.len());
    body.extend(entries.concat());
    write_section(out, id, &body);
}

/// A body with so many locals of each type, in which each is set and read, and whatever is called.
fn body(parameters: u8, locals: &[(u8, u8)], called: &[u8], constant: u8) -> Vec<u8> {
    let count = u8::try_from(locals.len()).unwrap();
    let mut out = vec![count];
    let mut number = parameters;
    let mut code = Vec::new();
    for (length, kind) in locals {
        out.extend([*length, *kind]);
        for _ in 0..*length {
            let set = if *kind == I32 { 0x41 } else { 0x42 };
            code.extend([set, constant, SET, number, GET, number, 0x1a]);
            number += 1;
        }
    }
    for called in called {
        code.extend([CALL, *called]);
    }
    code.push(END);
    out.extend(code);
    let mut body = Vec::new();
    write_number(&mut body, out.len());
    body.extend(out);
    body
}

/// Two functions are imported, 30 are its own: some long, some short, some nearly the same, in no order. The first three are
/// exported, five are in the table, one is run at the start.
fn module() -> Vec<u8> {
    let mut wasm = HEADER.to_vec();
    section(&mut wasm, TYPES, &[vec![0x60, 0, 0], vec![0x60, 1, I32, 0]]);
    let imports = ["a", "b"].map(|name| [&[1, b'm', 1], name.as_bytes(), &[0, 0]].concat());
    section(&mut wasm, IMPORTS, &imports);
    let parameters = |own: u8| u8::from(own % 7 == 3);
    let types: Vec<_> = (0..30).map(|own| vec![parameters(own)]).collect();
    section(&mut wasm, FUNCTIONS, &types);
    let exports = [2, 3, 4].map(|number| vec![1, b'x' + number - 2, 0, number]);
    section(&mut wasm, EXPORTS, &exports);
    write_section(&mut wasm, START, &[7]);
    let table = [0, 0x41, 1, END, 5, 31, 2, 9, 9, 30].to_vec();
    section(&mut wasm, ELEMENTS, &[table]);
    let bodies: Vec<_> = (0..30_u8)
        .map(|own| {
            let locals = [(own % 5, I32), (own % 3, I64), (own % 2, I32)];
            // Functions without parameters only, so that a call needs nothing.
            let called = [own % 2, 2 + own / 7 * 7, 2 + (own * 3 % 30) / 7 * 7];
            body(parameters(own), &locals, &called, own % 4)
        })
        .collect();
    section(&mut wasm, CODE, &bodies);
    wasm
}

/// What a function does, whatever the numbers of functions and locals: locals by their type and the order in which they occur,
/// functions by what they do themselves, a few calls deep.
fn meaning(module: &Module<'_>, number: usize, depth: u8) -> String {
    let Some(own) = number.checked_sub(module.imported) else {
        return format!("imported {number}");
    };
    let (function, parameters) = (&module.functions[own], module.parameters[own]);
    let mut kinds = vec![0; parameters];
    for (length, kind) in &function.locals {
        kinds.extend(vec![*kind; *length]);
    }
    let mut met = BTreeMap::new();
    let mut does = vec![format!("type {}", module.types[own])];
    for instruction in &function.instructions {
        does.push(match *instruction {
            Instruction::Local(operation, local) if local < parameters => {
                format!("{operation} parameter {local}")
            }
            Instruction::Local(operation, local) => {
                let next = met.len();
                let nth = met.entry(local).or_insert(next);
                format!("{operation} local {nth} {}", kinds[local])
            }
            Instruction::Call(called) if depth > 0 => {
                format!("call ({})", meaning(module, called, depth - 1))
            }
            Instruction::Call(_) => "call".to_owned(),
            other => format!("{other:?}"),
        });
    }
    does.join(" ")
}

/// What is reached from outside, in order: exports, start, table.
fn entrances(wasm: &[u8]) -> Vec<String> {
    let module = Module::read(wasm).unwrap();
    let mut all = Vec::new();
    for (id, body) in &module.sections {
        let mut from = Reader(body);
        match *id {
            EXPORTS => {
                for _ in 0..from.number().unwrap() {
                    let name = from.text().unwrap();
                    from.take(1).unwrap();
                    let does = meaning(&module, from.number().unwrap(), 4);
                    all.push(format!("{name}: {does}"));
                }
            }
            START => all.push(meaning(&module, from.number().unwrap(), 4)),
            ELEMENTS => {
                from.take(5).unwrap();
                for _ in 0..from.number().unwrap() {
                    all.push(meaning(&module, from.number().unwrap(), 4));
                }
            }
            _ => {}
        }
    }
    all
}

/// By any measure; this one likes small numbers.
fn least(wasm: &[u8]) -> Option<Vec<u8>> {
    arranged(wasm, |file| {
        file.iter().map(|byte| usize::from(*byte)).sum()
    })
}

#[test]
fn the_program_stays_the_same() {
    let before = module();
    let after = least(&before).unwrap();
    assert_ne!(after, before);
    assert_eq!(entrances(&after), entrances(&before));
    assert_eq!(entrances(&before).len(), 3 + 1 + 5);

    let all = |wasm: &[u8]| {
        let module = Module::read(wasm).unwrap();
        let numbers = 0..module.imported + module.functions.len();
        let mut all: Vec<_> = numbers.map(|number| meaning(&module, number, 3)).collect();
        all.sort();
        all
    };
    assert_eq!(all(&after), all(&before));
}

#[test]
fn it_is_the_same_file_each_time() {
    assert_eq!(least(&module()), least(&module()));
}

#[test]
fn the_lightest_of_those_that_are_tried_is_taken() {
    // Any measure, as long as files differ by it.
    let weigh = |file: &[u8]| usize::from_str_radix(&crate::finish::short(file)[..8], 16).unwrap();
    let tried = Mutex::new(Vec::new());
    let taken = arranged(&module(), |file| {
        tried.lock().unwrap().push(weigh(file));
        weigh(file)
    });
    let tried = tried.into_inner().unwrap();
    assert_eq!(tried.len(), ROUNDS);
    let (least, most) = (tried.iter().min(), tried.iter().max());
    assert_ne!(least, most, "they differ");
    assert_eq!(taken.map(|file| weigh(&file)).as_ref(), least);
}

#[test]
fn a_function_has_the_locals_that_it_uses() {
    let after = least(&module()).unwrap();
    let module = Module::read(&after).unwrap();
    for (function, parameters) in module.functions.iter().zip(&module.parameters) {
        let used = function.instructions.iter().filter_map(|one| match one {
            Instruction::Local(_, local) => Some(local + 1),
            _ => None,
        });
        let count: usize = function.locals.iter().map(|(length, _)| length).sum();
        assert_eq!(used.max().unwrap_or(*parameters), parameters + count);
        assert!(function.locals.iter().all(|(length, _)| *length > 0));
    }
}

#[test]
fn like_functions_stand_side_by_side() {
    let bodies = [
        "-abcdefgh-",
        "123456789",
        "+abcdefgh+",
        "_23456789_",
        "abcdefghij",
    ];
    let bodies = bodies.map(|body| body.as_bytes().to_vec());
    let order = likeness::order(&bodies);
    let at = |index| order.iter().position(|own| *own == index).unwrap();
    assert_eq!(at(1).abs_diff(at(3)), 1, "{order:?}");
    assert!(at(0).abs_diff(at(2)) <= 2, "{order:?}");
}

#[test]
fn what_is_alike_gets_the_same_numbers() {
    // The same code four times, once with its two locals the other way round.
    let code = |one: u8, other: u8| {
        let mut code = vec![1, 2, I32, 0x41, 5, SET, one, 0x41, 6, SET, other];
        code.extend([GET, one, GET, other, 0x6a, 0x1a, END]);
        code
    };
    let bodies = [code(0, 1), code(0, 1), code(0, 1), code(1, 0)];
    let mut habits = locals::Habits::new();
    let followed = bodies.each_ref().map(|body| {
        let mut function = Function::read(body).unwrap();
        habits.follow(&mut function, 0, false);
        function.body(|called| called)
    });
    assert!(
        followed.iter().all(|body| *body == followed[0]),
        "{followed:?}"
    );
}

#[test]
fn what_is_not_understood_is_left() {
    let wasm = module();
    for end in 8..wasm.len() {
        if let Some(arranged) = least(&wasm[..end]) {
            panic!("{end}: {arranged:?}");
        }
    }
    // A reference to a function, an atomic operation, and another memory.
    for code in [
        &[0, 0xd2, 0, 0x1a, END][..],
        &[0, 0xfe, 3, 0, END],
        &[0, 0x28, 0x42, 1, 0, END],
    ] {
        assert!(Function::read(code).is_none());
    }
}

#[test]
fn what_is_for_tools_is_dropped() {
    let mut named = module();
    write_section(&mut named, CUSTOM, b"\x04name");
    assert_eq!(least(&named), least(&module()));
    let hinted = Function::read(&[0, 0x28, 2, CALL, 0x36, 1, 0x80, 1, END]).unwrap();
    let plain = [0, 0x28, 0, CALL, 0x36, 0, 0x80, 1, END];
    assert_eq!(hinted.body(|called| called), plain);
}

#[test]
fn every_kind_of_instruction_is_passed_over_as_a_whole() {
    for code in [
        &[0x41, 0xff, 0x7f][..],
        &[0x42, 0xff, 0xff, 0x7f],
        &[0x43, GET, GET, GET, GET],
        &[0x44, GET, GET, GET, GET, GET, GET, GET, GET],
        &[0x0e, 2, GET, GET, GET],
        &[0x1c, 1, I32],
        &[0x11, 1, 0],
        &[0x02, 0x40],
        &[0x23, GET],
        &[0x3f, 0],
        &[0xfc, 7],
        &[0xfc, 10, 0, 0],
        &[0xfc, 11, 0],
    ] {
        let body = [&[0], code, &[END]].concat();
        let function = Function::read(&body).unwrap();
        let expected = [Instruction::Other(code), Instruction::Other(&[END])];
        assert_eq!(function.instructions, expected);
        assert_eq!(function.body(|called| called), body);
    }
}
