//! What a handler that fails does to its event, and to those behind it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use loop_webhooks::Event;
use loop_webhooks::inbox::{Exhausted, Failure, Handler as _, Tx};

use crate::support::{Gate, Place, accept, failing, in_each_place, note, tries, until};

in_each_place! {
    a_failure_is_tried_again_and_stops_only_its_user,
    a_panic_is_a_failure,
    used_up_tries_hold_the_user,
    or_let_the_user_go_on,
    what_a_handler_puts_aside_holds_nobody,
    an_error_that_is_passed_over_loses_and_doubles_nothing,
    a_handler_that_ends_the_transaction_is_noticed,
    a_handler_that_always_ends_the_transaction_is_given_up,
}

fn a_failure_is_tried_again_and_stops_only_its_user(place: &impl Place) {
    let (fails, handler) = failing("evt_a1", Failure::again("no"));
    let inbox = place.open(tries(u32::MAX), handler);
    accept(&inbox, "evt_a1", "usr_a");
    accept(&inbox, "evt_a2", "usr_a");
    accept(&inbox, "evt_b1", "usr_b");
    until("the other user's is handled", || {
        inbox.counts().handled == 1
    });
    let tried = inbox.counts().failed_tries;
    until("it is tried again", || {
        inbox.counts().failed_tries > tried + 2
    });
    assert_eq!(place.effects(), ["evt_b1"]);
    fails.store(false, Ordering::Relaxed);
    until("all are handled", || inbox.counts().handled == 3);
    assert_eq!(place.effects_of("usr_a"), ["evt_a1", "evt_a2"]);
    assert_eq!(place.effects().len(), 3);
}

fn a_panic_is_a_failure(place: &impl Place) {
    let first = AtomicBool::new(true);
    let handler = move |event: &Event, tx: &mut Tx<'_>| {
        note(event, tx)?;
        if first.swap(false, Ordering::Relaxed) {
            // A panic that says nothing.
            std::panic::resume_unwind(Box::new(()));
        }
        Ok(())
    };
    let inbox = place.open(tries(3), handler);
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    assert_eq!(inbox.counts().failed_tries, 1);
    assert_eq!(place.effects(), ["evt_1"]);
}

fn used_up_tries_hold_the_user(place: &impl Place) {
    let (_, handler) = failing("evt_a1", Failure::again("no"));
    let inbox = place.open(tries(3), handler);
    accept(&inbox, "evt_a1", "usr_a");
    accept(&inbox, "evt_a2", "usr_a");
    accept(&inbox, "evt_b1", "usr_b");
    until("one is dead", || inbox.counts().dead == 1);
    until("the other user's is handled", || {
        inbox.counts().handled == 1
    });
    assert_eq!(inbox.counts().failed_tries, 3);
    let backlog = place.ledger().backlog().unwrap();
    assert_eq!((backlog.pending, backlog.held, backlog.parked), (1, 1, 0));
    let dead = place.ledger().dead(10).unwrap();
    assert_eq!(dead.len(), 1);
    let dead = &dead[0];
    assert_eq!((dead.id.as_str(), dead.reason.as_str()), ("evt_a1", "no"));
    assert_eq!((dead.tries, dead.waiting), (3, 1));
    assert_eq!(dead.name, "protocol.started");
    // What comes later for this user has somebody look there.
    accept(&inbox, "evt_a3", "usr_a");
    accept(&inbox, "evt_b2", "usr_b");
    until("the other user's is handled", || {
        inbox.counts().handled == 2
    });
    assert_eq!(place.effects(), ["evt_b1", "evt_b2"]);
    assert_eq!(place.ledger().dead(10).unwrap()[0].waiting, 2);
}

fn or_let_the_user_go_on(place: &impl Place) {
    let (_, handler) = failing("evt_a1", Failure::again("no"));
    let mut settings = tries(3);
    settings.exhausted = Exhausted::GoOn;
    let inbox = place.open(settings, handler);
    accept(&inbox, "evt_a1", "usr_a");
    accept(&inbox, "evt_a2", "usr_a");
    until("the next one is handled", || inbox.counts().handled == 1);
    assert_eq!(place.effects(), ["evt_a2"]);
    let backlog = place.ledger().backlog().unwrap();
    assert_eq!((backlog.pending, backlog.held, backlog.parked), (0, 0, 1));
}

