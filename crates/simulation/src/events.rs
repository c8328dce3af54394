//! What can happen in a life, one event at a time.

use loop_sdk::env::sim::Store;

use crate::life::{IDLE, Life};
use crate::platform::Fault;
use crate::tab::{Page, Place, Tab, parameter};

/// The most tabs.
const TABS: usize = 6;

impl Life {
    #[expect(
        clippy::too_many_lines,
        reason = "a list of what can happen is as long as it is"
    )]
    pub(crate) fn event(&mut self) {
        let at = self.some_tab();
        let name = self.tabs[at].name;
        if let Place::Consent(url) = &self.tabs[at].place {
            let url = url.clone();
            self.consent(at, &url);
            return;
        }
        if self.binds && self.dice.below(12) == 0 {
            self.key_event();
            return;
        }
        match self.dice.below(100) {
            0..=24 => {
                self.tell(format!("tab {name} is used"));
                self.used(at);
            }
            25..=34 => {
                self.tell("every tab is used at once".to_owned());
                for at in 0..self.tabs.len() {
                    self.used(at);
                }
            }
            35..=42 if self.tabs.len() < TABS => self.open(at, false),
            43..=48 if self.tabs.len() < TABS => self.open(at, true),
            49..=53 if self.tabs.len() > 1 => {
                self.tell(format!("tab {name} is closed"));
                self.cause |= self.is_refreshing();
                // Whoever closes the last tab that has the session takes it along.
                let others = (0..self.tabs.len()).filter(|other| *other != at);
                let is_last = !others.into_iter().any(|other| self.is_connected(other));
                self.excuse |= is_last || self.tabs[at].sim.is_sending();
                self.page_goes(at);
                self.store_goes(at);
                let tab = self.tabs.remove(at);
                tab.sim.close();
            }
            54..=57 => {
                self.tell(format!("tab {name} is loaded anew"));
                self.cause |= self.is_refreshing();
                self.reload(at, None);
            }
            58..=61 => {
                let is_frozen = self.tabs[at].frozen;
                self.tell(format!(
                    "tab {name} {}",
                    if is_frozen { "wakes" } else { "is frozen" }
                ));
                self.tabs[at].frozen = !is_frozen;
                if is_frozen {
                    let now = self.now();
                    self.tabs[at].has_slept(now);
                    // A sign-in that is finished by waking begins a session now.
                    let is_returning = |page: &Page| page.returning.get();
                    if self.tabs[at].page().is_some_and(is_returning) {
                        self.active = now;
                    }
                    self.tabs[at].sim.thaw();
                    self.device.turn();
                    self.wakes_to_nothing_that_is_over(at);
                } else {
                    self.cause = true;
                    self.excuse = true;
                    self.tabs[at].sim.freeze();
                }
            }
            62..=64 => self.sleep(),
            65..=67 => {
                let error =
                    [-7_200_000, -600_000, 0, 600_000, 7_200_000][self.dice.below(5) as usize];
                self.tell(format!("the clock is set, and is {error} ms ahead now"));
                self.platform.borrow_mut().clock_was_set = true;
                self.platform.borrow_mut().proofs.may_be_old = true;
                self.cause = true;
                self.excuse = true;
                self.device.world(|world| world.clock_error = error);
            }
            68..=69 => {
                self.tell(format!("the store of tab {name} is emptied"));
                self.cause = true;
                self.excuse = true;
                self.store_goes(at);
                self.tabs[at].sim.storage(Store::clear);
                // It knows nothing any more, not even what it has had: the board does.
                if let Some(page) = self.tabs[at].page() {
                    page.newest.replace(None);
                }
            }
            70 => {
                self.tell("the shared store is emptied".to_owned());
                self.cause = true;
                self.excuse = true;
                self.sign_ins.clear();
                self.every_key_is_left();
                self.device.world(|world| world.shared.clear());
            }
            71..=79 if !self.calm => self.fault(),
            80..=82 if !self.calm => {
                let online = self.device.world(|world| {
                    world.online = !world.online;
                    world.online
                });
                self.tell(format!(
                    "the network is {}",
                    if online { "back" } else { "gone" }
                ));
                if !online {
                    self.cause |= self.is_refreshing();
                    self.device.lose_what_is_on_its_way();
                }
            }
            83 => {
                self.tell("the person ends the access in their account".to_owned());
                self.cause = true;
                self.platform.borrow_mut().revoke_all();
            }
            84 => {
                self.tell("the person connects on another device".to_owned());
                self.cause = true;
                self.platform.borrow_mut().connected_elsewhere("maya");
            }
            85..=87 if self.is_connected(at) && !self.tabs[at].frozen => {
                self.tell(format!("disconnect in tab {name}"));
                self.cause = true;
                self.active = self.now();
                if self.dice.below(2) == 0 {
                    // A refresh may be on its way then.
                    self.tell("every tab is used at once".to_owned());
                    for at in 0..self.tabs.len() {
                        self.used(at);
                    }
                    let moment = self.dice.below(300);
                    self.run(moment);
                }
                if self.tabs[at].page().is_none() {
                    // It went to the consent page in this moment: there is no button any more.
                    return;
                }
                // Whoever says yes in this moment comes back after everybody left.
                let is_returning = |tab: &Tab| tab.page().is_some_and(|page| page.returning.get());
                let returning = self.tabs.iter().filter(|tab| is_returning(tab));
                let returning: Vec<_> = returning.map(|tab| tab.name).collect();
                let keys = self.device.world(|world| world.keys.clone());
                self.every_key_is_taken();
                self.tabs[at].disconnect();
                self.sign_ins.clear();
                self.run(2_000);
                self.nothing_is_left(&returning);
                self.no_key_is_left(&keys);
            }
            88..=92 if self.tabs[at].forward.is_some() => {
                if let Some(url) = self.tabs[at].forward.take() {
                    self.tell(format!("tab {name} goes forward to its consent page"));
                    self.leave_for_consent(at, url);
                }
            }
            88..=96 if !self.is_connected(at) => {
                self.tell(format!("connect in tab {name}"));
                self.active = self.now();
                self.tabs[at].connect();
            }
            97 => {
                // Somebody else sits down at the same device while a tab is still there.
                self.tell(format!("somebody connects anew in tab {name}"));
                self.cause = true;
                self.tabs[at].connect();
            }
            98..=99 => {
                if let Some(callback) = self.tabs[at].callback.clone() {
                    self.tell(format!("tab {name} goes back to its callback"));
                    self.cause |= self.is_refreshing();
                    self.reload(at, Some(callback));
                }
            }
            _ => {}
        }
    }

    pub(crate) fn used(&mut self, at: usize) {
        if !self.tabs[at].frozen {
            self.active = self.now();
            self.tabs[at].use_it();
        }
    }

    fn open(&mut self, at: usize, copy: bool) {
        let name = self.next_name;
        self.next_name += 1;
        let from = &self.tabs[at];
        let sim = if copy {
            from.sim.duplicate()
        } else {
            from.sim.open()
        };
        let how = if copy {
            "is a copy of"
        } else {
            "is opened beside"
        };
        self.tell(format!("tab {name} {how} tab {}", self.tabs[at].name));
        if copy {
            self.keys_are_copied(at);
        }
        let tab = Tab::load(name, sim, &self.config, None);
        self.tabs.push(tab);
    }

    pub(crate) fn reload(&mut self, at: usize, callback: Option<String>) {
        self.page_goes(at);
        let now = self.now();
        self.platform.borrow_mut().proofs.loaded = now;
        let tab = &self.tabs[at];
        self.excuse |= tab.sim.is_sending();
        let (name, sim) = (tab.name, tab.sim.reload());
        self.tabs[at] = Tab::load(name, sim, &self.config, callback);
    }

    fn sleep(&mut self) {
        let long = [20_000, 700_000, 4_000_000, 30_000_000][self.dice.below(4) as usize];
        self.tell(format!("the device sleeps for {} s", long / 1000));
        self.cause |= self.is_refreshing() || long >= IDLE;
        self.excuse = true;
        self.device.lose_what_is_on_its_way();
        self.device.world(|world| world.now = world.now.plus(long));
        let now = self.now();
        {
            let mut platform = self.platform.borrow_mut();
            platform.now = now;
            platform.proofs.woke = now;
        }
        for at in 0..self.tabs.len() {
            self.tabs[at].has_slept(now);
            if !self.tabs[at].frozen {
                self.tabs[at].sim.thaw();
            }
        }
        self.device.turn();
        for at in 0..self.tabs.len() {
            self.wakes_to_nothing_that_is_over(at);
        }
    }

    fn fault(&mut self) {
        let seconds = 1 + self.dice.below(90);
        let fault = [
            Fault::TooMany { seconds },
            Fault::Unavailable,
            Fault::Broken,
            Fault::NoJson,
            Fault::RefusesToken,
        ][self.dice.below(5) as usize];
        let is_token = self.dice.below(2) == 0 && fault != Fault::RefusesToken;
        self.tell(format!(
            "the next {} call gives {fault:?}",
            if is_token { "token" } else { "clinical" }
        ));
        let times = 1 + self.dice.below(3);
        let mut platform = self.platform.borrow_mut();
        for _ in 0..times {
            if is_token {
                platform.token_faults.push(fault);
            } else {
                platform.clinical_faults.push(fault);
            }
        }
        self.cause |= fault == Fault::RefusesToken;
        drop(platform);
        if self.binds && self.dice.below(4) == 0 {
            self.tell("the next tokens are bound to nothing".to_owned());
            self.platform.borrow_mut().proofs.downgrades = true;
            self.excuse = true;
        }
    }

    /// The person is at the consent page.
    fn consent(&mut self, at: usize, url: &str) {
        let name = self.tabs[at].name;
        self.active = self.now();
        let state = parameter(url, "state");
        if self.tabs.len() < TABS && self.dice.below(8) == 0 {
            let copy = self.next_name;
            self.next_name += 1;
            self.tell(format!(
                "tab {copy} is a copy of tab {name}, at the consent page"
            ));
            self.keys_are_copied(at);
            let sim = self.tabs[at].sim.duplicate();
            let tab = Tab::at_consent(copy, sim, url.to_owned());
            self.tabs.push(tab);
        }
        let answer = match self.dice.below(10) {
            0..=6 => {
                let subject = if self.dice.below(6) == 0 {
                    "jonas"
                } else {
                    "maya"
                };
                self.tell(format!("{subject} says yes in tab {name}"));
                // A session of the same person in another tab, if any, is replaced by this one.
                self.cause = true;
                self.sign_in_has_its_key(at, url);
                let code = self.platform.borrow_mut().allow(subject, url);
                format!("code={code}")
            }
            7..=8 => {
                self.tell(format!("the person says no in tab {name}"));
                "error=access_denied".to_owned()
            }
            _ => {
                self.tell(format!("the person goes back in tab {name}"));
                self.reload(at, None);
                self.tabs[at].forward = Some(url.to_owned());
                return;
            }
        };
        let callback = format!("{answer}&state={state}&iss=https%3A%2F%2Fidentity.example");
        // Two pages are loaded on the way.
        self.run(1_000);
        if self.broken.is_none() {
            self.reload(at, Some(callback));
        }
    }
}
