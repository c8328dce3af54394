//! What a receiver has to say to each delivery, and that no flaw of a receiver goes unnoticed.
//!
//! The scenarios are the judge. Ours passes all of them. Each flaw is one that receivers were found with; it is built in front of
//! ours or behind it, and at least one scenario must fail.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod flaws;
mod scenarios;
mod support;

use flaws::flaws;
use scenarios::scenarios;
use support::{Outcome, Request, receive, verifier};

type Receiver = fn(&Request) -> Outcome;

fn ours(request: &Request) -> Outcome {
    receive(&verifier(), request)
}

/// The scenarios in which a receiver says something else than it should.
fn failed(receiver: Receiver) -> Vec<&'static str> {
    let all = scenarios().into_iter();
    let failed = all.filter(|scenario| receiver(&scenario.sent) != scenario.expected);
    failed.map(|scenario| scenario.name).collect()
}

#[test]
fn ours_passes_every_scenario() {
    for scenario in scenarios() {
        assert_eq!(ours(&scenario.sent), scenario.expected, "{}", scenario.name);
    }
}

#[test]
fn each_flaw_is_caught_by_the_scenario_that_is_about_it() {
    for flaw in flaws() {
        let failed = failed(flaw.receiver);
        for caught_by in flaw.caught_by {
            assert!(
                failed.contains(caught_by),
                "{}: not caught by {caught_by:?}, but by {failed:?}",
                flaw.name
            );
        }
        assert!(!flaw.caught_by.is_empty(), "{}", flaw.name);
    }
}

#[test]
fn each_scenario_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = scenarios().iter().map(|one| one.name).collect();
    assert_eq!(names.len(), scenarios().len());
}
