//! Clocks that are off, and sessions that last too long.

use loop_contracts::time::Timestamp;

use super::server::{Fault, http_date};
use super::{Bench, Session, config};
use crate::env::{Env as _, HttpResponse};
use crate::session::{SessionState, SignedOutReason, board};
use serde_json::json;

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

#[test]
fn a_device_whose_clock_is_hours_off_works_and_is_told() {
    for error in [-2 * HOUR, -10 * MINUTE, 10 * MINUTE, 2 * HOUR] {
        let bench = Bench::new();
        bench.server.borrow_mut().date = true;
        bench.sim.world(|world| world.clock_error = error);
        // The server's own clock is right.
        let sim = bench.sim.clone();
        bench.server.borrow_mut().now = Box::new(move || sim.world(|world| world.now.0));
        let bench = bench.connect();
        let told = bench.session.clock_error().unwrap();
        assert!((told - error).abs() < 2000, "{told}");
        bench.read().unwrap();
        assert_eq!(bench.calls("/t"), 1, "{error}: the token has just come");
        bench.later(HOUR - 50_000);
        bench.read().unwrap();
        assert_eq!(bench.calls("/t"), 1, "{error}: and is still good");
        bench.later(50_000);
        bench.read().unwrap();
        assert_eq!(bench.calls("/t"), 2, "{error}: and now it is not");
    }
}

#[test]
fn a_clock_that_is_set_in_the_middle_costs_no_session() {
    for error in [-2 * HOUR, -10 * MINUTE, 10 * MINUTE, 2 * HOUR] {
        let bench = Bench::new();
        bench.server.borrow_mut().date = true;
        let sim = bench.sim.clone();
        bench.server.borrow_mut().now = Box::new(move || sim.world(|world| world.now.0));
        let bench = bench.connect();
        bench.sim.world(|world| world.clock_error = error);
        bench.later(30 * MINUTE);
        bench.read().unwrap();
        bench.later(HOUR);
        bench.read().unwrap();
        assert!(matches!(bench.session.state(), SessionState::Connected(_)));
        assert!(!bench.server.borrow().revoked_by_us);
    }
}

