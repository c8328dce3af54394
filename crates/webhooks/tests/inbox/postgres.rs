//! What only PostgreSQL can have: its tables, its types, and how its transactions fail.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use loop_webhooks::Event;
use loop_webhooks::inbox::{Accepted, Cell, Failure, Inbox, Ledger, StartError, StoreError, Tx};

use crate::support::{Place, Schema, accept, delivery, note, tries, until};

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
    schema.sql("UPDATE loop_inbox_meta SET version = 3");
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
