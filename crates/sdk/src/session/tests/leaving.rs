//! The way out: nothing is left.

use std::cell::RefCell;
use std::rc::Rc;

use super::server::Fault;
use super::{Bench, Task};
use crate::api::Clinical;
use crate::env::Env as _;
use crate::env::sim::Weather;
use crate::error::Error;
use crate::session::{Revocation, SessionState, SignedOutReason};

#[test]
fn a_person_connects_reads_and_leaves_and_nothing_is_left() {
    let bench = Bench::connected();
    let SessionState::Connected(account) = bench.session.state() else {
        panic!()
    };
    assert_eq!(
        (account.subject.as_str(), account.name.as_deref()),
        ("usr_1", Some("Maya"))
    );
    bench.read().unwrap();
    let report = bench.sim.block_on(bench.session.disconnect());
    assert!(report.is_complete());
    assert!(bench.server.borrow().access.is_empty() && bench.server.borrow().refresh.is_empty());
    assert!(bench.sim.storage(|storage| storage.is_empty()));
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Disconnected)
    );
    assert_eq!(bench.read(), Err(Error::SignedOut));
}

#[test]
fn disconnecting_wipes_at_once_even_when_the_platform_is_not_there() {
    let bench = Bench::connected();
    bench.sim.world(|world| world.online = false);
    let report = bench.sim.block_on(bench.session.disconnect());
    assert_eq!(
        (report.refresh_token, report.access_token),
        (Revocation::NotConfirmed, Revocation::NotConfirmed)
    );
    assert!(bench.sim.storage(|storage| storage.is_empty()));
}

#[test]
fn the_report_says_which_token_the_platform_has_not_confirmed() {
    use Revocation::{Confirmed, NotConfirmed};
    let no = Fault::Status(500, "");
    // The refresh token goes first.
    for (faults, refresh_token, access_token) in [
        ([no, Fault::Nothing], NotConfirmed, Confirmed),
        ([Fault::Nothing, no], Confirmed, NotConfirmed),
        ([Fault::Status(400, "{}"), no], NotConfirmed, NotConfirmed),
    ] {
        let bench = Bench::connected();
        for fault in faults {
            bench.fault("/r", fault);
        }
        let report = bench.sim.block_on(bench.session.disconnect());
        assert_eq!(
            (report.refresh_token, report.access_token),
            (refresh_token, access_token)
        );
        assert!(!report.is_complete());
    }
}

#[test]
fn a_refresh_that_answers_after_the_person_left_brings_nothing_back() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    let session = bench.session.clone();
    let clinical = Clinical::new(session.clone());
    let reading = async { clinical.biomarkers().await.map(|_| ()) };
    let leaving = async {
        session.disconnect().await;
        Ok(())
    };
    let futures: Vec<Task<'_>> = vec![Box::pin(reading), Box::pin(leaving)];
    let outcomes = bench.sim.run(futures);
    assert_eq!(outcomes[0], Err(Error::SignedOut));
    assert!(bench.sim.storage(|storage| storage.is_empty()));
    assert!(matches!(bench.session.state(), SessionState::SignedOut(_)));
}

#[test]
fn whoever_leaves_during_a_refresh_sends_nothing_more_and_is_shown_nothing_again() {
    // The discovery document and the tokens each take 100 ms.
    for (name, moment, refreshes) in [("before it is sent", 50, 0), ("after it is sent", 150, 1)] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.sim.world(|world| {
            world.forecast = Box::new(|_, _| Weather {
                back: 100,
                ..Weather::default()
            });
        });
        let states = Rc::new(RefCell::new(vec![]));
        bench.session.on_change({
            let states = Rc::clone(&states);
            move |state| states.borrow_mut().push(state)
        });
        let clinical = Clinical::new(bench.session.clone());
        let reading = async { clinical.biomarkers().await.map(|_| ()) };
        let leaving = async {
            bench.sim.sleep(moment).await;
            bench.session.disconnect().await;
            Ok(())
        };
        let futures: Vec<Task<'_>> = vec![Box::pin(reading), Box::pin(leaving)];
        let outcomes = bench.sim.run(futures);
        assert_eq!(outcomes, [Err(Error::SignedOut), Ok(())], "{name}");
        while bench.sim.turn() || bench.sim.wait() {}
        assert_eq!(bench.calls("/t"), 1 + refreshes, "{name}");
        let left = SessionState::SignedOut(SignedOutReason::Disconnected);
        assert_eq!(*states.borrow(), [left], "{name}");
        assert!(bench.sim.storage(|storage| storage.is_empty()), "{name}");
        assert!(bench.server.borrow().refresh.is_empty(), "{name}");
    }
}
