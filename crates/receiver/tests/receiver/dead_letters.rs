//! What a person does with the database, while a receiver works on it.

use super::support::{Folder, Post, Server, body, program, run, until};

fn says(folder: &Folder, words: &[&str]) -> (i32, String) {
    let (code, out, error) = run(program(folder, words));
    (code.unwrap(), out + &error)
}

#[test]
fn a_dead_letter_is_looked_at_tried_again_and_given_up() {
    let server = Server::start(&[]);
    let folder = &server.folder;
    assert_eq!(
        says(folder, &["dlq", "list"]),
        (0, "There are no dead letters.\n".to_owned())
    );
    let broken = body("evt_1", "usr_CANARY").replace("\"data\":{}", "\"payload\":\"CANARY\"");
    assert_eq!(server.send(&Post::new(broken)).status, 200);
    let (code, list) = says(folder, &["dlq", "list"]);
    assert!(
        code == 0 && list.contains("evt_1") && list.contains("malformed"),
        "{list}"
    );
    let (code, shown) = says(folder, &["dlq", "show", "evt_1"]);
    assert!(
        code == 0 && shown.contains("malformed") && shown.contains("bytes"),
        "{shown}"
    );
    assert!(
        !list.contains("CANARY") && !shown.contains("CANARY"),
        "{list}{shown}"
    );
    let (code, shown) = says(folder, &["dlq", "show", "evt_1", "--body"]);
    assert!(code == 0 && shown.contains("CANARY"), "{shown}");
    // Nobody can read it now either.
    assert_eq!(says(folder, &["dlq", "retry", "evt_1"]).0, 0);
    until("it was tried", || server.metric("dead_events_total") == 1);
    assert_eq!(
        says(folder, &["dlq", "retry", "--all", "--reason", "panic"]),
        (0, "0 events are tried again within seconds.\n".to_owned())
    );
    assert_eq!(
        says(folder, &["dlq", "retry", "--all"]).1,
        "1 events are tried again within seconds.\n"
    );
    until("it was tried", || server.metric("dead_events_total") == 2);
    assert_eq!(
        says(folder, &["dlq", "skip", "evt_1", "--reason", "a test"]).0,
        0
    );
    for what in [
        &["dlq", "skip", "evt_1", "--reason", "again"][..],
        &["dlq", "retry", "evt_1"],
        &["dlq", "show", "evt_1"],
    ] {
        let (code, said) = says(folder, what);
        assert!(code == 1 && said.contains("no dead letter"), "{said}");
    }
    assert_eq!(
        says(folder, &["dlq", "list"]).1,
        "There are no dead letters.\n"
    );
}

#[test]
fn what_is_kept_can_be_replayed() {
    let server = Server::start(&["--keep-bodies", "1d"]);
    assert_eq!(server.send(&Post::event("evt_1", "usr_1")).status, 200);
    until("it is handled", || {
        server.metric("events_handled_total") == 1
    });
    let replay = |since: &str| says(&server.folder, &["replay", "--since", since]);
    assert_eq!(
        replay("2101-01-01T00:00:00Z"),
        (0, "0 events are handled once more.\n".to_owned())
    );
    assert_eq!(
        replay("2020-01-01T00:00:00Z"),
        (0, "1 events are handled once more.\n".to_owned())
    );
    until("it is handled again", || {
        server.metric("events_handled_total") == 2
    });
    let rows = "SELECT count(*), count(DISTINCT id), max(position), max(body) FROM loop_events";
    let rows = server.folder.database().query_row(rows, [], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    assert_eq!(rows.unwrap(), (2, 1, 2, body("evt_1", "usr_1")));
    let (code, said) = replay("yesterday");
    assert!(code == 2 && said.contains("2026-03-03T08:30:00Z"), "{said}");
}

#[test]
fn a_check_says_what_is_wrong() {
    let server = Server::start(&[]);
    let folder = &server.folder;
    let (code, said) = says(folder, &["check"]);
    assert!(
        code == 0 && said.lines().all(|line| line.starts_with("ok ")),
        "{said}"
    );
    let short = folder.file("short", "whsec_short");
    let (code, said) = says(folder, &["check", "--secret-file", &short]);
    assert!(code == 1 && said.contains("WRONG secret 0"), "{said}");
    for nothing in [
        folder.path("nothing.db"),
        folder.file("text", &"text ".repeat(2000)),
    ] {
        let (code, said) = says(folder, &["check", "--database", &nothing]);
        assert!(code == 1 && said.contains("WRONG database"), "{said}");
    }
    let held = "UPDATE loop_inbox SET state = 2, reason = 'panic', body = x'00' WHERE id = 'evt_1'";
    assert_eq!(server.send(&Post::event("evt_1", "usr_1")).status, 200);
    until("it is handled", || {
        server.metric("events_handled_total") == 1
    });
    folder.database().execute_batch(held).unwrap();
    let (code, said) = says(folder, &["check"]);
    assert!(code == 1 && said.contains("WRONG held events: 1"), "{said}");
}
