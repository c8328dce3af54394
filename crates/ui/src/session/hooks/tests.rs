//! What a component reads, over a session in a simulated browser: each state, another person, a component that goes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may panic"
)]

mod ahead;

use std::cell::RefCell;
use std::rc::Rc;

use any_spawner::Executor;
use loop_sdk::api::Ahead;
use loop_sdk::env::sim::{Sim, Weather};
use loop_sdk::env::{HttpFailure, HttpResponse};
use loop_sdk::{Config, Session};
use serde_json::json;

use super::*;
use crate::catalogue::Catalogue;
use crate::views::units::UnitSystem;

type Answer = Result<HttpResponse, HttpFailure>;

/// A component that reads, in a tab of a simulated browser.
struct Bench {
    sim: Sim,
    answer: Rc<RefCell<Answer>>,
    catalogue: RwSignal<Option<&'static Catalogue>>,
    session: LoopSession<Sim>,
    store: ResultStore<Sim>,
    hook: UseBiomarkers,
    owner: Owner,
}

fn says(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    }
}

/// One result a code.
fn results(codes: &[&str]) -> HttpResponse {
    let result = |code: &&str| json!({"id": code, "patient_id": "PERSON", "biomarker_code": code, "value": 1, "status": "low", "collected_at": "2026-03-03"});
    let list: Vec<_> = codes.iter().map(result).collect();
    says(
        200,
        &json!({"count": list.len(), "results": list}).to_string(),
    )
}

impl Bench {
    /// With whoever `subject` is connected, and what they allowed.
    fn new(subject: Option<&str>, granted: &str) -> Self {
        Self::begun(subject, granted, |_, _| None)
    }

    /// The same, with results that `ahead` asks for before there is a component.
    fn begun(
        subject: Option<&str>,
        granted: &str,
        ahead: impl FnOnce(&Sim, &Session<Sim>) -> Option<Ahead>,
    ) -> Self {
        // Another test of this thread may have done it.
        let _ = Executor::init_futures_executor();
        let answer = Rc::new(RefCell::new(Ok(results(&["tsh", "ldl"]))));
        let sim = Sim::new({
            let answer = Rc::clone(&answer);
            move |request| {
                let is_asked = |person: &&str| request.url.contains(person);
                let person = ["maya", "jonas"].into_iter().find(is_asked);
                let mut answer = answer.borrow().clone()?;
                let body = String::from_utf8(answer.body).unwrap();
                let body = body.replace("PERSON", person.unwrap_or_default());
                answer.body = body.into_bytes();
                Ok(answer)
            }
        });
        let second = |_: &_, _: &mut _| Weather {
            there: 500,
            back: 500,
            ..Weather::default()
        };
        sim.world(|world| world.forecast = Box::new(second));
        if let Some(subject) = subject {
            sign_in(&sim, subject, granted);
        }
        let file = br#"{"client_id": "app", "issuer": "https://identity.example", "clinical": "https://clinical.example"}"#;
        let config = Config::from_json(file, "https://app.example").unwrap();
        let session = Session::new(sim.clone(), config);
        let ahead = ahead(&sim, &session);
        let owner = Owner::default();
        let (session, store, hook, catalogue) = owner.with(|| {
            let session = LoopSession::new(session);
            let catalogue = RwSignal::new(Some(Catalogue::empty()));
            let store = ResultStore::new(session, catalogue, UnitSystem::default, || ());
            store.take_up(ahead);
            (session, store, of_store(session, store), catalogue)
        });
        let bench = Self {
            sim,
            answer,
            catalogue,
            session,
            store,
            hook,
            owner,
        };
        bench.settle();
        bench
    }

    /// Until nothing is left to do at this moment.
    fn settle(&self) {
        for _ in 0..4 {
            self.sim.settle();
            Executor::poll_local();
        }
    }

    /// Until everything that is on its way has arrived.
    fn wait(&self) {
        self.settle();
        while self.sim.is_sending() {
            assert!(self.sim.wait(), "nothing is due");
            self.settle();
        }
        self.settle();
    }

