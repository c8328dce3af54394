//! The next access token: once, and calmly when it cannot be had.

use serde_json::json;

use super::server::Fault;
use super::{Bench, Task};
use crate::api::Clinical;
use crate::env::sim::{Sim, Weather};
use crate::env::{Env as _, Told};
use crate::error::{Error, Recovery};
use crate::session::{SessionState, SignedOutReason, board};

#[test]
fn fifty_calls_with_an_expired_token_make_one_refresh() {
    let bench = Bench::connected();
    bench.server.borrow_mut().access.clear();
    let before = bench.calls("/t");
    let clinical = Clinical::new(bench.session.clone());
    let all = bench.sim.run((0..50).map(|_| clinical.biomarkers()));
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(bench.calls("/t") - before, 1);
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_token_is_renewed_shortly_before_it_ends_and_not_earlier() {
    let bench = Bench::connected();
    let before = bench.calls("/t");
    // Half a minute, and up to a quarter more that differs from page to page.
    bench.later(3_600_000 - 46_000);
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), before);
    bench.later(17_000);
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), before + 1);
}

#[test]
fn a_token_that_lives_a_minute_is_renewed_in_its_last_quarter() {
    let bench = Bench::connected();
    // Only what a refresh brings lives so short.
    bench.server.borrow_mut().token_members = json!({"expires_in": 60});
    bench.later(3_600_000);
    bench.read().unwrap();
    for (later, refreshes) in [(44_999, 1), (1, 2)] {
        bench.later(later);
        bench.read().unwrap();
        assert_eq!(bench.calls("/t"), 1 + refreshes, "{later}");
    }
}

#[test]
fn a_refresh_that_grants_less_says_so() {
    let bench = Bench::connected();
    bench.server.borrow_mut().token_members = json!({"scope": "openid read:biomarkers"});
    bench.later(3_600_000);
    bench.read().unwrap();
    let state = bench.session.state();
    assert_eq!(
        state.account().unwrap().granted.to_string(),
        "openid read:biomarkers"
    );
    assert_eq!(state.account().unwrap().missing.to_string(), "profile");
}

#[test]
fn nobody_waits_for_other_tabs_when_none_has_refreshed() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    let before = bench.sim.now();
    bench.read().unwrap();
    assert_eq!(bench.sim.now(), before);
}

#[test]
fn a_client_that_the_server_has_forgotten_is_told_to_its_owner_and_ends_no_session() {
    for code in ["invalid_client", "unauthorized_client"] {
        let body: &'static str = format!(r#"{{"error":"{code}"}}"#).leak();
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.fault("/t", Fault::Status(401, body));
        let error = bench.read().unwrap_err();
        assert_eq!(error.recovery(), Recovery::Owner, "{code}: {error:?}");
        assert!(bench.session.state().account().is_some());
    }
}

#[test]
fn a_person_stays_connected_at_a_server_that_repeats_the_nonce_when_it_refreshes() {
    for (claims, expected) in [
        (json!({}), Ok(())),
        (json!({"nonce": null}), Ok(())),
        (json!({"nonce": "other"}), Err(Error::SessionEnded)),
        (json!({"sub": "usr_2"}), Err(Error::SessionEnded)),
    ] {
        let bench = Bench::connected();
        bench.server.borrow_mut().id_token_on_refresh = true;
        bench.server.borrow_mut().claims = claims;
        bench.later(3_600_000);
        assert_eq!(bench.read(), expected);
        assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
    }
}

#[test]
fn a_lost_refresh_answer_ends_the_session_calmly_and_the_token_is_never_sent_again() {
    for fault in [
        Fault::LostAfterwards,
        Fault::Lost,
        Fault::Html,
        Fault::Status(500, ""),
    ] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.fault("/t", fault);
        let before = bench.calls("/t");
        let error = bench.read().unwrap_err();
        assert_eq!(
            (&error, error.recovery()),
            (&Error::OutcomeUnknown, Recovery::SignIn)
        );
        assert_eq!(bench.read(), Err(Error::SignedOut));
        assert_eq!(bench.calls("/t"), before + 1);
        assert!(!bench.server.borrow().revoked_by_us);
        assert!(bench.sim.storage(|storage| storage.is_empty()));
    }
}

