//! Several tabs of one browser, which share one session.

use super::{Bench, config};
use crate::api::Clinical;
use crate::env::sim::Sim;
use crate::error::Error;
use crate::protocol::Reason;
use crate::session::{Purpose, Session, SessionState, SignedOutReason, board};
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;

/// A page in a tab, with its own handle.
pub(super) struct Tab {
    pub(super) sim: Sim,
    pub(super) session: Session<Sim>,
}

impl Tab {
    fn at(sim: Sim) -> Self {
        let session = Session::new(sim.clone(), config(&json!({})));
        Self { sim, session }
    }

    fn read(&self) -> Result<(), Error> {
        let clinical = Clinical::new(self.session.clone());
        self.sim.block_on(clinical.biomarkers()).map(|_| ())
    }

    /// Lets time pass until it is known whether a sibling has the session.
    pub(super) fn look(&self) {
        self.sim.settle();
        while self.session.state() == SessionState::Looking {
            assert!(self.sim.wait());
            self.sim.settle();
        }
    }

    fn is_connected(&self) -> bool {
        self.session.state().account().is_some()
    }
}

impl Bench {
    pub(super) fn new_tab(&self) -> Tab {
        Tab::at(self.sim.open())
    }

    fn duplicate(&self) -> Tab {
        Tab::at(self.sim.duplicate())
    }
}

