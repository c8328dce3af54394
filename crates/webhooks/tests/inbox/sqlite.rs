//! What only a file can have: one receiver, and everything that can be wrong with a file.

use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use loop_webhooks::Event;
use loop_webhooks::inbox::{Accepted, Inbox, Ledger, StartError, StoreError, Tx, Unavailable};

use crate::support::{File, Folder, Place, accept, delivery, note, tries, until, with};

#[test]
fn a_file_has_one_receiver() {
    let file = File::new();
    let inbox = file.open(tries(3), note);
    let second = || file.try_open(tries(3), note);
    assert_eq!(second().unwrap_err(), StartError::InUse);
    let clone = inbox.clone();
    drop(inbox);
    assert_eq!(second().unwrap_err(), StartError::InUse);
    // A ledger is none.
    assert!(file.ledger().backlog().is_ok());
    accept(&clone, "evt_1", "usr_1");
    drop(clone);
    let inbox = second().unwrap();
    until("it is handled", || file.effects().len() == 1);
    inbox.stop();
    assert!(second().is_ok());
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let path = folder.0.join("inbox.db");
    let inbox = Inbox::sqlite(&path, tries(3), note).unwrap();
    accept(&inbox, "evt_1", "usr_1");
    for name in ["inbox.db", "inbox.db-wal", "inbox.db-shm"] {
        let mode = folder.0.join(name).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn what_is_no_inbox_is_left_as_it_is() {
    let folder = Folder::new();
    let path = folder.0.join("inbox.db");
    let open = || Inbox::sqlite(&path, tries(3), note).unwrap_err();
    assert_eq!(Ledger::sqlite(&path).unwrap_err(), StartError::NoInbox);
    let text = b"Dear diary, ".repeat(1_000);
    std::fs::write(&path, &text).unwrap();
    let corrupt = StartError::Store(StoreError::Corrupt);
    assert_eq!(open(), corrupt);
    assert_eq!(Ledger::sqlite(&path).unwrap_err(), corrupt);
    assert_eq!(std::fs::read(&path).unwrap(), text);
    let nowhere = folder.0.join("nowhere/inbox.db");
    let nowhere = Inbox::sqlite(nowhere, tries(3), note);
    assert_eq!(nowhere.unwrap_err(), StartError::NoFile);
}

#[test]
fn a_newer_version_is_left_as_it_is() {
    let file = File::new();
    file.open(tries(3), note).stop();
    file.sql("UPDATE loop_inbox_meta SET version = 3");
    assert_eq!(
        file.try_open(tries(3), note).unwrap_err(),
        StartError::Newer
    );
    assert_eq!(Ledger::sqlite(file.path()).unwrap_err(), StartError::Newer);
}

#[test]
fn a_damaged_file_is_noticed() {
    let file = File::new();
    let (_, handler) = crate::support::failing("evt_0", loop_webhooks::inbox::Failure::again("no"));
    let inbox = file.open(tries(1), handler);
    for number in 0..200 {
        accept(&inbox, &format!("evt_{number}"), "usr_1");
    }
    until("it is dead", || inbox.counts().dead == 1);
    inbox.stop();
    assert_eq!(file.ledger().check(), Ok(()));
    let whole = std::fs::read(file.path()).unwrap();
    // The first page says how many there are.
    std::fs::write(file.path(), &whole[..whole.len() / 2]).unwrap();
    let is_refused = match file.try_open(tries(1), note) {
        Err(error) => error == StartError::Store(StoreError::Corrupt),
        Ok(inbox) => (200..400).any(|number| {
            let answer = inbox.accept_blocking(delivery(&format!("evt_{number}"), "usr_2"));
            answer == Err(Unavailable::Store(StoreError::Corrupt))
        }),
    };
    assert!(is_refused);
    let ledger = Ledger::sqlite(file.path());
    let corrupt = StoreError::Corrupt;
    assert!(match ledger {
        Err(error) => error == StartError::Store(corrupt),
        Ok(mut ledger) => ledger.check() == Err(corrupt),
    });
}

#[test]
fn a_file_that_another_program_holds_is_waited_for() {
    let file = File::new();
    let inbox = file.open(tries(3), note);
    accept(&inbox, "evt_1", "usr_1");
    until("it is handled", || inbox.counts().handled == 1);
    let other = file.connection();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = inbox.accept_blocking(delivery("evt_2", "usr_1"));
    assert_eq!(refused, Err(Unavailable::Store(StoreError::Locked)));
    assert_eq!(refused.unwrap_err().code(), "store_locked");
    other.execute_batch("COMMIT").unwrap();
    accept(&inbox, "evt_2", "usr_1");
    until("it is handled", || inbox.counts().handled == 2);
    // Held while events are handled, it holds them up and spoils none.
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| accept(&inbox, "evt_3", "usr_1"));
        let since = Instant::now();
        until("a while has passed", || {
            since.elapsed() > Duration::from_millis(300)
        });
        other.execute_batch("COMMIT").unwrap();
    });
    until("it is handled", || inbox.counts().handled == 3);
    assert_eq!(file.effects(), ["evt_1", "evt_2", "evt_3"]);
}

