//! What is accepted counts once, and in order.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use loop_webhooks::Delivery;
use loop_webhooks::inbox::{Accepted, Settings};

use crate::support::{Gate, Place, accept, delivery, in_each_place, note, tries, until, with};

in_each_place! {
    what_many_threads_accept_is_handled_once_and_in_order,
    what_comes_again_is_a_duplicate_also_after_a_restart,
    of_two_bodies_under_one_id_the_first_counts,
    one_id_from_forty_threads_has_one_effect,
    what_nobody_can_handle_is_put_aside,
    accepting_does_not_wait_for_a_handler,
    what_comes_alone_is_handled_at_once,
}

const USERS: u64 = 64;
/// Events of each.
const EACH: u64 = 200;

fn what_many_threads_accept_is_handled_once_and_in_order(place: &impl Place) {
    let inbox = place.open(Settings::default(), note);
    std::thread::scope(|scope| {
        for user in 0..USERS {
            let inbox = inbox.clone();
            scope.spawn(move || {
                for number in 0..EACH {
                    let id = format!("evt_{user}_{number:04}");
                    let accept = || inbox.accept_blocking(delivery(&id, &format!("usr_{user}")));
                    assert_eq!(accept(), Ok(Accepted::New));
                    if number % 10 == 0 {
                        assert_eq!(accept(), Ok(Accepted::Duplicate));
                    }
                }
            });
        }
    });
    until("all are handled", || inbox.counts().handled == USERS * EACH);
    inbox.stop();
    assert_eq!(place.effects().len() as u64, USERS * EACH);
    for user in 0..USERS {
        let own = place.effects_of(&format!("usr_{user}"));
        assert!(own.is_sorted() && own.len() as u64 == EACH, "{own:?}");
    }
}

fn what_comes_again_is_a_duplicate_also_after_a_restart(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let again = |inbox: &loop_webhooks::inbox::Inbox| {
        let again = inbox.accept_blocking(delivery("evt_1", "usr_1"));
        assert_eq!(again, Ok(Accepted::Duplicate));
    };
    accept(&inbox, "evt_1", "usr_1");
    again(&inbox);
    until("it is handled", || inbox.counts().handled == 1);
    again(&inbox);
    assert_eq!(inbox.counts().duplicates, 2);
    inbox.stop();
    let inbox = place.open(tries(3), note);
    again(&inbox);
    accept(&inbox, "evt_2", "usr_1");
    until("the next one is handled", || inbox.counts().handled == 1);
    assert_eq!(place.effects(), ["evt_1", "evt_2"]);
}

