//! Tokens that are bound to a key, at a server and services that look at every proof.

use serde_json::json;

use super::proofs::Proofs;
use super::server::Fault;
use super::{Bench, Task, config};
use crate::api::Clinical;
use crate::env::Env as _;
use crate::error::Error;
use crate::protocol::Reason;
use crate::protocol::dpop::PublicKey;
use crate::session::proof::origin_of;
use crate::session::{Purpose, Session, SessionState, SignedOutReason, board};

const AN_HOUR: i64 = 3_600_000;

impl Bench {
    /// At a server that offers to bind tokens.
    fn offered() -> Self {
        let bench = Self::with(config(&json!({})));
        bench.server.borrow_mut().proofs = Some(Proofs::new());
        bench
    }

    /// Goes to the consent page, where the server hears which key it is.
    fn ask(&self) -> String {
        let query = self.consent("/biomarkers/tsh");
        let url = self.sim.world(|world| world.navigated.last().cloned());
        let url = url.unwrap();
        let named = url
            .split_once("&dpop_jkt=")
            .map(|(_, name)| name.to_owned());
        self.proofs(|proofs| proofs.thumbprint = named);
        query
    }

    fn bound() -> Self {
        let bench = Self::offered();
        let query = bench.ask();
        bench.land(&query).unwrap();
        bench
    }

    fn land(&self, query: &str) -> Result<(), Error> {
        let landing = self.sim.block_on(self.session.complete(query, ""));
        landing.map(|_| ())
    }

    fn proofs<T>(&self, look: impl FnOnce(&mut Proofs) -> T) -> T {
        look(self.server.borrow_mut().proofs.as_mut().unwrap())
    }

    fn keys(&self) -> Vec<PublicKey> {
        self.sim.world(|world| world.keys.clone())
    }

    fn nothing_was_refused(&self) {
        self.proofs(|proofs| assert_eq!(proofs.refused, Vec::<String>::new()));
    }

    /// How many requests have a header that begins so.
    fn with_header(&self, name: &str, begins: &str) -> usize {
        self.sim.world(|world| {
            let headers = world.sent.iter().flat_map(|request| &request.headers);
            headers
                .filter(|(own, value)| own == name && value.starts_with(begins))
                .count()
        })
    }
}

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
fn a_tab_that_gets_the_session_from_another_signs_with_the_same_key() {
    let bench = Bench::bound();
    let session = Session::new(bench.sim.open(), config(&json!({})));
    bench.sim.settle();
    assert!(matches!(session.state(), SessionState::Connected(_)));
    let read = || {
        bench
            .sim
            .block_on(Clinical::new(session.clone()).biomarkers())
    };
    read().unwrap();
    bench.nothing_was_refused();
    assert_eq!(
        (
            bench.keys().len(),
            bench.with_header("authorization", "DPoP ")
        ),
        (1, 1)
    );
    // Without its key it ends here and there.
    bench.sim.world(|world| world.keys.clear());
    assert!(read().is_err());
    bench.sim.settle();
    assert!(matches!(bench.session.state(), SessionState::SignedOut(_)));
}

#[test]
fn a_tab_that_slept_through_another_sign_in_does_not_take_its_key_away() {
    let bench = Bench::bound();
    let asleep = bench.sim.open();
    let session = Session::new(asleep.clone(), config(&json!({})));
    bench.sim.settle();
    asleep.freeze();
    let first = bench.keys();
    let query = bench.ask();
    assert_eq!(bench.keys().len(), 2, "a key for each sign-in");
    bench.land(&query).unwrap();
    let second = bench.keys();
    assert!(
        second.len() == 1 && second != first,
        "the one before is forgotten"
    );
    asleep.thaw();
    bench.sim.settle();
    assert_eq!(bench.keys(), second);
    assert!(matches!(session.state(), SessionState::Connected(_)));
    bench.read().unwrap();
    bench.nothing_was_refused();
}

#[test]
fn every_end_forgets_the_key() {
    for (name, end) in [
        ("nobody there", 11 * 60 * 1000),
        ("too long", 9 * AN_HOUR),
        ("revoked elsewhere", 0),
    ] {
        let bench = Bench::bound();
        if end == 0 {
            let mut server = bench.server.borrow_mut();
            server.access.clear();
            server.refresh.clear();
        }
        bench.away(end);
        assert!(bench.read().is_err(), "{name}");
        bench.session.revisit();
        assert_eq!(bench.keys(), [], "{name}");
    }
}

