//! Tokens that are bound to a key, at a server and services that look at every proof.

use serde_json::json;

use super::Bench;
use super::server::Fault;
use crate::env::Env as _;
use crate::error::Error;
use crate::protocol::Reason;
use crate::session::proof::origin_of;
use crate::session::{Purpose, SessionState, SignedOutReason, board};

const AN_HOUR: i64 = 3_600_000;

#[test]
fn every_token_request_and_every_call_is_proven_until_the_person_leaves() {
    let bench = Bench::bound();
    bench.read().unwrap();
    bench.later(AN_HOUR);
    bench.read().unwrap();
    bench.nothing_was_refused();
    assert_eq!(bench.keys().len(), 1);
    assert_eq!(
        bench.proofs(|proofs| (proofs.thumbprint.clone(), proofs.claims.len())),
        (Some(bench.keys()[0].thumbprint()), 4)
    );
    assert_eq!(bench.with_header("authorization", "Bearer"), 0);
    assert!(bench.sim.block_on(bench.session.disconnect()).is_complete());
    assert_eq!(bench.keys(), []);
}

#[test]
fn a_proof_is_made_by_the_servers_clock() {
    let bench = Bench::offered();
    bench.server.borrow_mut().date = true;
    let query = bench.ask();
    bench.sim.world(|world| world.clock_error = 2 * AN_HOUR);
    let now = bench.sim.world(|world| world.now.0);
    bench.server.borrow_mut().now = Box::new(move || now);
    bench
        .sim
        .block_on(bench.session.reach_server(1_000))
        .unwrap();
    bench.land(&query).unwrap();
    bench.read().unwrap();
    bench.nothing_was_refused();
}

#[test]
fn without_an_offer_or_without_a_place_for_a_key_tokens_are_bound_to_nothing() {
    let plain = Bench::connected();
    plain.read().unwrap();
    assert_eq!((plain.keys(), plain.with_header("dpop", "")), (vec![], 0));

    let bench = Bench::offered();
    bench.sim.world(|world| world.key_store = false);
    bench.proofs(|proofs| proofs.token_type = "Bearer");
    let query = bench.ask();
    bench.land(&query).unwrap();
    // A store that works later changes nothing: the callback did what the request promised.
    bench.sim.world(|world| world.key_store = true);
    bench.later(AN_HOUR);
    bench.read().unwrap();
    assert_eq!((bench.keys(), bench.with_header("dpop", "")), (vec![], 0));
}

#[test]
fn a_bearer_token_for_a_request_that_was_proven_is_refused() {
    let bench = Bench::offered();
    bench.proofs(|proofs| proofs.token_type = "Bearer");
    let query = bench.ask();
    assert_eq!(bench.land(&query), Err(Error::Refused(Reason::TokenType)));
    assert_eq!(bench.keys(), [], "the key of a sign-in that failed");

    let bench = Bench::bound();
    bench.proofs(|proofs| proofs.token_type = "Bearer");
    bench.later(AN_HOUR);
    assert_eq!(bench.read(), Err(Error::OutcomeUnknown));
    assert_eq!(bench.with_header("authorization", "Bearer"), 0);
}

#[test]
fn a_nonce_is_learned_once_and_a_refresh_that_needs_one_is_no_second_use() {
    let bench = Bench::offered();
    bench.proofs(|proofs| proofs.wants_nonce = [("/t", 1), ("/v1/biomarkers", 1)].into());
    let query = bench.ask();
    bench.land(&query).unwrap();
    assert_eq!(
        bench.calls("/t"),
        2,
        "the code, and once more with the nonce"
    );
    bench.later(AN_HOUR);
    bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 1));
    bench.read().unwrap();
    assert_eq!((bench.calls("/t"), bench.calls("/v1/biomarkers")), (4, 2));
    bench.read().unwrap();
    assert_eq!(bench.calls("/v1/biomarkers"), 3, "it is known by now");
    bench.nothing_was_refused();
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn whoever_always_wants_another_nonce_is_asked_twice_and_no_token_is_spent() {
    let bench = Bench::bound();
    bench.later(AN_HOUR);
    bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 2));
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/t"), 3);
    bench.read().unwrap();
    assert!(!bench.server.borrow().revoked_by_us);

    bench.proofs(|proofs| proofs.wants_nonce.insert("/v1/biomarkers", 99));
    let before = bench.calls("/v1/biomarkers");
    assert!(matches!(bench.read(), Err(Error::Rejected(_))));
    assert_eq!(bench.calls("/v1/biomarkers") - before, 2);
}

