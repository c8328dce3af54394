//! What may happen while a code is exchanged.

use super::Bench;
use super::server::Fault;
use crate::env::sim::Sim;
use crate::error::Error;
use crate::protocol::Reason;
use crate::protocol::callback::TRANSACTION_LIFE;
use crate::session::{Landing, board};

/// Somebody connects once more, and in the moment in which the server answers with tokens, something else happens.
fn meanwhile(happens: impl FnOnce(&Sim) + 'static) -> (Bench, Result<Landing, Error>) {
    let bench = Bench::connected();
    let query = bench.consent("/");
    let sim = bench.sim.clone();
    bench.server.borrow_mut().meanwhile = Some(Box::new(move || happens(&sim)));
    let landing = bench.sim.block_on(bench.session.complete(&query, ""));
    bench.sim.settle();
    (bench, landing)
}

#[test]
fn tokens_that_come_after_everybody_left_are_revoked() {
    let (bench, landing) = meanwhile(|sim| {
        let family = board::family(sim).unwrap().unwrap();
        board::end(sim, &family, 0);
    });
    assert_eq!(landing.err(), Some(Error::SignedOut));
    assert!(!bench.server.borrow().refresh.contains("lph_rt_2"));
    assert_eq!(bench.read(), Err(Error::SignedOut));
}

#[test]
fn tokens_that_another_sign_in_has_replaced_are_dropped_and_not_revoked() {
    let (bench, landing) = meanwhile(|sim| {
        let _ = board::begin_exchange(sim, "another-sign-in");
    });
    assert_eq!(landing.err(), Some(Error::SignedOut));
    assert!(
        bench.server.borrow().refresh.contains("lph_rt_2"),
        "the platform has replaced them by itself"
    );
}

#[test]
fn an_exchange_that_is_answered_after_ten_minutes_begins_no_session() {
    for (asleep, expected) in [
        (TRANSACTION_LIFE, None),
        (
            TRANSACTION_LIFE + 1,
            Some(Error::Refused(Reason::TransactionExpired)),
        ),
    ] {
        let (bench, landing) =
            meanwhile(move |sim| sim.world(|world| world.now = world.now.plus(asleep)));
        assert_eq!(landing.err(), expected, "{asleep}");
        let is_kept = bench.server.borrow().refresh.contains("lph_rt_2");
        assert_eq!(
            is_kept,
            expected.is_none(),
            "revoked, unless somebody uses them"
        );
    }
}

#[test]
fn a_sign_in_that_was_never_sent_costs_the_session_before_nothing() {
    for (fault, refreshes) in [
        (None, Ok(())),
        (Some(Fault::Lost), Err(Error::OutcomeUnknown)),
    ] {
        let bench = Bench::connected();
        let query = bench.consent("/");
        match fault {
            None => bench.sim.world(|world| world.online = false),
            Some(fault) => bench.fault("/t", fault),
        }
        assert!(
            bench
                .sim
                .block_on(bench.session.complete(&query, ""))
                .is_err()
        );
        bench.sim.world(|world| world.online = true);
        bench.later(3_600_000);
        assert_eq!(bench.read(), refreshes);
    }
}
