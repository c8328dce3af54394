//! One life of one browser, from one seed: what happens, in which order, and what must never happen.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use loop_contracts::time::Timestamp;
use loop_sdk::env::Safeguard;
use loop_sdk::env::sim::{Dice, Fate, Sim, Weather};
use loop_sdk::{Config, Error, SessionState, SignedOutReason};
use serde_json::json;

use crate::platform::{CLIENT, CLINICAL, Fault, ISSUER, Platform};
use crate::tab::{Page, Place, TICK, Tab, asked, parameter};

/// Things that happen in one life.
const EVENTS: u32 = 60;
/// The most tabs.
const TABS: usize = 6;
/// A call is answered, or the person told why not, within so many milliseconds.
const PATIENCE: i64 = 16_000;
/// The idle limit of the configuration, in milliseconds.
const IDLE: i64 = 600_000;

/// How a life went.
pub(crate) struct Outcome {
    pub(crate) turns: u64,
    /// What must never happen and did, with what led to it.
    pub(crate) violation: Option<Violation>,
}

/// Something that must never happen.
pub(crate) struct Violation {
    pub(crate) what: String,
    pub(crate) story: Vec<String>,
}

struct Life {
    dice: Dice,
    device: Sim,
    platform: Rc<RefCell<Platform>>,
    config: Config,
    tabs: Vec<Tab>,
    next_name: usize,
    story: VecDeque<String>,
    turns: u64,
    begun: i64,
    /// When somebody went to the consent page.
    sign_ins: Vec<i64>,
    /// Since when nobody did anything.
    active: i64,
    /// Whether anything happened that may cost a session.
    cause: bool,
    /// Whether anything happened after which tokens may be left over at the platform.
    excuse: bool,
    /// Whether the network is left alone in this life.
    calm: bool,
    broken: Option<String>,
}

/// Lives the life of a seed, with one rule switched off or none.
pub(crate) fn live(seed: u64, off: Option<Safeguard>) -> Outcome {
    let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5851_f42d_4c95_7f2d);
    let life = [300_000, 3_600_000][dice.below(2) as usize];
    let platform = Rc::new(RefCell::new(Platform::new(life)));
    let device = Sim::new({
        let platform = Rc::clone(&platform);
        move |request| platform.borrow_mut().answer(request)
    });
    let calm = dice.below(3) == 0;
    device.world(|world| {
        world.off = off;
        world.dice = Dice(dice.next());
        world.message_delay = [0, 5, 60][dice.below(3) as usize];
        // Most browsers have everything; some lack one thing.
        world.locks = dice.below(20) > 0;
        world.channel = dice.below(20) > 0;
        world.shared_store = dice.below(20) > 0;
        let bad = if calm {
            0
        } else {
            [0, 2, 10][dice.below(3) as usize]
        };
        let slow = [0, 10, 40][dice.below(3) as usize];
        world.forecast = Box::new(move |_, dice| forecast(dice, bad, slow));
    });
    let file = json!({"client_id": CLIENT, "issuer": ISSUER, "clinical": CLINICAL, "scopes": ["openid", "profile", "read:biomarkers"]});
    let Ok(config) = Config::from_json(file.to_string().as_bytes(), "https://app.example") else {
        return Outcome {
            turns: 0,
            violation: Some(Violation {
                what: "the configuration of the simulation is wrong".to_owned(),
                story: vec![],
            }),
        };
    };
    let begun = device.world(|world| world.now.0);
    platform.borrow_mut().now = begun;
    let first = Tab::load(1, device.clone(), &config, None);
    let mut life = Life {
        dice,
        device,
        platform,
        config,
        tabs: vec![first],
        next_name: 2,
        story: VecDeque::new(),
        turns: 0,
        begun,
        sign_ins: vec![],
        active: begun,
        cause: false,
        excuse: false,
        calm,
        broken: None,
    };
    life.sign_in(0, "maya");
    for _ in 0..EVENTS {
        if life.broken.is_some() {
            break;
        }
        life.event();
        life.pause();
    }
    life.ends_well();
    let lacks = life.device.world(|world| {
        format!(
            "locks {}, channel {}, shared store {}, tokens of {} s",
            world.locks,
            world.channel,
            world.shared_store,
            life.platform.borrow().life / 1000
        )
    });
    let violation = life.broken.take().map(|what| Violation {
        what,
        story: [lacks].into_iter().chain(life.story).collect(),
    });
    Outcome {
        turns: life.turns,
        violation,
    }
}

