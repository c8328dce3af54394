//! What a person does with dead letters, while a receiver is at work.

use std::sync::atomic::Ordering;
use std::time::Duration;

use loop_webhooks::inbox::{Accepted, Backlog, Failure};

use crate::support::{Place, accept, delivery, failing, in_each_place, note, tries, until};

in_each_place! {
    a_new_ledger_is_empty,
    what_is_retried_comes_before_what_waited_for_it,
    all_of_one_reason_are_retried,
    what_is_skipped_holds_nobody_any_more,
    what_was_kept_is_replayed,
    the_oldest_waits_since_it_came_whatever_its_date,
    what_the_first_version_accepted_is_handled,
}

fn a_new_ledger_is_empty(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let mut ledger = place.ledger();
    assert_eq!(ledger.backlog(), Ok(Backlog::default()));
    assert_eq!(ledger.dead(10), Ok(Vec::new()));
    assert_eq!(ledger.body("evt_1"), Ok(None));
    assert_eq!(ledger.retry("evt_1"), Ok(false));
    assert_eq!(ledger.retry_all(None), Ok(0));
    assert_eq!(ledger.skip("evt_1", "no"), Ok(false));
    assert_eq!(ledger.replay(0), Ok(0));
    assert_eq!(ledger.check(), Ok(()));
    drop(inbox);
}

fn what_is_retried_comes_before_what_waited_for_it(place: &impl Place) {
    let (fails, handler) = failing("evt_1", Failure::again("no"));
    let inbox = place.open(tries(2), handler);
    for id in ["evt_1", "evt_2", "evt_3"] {
        accept(&inbox, id, "usr_1");
    }
    until("it is dead", || inbox.counts().dead == 1);
    let body = place.ledger().body("evt_1").unwrap();
    assert_eq!(body.as_deref(), Some(delivery("evt_1", "usr_1").body()));
    // It fails again, with all its tries.
    assert_eq!(place.ledger().retry("evt_1"), Ok(true));
    until("it is dead again", || inbox.counts().dead == 2);
    assert_eq!(inbox.counts().failed_tries, 4);
    fails.store(false, Ordering::Relaxed);
    assert_eq!(place.ledger().retry("evt_1"), Ok(true));
    until("all are handled", || inbox.counts().handled == 3);
    assert_eq!(place.effects(), ["evt_1", "evt_2", "evt_3"]);
    assert_eq!(place.ledger().retry("evt_1"), Ok(false));
    assert_eq!(place.ledger().check(), Ok(()));
}

fn all_of_one_reason_are_retried(place: &impl Place) {
    let handler = |event: &loop_webhooks::Event, _: &mut loop_webhooks::inbox::Tx<'_>| {
        let is_odd = event.id().ends_with(['1', '3', '5']);
        Err(Failure::park(if is_odd { "odd" } else { "even" }))
    };
    let inbox = place.open(tries(2), handler);
    for number in 0..5 {
        accept(&inbox, &format!("evt_{number}"), &format!("usr_{number}"));
    }
    until("all are put aside", || inbox.counts().dead == 5);
    inbox.stop();
    assert_eq!(place.ledger().retry_all(Some("odd")), Ok(2));
    let inbox = place.open(tries(2), note);
    until("the odd ones are handled", || inbox.counts().handled == 2);
    let mut effects = place.effects();
    effects.sort_unstable();
    assert_eq!(effects, ["evt_1", "evt_3"]);
    assert_eq!(place.ledger().retry_all(None), Ok(3));
    until("all are handled", || inbox.counts().handled == 5);
    assert_eq!(place.ledger().backlog(), Ok(Backlog::default()));
}

fn what_is_skipped_holds_nobody_any_more(place: &impl Place) {
    let (_, handler) = failing("evt_1", Failure::again("no"));
    let inbox = place.open(tries(2), handler);
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("it is dead", || inbox.counts().dead == 1);
    assert_eq!(place.ledger().skip("evt_1", "told by the lab"), Ok(true));
    until("the next one is handled", || inbox.counts().handled == 1);
    assert_eq!(place.effects(), ["evt_2"]);
    assert_eq!(place.dead(), []);
    assert_eq!(place.ledger().body("evt_1"), Ok(None));
    let reason = place.sql("SELECT reason, state FROM loop_inbox WHERE id = 'evt_1'");
    let told = |word: &str| Some(word.to_owned());
    assert_eq!(reason, [[told("told by the lab"), told("4")]]);
    let again = inbox.accept_blocking(delivery("evt_1", "usr_1"));
    assert_eq!(again, Ok(Accepted::Duplicate));
}

fn what_was_kept_is_replayed(place: &impl Place) {
    let inbox = place.open(tries(2), note);
    accept(&inbox, "evt_0", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    inbox.stop();
    // Nothing of it was kept.
    assert_eq!(place.ledger().replay(0), Ok(0));
    let mut settings = tries(2);
    settings.keep_bodies = Duration::from_hours(1);
    let inbox = place.open(settings, note);
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("both are handled", || inbox.counts().handled == 2);
    let body = place.ledger().body("evt_1").unwrap();
    assert_eq!(body.as_deref(), Some(delivery("evt_1", "usr_1").body()));
    assert_eq!(place.ledger().replay(i64::MAX), Ok(0));
    assert_eq!(place.ledger().replay(0), Ok(2));
    until("both are handled again", || inbox.counts().handled == 4);
    assert_eq!(
        place.effects(),
        ["evt_0", "evt_1", "evt_2", "evt_1", "evt_2"]
    );
}

/// Tests' events happen in a hundred years.
fn the_oldest_waits_since_it_came_whatever_its_date(place: &impl Place) {
    let (fails, handler) = failing("evt_1", Failure::again("no"));
    let inbox = place.open(tries(1), handler);
    let oldest = || place.ledger().backlog().unwrap().oldest;
    let before = now();
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("it is dead", || inbox.counts().dead == 1);
    assert!((before..=now()).contains(&oldest().unwrap()));
    inbox.stop();
    // Not since it came, when a person tries it again.
    let before = now();
    assert_eq!(place.ledger().retry("evt_1"), Ok(true));
    place.sql("DELETE FROM loop_inbox WHERE id = 'evt_2'");
    assert!((before..=now()).contains(&oldest().unwrap()));
    drop(fails);
}

/// Its tables did not say since when an event is pending.
fn what_the_first_version_accepted_is_handled(place: &impl Place) {
    let (fails, handler) = failing("evt_1", Failure::again("no"));
    let inbox = place.open(tries(1), handler);
    accept(&inbox, "evt_1", "usr_1");
    accept(&inbox, "evt_2", "usr_1");
    until("one is dead", || inbox.counts().dead == 1);
    inbox.stop();
    drop(fails);
    place.sql("UPDATE loop_inbox SET state = 0 WHERE id = 'evt_1'");
    place.sql("ALTER TABLE loop_inbox DROP COLUMN pending_since");
    place.sql("UPDATE loop_inbox_meta SET version = 1");
    let came = place
        .sql("SELECT min(kept_from) FROM loop_inbox")
        .remove(0)
        .remove(0);
    let backlog = place.ledger().backlog().unwrap();
    assert_eq!(backlog.oldest.map(|oldest| oldest.to_string()), came);
    let inbox = place.open(tries(1), note);
    until("they are handled", || inbox.counts().handled == 2);
    assert_eq!(place.effects(), ["evt_1", "evt_2"]);
}

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
