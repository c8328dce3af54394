//! What must never happen in a life, and how it must end.

use loop_sdk::env::sim::Weather;
use loop_sdk::{Error, SessionState, SignedOutReason};

use crate::life::{IDLE, Life};
use crate::tab::{Place, TICK, Tab};

/// A call is answered, or the person told why not, within so many milliseconds.
const PATIENCE: i64 = 16_000;

/// The family and generation of a record.
fn stamp(record: &str) -> Option<(String, u32)> {
    let after = |name: &str| record.split_once(name).map(|(_, rest)| rest);
    let family = after("\"family\":\"")?.split('"').next()?;
    let generation = after("\"generation\":")?.split([',', '}']).next()?;
    Some((family.to_owned(), generation.parse().ok()?))
}

impl Life {
    /// What must never be seen, at any moment.
    pub(crate) fn look(&mut self) {
        let limited = self
            .device
            .world(|world| std::mem::take(&mut world.limited));
        // Tabs that share nothing cannot tell each other to wait.
        let shared = self.device.world(|world| world.shared_store);
        for (at, url) in limited.into_iter().filter(|_| shared) {
            self.platform.borrow_mut().heard_of_pause(&url, at.0);
        }
        let said = self.platform.borrow_mut().broken.pop();
        if let Some(said) = said {
            self.breaks(said);
            return;
        }
        if self.platform.borrow().confused {
            self.cause = true;
        }
        let (refreshes, exchanges) = (
            self.device.on_their_way("grant_type=refresh_token"),
            self.device.on_their_way("grant_type=authorization_code"),
        );
        if refreshes > 1 {
            self.breaks("two refreshes at once".to_owned());
        }
        let (locks, shared) = self.device.world(|world| (world.locks, world.shared_store));
        if refreshes > 0 && exchanges > 0 && locks && shared {
            self.breaks("a code was exchanged while a refresh was on its way".to_owned());
        }
        self.count_calls();
        if self.device.world(|world| world.lost_refreshes > 0) {
            self.cause = true;
            self.excuse = true;
        }
        let now = self.now();
        for at in 0..self.tabs.len() {
            let tab = &self.tabs[at];
            let Some(page) = tab.page() else {
                continue;
            };
            if tab.frozen {
                continue;
            }
            let name = tab.name;
            let record = tab
                .sim
                .storage(|store| store.get("loop.session.v2").and_then(|text| stamp(text)));
            let mut newest = page.newest.borrow_mut();
            let goes_back = match (&*newest, &record) {
                (Some((family, before)), Some((own, now))) => family == own && now < before,
                _ => false,
            };
            *newest = record;
            drop(newest);
            if goes_back {
                self.breaks(format!("tab {name} went back to an older token"));
                return;
            }
            let state = page.session.state();
            let subject = state.account().map(|account| account.subject.clone());
            let shown = page.shown.borrow().clone();
            if shown.is_some() && shown != subject {
                self.breaks(format!(
                    "tab {name} shows {shown:?}'s results to {subject:?}"
                ));
                return;
            }
            let (running, since) = {
                let reads = page.reads.borrow();
                (reads.running, reads.since)
            };
            if running > 0 && now - since > 4 * PATIENCE {
                self.breaks(format!("a read of tab {name} never ends"));
                return;
            }
            if running == 0
                && page.reads.borrow().last.is_some()
                && let SessionState::SignedOut(why) = state
            {
                self.ended_for_a_reason(name, why);
            }
        }
        self.session_has_its_key();
        self.nothing_works_on(now);
        let idle = now - self.active;
        if idle > IDLE + 2 * i64::from(TICK) && !self.platform.borrow().clock_was_set {
            for tab in &self.tabs {
                let is_shown = tab.page().is_some_and(|page| page.shown.borrow().is_some());
                if is_shown && !tab.frozen {
                    let name = tab.name;
                    self.breaks(format!(
                        "tab {name} shows results after {idle} ms of nobody"
                    ));
                    return;
                }
            }
        }
    }

    fn count_calls(&self) {
        let (mut running, mut made) = (0, 0);
        for page in self.tabs.iter().filter_map(Tab::page) {
            let reads = page.reads.borrow();
            running += reads.running;
            made += reads.made;
        }
        let alone = self.tabs.len() == 1;
        self.platform.borrow_mut().sees_calls(running, made, alone);
    }

    /// When nobody is connected any more, and everything that was on its way has come, no token works.
    fn nothing_works_on(&mut self, now: i64) {
        let (whole, calm) = (
            self.device
                .world(|world| world.shared_store && world.locks && world.channel),
            self.calm && !self.excuse,
        );
        let is_busy = |tab: &Tab| {
            tab.page()
                .is_none_or(|page| page.returning.get() || page.session.state().account().is_some())
        };
        if self.tabs.iter().any(is_busy) {
            self.nobody_since = None;
            return;
        }
        let since = *self.nobody_since.get_or_insert(now);
        if now - since > 60_000 && whole && calm && self.platform.borrow().has_live_tokens() {
            self.breaks("nobody is connected, and a refresh token still works".to_owned());
        }
    }

