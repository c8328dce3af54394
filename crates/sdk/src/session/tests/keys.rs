//! Whose key it is: of one sign-in, in every tab, and gone when nobody needs it.

use serde_json::json;

use super::proofs::Proofs;
use super::{Bench, Task, config};
use crate::api::Clinical;
use crate::env::Env as _;
use crate::error::Error;
use crate::protocol::dpop::PublicKey;
use crate::session::{Purpose, Session, SessionState, SignedOutReason};

const AN_HOUR: i64 = 3_600_000;

impl Bench {
    /// At a server that offers to bind tokens.
    pub(super) fn offered() -> Self {
        let bench = Self::with(config(&json!({})));
        bench.server.borrow_mut().proofs = Some(Proofs::new());
        bench
    }

    /// Goes to the consent page, where the server hears which key it is.
    pub(super) fn ask(&self) -> String {
        let query = self.consent("/biomarkers/tsh");
        let url = self.sim.world(|world| world.navigated.last().cloned());
        let url = url.unwrap();
        let named = url
            .split_once("&dpop_jkt=")
            .map(|(_, name)| name.to_owned());
        self.proofs(|proofs| proofs.thumbprint = named);
        query
    }

    pub(super) fn bound() -> Self {
        let bench = Self::offered();
        let query = bench.ask();
        bench.land(&query).unwrap();
        bench
    }

    pub(super) fn land(&self, query: &str) -> Result<(), Error> {
        let landing = self.sim.block_on(self.session.complete(query, ""));
        landing.map(|_| ())
    }

    pub(super) fn proofs<T>(&self, look: impl FnOnce(&mut Proofs) -> T) -> T {
        look(self.server.borrow_mut().proofs.as_mut().unwrap())
    }

    pub(super) fn keys(&self) -> Vec<PublicKey> {
        self.sim.world(|world| world.keys.clone())
    }

    pub(super) fn nothing_was_refused(&self) {
        self.proofs(|proofs| assert_eq!(proofs.refused, Vec::<String>::new()));
    }

    /// How many requests have a header that begins so.
    pub(super) fn with_header(&self, name: &str, begins: &str) -> usize {
        self.sim.world(|world| {
            let headers = world.sent.iter().flat_map(|request| &request.headers);
            headers
                .filter(|(own, value)| own == name && value.starts_with(begins))
                .count()
        })
    }
}

/// The query of the same callback, as somebody else's answer.
fn refused(query: &str) -> String {
    query.replace("code=C", "error=access_denied")
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

#[test]
fn a_session_that_ends_takes_the_keys_of_the_sign_ins_of_its_tab_along() {
    let bench = Bench::bound();
    // The person came back from the consent page without an answer.
    bench.ask();
    assert_eq!(bench.keys().len(), 2);
    bench.away(11 * 60 * 1000);
    bench.session.revisit();
    let idle = SessionState::SignedOut(SignedOutReason::Idle);
    assert_eq!(bench.session.state(), idle);
    assert_eq!(bench.keys(), []);
}