#[test]
fn a_refresh_whose_second_answer_is_lost_is_never_sent_again() {
    let bench = Bench::bound();
    bench.later(AN_HOUR);
    bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 1));
    let mut sent = 0;
    bench.sim.world(|world| {
        world.forecast = Box::new(move |request, _| {
            sent += usize::from(request.url.ends_with("/t"));
            let is_lost = request.url.ends_with("/t") && sent == 2;
            crate::env::sim::Weather {
                fate: if is_lost {
                    crate::env::sim::Fate::AnswerLost
                } else {
                    crate::env::sim::Fate::Answered
                },
                ..Default::default()
            }
        });
    });
    assert_eq!(bench.read(), Err(Error::OutcomeUnknown));
    assert_eq!(bench.calls("/t"), 3);
    assert!(bench.read().is_err());
    assert_eq!(bench.calls("/t"), 3);
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_session_whose_key_is_gone_ends_calmly_and_nothing_is_sent_without_proof() {
    for before in [0, AN_HOUR] {
        let bench = Bench::bound();
        bench.later(before);
        bench.sim.world(|world| world.keys.clear());
        let calls = (bench.calls("/t"), bench.calls("/v1/biomarkers"));
        assert_eq!(bench.read(), Err(Error::SessionEnded));
        let ended = SessionState::SignedOut(SignedOutReason::Ended);
        assert_eq!(bench.session.state(), ended);
        assert_eq!((bench.calls("/t"), bench.calls("/v1/biomarkers")), calls);
        bench.sim.settle();
        assert_eq!(bench.calls("/r"), 2, "nobody will use these tokens");
        assert_eq!(bench.with_header("authorization", "Bearer"), 0);
    }
}

#[test]
fn a_browser_that_cannot_sign_now_keeps_the_session_and_has_sent_nothing() {
    let bench = Bench::bound();
    bench.later(AN_HOUR);
    bench.sim.world(|world| world.key_store = false);
    assert_eq!(bench.read(), Err(Error::Unavailable));
    let family = board::family(&bench.sim).unwrap().unwrap();
    assert_eq!(board::sent(&bench.sim, &family), Ok(0));
    assert_eq!(bench.calls("/t"), 1);
    bench.sim.world(|world| world.key_store = true);
    bench.read().unwrap();
    bench.nothing_was_refused();
}

#[test]
fn a_callback_does_what_its_request_promised() {
    let bench = Bench::offered();
    let query = bench.ask();
    bench.sim.world(|world| world.keys.clear());
    assert_eq!(bench.land(&query), Err(Error::Refused(Reason::KeyMissing)));
    assert_eq!(bench.calls("/t"), 0, "the code was not sent");
    // Whoever says no, or is refused otherwise, leaves no key behind.
    let query = bench.ask();
    let state = query
        .split('&')
        .find(|part| part.starts_with("state="))
        .unwrap();
    let denied = format!("error=access_denied&{state}&iss=https%3A%2F%2Fidentity.example");
    assert_eq!(bench.land(&denied), Err(Error::Denied));
    assert_eq!(bench.keys(), []);
}

#[test]
fn a_lost_or_refused_refresh_means_the_same_with_a_key() {
    for (fault, expected) in [
        (Fault::LostAfterwards, Error::OutcomeUnknown),
        (Fault::Html, Error::OutcomeUnknown),
        (Fault::Status(503, ""), Error::Unavailable),
        (
            Fault::Status(400, r#"{"error":"invalid_dpop_proof"}"#),
            Error::OutcomeUnknown,
        ),
    ] {
        let bench = Bench::bound();
        bench.later(AN_HOUR);
        bench.fault("/t", fault);
        assert_eq!(bench.read(), Err(expected));
        assert_eq!(bench.calls("/t"), 2);
        assert!(!bench.server.borrow().revoked_by_us);
    }
}

#[test]
fn no_key_and_no_proof_is_printed_or_told() {
    let bench = Bench::bound();
    bench.read().unwrap();
    let x = bench.keys()[0].x().to_owned();
    bench.sim.world(|world| {
        let printed = format!("{:?}", world.sent);
        assert!(!printed.contains(&x) && !printed.contains("eyJ"));
        assert!(world.shared.values().all(|text| !text.contains(&x)));
    });
    let purpose = Purpose::return_to("/");
    assert!(!format!("{purpose:?}").contains(&x));
}

#[test]
fn what_is_repeated_for_a_nonce_counts_as_a_call_and_a_code_does_not() {
    let bench = Bench::offered();
    bench.proofs(|proofs| proofs.wants_nonce = [("/t", 1), ("/v1/biomarkers", 1)].into());
    let query = bench.ask();
    bench.land(&query).unwrap();
    let counted = |kind| board::calls(&bench.sim, kind).count;
    assert_eq!(counted("token"), 0);
    bench.read().unwrap();
    assert_eq!((bench.calls("/v1/biomarkers"), counted("read")), (2, 2));
    bench.later(AN_HOUR);
    bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 1));
    bench.read().unwrap();
    assert_eq!((bench.calls("/t"), counted("token")), (4, 2));
}

