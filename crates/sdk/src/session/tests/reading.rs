//! Calls to the services: how often, and with what.

use super::Bench;
use super::server::Fault;
use crate::api::Clinical;
use crate::env::Env as _;
use crate::error::Error;
use crate::session::{SessionState, SignedOutReason};

#[test]
fn a_service_that_always_says_invalid_token_is_asked_twice_and_no_more() {
    let bench = Bench::connected();
    for _ in 0..10 {
        bench.fault(
            "/v1/biomarkers",
            Fault::Status(401, r#"{"error":"invalid_token"}"#),
        );
    }
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert_eq!(bench.calls("/v1/biomarkers"), 2);
}

#[test]
fn after_a_429_nothing_is_sent_until_the_pause_is_over() {
    let bench = Bench::connected();
    let clinical = Clinical::new(bench.session.clone());
    bench.fault(
        "/v1/biomarkers",
        Fault::Status(429, r#"{"error":"rate_limited","retry_after_ms":2000}"#),
    );
    let read = || bench.sim.block_on(clinical.biomarkers()).map(|_| ());
    assert_eq!(read(), Err(Error::RateLimited { retry_after: 2000 }));
    bench.later(500);
    assert_eq!(read(), Err(Error::RateLimited { retry_after: 1500 }));
    assert_eq!(bench.calls("/v1/biomarkers"), 1);
    bench.later(1500);
    assert_eq!(read(), Ok(()));
}

#[test]
fn a_read_is_tried_three_times_when_no_answer_comes() {
    let bench = Bench::connected();
    for _ in 0..2 {
        bench.fault("/v1/biomarkers", Fault::Lost);
    }
    bench.read().unwrap();
    for _ in 0..3 {
        bench.fault("/v1/biomarkers", Fault::Status(503, ""));
    }
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/v1/biomarkers"), 6);
}

#[test]
fn a_bearer_token_goes_to_the_clinical_host_alone_and_no_url_has_a_secret() {
    let bench = Bench::connected();
    bench.read().unwrap();
    bench.sim.block_on(bench.session.disconnect());
    bench.sim.world(|world| {
        for request in &world.sent {
            let bearer = request
                .headers
                .iter()
                .any(|(name, _)| *name == "authorization");
            assert_eq!(
                bearer,
                request.url.starts_with("https://clinical.example/"),
                "{}",
                request.url
            );
            assert!(
                !request.url.contains("lph_") && !request.url.contains("code="),
                "{}",
                request.url
            );
            assert!(!format!("{request:?}").contains("lph_"));
        }
    });
}

#[test]
fn whoever_is_told_they_were_signed_out_is_signed_out() {
    let bench = Bench::connected();
    for _ in 0..2 {
        bench.fault(
            "/v1/biomarkers",
            Fault::Status(401, r#"{"error":"invalid_token"}"#),
        );
    }
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Ended)
    );
    assert_eq!(bench.session.inner.env.keys(), Vec::<String>::new());
}

#[test]
fn whoever_waited_for_a_timeout_does_not_wait_for_a_second_one() {
    let bench = Bench::connected();
    bench.fault("/v1/biomarkers", Fault::Late);
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/v1/biomarkers"), 1);
}
