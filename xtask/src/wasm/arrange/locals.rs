//! The numbers of locals, chosen so that functions do the same with the same numbers.

use crate::wasm::code::{Function, Instruction};

/// A byte is expected by so many bytes before it: what both have seen is mixed, the longer one counting more.
const BEFORE: [usize; 2] = [2, 4];
/// How far behind a byte others are expected by it.
const REACH: usize = 4;
/// How many sightings it takes until what was seen counts as much as what fewer bytes before it say.
const DOUBT: f32 = 4.0;
/// How often all pairs of locals are tried, unless nothing is gained before.
const PASSES: usize = 2;
/// A gain of less, in bits, is none.
const GAIN: f32 = 0.01;
/// More locals than are in use, so that the same thing may have the same number in functions of fewer parameters.
const SPARE: usize = 4;
/// From here on a number takes two bytes; those locals are left.
const TWO_BYTES: usize = 128;

/// What the functions so far look like.
pub(super) struct Habits {
    /// By bytes before it: how often anything followed, and how often this.
    seen: [Vec<u32>; BEFORE.len()],
    followed: [Vec<u32>; BEFORE.len()],
}

impl Habits {
    pub(super) fn new() -> Self {
        let none = || [(); BEFORE.len()].map(|()| vec![0; SLOTS]);
        Self {
            seen: none(),
            followed: none(),
        }
    }

    /// Gives the locals of a function the numbers that are expected most, by all others if it was here before, else by those that
    /// were.
    pub(super) fn follow(
        &mut self,
        function: &mut Function<'_>,
        parameters: usize,
        was_here: bool,
    ) {
        let mut draft = Draft::new(function, parameters);
        if was_here {
            self.count(&draft.bytes, |count| *count -= 1);
        }
        for _ in 0..PASSES {
            if !self.improve(&mut draft) {
                break;
            }
        }
        self.count(&draft.bytes, |count| *count += 1);
        draft.take(function, parameters);
    }

    /// Exchanges numbers wherever that makes the function more like the others.
    fn improve(&self, draft: &mut Draft) -> bool {
        let mut is_better = false;
        for group in draft.groups.clone() {
            for one in group.clone().take_while(|one| *one < TWO_BYTES) {
                for other in one + 1..group.end.min(TWO_BYTES) {
                    let near = draft.near(one, other);
                    let before = self.cost(&draft.bytes, &near);
                    draft.exchange(one, other);
                    if self.cost(&draft.bytes, &near) < before - GAIN {
                        is_better = true;
                    } else {
                        draft.exchange(one, other);
                    }
                }
            }
        }
        is_better
    }

    /// How many bits the bytes at these places take.
    fn cost(&self, bytes: &[u8], places: &[usize]) -> f32 {
        places.iter().map(|place| self.bits(bytes, *place)).sum()
    }

    fn bits(&self, bytes: &[u8], place: usize) -> f32 {
        let mut probability = 1.0 / 256.0;
        for (kind, before) in BEFORE.into_iter().enumerate() {
            if place < before {
                break;
            }
            let seen = self.seen[kind][slot(&bytes[place - before..place])];
            let followed = self.followed[kind][slot(&bytes[place - before..=place])];
            probability = (number(followed) + DOUBT * probability) / (number(seen) + DOUBT);
        }
        -probability.log2()
    }

    fn count(&mut self, bytes: &[u8], change: impl Fn(&mut u32)) {
        for place in 0..bytes.len() {
            for (kind, before) in BEFORE.into_iter().enumerate() {
                if place >= before {
                    change(&mut self.seen[kind][slot(&bytes[place - before..place])]);
                    change(&mut self.followed[kind][slot(&bytes[place - before..=place])]);
                }
            }
        }
    }
}

const SLOT_BITS: u32 = 20;
const SLOTS: usize = 1 << SLOT_BITS;

/// Where a few bytes are counted. Two may share a place, which makes the choice a little worse and nothing wrong.
fn slot(bytes: &[u8]) -> usize {
    let hash = bytes.iter().fold(0x811c_9dc5_u32, |hash, byte| {
        let hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        hash ^ (hash >> 15)
    });
    (hash.wrapping_mul(0x9e37_79b1) >> (u32::BITS - SLOT_BITS)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
fn number(count: u32) -> f32 {
    count as f32
}

/// A function whose locals are about to get other numbers.
struct Draft {
    /// Its instructions, each local in one byte.
    bytes: Vec<u8>,
    /// The numbers of locals that have the same type.
    groups: Vec<std::ops::Range<usize>>,
    /// By number: where it stands in the bytes.
    places: Vec<Vec<usize>>,
    /// By number: which local has it.
    locals: Vec<usize>,
}

impl Draft {
    fn new(function: &Function<'_>, parameters: usize) -> Self {
        let mut groups = Vec::new();
        let mut count = parameters;
        for (length, _) in &function.locals {
            groups.push(count..count + length);
            count += length;
        }
        if let Some(last) = groups.last_mut() {
            last.end += SPARE;
            count += SPARE;
        }
        let mut bytes = Vec::new();
        let mut places = vec![Vec::new(); count];
        for instruction in &function.instructions {
            match *instruction {
                Instruction::Local(operation, local) => {
                    places[local].push(bytes.len() + 1);
                    bytes.extend([operation, byte(local)]);
                }
                other => other.write(&mut bytes, &|called| called),
            }
        }
        Self {
            bytes,
            groups,
            places,
            locals: (0..count).collect(),
        }
    }

    fn exchange(&mut self, one: usize, other: usize) {
        self.places.swap(one, other);
        self.locals.swap(one, other);
        for number in [one, other] {
            for place in &self.places[number] {
                self.bytes[*place] = byte(number);
            }
        }
    }

    /// Where the bytes are that cost something else once these two are exchanged.
    fn near(&self, one: usize, other: usize) -> Vec<usize> {
        let places = self.places[one].iter().chain(&self.places[other]);
        let mut near: Vec<usize> = places
            .flat_map(|place| *place..(place + REACH + 1).min(self.bytes.len()))
            .collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Gives the function its new numbers, and as many locals as they need.
    fn take(self, function: &mut Function<'_>, parameters: usize) {
        let mut numbers = vec![0; self.locals.len()];
        for (number, local) in self.locals.iter().enumerate() {
            numbers[*local] = number;
        }
        for instruction in &mut function.instructions {
            if let Instruction::Local(_, local) = instruction {
                *local = numbers[*local];
            }
        }
        let used = self.places.iter().rposition(|places| !places.is_empty());
        let mut left = used.map_or(0, |last| (last + 1).saturating_sub(parameters));
        for (length, _) in &mut function.locals {
            *length = left.min(*length);
            left -= *length;
        }
        if let Some((length, _)) = function.locals.last_mut() {
            *length += left;
        }
        function.locals.retain(|(length, _)| *length > 0);
    }
}

/// The number as one byte, also where it takes two.
fn byte(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}
