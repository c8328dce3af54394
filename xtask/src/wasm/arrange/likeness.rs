//! Like functions side by side: each time the one that has most in common with those that stand there last.

use std::collections::{BTreeMap, BTreeSet};

/// So many bytes in a row are a piece. A compressor finds no shorter ones worth referring to.
const PIECE: usize = 4;
/// What more functions have than this says nothing about any of them.
const COMMON: usize = 400;
/// How much a piece counts that the last function has, the one before, and so on.
const LAST: [f64; 3] = [1.0, 0.6, 0.4];
/// Added to the length of each function, so that a tiny one is not like everything.
const SMALL: usize = 20;

/// The order in which these are to stand.
pub(super) fn order(bodies: &[Vec<u8>]) -> Vec<usize> {
    // Which functions have a piece, and which pieces a function.
    let mut owners: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (index, body) in bodies.iter().enumerate() {
        for piece in body.windows(PIECE).collect::<BTreeSet<_>>() {
            owners.entry(piece).or_default().push(index);
        }
    }
    let mut pieces: Vec<Vec<(&Vec<usize>, f64)>> = vec![Vec::new(); bodies.len()];
    for owners in owners.values() {
        if (2..=COMMON).contains(&owners.len()) {
            for owner in owners {
                pieces[*owner].push((owners, 1.0 / number(owners.len() + 1).log2()));
            }
        }
    }
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|index| (bodies[*index].len(), &bodies[*index]));
    let mut order: Vec<usize> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let mut shared = vec![0.0; bodies.len()];
        for (last, counts) in order.iter().rev().zip(LAST) {
            for (owners, weight) in &pieces[*last] {
                for owner in *owners {
                    shared[*owner] += counts * weight;
                }
            }
        }
        let likeness = |index: usize| shared[index] / number(bodies[index].len() + SMALL);
        let mut next = 0;
        for at in 1..left.len() {
            if likeness(left[at]) > likeness(left[next]) {
                next = at;
            }
        }
        order.push(left.remove(next));
    }
    order
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
