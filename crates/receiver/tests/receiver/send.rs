//! Test events against a receiver.

use super::support::{Folder, PATH, Server, program, run};

/// How it ended, and the table.
fn send(folder: &Folder, address: &str, words: &[&str]) -> (Option<i32>, String) {
    let url = format!("http://{address}{PATH}");
    let mut all = vec!["send", &url, "--body-timeout=2s", "--body-limit=8k"];
    all.extend(words);
    let (code, out, error) = run(program(folder, &all));
    assert_eq!(error, "");
    (code, out)
}

#[test]
fn every_kind_is_answered_as_it_should_be() {
    let server = Server::start(&["--body-timeout=2s", "--body-limit=8k"]);
    let (code, table) = send(&server.folder, &server.listen.to_string(), &[]);
    assert_eq!(code, Some(0), "{table}");
    assert!(table.ends_with("16 of 16 as expected\n"), "{table}");
    assert_eq!(table.lines().count(), 18);
    assert_eq!(server.outcome("accepted") + server.outcome("parked"), 8);
    assert_eq!(server.outcome("duplicate"), 8);
    // Again: ids are new ones.
    let (code, _) = send(
        &server.folder,
        &server.listen.to_string(),
        &["--only", "valid"],
    );
    assert_eq!((code, server.outcome("accepted")), (Some(0), 8));
}

#[test]
fn what_differs_is_said() {
    let server = Server::start(&["--client-id", "another"]);
    let words = ["--only=valid", "--only=no-signature"];
    let (code, table) = send(&server.folder, &server.listen.to_string(), &words);
    assert_eq!(code, Some(1));
    assert!(table.contains("400   <- differs"), "{table}");
    assert!(table.ends_with("1 of 2 as expected\n"), "{table}");
    let (code, table) = send(&server.folder, "127.0.0.1:1", &["--only=valid"]);
    assert_eq!(code, Some(1));
    assert!(table.contains("no answer"), "{table}");
}

#[test]
fn without_a_second_secret_one_kind_is_skipped() {
    let server = Server::start(&[]);
    let one = server.folder.file("one", super::support::CURRENT);
    let words = ["--only=old-secret", "--secret-file", &one];
    let (code, table) = send(&server.folder, &server.listen.to_string(), &words);
    assert_eq!(code, Some(0));
    assert!(table.contains("skipped"), "{table}");
}

#[test]
fn an_address_that_is_none_is_one_sentence() {
    let folder = Folder::new();
    for url in ["127.0.0.1:8787", "ftp://host/", "/webhooks/loop"] {
        let (code, _, error) = run(program(&folder, &["send", url]));
        assert_eq!(code, Some(2));
        assert!(
            error.contains("http://127.0.0.1:8787/webhooks/loop"),
            "{error}"
        );
    }
}
