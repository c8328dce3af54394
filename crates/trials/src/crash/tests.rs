use std::io::Write as _;
use std::net::TcpListener;

use super::*;

#[test]
fn what_is_lost_doubled_or_out_of_order_is_seen() {
    let all = |events: &[Seen], acked: &[u64]| {
        let mut counted = Counted::default();
        compare(events, acked, &mut counted);
        (counted.lost, counted.doubled, counted.out_of_order)
    };
    assert_eq!(all(&[(0, 1), (1, 1), (0, 2)], &[2, 1]), (0, 0, 0));
    assert_eq!(
        all(&[(0, 1), (0, 2)], &[1]),
        (0, 0, 0),
        "its answer got lost"
    );
    assert_eq!(all(&[(0, 1)], &[2]), (1, 0, 0));
    assert_eq!(all(&[], &[0, 3]), (3, 0, 0));
    assert_eq!(all(&[(0, 1), (0, 1)], &[1]), (0, 1, 0));
    assert_eq!(all(&[(0, 1), (0, 3), (0, 2)], &[3]), (0, 1, 1));
    assert_eq!(all(&[(0, 1), (0, 2), (0, 3)], &[1]), (0, 0, 1));
}

/// What a program of receivers does here, because this test is that program, too: it holds the file as long as it lives, and says in
/// the folder when somebody else holds it. The name is the first word that a receiver is started with.
#[test]
fn serve() {
    let Some(address) = std::env::var_os("LOOP_WEBHOOK_LISTEN") else {
        return;
    };
    let database = PathBuf::from(std::env::var_os("LOOP_WEBHOOK_DATABASE").unwrap());
    let held = std::fs::File::create(database.with_extension("held")).unwrap();
    if held.try_lock().is_err() {
        std::fs::write(database.with_extension("two"), "").unwrap();
    }
    let listener = TcpListener::bind(address.to_str().unwrap()).unwrap();
    if std::env::var_os("LOOP_CRASH_AT").is_some() {
        // Past the test's own collector of what is said.
        writeln!(std::io::stderr(), "{}", crate::receiver::MARK).unwrap();
    }
    listener.incoming().for_each(drop);
}

#[test]
fn no_receiver_that_is_killed_had_to_wait_for_the_one_that_drained() {
    let folder = std::env::temp_dir().join(format!("loop-trials-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("inbox.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let tables = "CREATE TABLE loop_events (id TEXT, position INTEGER); CREATE TABLE loop_inbox (state INTEGER);";
    connection.execute_batch(tables).unwrap();
    drop(connection);
    let options = Options {
        receiver: std::env::current_exe().unwrap(),
        folder: folder.clone(),
        // The first of these are looked at, and more come.
        runs: LOOKED_AT + 2,
        seed: 1,
        json: false,
    };
    let counted = trial(&options, Table::Sqlite(file), 1).unwrap();
    let two = folder.join("inbox.two").exists();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(!two, "two receivers were there at once");
    assert_eq!(counted.kills, options.runs, "one a run, and no other");
}
