//! The way to the consent page and back.

use loop_contracts::scope::ScopeSet;
use serde_json::json;

use super::Bench;
use super::server::Fault;
use crate::env::EnvError;
use crate::error::{Error, Recovery};
use crate::protocol::Reason;
use crate::session::{Landing, Purpose, SessionState};

#[test]
fn the_address_bar_is_cleaned_before_anything_is_judged_or_sent() {
    let bench = Bench::new();
    let sent = bench.sim.world(|world| world.sent.len());
    for query in [
        "code=C&state=forged",
        "",
        "code=C&state=a&state=b",
        "access_token=x",
    ] {
        assert!(
            bench
                .sim
                .block_on(bench.session.complete(query, ""))
                .is_err()
        );
    }
    assert_eq!(
        bench.sim.world(|world| world.replaced.clone()),
        vec!["/auth/loop/callback"; 4]
    );
    assert_eq!(
        bench.sim.world(|world| world.sent.len()),
        sent,
        "zero requests"
    );
}

#[test]
fn a_callback_works_once() {
    let bench = Bench::new();
    let query = bench.consent("/");
    bench
        .sim
        .block_on(bench.session.complete(&query, ""))
        .unwrap();
    let exchanges = bench.calls("/t");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
    assert_eq!(bench.calls("/t"), exchanges);
    assert!(
        matches!(bench.session.state(), SessionState::Connected(_)),
        "the session that is there stays"
    );
}

#[test]
fn a_denied_callback_uses_up_its_transaction() {
    let bench = Bench::new();
    let query = bench.consent("/").replace("code=C", "error=access_denied");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Denied)
    );
    let again = query.replace("error=access_denied", "code=C");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&again, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
    assert_eq!(bench.calls("/t"), 0);
}

#[test]
fn two_clicks_on_connect_are_two_transactions_and_either_callback_works() {
    let bench = Bench::new();
    let first = bench.consent("/a");
    let (challenge, nonce) = (
        bench.server.borrow().challenge.clone(),
        bench.server.borrow().nonce.clone(),
    );
    let second = bench.consent("/b");
    assert_eq!(
        bench
            .sim
            .block_on(bench.session.complete(&second, ""))
            .unwrap()
            .return_to,
        "/b"
    );
    bench.server.borrow_mut().challenge = challenge;
    bench.server.borrow_mut().nonce = nonce;
    assert_eq!(
        bench
            .sim
            .block_on(bench.session.complete(&first, ""))
            .unwrap()
            .return_to,
        "/a"
    );
}

#[test]
fn a_callback_in_another_tab_is_refused() {
    let bench = Bench::new();
    let query = bench.consent("/");
    let other = Bench::new();
    assert_eq!(
        other.sim.block_on(other.session.complete(&query, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
}

#[test]
fn a_transaction_is_void_after_ten_minutes_and_is_swept() {
    let bench = Bench::new();
    let query = bench.consent("/");
    bench.later(10 * 60 * 1000 + 1);
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::TransactionExpired))
    );
    for (later, left) in [(10 * 60 * 1000, 2), (10 * 60 * 1000 + 1, 1)] {
        let bench = Bench::new();
        bench.consent("/");
        bench.later(later);
        bench.consent("/");
        assert_eq!(bench.sim.storage(|storage| storage.len()), left, "{later}");
    }
}

#[test]
fn a_transaction_that_was_made_for_another_client_or_server_is_not_used() {
    for changed in [
        (r#""client_id":"app""#, r#""client_id":"app_2""#),
        (
            r#""issuer":"https://identity.example""#,
            r#""issuer":"https://identity.example.org""#,
        ),
    ] {
        let bench = Bench::new();
        let query = bench.consent("/");
        bench.sim.storage(|storage| {
            let record = storage.values_mut().next().unwrap();
            assert!(record.contains(changed.0));
            *record = record.replace(changed.0, changed.1);
        });
        let outcome = bench.sim.block_on(bench.session.complete(&query, ""));
        assert_eq!(outcome.err(), Some(Error::Refused(Reason::UnknownState)));
        assert_eq!(bench.calls("/t"), 0);
    }
}

#[test]
fn a_tampered_id_token_connects_nobody() {
    for (claims, reason) in [
        (json!({"nonce": "other"}), Reason::IdTokenNonce),
        (json!({"aud": "other"}), Reason::IdTokenAudience),
        (
            json!({"iss": "https://evil.example"}),
            Reason::IdTokenIssuer,
        ),
        (json!({"exp": 1}), Reason::IdTokenExpired),
        (json!({"sub": null}), Reason::IdTokenSubject),
    ] {
        let bench = Bench::new();
        bench.server.borrow_mut().claims = claims;
        let query = bench.consent("/");
        assert_eq!(
            bench.sim.block_on(bench.session.complete(&query, "")),
            Err(Error::Refused(reason))
        );
        assert!(matches!(bench.session.state(), SessionState::SignedOut(_)));
        assert!(bench.sim.storage(|storage| storage.is_empty()));
    }
    let bench = Bench::new();
    bench.sim.world(|world| world.verifier = |_, _, _, _| false);
    let query = bench.consent("/");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::IdTokenSignature))
    );
}