#[test]
fn what_an_answer_says_of_the_time() {
    /// A `Date` that is so far ahead of the device's clock, an `Age`, how long the answer took, and what the person is told then.
    type Case = (i64, Option<&'static str>, i64, Option<i64>);
    let cases: [Case; 13] = [
        (0, None, 0, None),
        (120_000, None, 0, None),
        (121_000, None, 0, Some(-121_000)),
        (-120_000, None, 0, None),
        (-121_000, None, 0, Some(121_000)),
        // A cache kept the answer for so many seconds.
        (-600_000, Some("600"), 0, None),
        (0, Some("300"), 0, Some(-300_000)),
        (300_000, Some("0"), 0, Some(-300_000)),
        (300_000, Some("-300"), 0, Some(-300_000)),
        (300_000, Some("a while"), 0, Some(-300_000)),
        // Under way for longer, the answer tells nothing.
        (300_000, None, 4_999, Some(-300_000)),
        (300_000, None, 5_000, None),
        (300_000, None, -1, None),
    ];
    for case in cases {
        let (ahead, age, took, told) = case;
        let bench = Bench::new();
        let now = Timestamp(1_800_000_000_000);
        bench.sim.world(|world| world.now = now);
        bench
            .session
            .hear_time(&answer(now.plus(ahead), age), now.plus(-took));
        assert_eq!(bench.session.clock_error(), told, "{case:?}");
    }
}

#[test]
fn the_clock_is_not_moved_by_what_a_whole_second_may_be_off() {
    let bench = Bench::new();
    let now = Timestamp(1_800_000_000_000);
    bench.sim.world(|world| world.now = now);
    for (ahead, told) in [
        (600_000, -600_000),
        (603_000, -600_000),
        (597_000, -600_000),
        (604_000, -604_000),
    ] {
        bench.session.hear_time(&answer(now.plus(ahead), None), now);
        assert_eq!(bench.session.clock_error(), Some(told), "{ahead}");
    }
}

/// An answer of this time, from a cache that kept it for so long.
fn answer(at: Timestamp, age: Option<&str>) -> HttpResponse {
    let age = age.map(|age| ("age".to_owned(), age.to_owned()));
    HttpResponse {
        status: 200,
        headers: [("date".to_owned(), http_date(at))]
            .into_iter()
            .chain(age)
            .collect(),
        body: vec![],
    }
}

#[test]
fn a_clock_that_was_set_back_by_more_than_a_minute_lets_the_idle_limit_begin_anew() {
    for (back, begins_anew) in [(MINUTE, false), (MINUTE + 1, true)] {
        let bench = Bench::connected();
        let last = bench.sim.now();
        bench.later(0);
        bench.away(-back);
        bench.session.ending();
        let expected = if begins_anew { bench.sim.now() } else { last };
        assert_eq!(board::last_active(&bench.sim), Some(expected), "{back}");
    }
}

#[test]
fn a_device_whose_clock_is_right_is_told_nothing() {
    let bench = Bench::new();
    bench.server.borrow_mut().date = true;
    let bench = bench.connect();
    assert_eq!(bench.session.clock_error(), None);
}

#[test]
fn a_session_that_nobody_uses_ends_after_ten_minutes_in_every_tab_and_is_revoked() {
    let bench = Bench::connected();
    let sim = bench.sim.open();
    let other = Session::new(sim.clone(), config(&json!({})));
    bench.sim.settle();
    bench.away(9 * MINUTE);
    let ending = bench.session.ending().unwrap();
    assert_eq!((ending.left, ending.why), (MINUTE, SignedOutReason::Idle));
    // Somebody is there after all, in the other tab.
    other.touch();
    assert_eq!(bench.session.ending().unwrap().left, 10 * MINUTE);
    bench.away(10 * MINUTE - 1);
    assert!(bench.session.ending().is_some());
    bench.away(1);
    bench.session.revisit();
    while bench.sim.turn() || bench.sim.wait() {}
    for session in [&bench.session, &other] {
        assert_eq!(
            session.state(),
            SessionState::SignedOut(SignedOutReason::Idle)
        );
    }
    assert!(sim.storage(|storage| storage.is_empty()));
    assert!(bench.sim.storage(|storage| storage.is_empty()));
    assert!(bench.server.borrow().refresh.is_empty());
}

#[test]
fn a_person_may_choose_a_shorter_idle_limit_in_every_tab_and_no_longer_one() {
    let bench = Bench::connected();
    let other = Session::new(bench.sim.open(), config(&json!({})));
    bench.sim.settle();
    for (minutes, limit) in [
        (5, 5),
        (2, 2),
        (1, 10),
        (0, 10),
        (-3, 10),
        (15, 10),
        (10, 10),
        (i64::MAX, 10),
        (3, 3),
    ] {
        bench.session.choose_idle_limit(minutes);
        for session in [&bench.session, &other] {
            assert_eq!(session.idle_limit(), limit * MINUTE, "{minutes}");
            assert_eq!(session.ending().unwrap().left, limit * MINUTE, "{minutes}");
        }
    }
    for text in ["", "5 5", "five", "0x5", "5.0", "99999999999999999999"] {
        bench.sim.shared_store("loop.idle.v1", text).unwrap();
        assert_eq!(bench.session.idle_limit(), 10 * MINUTE, "{text}");
    }
    // It is the person's, not the session's.
    bench.session.choose_idle_limit(2);
    bench.away(2 * MINUTE);
    bench.session.revisit();
    while bench.sim.turn() || bench.sim.wait() {}
    let idle = SessionState::SignedOut(SignedOutReason::Idle);
    assert_eq!(bench.session.state(), idle);
    assert_eq!(other.state(), idle);
    assert_eq!(bench.session.idle_limit(), 2 * MINUTE);
}

#[test]
fn touching_does_not_bring_back_what_is_over() {
    let bench = Bench::connected();
    bench.away(10 * MINUTE);
    bench.session.touch();
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Idle)
    );
}

#[test]
fn eight_hours_are_the_most_however_busy_the_person_is() {
    let bench = Bench::connected();
    for _ in 0..95 {
        bench.later(5 * MINUTE);
        bench.read().unwrap();
    }
    let ending = bench.session.ending().unwrap();
    assert_eq!(
        (ending.left, ending.why),
        (5 * MINUTE, SignedOutReason::TooLong)
    );
    bench.later(5 * MINUTE);
    assert!(bench.read().is_err());
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::TooLong)
    );
}

#[test]
fn a_page_that_is_opened_after_a_night_shows_nothing_of_the_evening() {
    let bench = Bench::connected();
    bench.away(9 * HOUR);
    let sim = bench.sim.reload();
    let session = Session::new(sim.clone(), config(&json!({})));
    assert!(session.state().account().is_none());
    assert!(sim.storage(|storage| storage.is_empty()));
    assert!(session.ending().is_none());
}

#[test]
fn a_laptop_that_wakes_offline_keeps_what_it_has_and_a_night_later_it_does_not() {
    let bench = Bench::connected();
    bench.away(5 * MINUTE);
    bench.sim.world(|world| world.online = false);
    assert!(bench.read().is_err());
    assert!(bench.session.state().account().is_some());
    bench.away(6 * MINUTE);
    assert!(bench.read().is_err());
    assert!(bench.session.state().account().is_none());
    assert!(bench.sim.now() > loop_contracts::time::Timestamp(0));
}

#[test]
fn a_pause_holds_in_every_tab_and_over_a_reload() {
    let bench = Bench::connected();
    bench.later(HOUR);
    let limited = r#"{"error":"rate_limited","retry_after_ms":90000}"#;
    bench.fault("/t", Fault::Status(429, limited));
    assert!(bench.read().is_err());
    let sim = bench.sim.reload();
    let bench = Bench {
        session: Session::new(sim.clone(), config(&json!({}))),
        sim,
        server: std::rc::Rc::clone(&bench.server),
    };
    assert!(bench.read().is_err());
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
    bench.later(90_000);
    bench.read().unwrap();
}
