//! Thousands of lives of one browser, one from each seed, on the real session code.
//!
//! `platform.rs` (with `answers.rs`) is the platform, `tab.rs` the app in a tab, `life.rs` one life, `events.rs` what can happen in it,
//! `rules.rs` what must never happen, `keys.rs` both for the keys that tokens are bound to, and this is the command line.

mod answers;
mod events;
mod keys;
mod life;
mod platform;
mod rules;
mod tab;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use life::{Violation, live};
use loop_sdk::env::Safeguard;

/// A rule that is switched off must be missed within so many lives.
const MUTANT_SEEDS: u64 = 10_000;

struct Options {
    seeds: u64,
    from: u64,
    json: bool,
    mutants: bool,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            let _ = writeln!(std::io::stderr(), "{wrong}");
            return ExitCode::from(2);
        }
    };
    let is_well = if options.mutants {
        mutants(&options)
    } else {
        seeds(&options)
    };
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn options(words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        seeds: 2_000,
        from: 0,
        json: false,
        mutants: false,
    };
    let mut words = words;
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().unwrap_or_default();
            text.parse().map_err(|_| format!("{word} wants a number"))
        };
        match word.as_str() {
            "--seeds" => options.seeds = number()?,
            "--from" => options.from = number()?,
            "--json" => options.json = true,
            "--mutants" => options.mutants = true,
            _ => {
                return Err(format!(
                    "{word} is no option; there are --seeds N, --from S, --json, --mutants"
                ));
            }
        }
    }
    Ok(options)
}

/// Lives from `from` on, two at a time, until one breaks a rule. How many, how many turns, and the broken ones.
fn lives(
    from: u64,
    count: u64,
    off: Option<Safeguard>,
    all: bool,
) -> (u64, u64, Vec<(u64, Violation)>) {
    let next = AtomicU64::new(from);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let (mut lived, mut turns, mut broken) = (0, 0, vec![]);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + count {
                return (lived, turns, broken);
            }
            let outcome = live(seed, off);
            lived += 1;
            turns += outcome.turns;
            if let Some(violation) = outcome.violation {
                broken.push((seed, violation));
                if !all {
                    next.store(from + count, Ordering::Relaxed);
                }
            }
        }
    };
    let (mut lived, mut turns, mut broken) = (0, 0, vec![]);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            // A worker that panicked has found a bug of the simulation, and said so.
            if let Ok((more_lived, more_turns, more_broken)) = worker.join() {
                lived += more_lived;
                turns += more_turns;
                broken.extend(more_broken);
            }
        }
    });
    broken.sort_by_key(|(seed, _)| *seed);
    (lived, turns, broken)
}

fn seeds(options: &Options) -> bool {
    let (lived, turns, broken) = lives(options.from, options.seeds, None, true);
    let mut out = std::io::stdout().lock();
    for (seed, violation) in broken.iter().take(3) {
        let mut err = std::io::stderr().lock();
        let _ = writeln!(err, "seed {seed}: {}", violation.what);
        for line in &violation.story {
            let _ = writeln!(err, "  {line}");
        }
    }
    let violations = broken.len();
    let _ = if options.json {
        writeln!(
            out,
            "{{\"seeds\": {lived}, \"steps\": {turns}, \"violations\": {violations}}}"
        )
    } else {
        writeln!(out, "{lived} lives, {turns} steps, {violations} violations")
    };
    lived == options.seeds && broken.is_empty()
}

fn mutants(options: &Options) -> bool {
    let mut out = std::io::stdout().lock();
    let mut all_caught = true;
    let _ = writeln!(
        out,
        "| switched off | caught by life | what was seen |\n|---|--:|---|"
    );
    for safeguard in Safeguard::ALL {
        let (lived, _, broken) = lives(options.from, MUTANT_SEEDS, Some(safeguard), false);
        let _ = if let Some((_, violation)) = broken.first() {
            writeln!(out, "| {safeguard:?} | {lived} | {} |", violation.what)
        } else {
            all_caught = false;
            writeln!(out, "| {safeguard:?} | not caught in {lived} | |")
        };
    }
    all_caught
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_two_thousand_lives_no_rule_is_broken() {
        let (lived, _, broken) = lives(0, 2_000, None, true);
        let told: Vec<_> = broken
            .iter()
            .map(|(seed, violation)| (seed, &violation.what))
            .collect();
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(lived, 2_000);
    }

    #[test]
    fn a_seed_is_lived_the_same_way_every_time() {
        for seed in 0..20 {
            assert_eq!(live(seed, None).turns, live(seed, None).turns);
        }
    }

    #[test]
    fn a_rule_that_is_switched_off_is_missed() {
        for safeguard in Safeguard::ALL {
            let (_, _, broken) = lives(0, MUTANT_SEEDS, Some(safeguard), false);
            assert!(
                !broken.is_empty(),
                "{safeguard:?} can be switched off and nobody notices"
            );
        }
    }
}
