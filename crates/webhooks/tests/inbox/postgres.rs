//! What only PostgreSQL can have: several receivers, and a server that goes away and comes back.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use loop_webhooks::Event;
use loop_webhooks::inbox::{
    Accepted, Cell, Failure, Inbox, Ledger, Settings, StartError, StoreError, Tx, Unavailable,
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

#[test]
fn receivers_that_start_at_once_share_one_salt() {
    let Some(schema) = Schema::new() else { return };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| schema.open(tries(3), note));
        }
    });
    let salt = schema
        .sql("SELECT length(salt), salt <> decode(repeat('00', 16), 'hex') FROM loop_inbox_meta");
    assert_eq!(salt, [[Some("16".to_owned()), Some("t".to_owned())]]);
}

#[test]
fn what_cannot_be_used_is_refused() {
    let Some(schema) = Schema::new() else { return };
    let address = schema.address();
    let ledger = || Ledger::postgres(&address).unwrap_err();
    assert_eq!(ledger(), StartError::NoInbox);
    schema.open(tries(3), note).stop();
    schema.sql("UPDATE loop_inbox_meta SET version = 2");
    assert_eq!(ledger(), StartError::Newer);
    let newer = schema.try_open(tries(3), note);
    assert_eq!(newer.unwrap_err(), StartError::Newer);
    let open = |address: &str| Inbox::postgres(address, tries(3), note).unwrap_err();
    assert_eq!(open("postgres://nobody:no@"), StartError::Address);
    let nowhere = open("postgres://nobody:pass77123@%2Fnowhere/inbox");
    assert_eq!(nowhere, StartError::Store(StoreError::Unreachable));

    let name = schema.name.replace("inbox", "latin");
    schema.sql(&format!(
        "CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    ));
    let refused = open(&schema.in_database(&name));
    schema.sql(&format!("DROP DATABASE {name}"));
    assert_eq!(refused, StartError::NoUtf8);
}

#[test]
fn values_go_there_and_back() {
    let Some(schema) = Schema::new() else { return };
    schema.sql(
        "CREATE TABLE kinds (a smallint, b integer, c bigint, d double precision, e varchar, f jsonb, g bytea, h boolean)",
    );
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let handler = move |_: &Event, tx: &mut Tx<'_>| -> Result<(), Failure> {
        let values = [
            7.into(),
            8.into(),
            9.into(),
            0.5.into(),
            "ä".into(),
            r#"{"b": 1}"#.into(),
            [1_u8, 0].as_slice().into(),
            1.into(),
        ];
        let insert = "INSERT INTO kinds VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        assert_eq!(tx.execute(insert, &values)?, 1);
        let mut rows = tx.query("SELECT * FROM kinds", &[])?;
        let row = rows.pop().unwrap();
        assert_eq!(
            (row.integer(0), row.integer(1), row.integer(2)),
            (Some(7), Some(8), Some(9))
        );
        assert_eq!(
            (row.real(3), row.text(4), row.text(5)),
            (Some(0.5), Some("ä"), Some(r#"{"b": 1}"#))
        );
        assert_eq!(
            (row.blob(6), row.integer(7)),
            (Some([1, 0].as_slice()), Some(1))
        );
        let client = tx.postgres()?.unwrap();
        client.execute("UPDATE kinds SET a = NULL", &[])?;
        let rows = tx.query("SELECT a FROM kinds WHERE b = $1", &[8.into()])?;
        assert_eq!(rows[0].0, [Cell::Null]);
        told.lock().unwrap().push("it fits".to_owned());
        for (sql, values) in [
            ("SELECT now()", [].as_slice()),
            ("SELECT $1::integer", &[]),
            ("SELECT $1::smallint", &[40_000.into()]),
            ("SELECT $1::integer", &["77123".into()]),
        ] {
            let error = tx.query(sql, values).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("77123"));
            told.lock().unwrap().push(error.database().to_owned());
        }
        Ok(())
    };
    let inbox = schema.open(tries(1), handler);
    accept(&inbox, "evt_1", "usr_1");
    until("it is done", || {
        inbox.counts().handled + inbox.counts().dead == 1
    });
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 5, "{seen:?}");
    for (said, wanted) in seen.iter().zip([
        "fits",
        "cast it",
        "takes 1 values",
        "does not fit",
        "cast it",
    ]) {
        assert!(said.contains(wanted), "{said}");
    }
    // What does not fit is refused before it is sent, so nothing was undone.
    assert_eq!(inbox.counts().handled, 1);
}

#[test]
fn a_check_that_was_put_off_spoils_no_other_event() {
    let Some(schema) = Schema::new() else { return };
    schema.sql("CREATE TABLE people (id TEXT PRIMARY KEY)");
    schema.sql("CREATE TABLE visits (person TEXT REFERENCES people DEFERRABLE INITIALLY DEFERRED)");
    let handler = |event: &Event, tx: &mut Tx<'_>| {
        note(event, tx)?;
        tx.execute("INSERT INTO visits VALUES ($1)", &[event.id().into()])?;
        if event.id() != "evt_3" {
            tx.execute("INSERT INTO people VALUES ($1)", &[event.id().into()])?;
        }
        Ok(())
    };
    let inbox = schema.open(tries(2), handler);
    for number in 0..8 {
        accept(&inbox, &format!("evt_{number}"), &format!("usr_{number}"));
    }
    until("the others are handled", || inbox.counts().handled == 7);
    until("one is dead", || inbox.counts().dead == 1);
    let dead = [("evt_3".to_owned(), "statement_refused".to_owned())];
    assert_eq!(schema.dead(), dead);
    assert_eq!(inbox.counts().store_errors, 0);
    assert_eq!(schema.number("SELECT count(*) FROM visits"), 7);
}