#[test]
fn a_server_that_takes_an_old_token_for_a_while_is_treated_like_any_other() {
    for fault in [None, Some(Fault::LostAfterwards)] {
        let bench = Bench::connected();
        bench.server.borrow_mut().grace = true;
        bench.later(3_600_000);
        if let Some(fault) = fault {
            bench.fault("/t", fault);
            assert_eq!(bench.read(), Err(Error::OutcomeUnknown));
        }
        let bench = if fault.is_some() {
            bench.connect()
        } else {
            bench
        };
        for _ in 0..3 {
            assert_eq!(bench.read(), Ok(()));
            bench.later(3_600_000);
        }
        let old = bench.server.borrow().old_tokens;
        assert_eq!(old, 0, "the grace is not made use of");
    }
}

#[test]
fn an_access_token_serves_until_it_ends_after_a_lost_refresh_answer() {
    let bench = Bench::connected();
    bench.later(3_600_000 - 20_000);
    bench.fault("/t", Fault::LostAfterwards);
    bench.read().unwrap();
    let before = bench.sim.now();
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
    assert_eq!(bench.sim.now(), before, "and nobody waits for another");
    bench.later(20_000);
    assert_eq!(bench.read(), Err(Error::OutcomeUnknown));
    assert!(!bench.server.borrow().revoked_by_us);
    let why = SessionState::SignedOut(SignedOutReason::Interrupted);
    assert_eq!(bench.session.state(), why);
}

#[test]
fn a_refresh_that_led_nowhere_says_nothing_of_the_next_sign_in() {
    let bench = Bench::connected();
    bench.later(3_600_000 - 20_000);
    bench.fault("/t", Fault::LostAfterwards);
    bench.read().unwrap();
    let bench = bench.connect();
    let before = bench.calls("/t");
    bench.later(3_600_000 - 20_000);
    bench.read().unwrap();
    assert_eq!(
        bench.calls("/t") - before,
        1,
        "its token is renewed in time"
    );
}

#[test]
fn too_many_requests_or_a_server_that_is_down_keep_the_session() {
    for (fault, expected) in [
        (
            Fault::Status(429, r#"{"error":"rate_limited","retry_after_ms":2000}"#),
            Error::RateLimited { retry_after: 2000 },
        ),
        (Fault::Status(503, ""), Error::Unavailable),
    ] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.fault("/t", fault);
        assert_eq!(bench.read(), Err(expected));
        assert!(matches!(bench.session.state(), SessionState::Connected(_)));
        bench.later(2000);
        bench.read().unwrap();
    }
}

#[test]
fn a_server_that_is_not_there_costs_no_refresh_token() {
    for fault in [Fault::Lost, Fault::Late, Fault::Status(502, "")] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        // Every way out is shut, as after a night in a train: each read asks whether the server is there first.
        for _ in 0..3 {
            bench.fault("/.well-known/openid-configuration", fault);
            assert_eq!(bench.read(), Err(Error::Unavailable));
        }
        assert_eq!(bench.calls("/t"), 1, "the exchange alone");
        bench.read().unwrap();
    }
}

#[test]
fn without_locks_or_a_shared_store_no_refresh_token_is_ever_sent() {
    for (locks, shared) in [(false, true), (true, false)] {
        let bench = Bench::new();
        bench.sim.world(|world| {
            world.locks = locks;
            world.shared_store = shared;
        });
        let bench = bench.connect();
        bench.read().unwrap();
        bench.later(3_600_000);
        assert_eq!(bench.read(), Err(Error::SessionEnded));
        assert_eq!(bench.calls("/t"), 1, "the exchange alone");
    }
}

#[test]
fn a_refresh_that_nobody_waits_for_any_more_is_not_lost() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    bench.sim.world(|world| {
        world.forecast = Box::new(|request, _| Weather {
            // The token call takes long; the rest is quick.
            there: if request.url.ends_with("/t") {
                9_000
            } else {
                0
            },
            ..Weather::default()
        });
    });
    let session = bench.session.clone();
    let impatient = async { session.access_token(None, 1_000).await.map(|_| ()) };
    assert_eq!(bench.sim.block_on(impatient), Err(Error::Unavailable));
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
}

#[test]
fn offline_keeps_the_session() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    bench.sim.world(|world| world.online = false);
    assert_eq!(bench.read(), Err(Error::Offline));
    bench.sim.world(|world| world.online = true);
    bench.read().unwrap();
}

