//! Several receivers on one PostgreSQL, and a server that goes away and comes back.

use std::sync::Barrier;

use loop_webhooks::inbox::{
    Accepted, Inbox, Ledger, Settings, StartError, StoreError, Unavailable,
};

use crate::cable::Cable;
use crate::support::{Place, Schema, accept, delivery, note, tries, until};

const USERS: usize = 16;
/// Events of each.
const EACH: usize = 40;

fn id(user: usize, number: usize) -> String {
    format!("evt_{user}_{number:04}")
}

/// One effect for each event, in the order of each user.
fn assert_whole(schema: &Schema) {
    assert_eq!(schema.effects().len(), USERS * EACH);
    for user in 0..USERS {
        let own = schema.effects_of(&format!("usr_{user}"));
        let wanted: Vec<_> = (0..EACH).map(|number| id(user, number)).collect();
        assert_eq!(own, wanted);
    }
}

/// As the platform does: again until it is stored. Whether it was new.
fn deliver(inbox: &Inbox, user: usize, number: usize) -> bool {
    let mut answer = None;
    until("it is stored", || {
        answer = inbox
            .accept_blocking(delivery(&id(user, number), &format!("usr_{user}")))
            .ok();
        answer.is_some()
    });
    answer == Some(Accepted::New)
}

#[test]
fn two_receivers_share_the_work() {
    let Some(schema) = Schema::new() else { return };
    let inboxes = [
        schema.open(Settings::default(), note),
        schema.open(Settings::default(), note),
    ];
    std::thread::scope(|scope| {
        for user in 0..USERS {
            let inboxes = &inboxes;
            scope.spawn(move || {
                for number in 0..EACH {
                    // By turns; every fifth to both at once.
                    if number % 5 > 0 {
                        assert!(deliver(&inboxes[number % 2], user, number));
                        continue;
                    }
                    let barrier = Barrier::new(2);
                    let both = std::thread::scope(|scope| {
                        let offer = |inbox| {
                            let barrier = &barrier;
                            scope.spawn(move || {
                                barrier.wait();
                                deliver(inbox, user, number)
                            })
                        };
                        let both = [offer(&inboxes[0]), offer(&inboxes[1])];
                        both.map(|one| one.join().unwrap())
                    });
                    assert_ne!(both[0], both[1], "new in one of them");
                }
            });
        }
    });
    let handled = || inboxes.each_ref().map(|inbox| inbox.counts().handled);
    let all = (USERS * EACH) as u64;
    until("all are handled", || handled().iter().sum::<u64>() == all);
    assert!(handled().iter().all(|own| *own > 0), "{:?}", handled());
    assert_eq!(inboxes[0].counts().store_errors, 0);
    assert_whole(&schema);
}

/// A number that is given out earlier and becomes visible later would be handled out of order.
#[test]
fn what_one_receiver_has_begun_to_store_comes_before_what_another_gets() {
    let Some(schema) = Schema::new() else { return };
    let (one, other) = (schema.open(tries(3), note), schema.open(tries(3), note));
    // Storing the first event waits for a lock that the test has.
    let key = format!("hashtext('{}')", schema.name);
    schema.sql(&format!(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_advisory_xact_lock_shared({}); RETURN NULL; END';
        CREATE TRIGGER wait AFTER INSERT ON loop_inbox FOR EACH ROW WHEN (NEW.id = 'evt_1') EXECUTE FUNCTION wait()",
        key.replace('\'', "\'\'")
    ));
    let mut gate = schema.client();
    let lock = |word: &str| format!("SELECT pg_advisory_{word}({key})");
    gate.batch_execute(&lock("lock")).unwrap();
    let waiting = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '{}'",
        schema.name
    );
    std::thread::scope(|scope| {
        scope.spawn(|| accept(&one, "evt_1", "usr_1"));
        until("it waits", || schema.number(&waiting) == 1);
        // Other users wait for nothing.
        accept(&other, "evt_2", "usr_2");
        let second = scope.spawn(|| accept(&other, "evt_3", "usr_1"));
        until("it waits too", || {
            schema.number(&waiting) == 2 || second.is_finished()
        });
        gate.batch_execute(&lock("unlock")).unwrap();
    });
    let handled = || one.counts().handled + other.counts().handled;
    until("all are handled", || handled() == 3);
    assert_eq!(schema.effects_of("usr_1"), ["evt_1", "evt_3"]);
}

#[test]
fn a_connection_that_broke_while_nothing_happened_costs_no_delivery() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open(tries(3), note);
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    let mine = format!(
        "FROM pg_stat_activity WHERE application_name = '{}'",
        schema.name
    );
    let before = schema.sql(&format!(
        "SELECT coalesce(string_agg(pid::text, ','), '0') {mine}"
    ));
    let before = before[0][0].clone().unwrap();
    schema.sql(&format!("SELECT pg_terminate_backend(pid) {mine}"));
    let left = format!("SELECT count(*) FROM pg_stat_activity WHERE pid IN ({before})");
    until("they are gone", || schema.number(&left) == 0);
    accept(&inbox, "evt_2", "usr_1");
    until("it is handled", || inbox.counts().handled == 2);
    assert_eq!(schema.effects(), ["evt_1", "evt_2"]);
}

#[test]
fn a_receiver_that_is_cut_off_again_and_again_loses_nothing() {
    let Some(schema) = Schema::new() else { return };
    let (one, other) = (schema.open(tries(3), note), schema.open(tries(3), note));
    std::thread::scope(|scope| {
        for user in 0..USERS {
            let inbox = if user % 2 == 0 { &one } else { &other };
            scope.spawn(move || {
                for number in 0..EACH {
                    // It may have been stored although nobody could say so.
                    deliver(inbox, user, number);
                }
            });
        }
        let all = USERS * EACH;
        for part in 1..=4 {
            until("some are handled", || {
                schema.effects().len() > part * all / 6
            });
            let cut =
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '";
            schema.sql(&format!("{cut}{}'", schema.name));
        }
    });
    let count = || schema.effects().len();
    until("all are handled", || count() == USERS * EACH);
    until("nothing is left", || {
        schema.ledger().backlog().unwrap().pending == 0
    });
    assert!(one.counts().store_errors + other.counts().store_errors > 0);
    assert_eq!(one.counts().failed_tries + other.counts().failed_tries, 0);
    assert_whole(&schema);
}

#[test]
fn a_server_that_is_away_is_waited_for() {
    let Some(schema) = Schema::new() else { return };
    let cable = Cable::to(&schema.address());
    let address = format!(
        "host={} user=postgres dbname=postgres options='-csearch_path={}'",
        cable.host(),
        schema.name
    );
    let inbox = Inbox::postgres(&address, tries(3), note).unwrap();
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    cable.pull();
    let refused = Err(Unavailable::Store(StoreError::Unreachable));
    let offer = |id| inbox.accept_blocking(delivery(id, "usr_1"));
    assert_eq!(offer("evt_2"), refused);
    assert_eq!(offer("evt_2"), refused);
    let other = Inbox::postgres(&address, tries(3), note);
    let unreachable = StartError::Store(StoreError::Unreachable);
    assert_eq!(other.unwrap_err(), unreachable);
    assert_eq!(Ledger::postgres(&address).unwrap_err(), unreachable);
    cable.plug();
    accept(&inbox, "evt_2", "usr_1");
    accept(&inbox, "evt_3", "usr_1");
    until("all are handled", || inbox.counts().handled == 3);
    assert_eq!(schema.effects(), ["evt_1", "evt_2", "evt_3"]);
    assert_eq!(inbox.counts().failed_tries, 0);
}