#[test]
fn without_web_crypto_nothing_is_started() {
    let bench = Bench::new();
    bench.sim.world(|world| world.crypto = false);
    let started = bench
        .sim
        .block_on(bench.session.connect(Purpose::return_to("/")));
    assert_eq!(started, Err(Error::Environment(EnvError::NoCrypto)));
    assert!(
        bench
            .sim
            .world(|world| world.sent.is_empty() && world.navigated.is_empty())
    );
}

#[test]
fn too_many_requests_for_the_discovery_document_are_a_pause_and_not_nonsense() {
    let bench = Bench::new();
    bench.fault(
        "/.well-known/openid-configuration",
        Fault::Status(429, r#"{"error":"rate_limited","retry_after_ms":7000}"#),
    );
    assert_eq!(
        bench
            .sim
            .block_on(bench.session.connect(Purpose::return_to("/"))),
        Err(Error::RateLimited { retry_after: 7000 })
    );
}

#[test]
fn a_code_that_the_server_does_not_take_is_no_session_that_ended() {
    let bench = Bench::new();
    let query = bench.consent("/");
    bench.fault("/t", Fault::Status(400, r#"{"error":"invalid_grant"}"#));
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::CodeRefused))
    );
}

#[test]
fn without_an_id_token_nobody_is_connected() {
    let bench = Bench::new();
    let query = bench.consent("/");
    let answer = r#"{"access_token":"lph_at_1","token_type":"Bearer"}"#;
    bench.fault("/t", Fault::Status(200, answer));
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::IdTokenMissing))
    );
    assert!(bench.sim.storage(|storage| storage.is_empty()));
}

#[test]
fn keys_that_rotated_are_asked_for_once_more_and_a_bad_signature_asks_for_none() {
    let bench = Bench::new();
    let old = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"x","y":"y","kid":"0"}]}"#;
    bench.fault("/j", Fault::Status(200, old));
    let connect = || {
        bench.later(60_000);
        let query = bench.consent("/");
        let landed = bench.sim.block_on(bench.session.complete(&query, ""));
        (landed.map(|_| ()), bench.calls("/j"))
    };
    // A set that is fresh is not asked for again.
    assert_eq!(connect(), (Err(Error::Refused(Reason::IdTokenKey)), 1));
    // One from earlier in this page is.
    assert_eq!(connect(), (Ok(()), 2));
    assert_eq!(connect(), (Ok(()), 2));
    bench.sim.world(|world| world.verifier = |_, _, _, _| false);
    assert_eq!(
        connect(),
        (Err(Error::Refused(Reason::IdTokenSignature)), 2)
    );
}

#[test]
fn a_third_sign_in_within_a_minute_is_stopped_and_a_minute_later_it_is_not() {
    let bench = Bench::new();
    bench.consent("/");
    bench.later(20_000);
    bench.consent("/");
    bench.later(20_000);
    let third = || {
        bench
            .sim
            .block_on(bench.session.connect(Purpose::return_to("/")))
    };
    assert_eq!(third(), Err(Error::SignInLoop));
    assert_eq!(Error::SignInLoop.recovery(), Recovery::Diagnose);
    assert_eq!(bench.sim.world(|world| world.navigated.len()), 2);
    bench.later(20_001);
    assert_eq!(third(), Ok(()));
}

#[test]
fn whoever_leaves_by_hand_is_in_no_loop() {
    let mut bench = Bench::new();
    for _ in 0..4 {
        bench = bench.connect();
        bench.sim.block_on(bench.session.disconnect());
    }
}

#[test]
fn saying_yes_to_more_brings_the_very_action_back_once() {
    let bench = Bench::connected();
    let purpose = || Purpose {
        return_to: "/settings".to_owned(),
        more: ScopeSet::parse("manage:connected_apps"),
        action: Some("list".to_owned()),
    };
    let query = bench.consent_for(purpose());
    let url = bench.sim.world(|world| world.navigated.last().cloned());
    let asked = url.unwrap_or_default();
    assert!(
        asked.contains("&scope=openid%20profile%20manage%3Aconnected_apps%20read%3Abiomarkers&"),
        "{asked}"
    );
    assert!(!asked.contains("list") && !asked.contains("settings"));
    let landing = bench
        .sim
        .block_on(bench.session.complete(&query, ""))
        .unwrap();
    let came = (
        landing.return_to.as_str(),
        landing.action.as_deref(),
        landing.denied,
    );
    assert_eq!(came, ("/settings", Some("list"), false));
    let again = bench.sim.block_on(bench.session.complete(&query, ""));
    assert_eq!(again, Err(Error::Refused(Reason::UnknownState)));
}

#[test]
fn saying_no_to_more_keeps_the_session_and_brings_no_action_back() {
    let bench = Bench::connected();
    let before = bench.session.state();
    let query = bench.consent_for(Purpose {
        return_to: "/settings".to_owned(),
        more: ScopeSet::parse("manage:connected_apps"),
        action: Some("list".to_owned()),
    });
    let state = query
        .split('&')
        .find(|part| part.starts_with("state="))
        .unwrap();
    let denied = format!("error=access_denied&{state}&iss=https%3A%2F%2Fidentity.example");
    let landing = bench
        .sim
        .block_on(bench.session.complete(&denied, ""))
        .unwrap();
    assert_eq!(
        landing,
        Landing {
            return_to: "/settings".to_owned(),
            missing: ScopeSet::parse("manage:connected_apps"),
            denied: true,
            action: None,
        }
    );
    assert_eq!(bench.session.state(), before);
    assert_eq!(bench.calls("/t"), 1);
}