#[test]
fn a_sign_in_that_was_given_up_leaves_no_key_once_another_one_begins() {
    let bench = Bench::offered();
    bench.ask();
    bench.later(11 * 60 * 1000);
    bench.ask();
    assert_eq!(bench.keys().len(), 1);
    bench.sim.block_on(bench.session.disconnect());
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

/// The query of the same callback, as somebody else's answer.
fn refused(query: &str) -> String {
    query.replace("code=C", "error=access_denied")
}

#[test]
fn a_copy_of_the_tab_at_the_consent_page_leaves_the_key_to_the_one_that_was_first() {
    // The same link back, and a no to the same question.
    for says_no in [false, true] {
        let bench = Bench::offered();
        let query = bench.ask();
        let copy = bench.sim.duplicate();
        bench.land(&query).unwrap();
        let key = bench.keys();
        let session = Session::new(copy.clone(), config(&json!({})));
        let answer = if says_no { refused(&query) } else { query };
        let landing = bench.sim.block_on(session.complete(&answer, ""));
        // A no is to more than what the copy has by now, and ends nothing.
        assert_eq!(landing.is_ok(), says_no);
        assert_eq!(bench.keys(), key);
        bench.read().unwrap();
        bench.nothing_was_refused();
    }
}

#[test]
fn a_copy_that_drops_its_own_session_keeps_the_key_of_the_next_one() {
    let bench = Bench::bound();
    let first = bench.keys();
    let query = bench.ask();
    let copy = Session::new(bench.sim.duplicate(), config(&json!({})));
    bench.sim.settle();
    bench.land(&query).unwrap();
    bench.sim.settle();
    assert!(matches!(copy.state(), SessionState::Connected(_)));
    let keys = bench.keys();
    assert!(
        keys.len() == 1 && keys != first,
        "that of the session alone"
    );
    bench.read().unwrap();
    bench.nothing_was_refused();
}

#[test]
fn a_copy_forgets_a_void_sign_in_and_not_the_key_of_the_one_that_succeeded() {
    let bench = Bench::offered();
    let query = bench.ask();
    let sim = bench.sim.duplicate();
    bench.land(&query).unwrap();
    let key = bench.keys();
    let copy = Session::new(sim, config(&json!({})));
    bench.sim.settle();
    bench.later(5 * 60 * 1000);
    bench.later(6 * 60 * 1000);
    bench
        .sim
        .block_on(copy.connect(Purpose::return_to("/")))
        .unwrap();
    assert!(bench.keys().contains(&key[0]));
    bench.read().unwrap();
}

#[test]
fn a_sign_in_takes_the_key_of_a_session_away_that_no_tab_has_any_more() {
    let bench = Bench::bound();
    let first = bench.keys();
    bench.sim.close();
    let sim = bench.sim.open();
    let later = Bench {
        session: Session::new(sim.clone(), config(&json!({}))),
        server: std::rc::Rc::clone(&bench.server),
        sim,
    };
    later.sim.settle();
    let query = later.ask();
    later.land(&query).unwrap();
    let keys = later.keys();
    assert!(keys.len() == 1 && keys != first);
    later.read().unwrap();
    later.nothing_was_refused();
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
        nonces.map(|nonce| nonce.cloned()).collect::<Vec<_>>()
    });
    let known = Some(json!("nonce-1"));
    assert_eq!(nonces, [None, known, None], "the code, once more, the read");
}

#[test]
fn a_call_whose_key_went_with_its_session_does_not_end_the_one_that_followed() {
    let bench = Bench::bound();
    let session = Session::new(bench.sim.open(), config(&json!({})));
    bench.sim.settle();
    let query = bench.ask();
    // It signs for a while, and meanwhile somebody signs in in the other tab.
    bench.sim.world(|world| world.key_time = 2_000);
    let clinical = Clinical::new(session.clone());
    let read = async { clinical.biomarkers().await.map(|_| ()) };
    let sign_in = async {
        bench.sim.world(|world| world.key_time = 0);
        bench.session.complete(&query, "").await.map(|_| ())
    };
    let both: [Task<'_>; 2] = [Box::pin(read), Box::pin(sign_in)];
    assert_eq!(bench.sim.run(both), [Err(Error::SignedOut), Ok(())]);
    assert!(matches!(session.state(), SessionState::Connected(_)));
    assert_eq!(bench.keys().len(), 1);
    bench.read().unwrap();
    bench.nothing_was_refused();
}

#[test]
fn a_copy_leaves_the_key_alone_while_the_code_of_its_sign_in_is_exchanged() {
    type Meanwhile = fn(&Session<crate::env::sim::Sim>, &str) -> Option<String>;
    let cases: [(&str, bool, Meanwhile); 3] = [
        ("the person says no in the copy", true, |_, query| {
            Some(refused(query))
        }),
        // Without locks nothing waits.
        ("the same link back", false, |_, query| {
            Some(query.to_owned())
        }),
        ("nobody is there in the copy", true, |session, _| {
            session.wipe(None, SignedOutReason::Idle);
            None
        }),
    ];
    for (name, locks, meanwhile) in cases {
        let bench = Bench::offered();
        bench.sim.world(|world| world.locks = locks);
        let query = bench.ask();
        let copy = Session::new(bench.sim.duplicate(), config(&json!({})));
        bench.sim.world(|world| {
            world.forecast = Box::new(|request, _| crate::env::sim::Weather {
                back: if request.url.ends_with("/t") { 500 } else { 0 },
                ..Default::default()
            });
        });
        let first = async { bench.session.complete(&query, "").await.map(|_| ()) };
        let second = async {
            bench.sim.sleep(100).await;
            if let Some(answer) = meanwhile(&copy, &query) {
                let _ = copy.complete(&answer, "").await;
            }
            Ok(())
        };
        let both: [Task<'_>; 2] = [Box::pin(first), Box::pin(second)];
        assert_eq!(bench.sim.run(both), [Ok(()), Ok(())], "{name}");
        assert_eq!(bench.keys().len(), 1, "{name}");
        bench.read().unwrap();
        bench.nothing_was_refused();
    }
}