#[test]
fn whoever_listens_hears_of_every_change_and_of_nothing_else() {
    let bench = Bench::connected();
    let tab = bench.new_tab();
    let heard: Rc<RefCell<Vec<SessionState>>> = Rc::default();
    tab.session.on_change({
        let heard = Rc::clone(&heard);
        move |state| heard.borrow_mut().push(state)
    });
    tab.look();
    tab.session.revisit();
    bench.sim.block_on(bench.session.disconnect());
    tab.look();
    let left = SessionState::SignedOut(SignedOutReason::DisconnectedElsewhere);
    let heard = heard.borrow();
    assert!(heard[0].account().is_some(), "{heard:?}");
    assert_eq!(heard.last(), Some(&left));
    assert!(heard.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn nobody_is_asked_for_a_session_that_no_tab_can_have() {
    let bench = Bench::connected();
    let family = board::family(&bench.sim).unwrap().unwrap();
    bench.sim.freeze();
    let tab = bench.new_tab();
    tab.look();
    assert!(!tab.is_connected(), "the one that has it sleeps");
    board::end(&tab.sim, &family, 0);
    tab.session.revisit();
    assert_ne!(tab.session.state(), SessionState::Looking);
}

#[test]
fn a_new_tab_gets_the_session_from_its_sibling_and_nobody_signs_in_again() {
    let bench = Bench::connected();
    let tab = bench.new_tab();
    assert_eq!(tab.session.state(), SessionState::Looking);
    bench.sim.settle();
    assert_eq!(tab.session.state(), bench.session.state());
    tab.read().unwrap();
    assert_eq!(bench.calls("/t"), 1);
}

#[test]
fn a_new_tab_whose_siblings_are_all_gone_says_so_within_a_second() {
    let bench = Bench::connected();
    let tab = bench.new_tab();
    bench.sim.close();
    let begun = bench.sim.world(|world| world.now);
    tab.look();
    let took = bench.sim.world(|world| world.now.since(begun));
    assert!(took <= 1000, "{took} ms");
    assert_eq!(
        tab.session.state(),
        SessionState::SignedOut(SignedOutReason::NotYet)
    );
}

#[test]
fn a_tab_in_a_browser_where_nobody_is_signed_in_does_not_look_around() {
    let bench = Bench::new();
    assert_eq!(
        bench.new_tab().session.state(),
        SessionState::SignedOut(SignedOutReason::NotYet)
    );
}

#[test]
fn connect_in_a_tab_that_missed_its_sibling_connects_without_a_sign_in() {
    let bench = Bench::connected();
    bench.sim.world(|world| world.channel = false);
    let tab = bench.new_tab();
    tab.look();
    bench.sim.world(|world| world.channel = true);
    let navigated = bench.sim.world(|world| world.navigated.len());
    let connected = tab
        .sim
        .block_on(tab.session.connect(Purpose::return_to("/")));
    assert_eq!(connected, Ok(()));
    assert!(tab.is_connected());
    assert_eq!(bench.sim.world(|world| world.navigated.len()), navigated);
}

#[test]
fn six_tabs_at_expiry_make_one_refresh() {
    let bench = Bench::connected();
    let tabs: Vec<Tab> = (0..5).map(|_| bench.new_tab()).collect();
    bench.sim.settle();
    bench.later(3_600_000);
    let sessions = tabs.iter().map(|tab| &tab.session).chain([&bench.session]);
    let clinicals: Vec<_> = sessions
        .map(|session| Clinical::new(session.clone()))
        .collect();
    let reads = bench.sim.run(clinicals.iter().map(Clinical::biomarkers));
    assert!(reads.iter().all(Result::is_ok), "{reads:?}");
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
}

#[test]
fn a_duplicated_tab_never_sends_the_token_that_was_cloned_into_it() {
    let bench = Bench::connected();
    let copy = bench.duplicate();
    bench.later(3_600_000);
    bench.read().unwrap();
    // It sleeps through the word of its sibling.
    let late = bench.duplicate();
    let old = copy.sim.storage(|storage| storage.clone());
    late.sim.storage(|storage| *storage = old);
    copy.read().unwrap();
    late.read().unwrap();
    bench.later(3_600_000);
    late.read().unwrap();
    copy.read().unwrap();
    bench.read().unwrap();
    assert_eq!(
        bench.calls("/t"),
        3,
        "the exchange, and one refresh an hour"
    );
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_tab_with_a_spent_token_and_nobody_to_ask_signs_in_again_and_sends_nothing() {
    let bench = Bench::connected();
    let late = bench.duplicate();
    late.sim.freeze();
    bench.later(3_600_000);
    bench.read().unwrap();
    bench.sim.close();
    late.sim.thaw();
    // Its inbox was lost with the page that could have answered.
    late.sim.world(|world| world.channel = false);
    let copy = Tab::at(late.sim.duplicate());
    assert_eq!(copy.read(), Err(Error::OutcomeUnknown));
    assert_eq!(bench.calls("/t"), 2);
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_tab_whose_store_was_emptied_gets_the_session_back_from_its_sibling() {
    let bench = Bench::connected();
    let tab = bench.new_tab();
    bench.sim.settle();
    for _ in 0..2 {
        tab.sim.storage(std::collections::BTreeMap::clear);
        tab.session.revisit();
        assert_eq!(tab.session.state(), SessionState::Looking);
        bench.sim.settle();
        assert!(tab.is_connected());
    }
    assert_eq!(bench.calls("/t"), 1);
}

#[test]
fn the_same_link_back_from_loop_in_a_tab_and_in_its_copy_is_exchanged_once() {
    let bench = Bench::new();
    let query = bench.consent("/");
    let copy = bench.duplicate();
    let both = [&bench.session, &copy.session];
    let landings = bench
        .sim
        .run(both.map(|session| session.complete(&query, "")));
    assert!(landings[0].is_ok());
    assert_eq!(landings[1], Err(Error::Refused(Reason::UnknownState)));
    assert_eq!(bench.calls("/t"), 1);
    bench.sim.settle();
    assert!(copy.is_connected(), "it has the session of its sibling");
}

#[test]
fn leaving_in_one_tab_leaves_in_all_and_a_frozen_one_shows_nothing_when_it_wakes() {
    let bench = Bench::connected();
    let (other, frozen) = (bench.new_tab(), bench.new_tab());
    bench.sim.settle();
    assert!(other.is_connected() && frozen.is_connected());
    frozen.sim.freeze();
    bench.sim.block_on(bench.session.disconnect());
    bench.sim.settle();
    let elsewhere = SessionState::SignedOut(SignedOutReason::DisconnectedElsewhere);
    assert_eq!(other.session.state(), elsewhere);
    assert!(other.sim.storage(|storage| storage.is_empty()));
    frozen.sim.thaw();
    frozen.sim.turn();
    assert!(!frozen.is_connected());
    bench.sim.settle();
    assert!(frozen.sim.storage(|storage| storage.is_empty()));
    assert_eq!(frozen.read(), Err(Error::SignedOut));
}

#[test]
fn when_another_person_signs_in_in_one_tab_every_tab_has_that_person() {
    let bench = Bench::connected();
    let other = bench.new_tab();
    bench.sim.settle();
    bench.server.borrow_mut().claims = json!({"sub": "usr_2"});
    let bench = bench.connect();
    while bench.sim.turn() || bench.sim.wait() {}
    let left = bench.server.borrow().refresh.clone();
    assert_eq!(left.len(), 1, "what the first person had is revoked");
    for session in [&bench.session, &other.session] {
        assert_eq!(session.state().account().unwrap().subject, "usr_2");
    }
    other.read().unwrap();
}

#[test]
fn a_record_of_a_session_that_is_over_is_not_believed() {
    let bench = Bench::connected();
    let other = bench.new_tab();
    bench.sim.settle();
    let old = bench
        .sim
        .storage(|storage| storage[crate::session::store::SESSION_KEY].clone());
    bench.sim.block_on(bench.session.disconnect());
    bench.sim.settle();
    for forged in [
        old.as_str(),
        "{}",
        "{",
        "ask",
        "left ",
        "left x",
        "left x y z",
        "",
    ] {
        crate::env::Env::tell(&bench.sim, forged);
        bench.sim.settle();
        assert!(!other.is_connected(), "{forged}");
        assert!(other.sim.storage(|storage| storage.is_empty()));
    }
}

#[test]
fn a_refresh_that_comes_back_after_everybody_left_is_revoked() {
    let bench = Bench::connected();
    let other = bench.new_tab();
    bench.sim.settle();
    bench.later(3_600_000);
    let clinical = Clinical::new(bench.session.clone());
    let reading = async { clinical.biomarkers().await.map(|_| ()) };
    let leaving = async {
        other.session.disconnect().await;
        Ok(())
    };
    let futures: Vec<super::Task<'_>> = vec![Box::pin(reading), Box::pin(leaving)];
    bench.sim.run(futures);
    while bench.sim.turn() || bench.sim.wait() {}
    assert!(bench.server.borrow().refresh.is_empty());
    assert!(bench.session.state().account().is_none());
}

#[test]
fn leaving_in_a_tab_that_has_not_heard_of_a_refresh_revokes_what_the_refresh_brought() {
    let bench = Bench::connected();
    let other = bench.new_tab();
    bench.sim.settle();
    bench.later(3_600_000);
    // Word of the refresh is slow.
    bench.sim.world(|world| world.channel = false);
    bench.read().unwrap();
    bench.sim.world(|world| world.channel = true);
    bench.sim.block_on(other.session.disconnect());
    while bench.sim.turn() || bench.sim.wait() {}
    assert!(bench.server.borrow().refresh.is_empty());
    assert!(
        bench
            .sim
            .world(|world| !world.shared.contains_key("loop.sent.v2"))
    );
}

#[test]
fn a_board_that_says_nonsense_makes_the_session_stricter() {
    for (key, text) in [
        ("loop.sent.v2", "nonsense"),
        ("loop.sent.v2", "99999999999999999999"),
        ("loop.active.v2", "yesterday"),
        ("loop.family.v2", ""),
        ("loop.family.v2", "somebody else's"),
    ] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench
            .sim
            .world(|world| world.shared.insert(key.to_owned(), text.to_owned()));
        assert!(bench.read().is_err(), "{key} {text}");
        assert_eq!(bench.calls("/t"), 1, "{key} {text}");
    }
    let bench = Bench::connected();
    for key in [
        "loop.pause.v2.token",
        "loop.calls.v2.token",
        "loop.sign-ins.v2",
    ] {
        bench
            .sim
            .world(|world| world.shared.insert(key.to_owned(), "x y z".to_owned()));
    }
    bench.later(3_600_000);
    bench.read().unwrap();
    assert!(board::sent(&bench.sim, "x").is_ok());
}
