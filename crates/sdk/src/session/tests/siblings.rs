//! What tabs tell each other, and what a tab makes of it.

use super::Bench;
use super::server::Fault;
use crate::env::Env as _;
use crate::session::store::SESSION_KEY;
use crate::session::{SessionState, SignedOutReason, board};

const HOUR: i64 = 3_600_000;

fn family(bench: &Bench) -> String {
    board::family(&bench.sim).unwrap().unwrap()
}

#[test]
fn a_tab_says_what_another_one_told_it_about_the_end() {
    for (word, why) in [
        ("disconnected", SignedOutReason::DisconnectedElsewhere),
        ("idle", SignedOutReason::Idle),
        ("too-long", SignedOutReason::TooLong),
        ("interrupted", SignedOutReason::Interrupted),
        ("ended", SignedOutReason::Ended),
        ("something else", SignedOutReason::Ended),
    ] {
        let bench = Bench::connected();
        let other = bench.sim.open();
        other.tell(&format!("left {} {word}", family(&bench)));
        bench.sim.settle();
        assert_eq!(
            bench.session.state(),
            SessionState::SignedOut(why),
            "{word}"
        );
        assert!(bench.sim.storage(|storage| storage.is_empty()));
    }
}

#[test]
fn every_tab_gives_the_same_reason_for_the_end() {
    type End = fn(&Bench);
    let lost: End = |bench| {
        bench.later(HOUR);
        bench.fault("/t", Fault::LostAfterwards);
        bench.read().unwrap_err();
    };
    let too_long: End = |bench| {
        for _ in 0..50 {
            bench.later(HOUR / 6);
        }
        bench.read().unwrap_err();
    };
    let idle: End = |bench| {
        bench.away(HOUR / 6);
        bench.read().unwrap_err();
    };
    for (end, why) in [
        (lost, SignedOutReason::Interrupted),
        (too_long, SignedOutReason::TooLong),
        (idle, SignedOutReason::Idle),
    ] {
        let bench = Bench::connected();
        let other = bench.new_tab();
        other.look();
        end(&bench);
        bench.sim.settle();
        let expected = SessionState::SignedOut(why);
        assert_eq!(
            [bench.session.state(), other.session.state()],
            [expected.clone(), expected]
        );
    }
}

#[test]
fn a_tab_that_sees_the_board_change_looks_by_itself() {
    let bench = Bench::connected();
    let other = bench.new_tab();
    other.look();
    board::end(&bench.sim, &family(&bench), 0);
    bench.sim.settle();
    assert_eq!(
        other.session.state(),
        SessionState::SignedOut(SignedOutReason::Ended)
    );
}

#[test]
fn the_end_of_another_session_is_not_the_end_of_this_one() {
    let bench = Bench::connected();
    let other = bench.sim.open();
    for word in ["disconnected", "idle", "ended"] {
        other.tell(&format!("left another {word}"));
        bench.sim.settle();
        assert!(bench.session.state().account().is_some(), "{word}");
    }
    // Nor of none.
    let nobody = Bench::new();
    let other = nobody.sim.open();
    other.tell("left another disconnected");
    nobody.sim.settle();
    assert_eq!(
        nobody.session.state(),
        SessionState::SignedOut(SignedOutReason::NotYet)
    );
}

#[test]
fn where_tabs_share_no_store_a_person_who_leaves_means_all_of_them_and_a_limit_means_one() {
    for (word, is_over) in [("disconnected", true), ("idle", false), ("ended", false)] {
        let bench = Bench::new();
        bench.sim.world(|world| world.shared_store = false);
        let bench = bench.connect();
        let other = bench.sim.open();
        other.tell(&format!("left another {word}"));
        bench.sim.settle();
        assert_eq!(bench.session.state().account().is_none(), is_over, "{word}");
    }
}

#[test]
fn an_older_word_of_the_session_does_not_replace_a_newer_one() {
    let bench = Bench::connected();
    let token = || {
        bench
            .sim
            .block_on(bench.session.access_token(None, 1_000))
            .unwrap()
    };
    let old = bench
        .sim
        .storage(|storage| storage.get(SESSION_KEY).cloned())
        .unwrap();
    bench.later(HOUR);
    let newest = token();
    let other = bench.sim.open();
    other.tell(&old);
    bench.sim.settle();
    assert!(token().same(&newest));
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
}

#[test]
fn a_word_of_another_client_or_another_server_is_not_taken() {
    for (own, others) in [
        (r#""client_id":"app""#, r#""client_id":"app_2""#),
        (
            r#""issuer":"https://identity.example""#,
            r#""issuer":"https://identity.example.org""#,
        ),
        (r#""subject":"usr_1""#, r#""subject":"""#),
    ] {
        let bench = Bench::connected();
        let record = bench
            .sim
            .storage(|storage| storage.get(SESSION_KEY).cloned())
            .unwrap();
        let changed = record.replace(own, others);
        assert_ne!(changed, record);
        // The right one shows that nothing else is in the way.
        for (record, is_taken) in [(record, true), (changed, false)] {
            bench
                .sim
                .storage(|storage| storage.insert(SESSION_KEY.to_owned(), record));
            bench.session.revisit();
            assert_eq!(
                bench.session.state().account().is_some(),
                is_taken,
                "{others}"
            );
        }
    }
}
