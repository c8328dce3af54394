//! One life of one browser, from one seed: how it begins, how time passes, how it is told.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use loop_contracts::time::Timestamp;
use loop_sdk::Config;
use loop_sdk::env::Safeguard;
use loop_sdk::env::sim::{Dice, Fate, Sim, Weather};
use serde_json::json;

use crate::keys::Keys;
use crate::platform::{CLIENT, CLINICAL, ISSUER, Platform, sign};
use crate::tab::{Place, Tab, parameter};

/// Things that happen in one life.
const EVENTS: u32 = 60;
/// The idle limit of the configuration, in milliseconds.
pub(crate) const IDLE: i64 = 600_000;

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

/// A life while it is lived.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about what happened"
)]
pub(crate) struct Life {
    pub(crate) dice: Dice,
    pub(crate) device: Sim,
    pub(crate) platform: Rc<RefCell<Platform>>,
    pub(crate) config: Config,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) next_name: usize,
    pub(crate) story: VecDeque<String>,
    pub(crate) turns: u64,
    pub(crate) begun: i64,
    /// When somebody went to the consent page.
    pub(crate) sign_ins: Vec<i64>,
    /// Since when nobody did anything.
    pub(crate) active: i64,
    /// Since when nobody is connected, or about to be.
    pub(crate) nobody_since: Option<i64>,
    /// Whether anything happened that may cost a session.
    pub(crate) cause: bool,
    /// Whether anything happened after which tokens may be left over at the platform.
    pub(crate) excuse: bool,
    /// Whether the network is left alone in this life.
    pub(crate) calm: bool,
    /// Whether the platform offers to bind tokens to a key.
    pub(crate) binds: bool,
    pub(crate) keys: Keys,
    pub(crate) broken: Option<String>,
}

/// Lives the life of a seed, with one rule switched off or none.
pub(crate) fn live(seed: u64, off: Option<Safeguard>) -> Outcome {
    let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ 0x5851_f42d_4c95_7f2d);
    let life = [300_000, 3_600_000][dice.below(2) as usize];
    let platform = Rc::new(RefCell::new(Platform::new(life)));
    let device = Sim::new({
        let platform = Rc::clone(&platform);
        move |request| Ok(platform.borrow_mut().answer(request))
    });
    let calm = dice.below(3) == 0;
    device.world(|world| {
        world.off = off;
        world.dice = Dice(dice.bits());
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
        world.signer = Box::new(sign);
    });
    // One platform in three offers to bind tokens to a key.
    let binds = dice.below(3) == 0;
    if binds {
        let key_time = [0, 0, 15, 4_000][dice.below(4) as usize];
        device.world(|world| world.key_time = key_time);
        let proofs = &mut platform.borrow_mut().proofs;
        proofs.are_offered = true;
        proofs.with_nonce = dice.below(2) == 0;
        proofs.tells = dice.below(2) == 0;
        proofs.challenges = dice.below(2) == 0;
        proofs.may_be_old = key_time > 0;
        proofs.nothing_is_lost = calm;
    }
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
        nobody_since: None,
        cause: false,
        excuse: false,
        calm,
        binds,
        keys: Keys::default(),
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
            "locks {}, channel {}, shared store {}, tokens of {} s, keys {binds} within {} ms",
            world.locks,
            world.channel,
            world.shared_store,
            life.platform.borrow().life / 1000,
            world.key_time,
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
    pub(crate) fn now(&self) -> i64 {
        self.device.world(|world| world.now.0)
    }

    pub(crate) fn tell(&mut self, what: String) {
        let at = self.now() - self.begun;
        self.story
            .push_back(format!("{:>7}.{} s  {what}", at / 1000, at % 1000 / 100));
        if self.story.len() > 40 {
            self.story.pop_front();
        }
    }

    pub(crate) fn breaks(&mut self, what: String) {
        if self.broken.is_none() {
            self.tell(format!("VIOLATION: {what}"));
            self.broken = Some(what);
        }
    }

    /// Some tab, awake or not.
    pub(crate) fn some_tab(&mut self) -> usize {
        self.dice.below(u32::try_from(self.tabs.len()).unwrap_or(1)) as usize
    }

    pub(crate) fn is_connected(&self, at: usize) -> bool {
        let page = self.tabs[at].page();
        page.is_some_and(|page| page.session.state().account().is_some())
    }

    /// Goes all the way in a quiet moment.
    fn sign_in(&mut self, at: usize, subject: &str) {
        self.tabs[at].connect();
        self.run(3_000);
        let Place::Consent(url) = &self.tabs[at].place else {
            return;
        };
        let url = url.clone();
        let code = self.platform.borrow_mut().allow(subject, &url);
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
    pub(crate) fn run(&mut self, milliseconds: u32) {
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
                self.leave_for_consent(at, url);
                self.too_many_sign_ins();
            }
        }
    }

    pub(crate) fn leave_for_consent(&mut self, at: usize, url: String) {
        self.cause |= self.is_refreshing();
        self.excuse |= self.tabs[at].sim.is_sending();
        self.page_goes(at);
        self.tabs[at].sim.close();
        self.tabs[at].place = Place::Consent(url);
    }

    pub(crate) fn is_refreshing(&self) -> bool {
        // Between a refusal for the sake of a nonce and the next try nothing is on its way.
        let signs = self.device.world(|world| world.key_time > 0);
        (signs && self.device.is_locked())
            || self.device.on_their_way("grant_type=refresh_token") > 0
    }
}
