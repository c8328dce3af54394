//! The keys that tokens are bound to: what can happen to them, and what must never.

use loop_sdk::env::sim::Store;
use loop_sdk::protocol::dpop::PublicKey;

use crate::life::Life;
use crate::tab::{Page, Place, Tab, parameter};

const SESSION: &str = "loop.session.v2";
const TRANSACTION: &str = "loop.transaction.";

/// What became of keys.
#[derive(Default)]
pub(crate) struct Keys {
    /// The browser lost them, or somebody left by hand.
    taken: Vec<PublicKey>,
    /// They may stay behind: what needed them is gone, and did not go by the way out.
    left: Vec<PublicKey>,
    /// Of sign-ins that two tabs have.
    copied: Vec<PublicKey>,
}

/// The coordinates of the key that a session record is bound to.
fn bound_to(record: &str) -> Option<&str> {
    let (_, rest) = record.split_once("\"access_token\":\"")?;
    let (token, _) = rest.split_once('"')?;
    Some(token.split_once(' ')?.1)
}

fn is(key: &PublicKey, coordinates: &str) -> bool {
    let rest = coordinates.strip_prefix(key.x());
    rest.and_then(|rest| rest.strip_prefix('.')) == Some(key.y())
}

/// Whether a store has a sign-in on its way that is bound to this key.
fn waits_for(store: &Store, key: &PublicKey) -> bool {
    let mut records = store
        .range(TRANSACTION.to_owned()..)
        .take_while(|(name, _)| name.starts_with(TRANSACTION));
    records.any(|(_, text)| text.contains(key.x()))
}

impl Life {
    fn all_keys(&self) -> Vec<PublicKey> {
        self.device.world(|world| world.keys.clone())
    }

    /// Something happens to the keys, or to the nonces in their proofs.
    pub(crate) fn key_event(&mut self) {
        let kind = ["token", "read"][self.dice.below(2) as usize];
        match self.dice.below(10) {
            0 => {
                self.tell("the browser loses its keys".to_owned());
                self.cause = true;
                self.every_key_is_taken();
                self.device.world(|world| world.keys.clear());
            }
            1..=2 => {
                let is_there = self.device.world(|world| {
                    world.key_store = !world.key_store;
                    world.key_store
                });
                let word = if is_there { "again" } else { "no more" };
                self.tell(format!("the browser finds its keys {word}"));
            }
            3..=6 => {
                self.tell(format!("there is another nonce for {kind} calls"));
                self.platform.borrow_mut().proofs.rotate(kind);
            }
            _ => {
                let times = 1 + self.dice.below(3);
                self.tell(format!("{times} {kind} calls are to have another nonce"));
                let mut platform = self.platform.borrow_mut();
                platform.proofs.moody.insert(kind, times);
            }
        }
    }

    /// Whoever leaves by hand takes all of them along.
    pub(crate) fn every_key_is_taken(&mut self) {
        let keys = self.all_keys();
        self.keys.taken.extend(keys);
    }

    /// Whose session it is is forgotten, and with it the name of its key.
    pub(crate) fn every_key_is_left(&mut self) {
        let keys = self.all_keys();
        self.keys.left.extend(keys);
    }

    /// This page goes. A key that is being made, or was taken out of the store to be used, stands nowhere else.
    pub(crate) fn page_goes(&mut self, at: usize) {
        let is_on_its_way = |page: &Page| page.returning.get() || page.connecting.get();
        if self.tabs[at].page().is_some_and(is_on_its_way) {
            self.every_key_is_left();
        }
    }

    /// What this tab has goes, and with it the sign-ins that are on their way. The board names the key of a session.
    pub(crate) fn store_goes(&mut self, at: usize) {
        let keys = self.keys_waited_for(at);
        self.keys.left.extend(keys);
    }

    fn keys_waited_for(&self, at: usize) -> Vec<PublicKey> {
        let sim = &self.tabs[at].sim;
        let mut keys = self.all_keys();
        keys.retain(|key| sim.storage(|store| waits_for(store, key)));
        keys
    }

    /// The tab will be there twice, with the sign-ins that are on their way.
    pub(crate) fn keys_are_copied(&mut self, at: usize) {
        let keys = self.keys_waited_for(at);
        self.keys.copied.extend(keys);
    }

    /// The person says yes to a sign-in: its key must be there.
    pub(crate) fn sign_in_has_its_key(&mut self, at: usize, url: &str) {
        let name = parameter(url, "dpop_jkt");
        if name.is_empty() {
            return;
        }
        // A sign-in that is void, or in a tab whose store was emptied, may have lost it.
        let state = parameter(url, "state");
        let tab = &self.tabs[at];
        let is_void = tab.sim.storage(|store| {
            !store
                .keys()
                .any(|key| key.starts_with(TRANSACTION) && key.ends_with(&state))
        });
        let own = self.all_keys();
        let keys = own.iter().chain(&self.keys.taken).chain(&self.keys.copied);
        if !is_void && !keys.map(PublicKey::thumbprint).any(|own| own == name) {
            let tab = tab.name;
            self.breaks(format!(
                "the key of tab {tab}'s sign-in is gone, and nobody took it"
            ));
        }
    }

    /// The key of the browser's session is there, unless it was taken.
    pub(crate) fn session_has_its_key(&mut self) {
        if !self.binds {
            return;
        }
        let missing = self.device.world(|world| {
            // Tabs that share nothing know nothing of each other's keys.
            let family = world.shared.get("loop.family.v2");
            let family = family.filter(|_| world.shared_store)?;
            let gone = |key: &str| {
                let mut there = world.keys.iter().chain(&self.keys.taken);
                !there.any(|own| is(own, key))
            };
            let has_lost = |tab: &&Tab| {
                let store = world.store_of(&tab.sim);
                let record = store.get(SESSION).filter(|text| text.contains(family));
                record.and_then(|record| bound_to(record)).is_some_and(gone)
            };
            let tab = self.tabs.iter().find(has_lost)?;
            Some(tab.name)
        });
        if let Some(name) = missing {
            self.breaks(format!(
                "the key of tab {name}'s session is gone, and nobody took it"
            ));
        }
    }

    /// When somebody left by hand, no key that was there is there any more.
    pub(crate) fn no_key_is_left(&mut self, before: &[PublicKey]) {
        let left = self.all_keys().iter().any(|key| before.contains(key));
        if left {
            self.breaks("a key is left after everybody left".to_owned());
        }
    }

    /// In the end every key is of the session, or of a sign-in that is on its way.
    pub(crate) fn every_key_is_needed(&mut self) {
        if !self.device.world(|world| world.shared_store) {
            return;
        }
        let family = self.device.world(|world| {
            let family = world.shared.get("loop.family.v2").cloned();
            family.unwrap_or_default()
        });
        for key in self.all_keys() {
            let waits = |tab: &Tab| tab.sim.storage(|store| waits_for(store, &key));
            let is_needed = family.ends_with(&key.thumbprint())
                || self.keys.left.contains(&key)
                || self.tabs.iter().any(waits)
                || self.tabs.iter().any(|tab| match &tab.place {
                    Place::App(page) => page.returning.get() || page.connecting.get(),
                    Place::Consent(_) => false,
                });
            if !is_needed {
                self.breaks("a key stays that nobody needs any more".to_owned());
                return;
            }
        }
    }
}
