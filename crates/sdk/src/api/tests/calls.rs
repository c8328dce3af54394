//! What holds for every call, whatever it asks for.

use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;

use super::desk::{CALLS, Call, Desk, Fault};
use super::texts::TEXTS;
use crate::env::Method;
use crate::error::{Error, Recovery};
use crate::session::tests::Bench;

/// The keys that came with the requests so far.
fn keys(desk: &Desk) -> Vec<Option<String>> {
    let service = desk.service.borrow();
    service.seen.iter().map(|(_, _, key)| key.clone()).collect()
}

fn is_end(call: &Call) -> bool {
    call.method == Method::Delete
}

#[test]
fn each_asks_for_what_the_platform_documents_and_reads_the_answer() {
    for call in CALLS.iter().chain(TEXTS) {
        let desk = Desk::new();
        assert_eq!(
            (call.make)(&desk).as_deref(),
            Ok(call.gives),
            "{}",
            call.name
        );
        let seen = desk.service.borrow().seen.clone();
        let [(method, url, key)] = &seen[..] else {
            panic!("{}: {seen:?}", call.name);
        };
        assert_eq!(*method, call.method, "{}", call.name);
        assert_eq!(*url, format!("{}{}", call.host, call.path));
        assert_eq!(key.is_some(), call.method != Method::Get, "{}", call.name);
    }
}

/// One call, and no token but that of the sign-in.
fn asked_once(desk: &Desk, call: &Call) {
    let calls = (desk.seen(), desk.bench.calls("/t"));
    assert_eq!(calls, (1, 1), "{}", call.name);
}

#[test]
fn c1_a_missing_scope_is_named_and_nothing_is_refreshed_or_repeated() {
    for call in CALLS.iter().chain(TEXTS) {
        for status in [401, 403] {
            let desk = Desk::new();
            let challenge = r#"Bearer error="insufficient_scope", scope="read:x write:y""#;
            let body = r#"{"error":"insufficient_scope","message":"x"}"#;
            desk.fault(Fault::Answer(
                status,
                vec![("www-authenticate", challenge.to_owned())],
                body.to_owned(),
            ));
            let missing = ScopeSet::parse("read:x write:y");
            let error = (call.make)(&desk).unwrap_err();
            assert_eq!(
                error.recovery(),
                Recovery::AskConsent(missing),
                "{}",
                call.name
            );
            asked_once(&desk, call);
        }
    }
}

