//! Connections that are good, slow, half open, or too many.

use std::time::{Duration, Instant};

use super::support::{Connection, PATIENCE, Post, Server, until};

fn event(number: usize) -> Post {
    Post::event(&format!("evt_{number}"), "usr_1")
}

#[test]
fn a_connection_is_used_again() {
    let server = Server::start(&[]);
    let mut connection = server.connect();
    for number in 0..5 {
        assert_eq!(connection.send(&event(number).bytes()).status, 200);
    }
    assert_eq!(server.metric("connections"), 1);
    drop(connection);
    until("it is closed", || server.metric("connections") == 0);
}

#[test]
fn what_was_sent_at_once_is_answered_in_order() {
    let server = Server::start(&[]);
    let mut connection = server.connect();
    let is_good = |number: usize| !number.is_multiple_of(3);
    let all = (0..30).map(|number| {
        let post = event(number);
        let stranger = "whsec_stranger_a9Gt2Ev8Jb4Nu7";
        if is_good(number) {
            post
        } else {
            post.signed_with(stranger)
        }
        .bytes()
    });
    assert!(connection.write(&all.collect::<Vec<_>>().concat()));
    for number in 0..30 {
        let status = if is_good(number) { 200 } else { 401 };
        assert_eq!(connection.answer().unwrap().status, status, "{number}");
    }
    assert_eq!(server.outcome("accepted"), 20);
}

#[test]
fn who_says_nothing_or_little_is_cut_off() {
    let server = Server::start(&["--header-timeout", "300ms"]);
    let heads: [&[u8]; 3] = [b"", b"PO", b"POST /webhooks/loop HTTP/1.1\r\nHost: x\r\n"];
    for head in heads {
        let began = Instant::now();
        let mut connection = server.connect();
        assert!(connection.write(head));
        assert_eq!(connection.answer(), None, "{head:?}");
        assert!(began.elapsed() >= Duration::from_millis(290));
    }
    // Idle after an answer, which only comes to who is fast enough with a head.
    let mut connection = server.connect();
    until("one is answered", || {
        connection = server.connect();
        connection.write(&event(1).bytes())
            && connection
                .answer()
                .is_some_and(|answer| answer.status == 200)
    });
    assert_eq!(connection.answer(), None);
    // A letter now and then does not help.
    let mut connection = server.connect();
    let began = Instant::now();
    for letter in event(2).head().iter().cycle() {
        if !connection.write(&[*letter]) || !connection.is_silent_for(Duration::from_millis(20)) {
            break;
        }
        assert!(began.elapsed() < PATIENCE);
    }
    assert_eq!(connection.answer(), None);
}

#[test]
fn above_the_cap_connections_wait() {
    let server = Server::start(&["--connections", "2", "--header-timeout", "20s"]);
    let idle = [server.connect(), server.connect()];
    until("both are there", || server.metric("connections") == 2);
    let mut third = server.connect();
    assert!(third.write(&event(1).bytes()));
    assert!(third.is_silent_for(Duration::from_millis(300)));
    drop(idle);
    assert_eq!(third.answer().unwrap().status, 200);
}

#[test]
fn half_open_connections_do_not_keep_a_delivery_out() {
    // So long that all are seen together, also on a slow machine.
    let server = Server::start(&["--connections", "4", "--header-timeout", "5s"]);
    let mut strangers: Vec<Connection> = (0..4).map(|_| server.connect()).collect();
    for stranger in &mut strangers {
        stranger.write(b"POST /webhooks/loop HTTP/1.1\r\n");
    }
    until("all are there", || server.metric("connections") == 4);
    // None of them closes its side.
    assert_eq!(server.send(&event(1)).status, 200);
}

#[test]
fn who_leaves_before_the_answer_is_counted() {
    let server = Server::start(&[]);
    let mut sender = server.connect();
    let post = event(1);
    assert!(sender.write(&[post.head(), post.body[..10].to_vec()].concat()));
    drop(sender);
    until("it is counted", || server.outcome("body_broken") == 1);
    // Nothing can be kept, so nothing is answered for seconds.
    let holder = server.folder.database();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut sent = 0;
    until("one leaves before that", || {
        let mut sender = server.connect();
        assert!(sender.write(&post.bytes()));
        sent += 1;
        until("it is verified", || {
            server.metric("signed_total{slot=\"0\"}") == sent
        });
        drop(sender);
        // On a slow machine it may have been answered first.
        let [mut left, mut locked] = [0; 2];
        until("it is counted", || {
            [left, locked] = ["sender_left", "store_locked"].map(|word| server.outcome(word));
            left + locked == sent
        });
        assert_eq!(server.metric("answer_seconds_count"), 1 + locked);
        left > 0
    });
    holder.execute_batch("COMMIT").unwrap();
    assert_eq!(server.send(&post).status, 200);
}

#[test]
fn the_other_address_answers_while_all_connections_are_taken() {
    let server = Server::start(&["--connections", "1"]);
    let _idle = server.connect();
    until("it is there", || server.metric("connections") == 1);
    assert_eq!(server.ask("/livez").status, 200);
    assert_eq!(server.ask("/readyz").status, 200);
}

#[test]
fn a_refusal_reaches_who_is_still_sending() {
    let server = Server::start(&["--body-limit", "1k"]);
    let large = Post::new(vec![b'0'; 900_000]);
    let unsigned = large.clone().without("X-Loop-Signature");
    for post in [large, unsigned] {
        for _ in 0..10 {
            let mut connection = server.connect();
            // Most senders give up when this fails, and never see the answer.
            assert!(connection.write(&post.bytes()));
            assert_eq!(connection.answer().unwrap().status, 413);
        }
    }
}

/// A proxy keeps connections, and its next delivery would be lost in one that is closed under it.
#[test]
fn who_is_refused_before_the_body_was_read_is_told_that_the_connection_ends() {
    let server = Server::start(&["--body-limit", "1k"]);
    let post = event(1);
    let stranger = "whsec_stranger_a9Gt2Ev8Jb4Nu7";
    for (bytes, status, ends) in [
        (post.clone().bytes(), 200, false),
        (post.clone().signed_with(stranger).bytes(), 401, false),
        (post.clone().without("X-Loop-Signature").bytes(), 401, true),
        (Post::new(vec![b'0'; 2_000]).bytes(), 413, true),
        (
            b"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".to_vec(),
            404,
            true,
        ),
        (
            b"PUT /webhooks/loop HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n".to_vec(),
            405,
            true,
        ),
    ] {
        let mut connection = server.connect();
        assert!(connection.write(&bytes));
        let answer = connection.answer().unwrap();
        assert_eq!(
            (answer.status, answer.header("connection")),
            (status, ends.then_some("close"))
        );
    }
}