    fn read<T>(&self, look: impl FnOnce(UseBiomarkers) -> T) -> T {
        self.owner.with(|| untrack(|| look(self.hook)))
    }

    /// `loading results stale error`, in short.
    fn state(&self) -> String {
        self.read(|hook| {
            let results = hook.results.get().map(|results| results.iter().count());
            let error = hook.error.get().map(|error| error.code().to_owned());
            format!(
                "{} {:?} {} {}",
                if hook.loading.get() {
                    "loading"
                } else {
                    "still"
                },
                results.unwrap_or_default(),
                if hook.stale.get().is_some() {
                    "stale"
                } else {
                    "new"
                },
                error.unwrap_or_else(|| "fine".to_owned())
            )
        })
    }

    fn sent(&self) -> usize {
        self.sim.world(|world| world.sent.len())
    }

    /// Somebody else signs in, in another tab; this one hears of it.
    fn becomes(&self, subject: &str) {
        sign_in(&self.sim, subject, "openid read:biomarkers");
        self.session.session().revisit();
    }
}

/// Puts a session into the tab's store, as a sign-in leaves it.
fn sign_in(sim: &Sim, subject: &str, granted: &str) {
    let now = sim.now().0;
    let record = json!({
        "issuer": "https://identity.example", "client_id": "app", "access_token": "lph_pat_1", "expires_at": now + 3_600_000,
        "life": 3_600_000, "refresh_token": null, "family": subject, "generation": 0, "begun_at": now, "granted": granted,
        "asked": granted, "subject": subject, "name": null, "nonce": "n",
    });
    sim.store("loop.session.v2", &record.to_string());
    sim.shared_store("loop.family.v2", subject).unwrap();
    sim.shared_store("loop.active.v2", &now.to_string())
        .unwrap();
}

#[test]
fn results_come_once_for_whoever_is_connected() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    assert_eq!(bench.state(), "loading 0 new fine");
    bench.wait();
    assert_eq!(bench.state(), "still 2 new fine");
    assert_eq!(bench.sent(), 1);
    assert_eq!(bench.read(UseBiomarkers::recovery), None);
    assert!(bench.read(|hook| hook.loaded_at.get().is_some()));

    // A second component asks, and nothing is sent.
    bench.owner.with(use_loop_session);
    bench.settle();
    assert_eq!(bench.sent(), 1);
}

#[test]
fn nothing_is_asked_for_without_a_person_or_their_permission() {
    for (subject, granted, state, recovery) in [
        (None, "", "still 0 new signed_out", Recovery::SignIn),
        (
            Some("maya"),
            "openid",
            "still 0 new insufficient_scope",
            Recovery::AskConsent(Scope::ReadBiomarkers.into()),
        ),
    ] {
        let bench = Bench::new(subject, granted);
        bench.wait();
        assert_eq!(bench.state(), state);
        assert_eq!(bench.read(UseBiomarkers::recovery), Some(recovery));
        bench.read(UseBiomarkers::reload);
        bench.wait();
        assert_eq!(bench.sent(), 0, "{state}");
    }
}

#[test]
fn an_error_is_a_value_and_loading_again_mends_it() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    *bench.answer.borrow_mut() = Ok(says(200, "<html>"));
    bench.wait();
    assert_eq!(bench.state(), "still 0 new unreadable_answer");
    let retry = Recovery::Retry { after: 0 };
    assert_eq!(bench.read(UseBiomarkers::recovery), Some(retry));

    *bench.answer.borrow_mut() = Ok(results(&["tsh"]));
    bench.read(UseBiomarkers::reload);
    assert_eq!(bench.state(), "loading 0 new fine");
    bench.wait();
    assert_eq!(bench.state(), "still 1 new fine");
}

