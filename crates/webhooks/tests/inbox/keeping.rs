//! What an inbox keeps, for how long, and what it leaves behind.

use std::sync::atomic::Ordering;
use std::time::Duration;

use loop_webhooks::inbox::{Accepted, Failure};

use crate::support::{Place, accept, delivery, failing, in_each_place, note, tries, until};

in_each_place! {
    what_was_handled_leaves_no_body_and_no_user,
    what_is_old_is_forgotten_and_dead_letters_are_not,
    kept_bodies_are_forgotten_too,
    what_was_not_handled_is_handled_after_the_next_start,
}

fn what_was_handled_leaves_no_body_and_no_user(place: &impl Place) {
    let (_, handler) = failing("evt_dead", Failure::again("no"));
    let inbox = place.open(tries(2), handler);
    accept(&inbox, "evt_1", "usr_77123");
    accept(&inbox, "evt_dead", "usr_2");
    until("one is handled", || inbox.counts().handled == 1);
    until("one is dead", || inbox.counts().dead == 1);
    let bodies = "SELECT id FROM loop_inbox WHERE body IS NOT NULL";
    assert_eq!(place.sql(bodies), [[Some("evt_dead".to_owned())]]);
    let rows = format!("{:?}", place.sql("SELECT * FROM loop_inbox"));
    assert!(!rows.contains("77123"), "{rows}");
    assert!(!format!("{inbox:?} {:?}", place.ledger()).contains("77123"));
}

fn what_is_old_is_forgotten_and_dead_letters_are_not(place: &impl Place) {
    let (_, handler) = failing("evt_dead", Failure::again("no"));
    let inbox = place.open(tries(2), handler);
    std::thread::scope(|scope| {
        for number in 0..12 {
            let inbox = &inbox;
            scope.spawn(move || {
                for number in (number..1_200).step_by(12) {
                    accept(inbox, &format!("evt_{number}"), &format!("usr_{number}"));
                }
            });
        }
    });
    accept(&inbox, "evt_dead", "usr_dead");
    accept(&inbox, "evt_waits", "usr_dead");
    until("all are handled", || inbox.counts().handled == 1_200);
    until("one is dead", || inbox.counts().dead == 1);
    inbox.stop();
    place.sql("UPDATE loop_inbox SET kept_from = 1000 WHERE id <> 'evt_7'");
    let inbox = place.open(tries(2), note);
    // More than one step takes.
    let count = || place.number("SELECT count(*) FROM loop_inbox");
    until("what is old is forgotten", || count() == 3);
    let offer = |id, user| inbox.accept_blocking(delivery(id, user));
    assert_eq!(offer("evt_dead", "usr_dead"), Ok(Accepted::Duplicate));
    assert_eq!(offer("evt_7", "usr_7"), Ok(Accepted::Duplicate));
    assert_eq!(offer("evt_0", "usr_0"), Ok(Accepted::New));
    assert_eq!(place.dead(), [("evt_dead".to_owned(), "no".to_owned())]);
}

fn kept_bodies_are_forgotten_too(place: &impl Place) {
    let mut settings = tries(2);
    settings.keep_bodies = Duration::from_hours(1);
    let inbox = place.open(settings.clone(), note);
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("both are handled", || inbox.counts().handled == 2);
    inbox.stop();
    place.sql("UPDATE loop_inbox SET ended_at = 1000 WHERE id = 'evt_1'");
    let _inbox = place.open(settings, note);
    let bodies = || place.number("SELECT count(*) FROM loop_inbox WHERE body IS NOT NULL");
    until("the old one is forgotten", || bodies() == 1);
    assert_eq!(place.ledger().body("evt_1"), Ok(None));
    assert!(place.ledger().body("evt_2").unwrap().is_some());
}

fn what_was_not_handled_is_handled_after_the_next_start(place: &impl Place) {
    let (fails, handler) = failing("evt_1", Failure::again("no"));
    let inbox = place.open(tries(u32::MAX), handler);
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("it is tried", || inbox.counts().failed_tries > 0);
    inbox.stop();
    let stopped = inbox.accept_blocking(delivery("evt_3", "usr_1"));
    assert_eq!(stopped.unwrap_err().code(), "stopped");
    fails.store(false, Ordering::Relaxed);
    let inbox = place.open(tries(2), note);
    until("both are handled", || inbox.counts().handled == 2);
    assert_eq!(place.effects(), ["evt_1", "evt_2"]);
}