    /// A session that nothing happened to goes on.
    fn ended_for_a_reason(&mut self, name: usize, why: SignedOutReason) {
        let (locks, shared, channel) = self
            .device
            .world(|world| (world.locks, world.shared_store, world.channel));
        let may_end = self.cause || !locks || !shared || !channel;
        let has_ended = matches!(why, SignedOutReason::Ended | SignedOutReason::Interrupted);
        if has_ended && !may_end && self.calm {
            self.breaks(format!(
                "tab {name} was signed out ({why:?}), and nothing had happened"
            ));
        }
    }

    pub(crate) fn wakes_to_nothing_that_is_over(&mut self, at: usize) {
        let tab = &self.tabs[at];
        let Some(page) = tab.page() else {
            return;
        };
        let idle = self.now() - self.active;
        let is_over = idle > IDLE && !self.platform.borrow().clock_was_set;
        if is_over && !tab.frozen && page.shown.borrow().is_some() {
            let name = tab.name;
            self.breaks(format!(
                "tab {name} wakes after {idle} ms and still shows results"
            ));
        }
    }

    /// After leaving, and a moment for everybody to hear of it, no tab that is awake has anything.
    pub(crate) fn nothing_is_left(&mut self, but: &[usize]) {
        // Tabs that share nothing cannot tell each other.
        let (shared, channel) = self
            .device
            .world(|world| (world.shared_store, world.channel));
        if !shared && !channel {
            return;
        }
        for tab in &self.tabs {
            // A tab that is frozen, or at the consent page, drops it when it is back.
            if tab.frozen || tab.page().is_none() {
                continue;
            }
            if but.contains(&tab.name) {
                continue;
            }
            let kept = tab.sim.storage(|store| {
                store
                    .iter()
                    .find(|(key, _)| key.contains("session"))
                    .map(|(key, _)| key.clone())
            });
            let shown = tab.page().and_then(|page| page.shown.borrow().clone());
            if let Some(what) = kept.or(shown) {
                let name = tab.name;
                self.breaks(format!("tab {name} still has {what} after everybody left"));
                return;
            }
        }
    }

    pub(crate) fn too_many_sign_ins(&mut self) {
        let now = self.now();
        self.sign_ins.push(now);
        self.sign_ins.retain(|at| now - at < 59_000);
        let recent = self.sign_ins.len();
        let can_count = self.device.world(|world| world.shared_store);
        if recent > 2 && can_count && !self.platform.borrow().clock_was_set {
            self.breaks(format!("{recent} sign-ins within a minute"));
        }
    }

    /// Everything is well again: every tab ends connected and reads, or says honestly that nobody is.
    pub(crate) fn ends_well(&mut self) {
        if self.broken.is_some() {
            return;
        }
        self.tell("everything is well again".to_owned());
        self.device.world(|world| {
            world.online = true;
            world.key_store = true;
            world.key_time = world.key_time.min(15);
            world.forecast = Box::new(|_, _| Weather::default());
        });
        {
            let mut platform = self.platform.borrow_mut();
            platform.token_faults.clear();
            platform.clinical_faults.clear();
            platform.proofs.moody.clear();
            platform.proofs.downgrades = false;
        }
        for at in 0..self.tabs.len() {
            if self.tabs[at].frozen {
                let now = self.now();
                self.tabs[at].has_slept(now);
                self.tabs[at].frozen = false;
                self.tabs[at].sim.thaw();
            }
            if matches!(self.tabs[at].place, Place::Consent(_)) {
                self.reload(at, None);
            }
        }
        // Whatever was on its way ends, and so does any pause.
        for _ in 0..4 {
            for at in 0..self.tabs.len() {
                self.used(at);
            }
            self.run(100_000);
        }
        if self.broken.is_some() {
            return;
        }
        for at in 0..self.tabs.len() {
            let Some(page) = self.tabs[at].page() else {
                continue;
            };
            let (state, reads) = (page.session.state(), page.reads.borrow());
            let stuck = match &state {
                SessionState::Looking => Some("looks around for ever".to_owned()),
                SessionState::Connected(_) if reads.running > 0 => {
                    Some("reads for ever".to_owned())
                }
                SessionState::Connected(_) => match &reads.last {
                    Some(Ok(())) => None,
                    Some(Err(Error::RateLimited { .. }))
                        if self.platform.borrow().clock_was_set =>
                    {
                        None
                    }
                    last => Some(format!("is connected and cannot read: {last:?}")),
                },
                SessionState::SignedOut(_) => None,
            };
            drop(reads);
            if let Some(stuck) = stuck {
                let name = self.tabs[at].name;
                self.breaks(format!("tab {name} {stuck}"));
                return;
            }
        }
        self.every_key_is_needed();
    }
}