#[test]
fn what_asking_again_does_not_change_is_not_asked_again() {
    for call in CALLS.iter().chain(TEXTS) {
        for (status, body, expected) in [
            (
                400,
                r#"{"error":"validation_error"}"#,
                Error::Rejected(ErrorCode::ValidationError),
            ),
            (
                422,
                r#"{"error":"unprocessable_entity","message":"x"}"#,
                Error::Rejected(ErrorCode::UnprocessableEntity),
            ),
            (422, "", Error::Rejected(ErrorCode::ValidationError)),
            (
                403,
                r#"{"error":"forbidden"}"#,
                Error::Rejected(ErrorCode::Forbidden),
            ),
            (
                409,
                r#"{"error":"conflict"}"#,
                Error::Rejected(ErrorCode::Conflict),
            ),
            (409, "", Error::Rejected(ErrorCode::Conflict)),
            (
                412,
                r#"{"error":"precondition_failed"}"#,
                Error::NoResultsYet,
            ),
            (412, "", Error::NoResultsYet),
            (404, r#"{"error":"not_found"}"#, Error::NotVisible),
            (404, "<h1>", Error::NotVisible),
        ] {
            let desk = Desk::new();
            desk.fault(Fault::says(status, body));
            let said = (call.make)(&desk);
            if is_end(call) && status == 404 {
                // C8: it is gone, which is what was asked for.
                assert_eq!(said.as_deref(), Ok("Before"), "{}", call.name);
            } else {
                assert_eq!(said, Err(expected), "{} {status}", call.name);
            }
            asked_once(&desk, call);
        }
    }
}

#[test]
fn after_too_many_nothing_is_sent_until_the_pause_is_over() {
    for call in CALLS.iter().chain(TEXTS) {
        for (headers, body, wait) in [
            (vec![("retry-after", "7")], "", 7_000),
            (
                vec![],
                r#"{"error":"rate_limited","retry_after_ms":1500}"#,
                1_500,
            ),
            // The simulated day is 2026-03-03T08:30:00Z.
            (
                vec![("retry-after", "Tue, 03 Mar 2026 09:30:00 GMT")],
                "",
                3_600_000,
            ),
            (
                vec![
                    ("retry-after", "Tue, 03 Mar 2026 09:30:00 GMT"),
                    ("date", "Tue, 03 Mar 2026 09:29:00 GMT"),
                ],
                "",
                60_000,
            ),
        ] {
            let desk = Desk::new();
            let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
            desk.fault(Fault::Answer(429, headers, body.to_owned()));
            let refused = |retry_after| Err(Error::RateLimited { retry_after });
            assert_eq!((call.make)(&desk), refused(wait), "{}", call.name);
            desk.bench.later(i64::from(wait) - 1);
            assert_eq!((call.make)(&desk), refused(1), "{}", call.name);
            assert_eq!(desk.seen(), 1, "{}", call.name);
            desk.bench.later(1);
            assert_eq!(
                (call.make)(&desk).as_deref(),
                Ok(call.gives),
                "{}",
                call.name
            );
        }
    }
}

#[test]
fn a_pause_that_nobody_measured_grows_until_a_call_is_let_through() {
    let desk = Desk::new();
    let call = &CALLS[0];
    let mut longest = vec![];
    for round in 0..2 {
        for refusals in 0..8 {
            desk.fault(Fault::says(429, ""));
            let Err(Error::RateLimited { retry_after }) = (call.make)(&desk) else {
                panic!("{round} {refusals}");
            };
            assert!((250..=60_000.min(1_000 << refusals)).contains(&retry_after));
            longest.push(retry_after);
            desk.bench.later(i64::from(retry_after));
        }
        (call.make)(&desk).unwrap();
    }
    assert!(longest.iter().max() > Some(&8_000), "{longest:?}");
}

#[test]
fn a_refused_token_is_renewed_and_the_call_repeated_once_with_the_same_key() {
    for call in CALLS.iter().chain(TEXTS) {
        let desk = Desk::new();
        desk.bench.server.borrow_mut().access.clear();
        assert_eq!(
            (call.make)(&desk).as_deref(),
            Ok(call.gives),
            "{}",
            call.name
        );
        assert_eq!(
            desk.bench.calls("/t"),
            2,
            "{}: one exchange, one refresh",
            call.name
        );

        let desk = Desk::new();
        for _ in 0..5 {
            desk.fault(Fault::says(401, r#"{"error":"invalid_token"}"#));
        }
        assert_eq!(
            (call.make)(&desk),
            Err(Error::SessionEnded),
            "{}",
            call.name
        );
        let keys = keys(&desk);
        assert_eq!((keys.len(), &keys[0]), (2, &keys[1]), "{}", call.name);
    }
}

#[test]
fn a_lost_answer_or_a_server_error_is_tried_three_times_with_the_same_key() {
    for call in CALLS.iter().chain(TEXTS) {
        for fault in [
            || Fault::Lost,
            || Fault::LostAfterwards,
            || Fault::says(503, ""),
            || Fault::says(500, "<h1>"),
        ] {
            let desk = Desk::new();
            for _ in 0..2 {
                desk.fault(fault());
            }
            assert_eq!(
                (call.make)(&desk).as_deref(),
                Ok(call.gives),
                "{}",
                call.name
            );
            let keys = keys(&desk);
            assert_eq!(keys.len(), 3, "{}", call.name);
            assert!(keys.iter().all(|key| *key == keys[0]), "{}", call.name);
            let is_write = call.method != Method::Get;
            assert_eq!(
                desk.service.borrow().done.len(),
                usize::from(is_write),
                "{}",
                call.name
            );

            for _ in 0..3 {
                desk.fault(fault());
            }
            assert_eq!((call.make)(&desk), Err(Error::Unavailable), "{}", call.name);
            assert_eq!(desk.seen(), 6, "{}", call.name);
        }
    }
}

#[test]
fn after_a_timeout_nothing_is_sent_again() {
    for call in CALLS.iter().chain(TEXTS) {
        let desk = Desk::new();
        desk.fault(Fault::Late);
        assert_eq!((call.make)(&desk), Err(Error::Unavailable), "{}", call.name);
        assert_eq!(desk.seen(), 1, "{}", call.name);
    }
}

#[test]
fn without_network_or_without_a_person_nothing_is_sent() {
    for call in CALLS.iter().chain(TEXTS) {
        let desk = Desk::new();
        let sent = desk.sent();
        desk.bench.sim.world(|world| world.online = false);
        assert_eq!((call.make)(&desk), Err(Error::Offline), "{}", call.name);
        assert_eq!(desk.sent(), sent, "{}", call.name);

        let desk = Desk::of(Bench::with(crate::session::tests::config(
            &serde_json::json!({}),
        )));
        assert_eq!((call.make)(&desk), Err(Error::SignedOut), "{}", call.name);
        assert_eq!(desk.sent(), 0, "{}", call.name);
    }
}

#[test]
fn an_answer_that_is_none_is_unreadable_and_a_write_that_was_done_is_done() {
    for call in CALLS.iter().chain(TEXTS) {
        for body in [
            "<!doctype html>",
            "",
            "[]",
            "{}",
            r#"{"data": {}, "flags": 7, "markers": null}"#,
            "\u{feff}{}",
        ] {
            let desk = Desk::new();
            desk.fault(Fault::says(200, body));
            let said = (call.make)(&desk);
            match (call.name, body) {
                ("answer a check-in" | "answer a check-in as text", _) => {
                    assert_eq!(said.as_deref(), Ok("written"), "{body}");
                }
                _ if is_end(call) => assert_eq!(said.as_deref(), Ok("Now"), "{body}"),
                // Both members may be missing: nothing comes next.
                ("next check-in", "{}" | r#"{"data": {}, "flags": 7, "markers": null}"#) => {
                    assert_eq!(said.as_deref(), Ok("None"));
                }
                (
                    "next check-in as text",
                    "{}" | r#"{"data": {}, "flags": 7, "markers": null}"#,
                ) => {
                    assert_eq!(said.as_deref(), Ok(body));
                }
                _ => assert!(
                    matches!(said, Err(Error::Unreadable(_))),
                    "{} {body}: {said:?}",
                    call.name
                ),
            }
            assert_eq!(desk.seen(), 1, "{}", call.name);
        }
    }
}