fn of_two_bodies_under_one_id_the_first_counts(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let offer = |user: &str, data: &str| {
        let other = with(
            "evt_1",
            user,
            "protocol.started",
            "2100-01-01T00:00:00Z",
            data,
        );
        inbox.accept_blocking(other)
    };
    assert_eq!(offer("usr_1", "{}"), Ok(Accepted::New));
    assert_eq!(offer("usr_1", r#"{"a":1}"#), Ok(Accepted::Conflict));
    assert_eq!(offer("usr_2", "{}"), Ok(Accepted::Conflict));
    assert_eq!(offer("usr_1", "{}"), Ok(Accepted::Duplicate));
    accept(&inbox, "evt_2", "usr_2");
    until("both are handled", || inbox.counts().handled == 2);
    assert_eq!(place.effects_of("usr_1"), ["evt_1"]);
    assert_eq!(place.effects_of("usr_2"), ["evt_2"]);
    assert_eq!(inbox.counts().conflicts, 2);
}

/// Most of them end up in one batch.
fn one_id_from_forty_threads_has_one_effect(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let barrier = Barrier::new(40);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let offer = |number: u32| {
            let (inbox, barrier) = (inbox.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                // Every fourth one has another body.
                let data = if number % 4 == 3 { r#"{"a":1}"# } else { "{}" };
                let name = "protocol.started";
                let one = with("evt_1", "usr_1", name, "2100-01-01T00:00:00Z", data);
                inbox.accept_blocking(one).unwrap()
            })
        };
        let threads: Vec<_> = (0..40).map(offer).collect();
        threads.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let count = |what| answers.iter().filter(|one| **one == what).count();
    assert_eq!(count(Accepted::New), 1);
    let (same, other) = (count(Accepted::Duplicate), count(Accepted::Conflict));
    // Which of the two came first is chance.
    assert!(
        (same, other) == (29, 10) || (same, other) == (9, 30),
        "{same} {other}"
    );
    accept(&inbox, "evt_2", "usr_1");
    until("both are handled", || inbox.counts().handled == 2);
    assert_eq!(place.effects(), ["evt_1", "evt_2"]);
}

fn what_nobody_can_handle_is_put_aside(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let unreadable = Delivery::from_store(b"no JSON".to_vec());
    let key = unreadable.key().to_owned();
    let offer = |delivery| inbox.accept_blocking(delivery);
    let payload = "clinical.biomarker.parsed.v1";
    let payload = || {
        with(
            "evt_1",
            "usr_1",
            payload,
            "2100-01-01T00:00:00Z",
            r#"{"a":1}"#,
        )
    };
    let old = with(
        "evt_2",
        "usr_1",
        "protocol.started",
        "2001-01-01T00:00:00Z",
        "{}",
    );
    assert_eq!(offer(unreadable), Ok(Accepted::Parked));
    assert_eq!(offer(payload()), Ok(Accepted::Parked));
    assert_eq!(offer(payload()), Ok(Accepted::Duplicate));
    assert_eq!(offer(old), Ok(Accepted::Parked));
    accept(&inbox, "evt_3", "usr_1");
    until("the next one is handled", || inbox.counts().handled == 1);
    assert_eq!(place.effects(), ["evt_3"]);
    let dead = place.dead();
    let dead: Vec<_> = dead
        .iter()
        .map(|(id, why)| (id.as_str(), why.as_str()))
        .collect();
    let wanted = [
        (key.as_str(), "malformed"),
        ("evt_1", "payload_malformed"),
        ("evt_2", "too_old"),
    ];
    assert_eq!(dead, wanted);
    assert_eq!(place.ledger().backlog().unwrap().parked, 3);
    assert_eq!(inbox.counts().parked, 3);

    // A person may try: what is still unreadable is put aside again, and what was only old is handled.
    assert_eq!(place.ledger().retry_all(None), Ok(3));
    until("the old one is handled", || inbox.counts().handled == 2);
    until("the others are put aside", || inbox.counts().dead == 2);
    assert_eq!(place.effects(), ["evt_3", "evt_2"]);
}

fn accepting_does_not_wait_for_a_handler(place: &impl Place) {
    let gate = Gate::new();
    let handler = gate.before(note);
    let inbox = place.open(tries(3), handler);
    for number in 0..5 {
        accept(&inbox, &format!("evt_{number}"), "usr_1");
        gate.until_somebody_waits();
    }
    let backlog = place.ledger().backlog().unwrap();
    assert_eq!((backlog.pending, backlog.held, backlog.parked), (5, 0, 0));
    assert!(backlog.oldest.is_some());
    gate.open();
    until("all are handled", || inbox.counts().handled == 5);
    assert_eq!(place.ledger().backlog().unwrap().pending, 0);
    assert!(place.effects().is_sorted());
}

/// And not only when somebody looks for what was forgotten, which is every two seconds.
fn what_comes_alone_is_handled_at_once(place: &impl Place) {
    let inbox = place.open(tries(3), note);
    let start = Instant::now();
    for number in 1..=20 {
        accept(&inbox, &format!("evt_{number}"), "usr_1");
        until("it is handled", || inbox.counts().handled == number);
    }
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}
