//! How it ends.

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::support::{Connection, Post, Server, until};

#[test]
fn everything_that_was_answered_is_kept() {
    let mut server = Server::start(&[]);
    let answered = AtomicUsize::new(0);
    let listen = server.listen;
    let kept: BTreeSet<String> = thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let answered = &answered;
                scope.spawn(move || {
                    let mut kept = Vec::new();
                    let mut connection = Connection::to(listen);
                    for number in 0.. {
                        let id = format!("evt_{sender}_{number}");
                        let post = Post::event(&id, &format!("usr_{sender}"));
                        if !connection.write(&post.bytes()) {
                            break;
                        }
                        let Some(answer) = connection.answer() else {
                            break;
                        };
                        assert_eq!(answer.status, 200);
                        answered.fetch_add(1, Ordering::Relaxed);
                        kept.push(id);
                    }
                    kept
                })
            })
            .collect();
        until("there is load", || answered.load(Ordering::Relaxed) > 400);
        server.terminate();
        assert_eq!(server.wait().code(), Some(0));
        senders
            .into_iter()
            .flat_map(|sender| sender.join().unwrap())
            .collect()
    });
    let connection = server.folder.database();
    let mut ids = connection.prepare("SELECT id FROM loop_inbox").unwrap();
    let ids: BTreeSet<String> = ids
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(kept.len() > 400);
    assert!(kept.is_subset(&ids), "{:?}", kept.difference(&ids));
    // Handled at most once, and the rest is still there to be handled.
    let count = |sql: &str| {
        connection
            .query_row(sql, [], |row| row.get::<_, usize>(0))
            .unwrap()
    };
    let handled = count("SELECT count(*) FROM loop_events");
    assert_eq!(handled, count("SELECT count(DISTINCT id) FROM loop_events"));
    assert_eq!(
        handled + count("SELECT count(*) FROM loop_inbox WHERE state = 0"),
        ids.len()
    );
    assert!(server.said().contains("stopped"));
}

#[test]
fn a_request_that_has_begun_gets_its_answer() {
    let mut server = Server::start(&[]);
    let post = Post::event("evt_1", "usr_1");
    let mut connection = server.connect();
    connection.write(&post.head());
    until("it is there", || server.metric("connections") == 1);
    server.terminate();
    until("it is not ready", || {
        let answer = server.ask("/readyz");
        (answer.status, answer.body.as_str()) == (503, "stopping\n")
    });
    assert_eq!(server.ask("/livez").status, 200);
    until("nobody comes in", || {
        TcpStream::connect(server.listen).is_err()
    });
    connection.write(&post.body);
    assert_eq!(connection.answer().unwrap().status, 200);
    assert_eq!(server.wait().code(), Some(0));
}

#[test]
fn told_twice_it_ends_at_once() {
    let mut server = Server::start(&["--body-timeout", "60s"]);
    let mut connection = server.connect();
    connection.write(&Post::event("evt_1", "usr_1").head());
    until("it is there", || server.metric("connections") == 1);
    server.terminate();
    until("it is stopping", || server.said().contains("stopping"));
    server.terminate();
    assert_eq!(server.wait().code(), Some(1));
}
