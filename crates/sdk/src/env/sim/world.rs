//! What there is in the simulated world: a device with tabs and pages, a clock, what is on its way, and chance.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;

use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;

use crate::env::{
    Ear, HttpFailure, HttpRequest, HttpResponse, Safeguard, SignatureAlgorithm, Told,
};
use crate::protocol::dpop::PublicKey;

type Verifier = fn(SignatureAlgorithm, &Jwk, &[u8], &[u8]) -> bool;
type Signer = Box<dyn FnMut(&PublicKey, &str) -> Vec<u8>>;
type KeyMaker = Box<dyn FnMut(&mut Dice) -> Option<PublicKey>>;
type Forecast = Box<dyn FnMut(&HttpRequest, &mut Dice) -> Weather>;
/// A store: the tab's own, or the one that all tabs share.
pub type Store = BTreeMap<String, String>;

/// What a test may look at and change.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of one thing whether the browser has it"
)]
pub struct World {
    /// The true time, which servers have too.
    pub now: Timestamp,
    /// How far the device's clock is ahead of it, in milliseconds.
    pub clock_error: i64,
    /// The store that all tabs share.
    pub shared: Store,
    /// Every request that was sent.
    pub sent: Vec<HttpRequest>,
    /// Every page that was navigated to.
    pub navigated: Vec<String>,
    /// Every path that the address bar was set to.
    pub replaced: Vec<String>,
    /// Whether the browser says it has a network.
    pub online: bool,
    /// Whether there is a random source.
    pub crypto: bool,
    /// Whether the browser has locks.
    pub locks: bool,
    /// Whether tabs can tell each other something.
    pub channel: bool,
    /// Whether there is a shared store.
    pub shared_store: bool,
    /// How signatures are checked.
    pub verifier: Verifier,
    /// The key pairs of this origin, by their public halves.
    pub keys: Vec<PublicKey>,
    /// Whether there is a store for them.
    pub key_store: bool,
    /// A pair is made, and signs, within so many milliseconds.
    pub key_time: u32,
    /// How a pair is made. Without a word it is two random texts, which sign nothing.
    pub key_maker: KeyMaker,
    /// How a pair signs. Without a word it gives 64 zeroes.
    pub signer: Signer,
    /// How each request fares on its way. Without a word it arrives at once.
    pub forecast: Forecast,
    /// A message reaches the other tabs within so many milliseconds.
    pub message_delay: u32,
    /// The rule that is switched off.
    pub off: Option<Safeguard>,
    /// Chance.
    pub dice: Dice,
    pub(super) tabs: Vec<Store>,
    pub(super) pages: Vec<Page>,
    pub(super) flights: BTreeMap<usize, Flight>,
    pub(super) flown: usize,
    /// Every "too many requests" that reached a page: when, and of which URL.
    pub limited: Vec<(Timestamp, String)>,
    /// Refreshes whose answer nobody got.
    pub lost_refreshes: usize,
    pub(super) timers: Vec<Timestamp>,
    pub(super) queues: BTreeMap<&'static str, VecDeque<usize>>,
    pub(super) tickets: usize,
    /// Whether anything happened since it was last looked at.
    pub(super) moved: bool,
}

pub(super) struct Page {
    pub(super) open: bool,
    pub(super) frozen: bool,
    pub(super) ears: Vec<Ear>,
    pub(super) inbox: VecDeque<(Timestamp, Told)>,
}

pub(super) struct Task {
    pub(super) page: usize,
    /// Taken out while it runs.
    pub(super) future: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

/// How one request fares.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Milliseconds to the server.
    pub there: u32,
    /// Milliseconds back.
    pub back: u32,
    /// Whether both ways are open.
    pub fate: Fate,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It is answered.
    #[default]
    Answered,
    /// The server never sees it.
    Lost,
    /// The server acts, and nobody hears of it.
    AnswerLost,
}

pub(super) struct Flight {
    pub(super) page: usize,
    /// When the page gives it up.
    pub(super) over: Timestamp,
    pub(super) request: HttpRequest,
    pub(super) arrives: Timestamp,
    pub(super) weather: Weather,
    /// When it is back, and with what.
    pub(super) answer: Option<(Timestamp, Result<HttpResponse, HttpFailure>)>,
}

/// Chance from a seed (`SplitMix64`: a test needs variety, not secrecy).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `most`.
    #[expect(clippy::cast_possible_truncation, reason = "the rest is below a u32")]
    pub fn below(&mut self, most: u32) -> u32 {
        (self.bits() % u64::from(most.max(1))) as u32
    }
}

impl World {
    /// The session store of a page's tab.
    pub fn store_of(&self, page: &super::Sim) -> &Store {
        &self.tabs[page.tab]
    }

    pub(super) fn new() -> Self {
        Self {
            now: Timestamp(1_772_526_600_000),
            clock_error: 0,
            shared: Store::new(),
            sent: vec![],
            navigated: vec![],
            replaced: vec![],
            online: true,
            crypto: true,
            locks: true,
            channel: true,
            shared_store: true,
            verifier: |_, _, _, _| true,
            keys: vec![],
            key_store: true,
            key_time: 0,
            key_maker: Box::new(|dice| {
                let mut coordinate = || format!("{:043x}", dice.bits());
                PublicKey::new(&coordinate(), &coordinate())
            }),
            signer: Box::new(|_, _| vec![0; 64]),
            forecast: Box::new(|_, _| Weather::default()),
            message_delay: 0,
            off: None,
            dice: Dice(1),
            tabs: vec![Store::new()],
            pages: vec![Page::new()],
            flights: BTreeMap::new(),
            flown: 0,
            limited: vec![],
            lost_refreshes: 0,
            timers: vec![],
            queues: BTreeMap::new(),
            tickets: 0,
            moved: false,
        }
    }
}

impl Flight {
    pub(super) fn is_back(&self, now: Timestamp) -> bool {
        let answer = self.answer.as_ref();
        self.over <= now || answer.is_some_and(|(back, _)| *back <= now)
    }

    pub(super) fn is_refresh(&self) -> bool {
        let body = self.request.body.as_deref().unwrap_or_default();
        body.contains("grant_type=refresh_token")
    }
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            open: true,
            frozen: false,
            ears: vec![],
            inbox: VecDeque::new(),
        }
    }
}