/// The family and generation of a record.
fn stamp(record: &str) -> Option<(String, u32)> {
    let after = |name: &str| record.split_once(name).map(|(_, rest)| rest);
    let family = after("\"family\":\"")?.split('"').next()?;
    let generation = after("\"generation\":")?.split([',', '}']).next()?;
    Some((family.to_owned(), generation.parse().ok()?))
}

fn forecast(dice: &mut Dice, bad: u32, slow: u32) -> Weather {
    let chance = dice.below(100);
    let fate = match chance {
        _ if chance < bad => Fate::Lost,
        _ if chance < 2 * bad => Fate::AnswerLost,
        _ => Fate::Answered,
    };
    let back = if dice.below(100) < slow {
        dice.below(12_000)
    } else {
        dice.below(200)
    };
    Weather {
        there: dice.below(150),
        back,
        fate,
    }
}

impl Life {
    fn now(&self) -> i64 {
        self.device.world(|world| world.now.0)
    }

    fn tell(&mut self, what: String) {
        let at = self.now() - self.begun;
        self.story.push_back(format!(
            "{:>9.1} s  {what}",
            at.cast_unsigned() as f64 / 1000.0
        ));
        if self.story.len() > 40 {
            self.story.pop_front();
        }
    }

    fn breaks(&mut self, what: String) {
        if self.broken.is_none() {
            self.tell(format!("VIOLATION: {what}"));
            self.broken = Some(what);
        }
    }

    /// Some tab, awake or not.
    fn some_tab(&mut self) -> usize {
        self.dice.below(u32::try_from(self.tabs.len()).unwrap_or(1)) as usize
    }