fn what_a_handler_puts_aside_holds_nobody(place: &impl Place) {
    let (_, handler) = failing("evt_a1", Failure::park("strange"));
    let inbox = place.open(tries(3), handler);
    accept(&inbox, "evt_a1", "usr_a");
    accept(&inbox, "evt_a2", "usr_a");
    until("the next one is handled", || inbox.counts().handled == 1);
    assert_eq!(place.effects(), ["evt_a2"]);
    let dead = place.ledger().dead(10).unwrap();
    assert_eq!((dead[0].reason.as_str(), dead[0].tries), ("strange", 1));
}

/// Either the event is handled and what it wrote is there, or it is not and nothing is.
fn an_error_that_is_passed_over_loses_and_doubles_nothing(place: &impl Place) {
    let careless = Arc::new(AtomicBool::new(true));
    let is_careless = Arc::clone(&careless);
    let handler = move |event: &Event, tx: &mut Tx<'_>| {
        note(event, tx)?;
        if event.id() == "evt_3" && is_careless.load(Ordering::Relaxed) {
            let refused = tx.execute("INSERT INTO nowhere (id) VALUES ($1)", &["usr_1".into()]);
            assert!(!format!("{:?}", refused.unwrap_err()).contains("usr_1"));
        }
        Ok(())
    };
    let inbox = place.open(tries(2), handler);
    for number in 0..6 {
        accept(
            &inbox,
            &format!("evt_{number}"),
            &format!("usr_{}", number % 2),
        );
    }
    // In a file all are; in PostgreSQL the careless one holds its user.
    let done = || usize::try_from(inbox.counts().handled).unwrap();
    until("what can be handled is", || {
        done() == 6 || (done() == 4 && inbox.counts().dead == 1)
    });
    assert_eq!(place.effects().len(), done());
    careless.store(false, Ordering::Relaxed);
    place.ledger().retry_all(Some("statement_refused")).unwrap();
    until("all are handled", || done() == 6);
    assert_eq!(place.effects_of("usr_0"), ["evt_0", "evt_2", "evt_4"]);
    assert_eq!(place.effects_of("usr_1"), ["evt_1", "evt_3", "evt_5"]);
}

fn a_handler_that_ends_the_transaction_is_noticed(place: &impl Place) {
    let first = AtomicBool::new(true);
    // The second try waits until what became of the first one was looked at.
    let gate = Gate::new();
    let again = gate.before(note);
    let handler = move |event: &Event, tx: &mut Tx<'_>| {
        if !first.swap(false, Ordering::Relaxed) {
            return again.handle(event, tx);
        }
        note(event, tx)?;
        tx.execute("COMMIT", &[])?;
        Ok(())
    };
    let inbox = place.open(tries(3), handler);
    accept(&inbox, "evt_1", "usr_1");
    gate.until_somebody_waits();
    until("it is noticed", || inbox.counts().store_errors == 1);
    assert_eq!(inbox.counts().handled, 0);
    gate.open();
    accept(&inbox, "evt_2", "usr_1");
    until("both are handled", || inbox.counts().handled == 2);
    // As documented: the one that was committed apart from its event is there twice.
    assert_eq!(place.effects(), ["evt_1", "evt_1", "evt_2"]);
}

fn a_handler_that_always_ends_the_transaction_is_given_up(place: &impl Place) {
    let handler = |event: &Event, tx: &mut Tx<'_>| {
        note(event, tx)?;
        if event.id() == "evt_a1" {
            tx.execute("COMMIT", &[])?;
        }
        Ok(())
    };
    let inbox = place.open(tries(3), handler);
    accept(&inbox, "evt_a1", "usr_a");
    accept(&inbox, "evt_b1", "usr_b");
    until("it is given up", || inbox.counts().dead == 1);
    until("the other user's is handled", || {
        inbox.counts().handled == 1
    });
    let dead = place.ledger().dead(10).unwrap();
    assert_eq!(dead[0].reason, "transaction_ended");
    assert_eq!(dead[0].tries, 3);
    assert_eq!(place.effects_of("usr_b"), ["evt_b1"]);
}