#[test]
fn nothing_is_repeated_for_a_nonce_when_no_more_may_be_sent() {
    let bench = Bench::bound();
    bench.proofs(|proofs| proofs.wants_nonce.insert("/v1/biomarkers", 1));
    let full = board::Calls {
        since: bench.sim.world(|world| world.now),
        count: 119,
    };
    board::set_calls(&bench.sim, "read", full);
    assert!(bench.read().is_err());
    assert_eq!(bench.calls("/v1/biomarkers"), 1);
    bench.later(60_000);
    bench.read().unwrap();

    // The refusal of a refresh stands: the token has not been used.
    bench.later(AN_HOUR);
    bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 1));
    let full = board::Calls {
        since: bench.sim.world(|world| world.now),
        count: 5,
    };
    board::set_calls(&bench.sim, "token", full);
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/t"), 2);
    bench.later(60_000);
    bench.read().unwrap();
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_pause_that_begins_while_a_proof_is_made_is_kept() {
    let bench = Bench::bound();
    bench.sim.world(|world| world.key_time = 1_000);
    bench.sim.spawn({
        let sim = bench.sim.clone();
        async move {
            sim.sleep(1).await;
            let until = sim.now().plus(9_000);
            board::set_pause(&sim, "read", board::Pause { until, times: 1 });
        }
    });
    assert!(matches!(bench.read(), Err(Error::RateLimited { .. })));
    assert_eq!(bench.calls("/v1/biomarkers"), 0);
}

#[test]
fn what_is_repeated_for_a_nonce_has_what_is_left_of_the_time() {
    // How long the first answer takes, whether there is a second request, and how much time it has.
    for (first, second) in [(0, Some(10_000)), (9_000, Some(1_000)), (9_999, Some(1))] {
        let bench = Bench::bound();
        bench.later(AN_HOUR);
        bench.proofs(|proofs| proofs.wants_nonce.insert("/t", 1));
        bench.sim.world(|world| {
            world.forecast = Box::new(move |request, _| crate::env::sim::Weather {
                back: if request.url.ends_with("/t") {
                    first
                } else {
                    0
                },
                ..Default::default()
            });
        });
        let _ = bench.read();
        let timeouts = bench.sim.world(|world| {
            let token = world.sent.iter().filter(|sent| sent.url.ends_with("/t"));
            token.map(|sent| sent.timeout).collect::<Vec<_>>()
        });
        assert_eq!(timeouts[1..].first(), Some(&10_000));
        assert_eq!(timeouts.get(2).copied(), second);
    }
}

#[test]
fn a_code_that_is_repeated_for_a_nonce_has_all_of_its_time_again() {
    let bench = Bench::offered();
    bench.proofs(|proofs| proofs.wants_nonce = [("/t", 1)].into());
    let query = bench.ask();
    bench.sim.world(|world| {
        world.forecast = Box::new(|request, _| crate::env::sim::Weather {
            back: if request.url.ends_with("/t") {
                12_000
            } else {
                0
            },
            ..Default::default()
        });
    });
    bench.land(&query).unwrap();
    assert_eq!(bench.calls("/t"), 2);
}

#[test]
fn a_nonce_is_of_one_origin() {
    for (url, origin) in [
        ("https://identity.example/t", "https://identity.example"),
        (
            "https://clinical.example/v1/a?b=c",
            "https://clinical.example",
        ),
        ("https://a.b/c", "https://a.b"),
        ("https://a.b?c=https://d.e/", "https://a.b"),
        ("https://a.b:8443/c/d", "https://a.b:8443"),
        ("https://a.b", "https://a.b"),
    ] {
        assert_eq!(origin_of(url), origin);
    }

    let bench = Bench::offered();
    bench.proofs(|proofs| proofs.wants_nonce = [("/t", 1)].into());
    let query = bench.ask();
    bench.land(&query).unwrap();
    bench.read().unwrap();
    let nonces = bench.proofs(|proofs| {
        let nonces = proofs.claims.iter().map(|claims| claims.get("nonce"));
        nonces.map(Option::<&_>::cloned).collect::<Vec<_>>()
    });
    let known = Some(json!("nonce-1"));
    assert_eq!(nonces, [None, known, None], "the code, once more, the read");
}
