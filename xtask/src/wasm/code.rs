//! The code of a wasm file, instruction by instruction, as far as one names a function or a local.

use super::{Reader, write_number};

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instruction<'wasm> {
    /// Reads or writes a local: which of the three it is, and the number of the local, parameters first.
    Local(u8, usize),
    /// Calls a function, by its number.
    Call(usize),
    /// Loads or stores: which of them it is, and the bytes that say how far behind the address. What it says of the alignment is
    /// a hint without meaning, so none is given.
    Access(u8, &'wasm [u8]),
    /// Any other: all its bytes.
    Other(&'wasm [u8]),
}

/// A function of the file's own.
pub(crate) struct Function<'wasm> {
    /// How many locals of a type there are, one group after the other, without the parameters.
    pub(crate) locals: Vec<(usize, u8)>,
    pub(crate) instructions: Vec<Instruction<'wasm>>,
}

const CALL: u8 = 0x10;

impl Instruction<'_> {
    /// Writes it, a function that is called with the number that `called` gives.
    pub(super) fn write(self, out: &mut Vec<u8>, called: &impl Fn(usize) -> usize) {
        const NO_HINT: u8 = 0;
        match self {
            Self::Local(operation, local) => {
                out.push(operation);
                write_number(out, local);
            }
            Self::Call(function) => {
                out.push(CALL);
                write_number(out, called(function));
            }
            Self::Access(operation, offset) => {
                out.extend([operation, NO_HINT]);
                out.extend_from_slice(offset);
            }
            Self::Other(bytes) => out.extend_from_slice(bytes),
        }
    }
}

impl<'wasm> Function<'wasm> {
    /// Reads a body; `None` when it holds an instruction that is not known here.
    pub(crate) fn read(body: &'wasm [u8]) -> Option<Self> {
        let mut from = Reader(body);
        let mut locals = Vec::new();
        for _ in 0..from.number()? {
            locals.push((from.number()?, from.take(1)?[0]));
        }
        let mut instructions = Vec::new();
        while !from.0.is_empty() {
            let start = from.0;
            let operation = from.take(1)?[0];
            instructions.push(match operation {
                0x20..=0x22 => Instruction::Local(operation, from.number()?),
                CALL => Instruction::Call(from.number()?),
                0x28..=0x3e => {
                    const LARGEST_HINT: usize = 3;
                    // A larger one says that the access is to another memory.
                    (from.number()? <= LARGEST_HINT).then_some(())?;
                    let offset = from.0;
                    from.number()?;
                    Instruction::Access(operation, &offset[..offset.len() - from.0.len()])
                }
                operation => {
                    operands(operation, &mut from)?;
                    Instruction::Other(&start[..start.len() - from.0.len()])
                }
            });
        }
        Some(Self {
            locals,
            instructions,
        })
    }

    /// The body, in which each function that is called has the number that `called` gives.
    pub(crate) fn body(&self, called: impl Fn(usize) -> usize) -> Vec<u8> {
        let mut out = Vec::new();
        write_number(&mut out, self.locals.len());
        for (count, kind) in &self.locals {
            write_number(&mut out, *count);
            out.push(*kind);
        }
        for instruction in &self.instructions {
            instruction.write(&mut out, &called);
        }
        out
    }
}

/// Passes over what stands behind the byte of an operation. What refers to a function otherwise than by a call is unknown.
fn operands(operation: u8, from: &mut Reader<'_>) -> Option<()> {
    let numbers = match operation {
        // Plain ones: control, drop and select, comparisons, arithmetic, conversions.
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => 0,
        // Blocks, branches, globals, tables, integers, the size of the memory, null.
        0x02..=0x04 | 0x0c | 0x0d | 0x23..=0x26 | 0x3f..=0x42 | 0xd0 => 1,
        // Indirect calls.
        0x11 => 2,
        0x43 => return from.take(4).map(drop),
        0x44 => return from.take(8).map(drop),
        // A table of branches, and a select that names its types.
        0x0e => from.number()? + 1,
        0x1c => from.number()?,
        0xfc => match from.number()? {
            // Conversions that saturate.
            0..=7 => 0,
            // Drops a segment; fills memory; grows, asks or fills a table.
            9 | 11 | 13 | 15..=17 => 1,
            // Copies.
            8 | 10 | 12 | 14 => 2,
            _ => return None,
        },
        _ => return None,
    };
    for _ in 0..numbers {
        // Signed or not, of 32 bits or 64: the last byte is the first that is small.
        while from.take(1)?[0] & 0x80 != 0 {}
    }
    Some(())
}