#[test]
fn a_grant_revoked_elsewhere_ends_the_session() {
    let bench = Bench::connected();
    bench.server.borrow_mut().refresh.clear();
    bench.server.borrow_mut().access.clear();
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Ended)
    );
    assert!(bench.sim.storage(|storage| storage.is_empty()));
}

#[test]
fn a_token_of_the_person_before_is_not_used_when_somebody_else_signs_in_during_a_refresh() {
    let bench = Bench::connected();
    // Within the margin: a refresh is due, and the old token would still work.
    bench.later(3_600_000 - 20_000);
    let query = bench.consent("/");
    bench.server.borrow_mut().claims = json!({"sub": "usr_2"});
    let session = bench.session.clone();
    let clinical = Clinical::new(session.clone());
    let reading = async { clinical.biomarkers().await.map(|_| ()) };
    let signing_in = async { session.complete(&query, "").await.map(|_| ()) };
    // In this order the sign-in is kept while the refresh still looks the server up.
    let futures: Vec<Task<'_>> = vec![Box::pin(signing_in), Box::pin(reading)];
    let outcomes = bench.sim.run(futures);
    let old_token_sent = bench.sim.world(|world| {
        let bearers = world.sent.iter().flat_map(|request| &request.headers);
        bearers
            .filter(|(_, value)| value == "Bearer lph_at_1")
            .count()
    });
    assert_eq!(old_token_sent, 0);
    assert_eq!(outcomes, [Ok(()), Err(Error::SignedOut)]);
    let SessionState::Connected(account) = bench.session.state() else {
        panic!()
    };
    assert_eq!(account.subject, "usr_2");
}

#[test]
fn tokens_that_a_refresh_brings_to_nobody_are_revoked_unless_somebody_else_signed_in() {
    let left: fn(&Sim) = |sim| {
        let family = board::family(sim).unwrap().unwrap();
        board::end(sim, &family, 0);
    };
    let signed_in: fn(&Sim) = |sim| board::begin(sim, "another");
    for (happens, is_kept) in [(left, false), (signed_in, true)] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        let sim = bench.sim.clone();
        bench.server.borrow_mut().meanwhile = Some(Box::new(move || happens(&sim)));
        assert_eq!(bench.read(), Err(Error::SignedOut));
        bench.sim.settle();
        let refresh = bench.server.borrow().refresh.contains("lph_rt_2");
        assert_eq!(
            refresh, is_kept,
            "the platform itself replaces what was before a sign-in"
        );
        assert!(bench.sim.storage(|storage| storage.is_empty()));
    }
}

#[test]
fn a_refresh_that_names_another_person_ends_the_session() {
    for (subject, expected) in [("usr_1", Ok(())), ("usr_2", Err(Error::SessionEnded))] {
        let bench = Bench::connected();
        bench.server.borrow_mut().id_token_on_refresh = true;
        bench.server.borrow_mut().claims = json!({"sub": subject, "nonce": null});
        bench.later(3_600_000);
        assert_eq!(bench.read(), expected, "{subject}");
        assert_eq!(bench.calls("/t"), 2);
    }
}

#[test]
fn every_refresh_sends_the_newest_token() {
    let bench = Bench::connected();
    for refreshes in 1..=5 {
        bench.later(3_600_000);
        assert_eq!(bench.read(), Ok(()));
        assert_eq!(bench.calls("/t"), 1 + refreshes);
    }
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn siblings_are_asked_for_the_next_token_only_when_this_one_has_been_sent() {
    for has_been_sent in [false, true] {
        let bench = Bench::connected();
        let asked = std::rc::Rc::new(std::cell::Cell::new(0));
        bench.sim.open().listen({
            let asked = std::rc::Rc::clone(&asked);
            std::rc::Rc::new(move |told| {
                asked.set(asked.get() + usize::from(told == Told::Message("ask".to_owned())));
            })
        });
        bench.later(3_600_000);
        if has_been_sent {
            let family = board::family(&bench.sim).unwrap().unwrap();
            board::set_sent(&bench.sim, &family, 1).unwrap();
        }
        assert_eq!(bench.read().is_err(), has_been_sent);
        bench.sim.settle();
        assert_eq!(asked.get() > 0, has_been_sent);
    }
}