#[test]
fn a_table_that_changes_under_a_prepared_statement_is_read_again() {
    let Some(schema) = Schema::new() else { return };
    schema.sql("CREATE TABLE names (id TEXT)");
    let handler = |event: &Event, tx: &mut Tx<'_>| {
        tx.query("SELECT * FROM names", &[])?;
        note(event, tx)
    };
    let mut settings = tries(3);
    settings.workers = 1;
    let inbox = schema.open(settings, handler);
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    schema.sql("ALTER TABLE names ADD COLUMN name TEXT");
    accept(&inbox, "evt_2", "usr_1");
    until("it is handled", || inbox.counts().handled == 2);
    assert_eq!(inbox.counts().failed_tries, 1);
}

#[test]
fn handlers_that_wait_for_each_other_in_a_circle_are_let_go() {
    let Some(schema) = Schema::new() else { return };
    schema.sql("CREATE TABLE sums (id BIGINT PRIMARY KEY, n BIGINT)");
    schema.sql("INSERT INTO sums VALUES (0, 0), (1, 0)");
    // The first two meet when each has what the other wants.
    let (barrier, count) = (Barrier::new(2), AtomicU32::new(0));
    let handler = move |event: &Event, tx: &mut Tx<'_>| {
        let first = i64::from(event.id() == "evt_1");
        let add = "UPDATE sums SET n = n + 1 WHERE id = $1";
        tx.execute(add, &[first.into()])?;
        if count.fetch_add(1, Ordering::Relaxed) < 2 {
            barrier.wait();
        }
        tx.execute(add, &[(1 - first).into()])?;
        note(event, tx)
    };
    let inbox = schema.open(tries(3), handler);
    accept(&inbox, "evt_0", "usr_0");
    accept(&inbox, "evt_1", "usr_1");
    until("both are handled", || inbox.counts().handled == 2);
    assert_eq!(schema.number("SELECT min(n) + max(n) FROM sums"), 4);
    assert_eq!(inbox.counts().store_errors, 1);
    assert_eq!(inbox.counts().failed_tries, 0);
}

#[test]
fn nothing_stays_open_when_there_is_nothing_to_do() {
    let Some(schema) = Schema::new() else { return };
    let inbox = schema.open(tries(3), note);
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    let busy = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL AND application_name = '";
    let busy = format!("{busy}{}'", schema.name);
    until("nothing is open", || schema.number(&busy) == 0);
    let connections = busy.replace("xact_start IS NOT NULL", "true");
    // Acceptor, sweeper, and those of two workers that had something to do.
    assert!((3..=4).contains(&schema.number(&connections)));
    inbox.stop();
    until("all are closed", || schema.number(&connections) == 0);
}

/// The driver has an event loop of its own, which another one must not meet.
#[test]
fn an_inbox_may_be_used_inside_an_event_loop() {
    let Some(schema) = Schema::new() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(async {
        let inbox = schema.open(tries(3), note);
        let accepted = inbox.accept(delivery("evt_1", "usr_1")).await;
        assert_eq!(accepted, Ok(Accepted::New));
        assert_eq!(
            inbox.accept(delivery("evt_1", "usr_1")).await,
            Ok(Accepted::Duplicate)
        );
        until("it is handled", || inbox.counts().handled == 1);
        let mut ledger = Ledger::postgres(&schema.address()).unwrap();
        assert_eq!(ledger.backlog().unwrap().pending, 0);
        assert_eq!(ledger.check(), Ok(()));
    });
}
