//! What all tabs can see at once, fact by fact.

use super::Bench;
use crate::env::Env as _;
use crate::session::board;

const SENT: &str = "loop.sent.v2";

#[test]
fn tokens_are_left_over_when_their_session_ended_elsewhere_and_they_are_the_newest() {
    for (family, sent, generation, is_left_over) in [
        (None, Some("F 3"), 3, true),
        (Some("F"), Some("F 3"), 3, false),
        (Some("G"), Some("F 3"), 3, false),
        (None, Some("F 3"), 2, false),
        (None, Some("F 3"), 4, false),
        (None, Some("G 3"), 3, false),
        (None, None, 3, false),
    ] {
        let sim = Bench::new().sim;
        if let Some(family) = family {
            board::begin(&sim, family);
        }
        if let Some(sent) = sent {
            sim.shared_store(SENT, sent).unwrap();
        }
        let case = (family, sent, generation);
        assert_eq!(
            board::is_left_over(&sim, "F", generation),
            is_left_over,
            "{case:?}"
        );
        let stays = sent.filter(|_| !is_left_over).map(str::to_owned);
        assert_eq!(
            sim.shared_load(SENT),
            Ok(stays),
            "{case:?}: said once, and else left alone"
        );
    }
}

#[test]
fn how_many_were_sent_is_of_one_family_and_what_cannot_be_read_is_all_of_them() {
    for (text, sent) in [
        (None, 0),
        (Some("F 0"), 0),
        (Some("F 7"), 7),
        (Some("G 7"), 0),
        (Some("F"), u32::MAX),
        (Some(""), u32::MAX),
        (Some("F x"), u32::MAX),
        (Some("F -1"), u32::MAX),
        (Some("F 99999999999"), u32::MAX),
    ] {
        let sim = Bench::new().sim;
        if let Some(text) = text {
            sim.shared_store(SENT, text).unwrap();
        }
        assert_eq!(board::sent(&sim, "F"), Ok(sent), "{text:?}");
    }
}

#[test]
fn the_last_four_sign_ins_cannot_be_exchanged_again() {
    let sim = Bench::new().sim;
    let states = [
        "state-000001",
        "state-000002",
        "state-000003",
        "state-000004",
        "state-000005",
        "state-000006",
    ];
    for state in states {
        assert_eq!(board::begin_exchange(&sim, state), Ok(true), "{state}");
    }
    for state in &states[2..] {
        assert_eq!(board::begin_exchange(&sim, state), Ok(false), "{state}");
    }
    assert!(board::is_overtaken(&sim, states[4]));
    assert!(!board::is_overtaken(&sim, states[5]));
    let kept = sim.shared_load("loop.exchanges.v2").unwrap().unwrap();
    assert_eq!(
        kept,
        states[2..].join(" "),
        "no more than these are remembered"
    );
}
