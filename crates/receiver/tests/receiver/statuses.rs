//! What is answered to what.

use super::support::{CLIENT, CURRENT, PATH, PREVIOUS, Post, Server, body};

#[test]
fn every_request_has_its_status_and_its_count() {
    let server = Server::start(&["--body-limit", "4k", "--body-timeout", "2s"]);
    let event = || Post::event("evt_1", "usr_1");
    let larger = || Post::new("0".repeat(4 * 1024 + 1));
    let get = |method: &str| event().line(&format!("{method} {PATH} HTTP/1.1"));
    let header = |name, value: &str| event().and(name, value);
    let half = || {
        let mut half = event();
        half.body.truncate(10);
        half
    };
    let other_client = body("evt_2", "usr_1").replace(CLIENT, "client_2");
    let table = [
        (200, "accepted", event()),
        (200, "duplicate", event().signed_with(PREVIOUS)),
        (200, "duplicate", event().chunked()),
        (
            200,
            "duplicate",
            event().line(&format!("POST {PATH}?a=b HTTP/1.1")),
        ),
        (200, "conflict", Post::event("evt_1", "usr_2")),
        (200, "parked", Post::new("no JSON")),
        (
            200,
            "accepted",
            Post::new(body("evt_3", "usr_1").replace("protocol.started", "a.new.type")),
        ),
        (
            401,
            "signature_missing",
            event().without("X-Loop-Signature"),
        ),
        (
            401,
            "signature_repeated",
            header("X-Loop-Signature", &"0".repeat(64)),
        ),
        (
            401,
            "signature_malformed",
            event().with("X-Loop-Signature", "sha256=00"),
        ),
        (
            401,
            "signature_wrong",
            event().signed_with("whsec_stranger_a9Gt2Ev8Jb4Nu7"),
        ),
        (
            400,
            "header_repeated",
            header("X-Loop-Event-Id", "evt_1").and("X-Loop-Event-Id", "evt_1"),
        ),
        (400, "event_id_mismatch", header("X-Loop-Event-Id", "evt_9")),
        (
            400,
            "event_type_mismatch",
            header("X-Loop-Event-Type", "another.type"),
        ),
        (400, "client_mismatch", Post::new(other_client)),
        (404, "not_found", event().line("POST / HTTP/1.1")),
        (
            404,
            "not_found",
            event().line(&format!("POST {PATH}/ HTTP/1.1")),
        ),
        (404, "not_found", event().line("GET /metrics HTTP/1.1")),
        (404, "not_found", event().line("GET /readyz HTTP/1.1")),
        (405, "method_not_allowed", get("GET")),
        (405, "method_not_allowed", get("PUT")),
        (405, "method_not_allowed", get("DELETE")),
        (408, "body_too_slow", half()),
        (413, "body_too_large", larger()),
        (413, "body_too_large", larger().chunked()),
        (415, "body_encoded", header("Content-Encoding", "gzip")),
    ];
    for (status, outcome, post) in &table {
        let before = server.outcome(outcome);
        let answer = server.send(post);
        assert_eq!(answer.status, *status, "{outcome} {answer:?}");
        assert_eq!(answer.body, "", "{outcome}");
        assert_eq!(answer.header("allow"), (*status == 405).then_some("POST"));
        assert_eq!(server.outcome(outcome) - before, 1, "{outcome}");
    }
    assert_eq!(server.metric("signed_total{slot=\"0\"}"), 6);
    assert_eq!(server.metric("signed_total{slot=\"1\"}"), 1);
    assert!(!server.said().contains(CURRENT));
}

#[test]
fn what_is_no_request_has_a_status_too() {
    let server = Server::start(&[]);
    let event = || Post::event("evt_1", "usr_1");
    let many = (0..200).fold(event(), |post, number| {
        post.and(&format!("X-{number}"), "1")
    });
    let table = [
        (
            431,
            "a large header",
            event().and("X-Large", &"0".repeat(20_000)).bytes(),
        ),
        (431, "many headers", many.bytes()),
        (
            400,
            "no HTTP",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\r\n\r\n".to_vec(),
        ),
        (
            400,
            "two lengths",
            event().and("Content-Length", "3").bytes(),
        ),
    ];
    for (status, what, bytes) in table {
        assert_eq!(server.connect().send(&bytes).status, status, "{what}");
    }
    assert_eq!(server.send(&event()).status, 200);
}

#[test]
fn the_other_address_has_three_paths() {
    let server = Server::start(&[]);
    for (path, status, says) in [
        ("/livez", 200, "alive\n"),
        ("/readyz", 200, "ready\n"),
        ("/", 404, ""),
        (PATH, 404, ""),
    ] {
        let answer = server.ask(path);
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (status, says),
            "{path}"
        );
    }
    let metrics = server.ask("/metrics");
    assert!(
        metrics
            .header("content-type")
            .unwrap()
            .contains("openmetrics")
    );
    assert!(metrics.body.ends_with("# EOF\n"));
    assert_eq!(server.metric("events_handled_total"), 0);
}
