//! The same program in another order, which compresses better.
//!
//! In which order functions stand, and which number a local has, is of no meaning in a wasm file, and wasm-opt chooses both for
//! the size of the file as it is. What is sent is compressed: like functions stand side by side here, and what
//! functions do alike is done with the same numbers. No instruction is added, dropped or moved. What a file says to tools is dropped, and so are
//! the hints how addresses are aligned.

mod likeness;
mod locals;

use std::panic::resume_unwind;
use std::thread;

use super::code::Function;
use super::{
    CODE, CUSTOM, ELEMENTS, EXPORTS, FUNCTIONS, HEADER, Reader, START, TYPES, imports, sections,
    write_number, write_section, write_text,
};

/// How often both are chosen anew, each time by what was chosen for the rest.
const ROUNDS: usize = 10;

/// The file in the best of the orders that are tried, as `weigh` says, and the first of those that are alike; `None` when it holds
/// something that is not known here.
pub(crate) fn arranged(wasm: &[u8], weigh: impl Fn(&[u8]) -> usize + Sync) -> Option<Vec<u8>> {
    let mut module = Module::read(wasm)?;
    let mut order = module.by_likeness();
    let mut habits = locals::Habits::new();
    let weigh = &weigh;
    thread::scope(|scope| {
        let mut tried = Vec::new();
        for round in 0..ROUNDS {
            for own in &order {
                let parameters = module.parameters[*own];
                habits.follow(&mut module.functions[*own], parameters, round > 0);
            }
            order = module.by_likeness();
            let file = module.write(&order)?;
            // Weighing takes longest.
            tried.push(scope.spawn(move || (weigh(&file), file)));
        }
        let weighed = tried
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let best = weighed.min_by_key(|(weight, _)| *weight);
        best.map(|(_, file)| file)
    })
}

/// A file, as far as it names functions by their numbers, imported ones first.
struct Module<'wasm> {
    sections: Vec<(u8, &'wasm [u8])>,
    imported: usize,
    /// The type of each function of its own, and how many parameters that has.
    types: Vec<usize>,
    parameters: Vec<usize>,
    functions: Vec<Function<'wasm>>,
}

impl<'wasm> Module<'wasm> {
    fn read(wasm: &'wasm [u8]) -> Option<Self> {
        let sections = sections(wasm)?;
        let body_of = |wanted| {
            let section = sections.iter().find(|(id, _)| *id == wanted)?;
            Some(Reader(section.1))
        };
        let all_parameters = parameters(body_of(TYPES)?)?;
        let mut from = body_of(FUNCTIONS)?;
        let types: Vec<usize> = (0..from.number()?)
            .map(|_| from.number())
            .collect::<Option<_>>()?;
        let parameters = types.iter().map(|kind| all_parameters.get(*kind).copied());
        let parameters = parameters.collect::<Option<_>>()?;
        let mut from = body_of(CODE)?;
        let mut functions = Vec::new();
        for _ in 0..from.number()? {
            let length = from.number()?;
            functions.push(Function::read(from.take(length)?)?);
        }
        (functions.len() == types.len()).then_some(Self {
            imported: imports(wasm)?.len(),
            sections,
            types,
            parameters,
            functions,
        })
    }

    fn by_likeness(&self) -> Vec<usize> {
        let functions = self.functions.iter();
        let bodies: Vec<_> = functions
            .map(|function| function.body(|called| called))
            .collect();
        likeness::order(&bodies)
    }

    /// The file with its own functions in this order.
    fn write(&self, order: &[usize]) -> Option<Vec<u8>> {
        let mut numbers: Vec<usize> = (0..self.imported + order.len()).collect();
        for (at, own) in order.iter().enumerate() {
            numbers[self.imported + own] = self.imported + at;
        }
        let mut out = HEADER.to_vec();
        for (id, section) in &self.sections {
            let mut from = Reader(section);
            let mut body = Vec::new();
            match *id {
                FUNCTIONS => {
                    write_number(&mut body, order.len());
                    for own in order {
                        write_number(&mut body, self.types[*own]);
                    }
                }
                EXPORTS => {
                    let count = from.number()?;
                    write_number(&mut body, count);
                    for _ in 0..count {
                        let (name, kind, number) = (from.text()?, from.take(1)?[0], from.number()?);
                        write_text(&mut body, name);
                        body.push(kind);
                        let is_function = kind == 0;
                        write_number(
                            &mut body,
                            if is_function {
                                *numbers.get(number)?
                            } else {
                                number
                            },
                        );
                    }
                }
                START => write_number(&mut body, *numbers.get(from.number()?)?),
                ELEMENTS => elements(&mut body, from, &numbers)?,
                CODE => {
                    write_number(&mut body, order.len());
                    for own in order {
                        let code = self.functions[*own].body(|called| numbers[called]);
                        write_number(&mut body, code.len());
                        body.extend(code);
                    }
                }
                // For tools, and partly by the old numbers.
                CUSTOM => continue,
                _ => body.extend_from_slice(section),
            }
            write_section(&mut out, *id, &body);
        }
        Some(out)
    }
}

/// How many parameters each type of function has.
fn parameters(mut from: Reader<'_>) -> Option<Vec<usize>> {
    const FUNCTION: u8 = 0x60;
    let mut all = Vec::new();
    for _ in 0..from.number()? {
        if from.take(1)?[0] != FUNCTION {
            return None;
        }
        let count = from.number()?;
        from.take(count)?;
        let results = from.number()?;
        from.take(results)?;
        all.push(count);
    }
    Some(all)
}

/// Writes which functions are called by their place in the table: lists that begin at a place that is a plain number.
fn elements(out: &mut Vec<u8>, mut from: Reader<'_>, numbers: &[usize]) -> Option<()> {
    let lists = from.number()?;
    write_number(out, lists);
    for _ in 0..lists {
        let start = from.0;
        from.offset()?;
        out.extend_from_slice(&start[..start.len() - from.0.len()]);
        let count = from.number()?;
        write_number(out, count);
        for _ in 0..count {
            write_number(out, *numbers.get(from.number()?)?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
