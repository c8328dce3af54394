//! The inbox in a file, as a receiver uses it.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

mod support;

use std::time::{Duration, Instant};

use loop_webhooks::Event;
use loop_webhooks::inbox::{Accepted, Failure, Inbox, Settings, Tx};
use support::{Folder, delivery};

const USERS: u64 = 64;
/// Events of each.
const EACH: u64 = 200;

fn note(event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
    tx.execute(
        "INSERT INTO effects (id, user_id) VALUES ($1, $2)",
        &[event.id().into(), event.user_id().into()],
    )?;
    Ok(())
}

fn effects(folder: &Folder) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(folder.inbox()).unwrap();
    let table =
        "CREATE TABLE IF NOT EXISTS effects (seq INTEGER PRIMARY KEY, id TEXT, user_id TEXT)";
    connection.execute_batch(table).unwrap();
    connection
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::yield_now();
    }
}

#[test]
fn what_many_threads_accept_is_handled_once_and_in_order() {
    let folder = Folder::new();
    let connection = effects(&folder);
    let inbox = Inbox::sqlite(folder.inbox(), Settings::default(), note).unwrap();
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
    let mut rows = connection
        .prepare("SELECT id, user_id FROM effects ORDER BY seq")
        .unwrap();
    let rows: Vec<(String, String)> = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows.len() as u64, USERS * EACH);
    for user in 0..USERS {
        let own = rows.iter().filter(|(_, one)| *one == format!("usr_{user}"));
        let own: Vec<&str> = own.map(|(id, _)| id.as_str()).collect();
        assert!(own.is_sorted() && own.len() as u64 == EACH, "{own:?}");
    }
}

/// Long before the sweeper would find it.
const SOON: Duration = Duration::from_millis(1_500);

#[test]
fn a_single_event_is_handled_at_once() {
    let folder = Folder::new();
    let _connection = effects(&folder);
    let inbox = Inbox::sqlite(folder.inbox(), Settings::default(), note).unwrap();
    for number in 0..40 {
        let began = Instant::now();
        let event = delivery(&format!("evt_{number}"), "usr_1");
        assert_eq!(inbox.accept_blocking(event), Ok(Accepted::New));
        until("it is handled", || inbox.counts().handled == number + 1);
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    }
}