    fn is_connected(&self, at: usize) -> bool {
        let page = self.tabs[at].page();
        page.is_some_and(|page| page.session.state().account().is_some())
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a list of what can happen is as long as it is"
    )]
    fn event(&mut self) {
        let at = self.some_tab();
        let name = self.tabs[at].name;
        if let Place::Consent(url) = &self.tabs[at].place {
            let url = url.clone();
            self.consent(at, &url);
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
                self.excuse |= self.tabs[at].sim.is_sending();
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
                self.cause = true;
                self.excuse = true;
                self.device.world(|world| world.clock_error = error);
            }
            68..=69 => {
                self.tell(format!("the store of tab {name} is emptied"));
                self.cause = true;
                self.excuse = true;
                self.tabs[at].sim.storage(std::collections::BTreeMap::clear);
            }
            70 => {
                self.tell("the shared store is emptied".to_owned());
                self.cause = true;
                self.excuse = true;
                self.sign_ins.clear();
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
                // Whoever says yes in this moment comes back after everybody left.
                let is_returning = |tab: &Tab| tab.page().is_some_and(|page| page.returning.get());
                let returning = self.tabs.iter().filter(|tab| is_returning(tab));
                let returning: Vec<_> = returning.map(|tab| tab.name).collect();
                self.tabs[at].disconnect();
                self.sign_ins.clear();
                self.run(2_000);
                self.nothing_is_left(&returning);
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

    fn used(&mut self, at: usize) {
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
        let tab = Tab::load(name, sim, &self.config, None);
        self.tabs.push(tab);
    }

    fn reload(&mut self, at: usize, callback: Option<String>) {
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
        self.platform.borrow_mut().now = now;
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
    }

    /// The person is at the consent page.
    fn consent(&mut self, at: usize, url: &str) {
        let name = self.tabs[at].name;
        self.active = self.now();
        let state = parameter(url, "state");
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
                let code = self.platform.borrow_mut().allow(
                    subject,
                    &parameter(url, "nonce"),
                    &asked(url).to_string(),
                );
                format!("code={code}")
            }
            7..=8 => {
                self.tell(format!("the person says no in tab {name}"));
                "error=access_denied".to_owned()
            }
            _ => {
                self.tell(format!("the person goes back in tab {name}"));
                self.reload(at, None);
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

    /// Goes all the way in a quiet moment.
    fn sign_in(&mut self, at: usize, subject: &str) {
        self.tabs[at].connect();
        self.run(3_000);
        let Place::Consent(url) = &self.tabs[at].place else {
            return;
        };
        let url = url.clone();
        let code = self.platform.borrow_mut().allow(
            subject,
            &parameter(&url, "nonce"),
            &asked(&url).to_string(),
        );
        let callback = format!(
            "code={code}&state={}&iss=https%3A%2F%2Fidentity.example",
            parameter(&url, "state")
        );
        self.reload(at, Some(callback));
        self.run(3_000);
    }

    /// Time passes between two events: nothing, a moment, a while.
    fn pause(&mut self) {
        let long = match self.dice.below(10) {
            0..=1 => 0,
            2..=4 => self.dice.below(300),
            5..=6 => self.dice.below(20_000),
            7..=8 => self.dice.below(120_000),
            // Until about when the token ends, with somebody there.
            _ => {
                let life = u32::try_from(self.platform.borrow().life).unwrap_or(0);
                let long = life - 60_000 + self.dice.below(120_000);
                self.tell(format!("{} s go by with somebody there", long / 1000));
                let mut left = long;
                while left > 0 && self.broken.is_none() {
                    let step = left.min(200_000);
                    self.run(step);
                    left -= step;
                    let at = self.some_tab();
                    if !self.tabs[at].frozen
                        && let Some(page) = self.tabs[at].page()
                    {
                        page.session.touch();
                        self.active = self.now();
                    }
                }
                return;
            }
        };
        self.run(long);
    }

    /// Lets so many milliseconds pass.
    fn run(&mut self, milliseconds: u32) {
        let end = Timestamp(self.now() + i64::from(milliseconds));
        loop {
            self.turn();
            if self.broken.is_some() || !self.device.wait_until(end) {
                return;
            }
        }
    }

    /// Turns until nothing is left to do at this moment, and looks at everything.
    fn turn(&mut self) {
        let now = self.now();
        self.platform.borrow_mut().now = now;
        loop {
            let moved = self.device.turn();
            self.turns += 1;
            self.go_to_consent();
            self.look();
            if !moved || self.broken.is_some() {
                return;
            }
        }
    }

    /// Pages that want to leave do.
    fn go_to_consent(&mut self) {
        for at in 0..self.tabs.len() {
            let url = self.tabs[at].leaving.borrow_mut().take();
            if let Some(url) = url {
                self.cause |= self.is_refreshing();
                self.excuse |= self.tabs[at].sim.is_sending();
                self.tabs[at].sim.close();
                self.tabs[at].place = Place::Consent(url);
                self.too_many_sign_ins();
            }
        }
    }

    fn is_refreshing(&self) -> bool {
        self.device.on_their_way("grant_type=refresh_token") > 0
    }

    /// What must never be seen, at any moment.
    fn look(&mut self) {
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
        let running = |tab: &Tab| tab.page().map_or(0, |page| page.reads.borrow().running);
        let calls = self.tabs.iter().map(running).sum();
        let alone = self.tabs.len() == 1;
        self.platform.borrow_mut().sees_calls(calls, alone);
        if self.device.world(|world| world.lost_refreshes > 0) {
            self.cause = true;
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

    fn wakes_to_nothing_that_is_over(&mut self, at: usize) {
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
    fn nothing_is_left(&mut self, but: &[usize]) {
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

    fn too_many_sign_ins(&mut self) {
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
    fn ends_well(&mut self) {
        if self.broken.is_some() {
            return;
        }
        self.tell("everything is well again".to_owned());
        self.device.world(|world| {
            world.online = true;
            world.forecast = Box::new(|_, _| Weather::default());
        });
        {
            let mut platform = self.platform.borrow_mut();
            platform.token_faults.clear();
            platform.clinical_faults.clear();
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
        let mut connected = 0;
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
                SessionState::Connected(_) => {
                    connected += 1;
                    match &reads.last {
                        Some(Ok(())) => None,
                        Some(Err(Error::RateLimited { .. }))
                            if self.platform.borrow().clock_was_set =>
                        {
                            None
                        }
                        last => Some(format!("is connected and cannot read: {last:?}")),
                    }
                }
                SessionState::SignedOut(_) => None,
            };
            drop(reads);
            if let Some(stuck) = stuck {
                let name = self.tabs[at].name;
                self.breaks(format!("tab {name} {stuck}"));
                return;
            }
        }
        let is_whole = self
            .device
            .world(|world| world.shared_store && world.locks && world.channel);
        if connected == 0
            && self.calm
            && !self.excuse
            && is_whole
            && self.platform.borrow().has_live_tokens()
        {
            self.breaks("nobody is connected, and a refresh token still works".to_owned());
        }
    }
}