#[test]
fn what_is_there_stays_and_is_stale_while_it_is_loaded_again_and_when_that_fails() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    bench.wait();
    let first = bench.read(|hook| hook.loaded_at.get());
    *bench.answer.borrow_mut() = Ok(says(403, r#"{"error":"forbidden"}"#));
    bench.read(UseBiomarkers::reload);
    bench.read(UseBiomarkers::reload);
    bench.settle();
    assert_eq!(bench.state(), "loading 2 stale fine");
    bench.wait();
    assert_eq!(bench.state(), "still 2 stale forbidden");
    assert_eq!(bench.read(|hook| hook.stale.get()), first);
    assert_eq!(bench.sent(), 2, "one request at a time");

    *bench.answer.borrow_mut() = Ok(results(&["tsh"]));
    bench.read(UseBiomarkers::reload);
    bench.wait();
    assert_eq!(bench.state(), "still 1 new fine");
    assert!(bench.read(|hook| hook.loaded_at.get()) > first);
}

#[test]
fn another_person_sees_nothing_of_the_one_before() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    bench.wait();
    *bench.answer.borrow_mut() = Ok(results(&["crp", "tsh", "ldl"]));
    bench.becomes("jonas");
    bench.settle();
    assert_eq!(bench.state(), "loading 0 new fine");
    bench.wait();
    assert_eq!(bench.state(), "still 3 new fine");
}

#[test]
fn another_person_who_comes_while_results_are_loading_gets_their_own() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    assert!(bench.sim.is_sending());
    bench.becomes("jonas");
    bench.settle();
    assert_eq!(bench.state(), "loading 0 new fine");
    *bench.answer.borrow_mut() = Ok(results(&["crp"]));
    bench.wait();
    assert_eq!(bench.state(), "still 1 new fine");
    let asked: Vec<String> = bench.sim.world(|world| {
        let urls = world.sent.iter().map(|request| request.url.clone());
        urls.collect()
    });
    assert!(
        asked[0].contains("maya") && asked[1].contains("jonas"),
        "{asked:?}"
    );
}

#[test]
fn whoever_leaves_leaves_nothing() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    bench.wait();
    let session = bench.session.session();
    bench.sim.block_on(session.disconnect());
    bench.settle();
    assert_eq!(bench.state(), "still 0 new signed_out");
}

#[test]
fn results_wait_for_the_catalogue() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    bench.catalogue.set(None);
    bench.wait();
    assert_eq!(bench.state(), "loading 0 new fine");
    // Another page needs them meanwhile.
    bench.owner.with(|| bench.store.ensure());
    bench.wait();
    assert_eq!(bench.sent(), 1, "they are there");
    bench.catalogue.set(Some(Catalogue::empty()));
    bench.settle();
    assert_eq!(bench.state(), "still 2 new fine");
}

#[test]
fn a_component_may_go_while_its_request_is_on_its_way() {
    let bench = Bench::new(Some("maya"), "openid read:biomarkers");
    assert!(bench.sim.is_sending());
    bench.owner.cleanup();
    // The answer comes, a state changes, and nobody is there to be told.
    bench.wait();
    bench.sim.shared_remove("loop.family.v2");
    assert_eq!(bench.sent(), 1);
}

#[test]
fn outside_of_a_provider_there_is_an_error_and_no_panic() {
    let _ = Executor::init_futures_executor();
    let owner = Owner::default();
    owner.with(|| {
        let biomarkers = use_biomarkers();
        biomarkers.reload();
        assert_eq!(biomarkers.error.get_untracked(), Some(Error::NoProvider));
        assert_eq!(untrack(|| biomarkers.recovery()), Some(Recovery::Owner));
        assert!(
            !biomarkers.loading.get_untracked() && biomarkers.results.get_untracked().is_none()
        );

        let session = use_loop_session();
        session.connect(Purpose::return_to("/"));
        session.disconnect();
        assert_eq!(session.error.get_untracked(), Some(Error::NoProvider));
        assert!(untrack(
            || !session.is_connected() && !session.may("read:biomarkers")
        ));
    });
}
