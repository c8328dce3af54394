//! Where two pages of the documentation contradict each other, the session behaves the same under both. C5 and C9 are
//! data, and stand in the tests of `loop-contracts`.

use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;
use serde_json::{Value, json};

use super::server::Fault;
use super::{Bench, config};
use crate::api::classify;
use crate::env::HttpResponse;
use crate::error::{Error, Recovery};
use crate::protocol::{Reason, revoke};
use crate::session::SessionState;
use crate::url::decode_form;

#[test]
fn c1_insufficient_scope_asks_the_person_and_never_refreshes_whatever_its_status() {
    for status in [401, 403] {
        for body in [
            r#"{"error":"insufficient_scope","error_description":"x"}"#,
            r#"{"error":"insufficient_scope","message":"x"}"#,
            r#"{"error":"insufficient_scope","error_description":"x","message":"x"}"#,
        ] {
            let bench = Bench::connected();
            let exchanges = bench.calls("/t");
            bench.fault("/v1/biomarkers", Fault::Status(status, body));
            let error = bench.read().unwrap_err();
            assert_eq!(
                error.recovery(),
                Recovery::AskConsent(ScopeSet::default()),
                "{status} {body}"
            );
            assert_eq!(bench.calls("/t"), exchanges, "{status} {body}");
            assert_eq!(bench.calls("/v1/biomarkers"), 1, "{status} {body}");
            assert!(matches!(bench.session.state(), SessionState::Connected(_)));
        }
    }
}

#[test]
fn c2_both_error_body_shapes_lead_the_same_way() {
    for (service, token) in [
        (
            r#"{"error":"invalid_token","error_description":"x","error_uri":"y"}"#,
            r#"{"error":"invalid_grant","error_description":"x"}"#,
        ),
        (
            r#"{"error":"invalid_token","message":"x"}"#,
            r#"{"error":"invalid_grant","message":"x"}"#,
        ),
        (
            r#"{"error":"invalid_token","message":"x","error_description":"y"}"#,
            r#"{"error":"invalid_grant","message":"x","error_description":"y"}"#,
        ),
    ] {
        let bench = Bench::connected();
        bench.fault("/v1/biomarkers", Fault::Status(401, service));
        assert_eq!(bench.read(), Ok(()), "{service}");
        assert_eq!(bench.calls("/t"), 2, "one exchange, one refresh");
        bench.later(3_600_000);
        bench.fault("/t", Fault::Status(400, token));
        assert_eq!(bench.read(), Err(Error::SessionEnded), "{token}");
    }
}

#[test]
fn c3_a_nonce_is_always_sent_and_always_checked() {
    let bench = Bench::new();
    bench.consent("/");
    let url = bench.sim.world(|world| world.navigated[0].clone());
    let query = decode_form(url.split_once('?').unwrap().1).unwrap();
    let field = |name: &str| {
        query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
            .unwrap()
    };
    assert_eq!(field("nonce").len(), 43, "256 bits");
    assert_ne!(field("nonce"), field("state"));
    for (claim, expected) in [
        (Value::Null, Err(Error::Refused(Reason::IdTokenNonce))),
        (json!(""), Err(Error::Refused(Reason::IdTokenNonce))),
        (json!("another"), Err(Error::Refused(Reason::IdTokenNonce))),
    ] {
        let bench = Bench::new();
        bench.server.borrow_mut().claims = json!({"nonce": claim});
        let query = bench.consent("/");
        let landed = bench
            .sim
            .block_on(bench.session.complete(&query, ""))
            .map(|_| ());
        assert_eq!(landed, expected, "{claim}");
    }
}

#[test]
fn c4_a_revoked_token_ends_the_session_at_once_or_when_the_service_hears_of_it() {
    for cached in [true, false] {
        // Left here: nothing is sent any more, even where a service would still answer.
        let bench = Bench::connected();
        bench.sim.block_on(bench.session.disconnect());
        if cached {
            bench
                .server
                .borrow_mut()
                .access
                .insert("lph_at_1".to_owned());
        }
        let sent = bench.sim.world(|world| world.sent.len());
        assert_eq!(bench.read(), Err(Error::SignedOut));
        assert_eq!(bench.sim.world(|world| world.sent.len()), sent);

        // Revoked elsewhere: it serves as long as the service believes it, and then the session ends after one refresh.
        let bench = Bench::connected();
        bench.server.borrow_mut().refresh.clear();
        if cached {
            assert_eq!(bench.read(), Ok(()));
        }
        bench.server.borrow_mut().access.clear();
        assert_eq!(bench.read(), Err(Error::SessionEnded));
        assert_eq!(bench.calls("/t"), 2, "one exchange, one refresh");
        assert_eq!(bench.read(), Err(Error::SignedOut));
        assert_eq!(bench.calls("/t"), 2);
    }
}

#[test]
fn c7_invalid_input_is_ours_to_mend_whatever_its_status_and_is_not_sent_again() {
    for (status, body, code) in [
        (
            400,
            r#"{"error":"validation_error"}"#,
            ErrorCode::ValidationError,
        ),
        (
            422,
            r#"{"error":"validation_error"}"#,
            ErrorCode::ValidationError,
        ),
        (
            400,
            r#"{"error":"unprocessable_entity"}"#,
            ErrorCode::UnprocessableEntity,
        ),
        (
            422,
            r#"{"error":"unprocessable_entity","message":"x"}"#,
            ErrorCode::UnprocessableEntity,
        ),
        (400, "", ErrorCode::ValidationError),
        (422, "<h1>", ErrorCode::ValidationError),
    ] {
        let bench = Bench::connected();
        bench.fault("/v1/biomarkers", Fault::Status(status, body));
        let error = bench.read().unwrap_err();
        assert_eq!(
            (&error, error.recovery()),
            (&Error::Rejected(code), Recovery::Owner),
            "{status} {body}"
        );
        assert_eq!(
            (bench.calls("/v1/biomarkers"), bench.calls("/t")),
            (1, 1),
            "{status} {body}"
        );
    }
}

#[test]
fn c8_what_is_gone_already_is_no_failure_of_the_app() {
    let answer = |status, body: &str| HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    };
    // A grant: 204 again and again. A connected app: 404 the second time, for which there is nothing to try again.
    let judged = |status, body| format!("{:?}", classify(&answer(status, body)));
    for (status, body, expected) in [
        (204, "", "Answer"),
        (404, r#"{"error":"not_found"}"#, "Failed(NotVisible)"),
        (
            404,
            r#"{"error":"not_found","message":"x"}"#,
            "Failed(NotVisible)",
        ),
        (404, "", "Failed(NotVisible)"),
    ] {
        assert_eq!(judged(status, body), expected, "{status} {body}");
    }
    assert_eq!(Error::NotVisible.recovery(), Recovery::Tell);
    // A token: 200 whether it was alive or not.
    assert!(revoke::process(&answer(200, "")));
    assert!(!revoke::process(&answer(
        401,
        r#"{"error":"invalid_client"}"#
    )));
    let bench = Bench::connected();
    bench.server.borrow_mut().access.clear();
    bench.server.borrow_mut().refresh.clear();
    assert!(bench.sim.block_on(bench.session.disconnect()).is_complete());
    assert_eq!(bench.session.config(), &config(&json!({})));
}