/// SQLite looks at it when the transaction ends, which others' events share.
#[test]
fn a_check_that_was_put_off_is_a_failure_of_its_own_event() {
    let file = File::new();
    file.sql("CREATE TABLE parents (id TEXT PRIMARY KEY)");
    file.sql(
        "CREATE TABLE children (parent TEXT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    let inbox = file.open(tries(3), |event: &Event, tx: &mut Tx<'_>| {
        if event.user_id() == "usr_bad" {
            tx.execute("INSERT INTO children VALUES ('nobody')", &[])?;
        }
        note(event, tx)
    });
    accept(&inbox, "evt_bad", "usr_bad");
    for number in 0..40 {
        accept(&inbox, &format!("evt_{number}"), &format!("usr_{number}"));
    }
    until("it is given up", || inbox.counts().dead == 1);
    until("the others are handled", || inbox.counts().handled == 40);
    assert_eq!(
        file.dead(),
        [("evt_bad".to_owned(), "store_error".to_owned())]
    );
    assert_eq!(file.effects().len(), 40);
}

#[test]
fn more_than_may_wait_is_refused_and_comes_again() {
    let file = File::new();
    let mut settings = tries(3);
    settings.queue_bytes = 1;
    let inbox = file.open(settings, note);
    let other = file.connection();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut context = Context::from_waker(Waker::noop());
    let mut waiting = Vec::new();
    let mut number = 0;
    // One is being stored, and one may wait.
    until("one is refused", || {
        number += 1;
        let mut accepted = Box::pin(inbox.accept(delivery(&format!("evt_{number}"), "usr_1")));
        let answer = accepted.as_mut().poll(&mut context);
        waiting.push(accepted);
        answer == Poll::Ready(Err(Unavailable::Busy))
    });
    other.execute_batch("COMMIT").unwrap();
    until("it is taken", || {
        inbox.accept_blocking(delivery(&format!("evt_{number}"), "usr_1")) == Ok(Accepted::New)
    });
}

/// Whoever stops waits for each try to store, and each may take five seconds.
#[test]
fn stopping_leaves_out_what_nobody_waits_for() {
    let file = File::new();
    let inbox = file.open(tries(3), note);
    let other = file.connection();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut context = Context::from_waker(Waker::noop());
    for number in 0..1_500 {
        let id = format!("evt_{number}");
        // It is on its way, and then its sender hangs up.
        let mut accepted = Box::pin(inbox.accept(delivery(&id, "usr_1")));
        assert!(accepted.as_mut().poll(&mut context).is_pending());
    }
    let began = Instant::now();
    inbox.stop();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    other.execute_batch("COMMIT").unwrap();
}

/// A folder with little room: only where this user may mount one.
struct Small(Folder);

impl Small {
    fn new() -> Option<Self> {
        let folder = Folder::new();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(&folder.0);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0.0).output();
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let Some(small) = Small::new() else {
        return;
    };
    let file = File::within(Folder(small.0.0.clone()));
    let filler = small.0.0.join("filler");
    std::fs::write(&filler, vec![1; 1_000_000]).unwrap();
    let inbox = file.open(tries(3), note);
    let data = format!(r#"{{"a":"{}"}}"#, "x".repeat(8_000));
    let offer = |number: u32| {
        let user = format!("usr_{}", number % 5);
        let id = format!("evt_{number:04}");
        inbox.accept_blocking(with(
            &id,
            &user,
            "protocol.started",
            "2100-01-01T00:00:00Z",
            &data,
        ))
    };
    let mut number = 0;
    let full = loop {
        match offer(number) {
            Ok(accepted) => assert_eq!(accepted, Accepted::New),
            Err(error) => break error,
        }
        number += 1;
        assert!(number < 10_000, "it does not become full");
    };
    assert_eq!(full, Unavailable::Store(StoreError::Full));
    std::fs::remove_file(&filler).unwrap();
    // As a sender does, which was answered with 503.
    until("there is room again", || offer(number).is_ok());
    let all = u64::from(number) + 1;
    until("all are handled", || inbox.counts().handled == all);
    let mut effects = file.effects();
    assert_eq!(effects.len() as u64, all);
    effects.sort_unstable();
    effects.dedup();
    assert_eq!(effects.len() as u64, all);
    assert!(file.effects_of("usr_3").is_sorted());
    assert_eq!(file.ledger().check(), Ok(()));
}
