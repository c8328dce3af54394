//! What nothing can reach, taken out of what the linker wrote.
//!
//! The linker keeps what anything refers to. In a release the functions that Rust panics by are bare traps, so whatever only
//! they need is dead: their texts, the tables by which they print letters, and for each place that may panic its line, its
//! column and the path of its file.

use std::collections::BTreeSet;

use super::linked::{Body, Module, Target, custom};
use super::{CODE, CUSTOM, DATA, HEADER, write_number, write_section};

/// The file without what cannot be reached from its exports, when each function that `changed` names another body for has
/// that, and an export counts for nothing that `is_unused` says of. `None` when the file says too little of itself.
pub(crate) fn pruned(
    wasm: &[u8],
    changed: impl Fn(&str) -> Option<Body>,
    is_unused: impl Fn(&str) -> bool,
) -> Option<Vec<u8>> {
    let module = Module::read(wasm)?;
    let others = module.others(changed)?;
    let live = module.reached(&others, is_unused, |_| false)?;
    let mut out = HEADER.to_vec();
    for (id, body) in &module.sections {
        match *id {
            CODE => {
                let mut bodies = Vec::with_capacity(body.len());
                write_number(&mut bodies, module.bodies.len());
                for (own, place) in module.bodies.iter().enumerate() {
                    let is_live = live.contains(&Target::Function(own + module.imported));
                    let other = if is_live {
                        others[own]
                    } else {
                        Some(Body::Trap)
                    };
                    let code = other.map_or(&body[place.clone()], |other| other.code());
                    write_number(&mut bodies, code.len());
                    bodies.extend_from_slice(code);
                }
                write_section(&mut out, CODE, &bodies);
            }
            DATA => write_section(&mut out, DATA, &module.live_data(&live)),
            CUSTOM if matches!(custom(body), Some(("linking", _))) => {}
            CUSTOM if custom(body)?.0.starts_with("reloc.") => {}
            id => write_section(&mut out, id, body),
        }
    }
    Some(out)
}

impl Module<'_> {
    /// The payload of the data section, with zeros for what is not reached.
    fn live_data(&self, live: &BTreeSet<Target>) -> Vec<u8> {
        let mut data = self.data.to_vec();
        let all: BTreeSet<&Target> = self.symbols.iter().collect();
        for target in &all {
            if let Target::Data(from, to) = target {
                data[*from..*to].fill(0);
            }
        }
        // Two symbols may share bytes, so what is live is written last.
        for target in live {
            if let Target::Data(from, to) = target {
                data[*from..*to].copy_from_slice(&self.data[*from..*to]);
            }
        }
        data
    }
}

#[cfg(test)]
mod tests;
