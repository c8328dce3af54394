//! The results of whoever is connected, in memory only, and gone as soon as the person is.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::scope::Scope;
use loop_contracts::time::Timestamp;
use loop_sdk::Error;
use loop_sdk::api::{Ahead, Biomarkers};
use loop_sdk::env::Env;
use loop_sdk::env::browser::Browser;

use super::LoopSession;
use crate::catalogue::Catalogue;
use crate::views::series::Results;
use crate::views::units::UnitSystem;

/// What was loaded.
#[derive(Clone)]
pub struct Loaded {
    /// As the views take them.
    pub results: Arc<Results>,
    /// Entries that could not be read. A view says so.
    pub unreadable: usize,
    /// Whether the platform has more than was read.
    pub more: bool,
    /// When they were loaded.
    pub at: Timestamp,
}

/// Loads the results of whoever is connected, and forgets them with that person. Copying it is free: each copy is the same.
pub struct ResultStore<E: Env = Browser> {
    session: LoopSession<E>,
    is_loading: RwSignal<bool>,
    /// What came, until the catalogue is there too.
    came: RwSignal<Option<Biomarkers>>,
    /// What was loaded last.
    pub loaded: RwSignal<Option<Loaded>>,
    error: RwSignal<Option<Error>>,
    /// What is on its way already.
    ahead: StoredValue<Option<Ahead>, LocalStorage>,
}

impl<E: Env> Copy for ResultStore<E> {}

#[expect(
    clippy::expl_impl_clone_on_copy,
    reason = "derived, it would ask the same of the environment"
)]
impl<E: Env> Clone for ResultStore<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Env> ResultStore<E> {
    /// A store that is empty. Results wait for the catalogue, and are told in what `units` says at that moment; `forgotten` is
    /// called when they were dropped because the person has changed.
    pub fn new(
        session: LoopSession<E>,
        catalogue: RwSignal<Option<&'static Catalogue>>,
        units: impl Fn() -> UnitSystem + 'static,
        forgotten: impl Fn() + 'static,
    ) -> Self {
        let store = Self {
            session,
            is_loading: RwSignal::new(false),
            came: RwSignal::new(None),
            loaded: RwSignal::new(None),
            error: RwSignal::new(None),
            ahead: StoredValue::new_local(None),
        };
        let subject = session.subject();
        Effect::new(move |is_later: Option<()>| {
            // Read, and not only followed: a memo that nobody has read follows nothing itself.
            drop(subject.read());
            if is_later.is_some() {
                store.forget();
                forgotten();
            }
        });
        Effect::new(move || {
            if store.came.with(Option::is_some)
                && let Some(catalogue) = catalogue.get()
                && let Some(all) = store.came.try_update(Option::take).flatten()
            {
                let mut results = Results::new(all.results, catalogue);
                results.tell_in(units());
                store.loaded.set(Some(Loaded {
                    results: Arc::new(results),
                    unreadable: all.unreadable,
                    more: all.more,
                    at: all.loaded_at,
                }));
            }
        });
        store
    }

    /// Why there is nothing, or nothing newer: the last failure, or the scope that is missing. Reactive.
    pub fn trouble(self) -> Option<Error> {
        if self.may_read() {
            return self.error.get();
        }
        let missing = Scope::ReadBiomarkers.into();
        Some(Error::InsufficientScope { missing })
    }

    /// Whether results are being loaded, or wait for the catalogue. Reactive.
    pub fn is_loading(self) -> bool {
        self.is_loading.get() || self.came.with(Option::is_some)
    }

    /// Takes results that were asked for before this store was there, when they are the person's: the next load waits for these.
    pub fn take_up(self, ahead: Option<Ahead>) {
        let subject = self.session.subject().get_untracked();
        let is_own = |ahead: &Ahead| Some(ahead.subject()) == subject.as_deref();
        self.ahead.set_value(ahead.filter(is_own));
    }

    /// Loads when nothing is there yet, nothing has failed, and the person allowed it. Does not follow signals.
    pub fn ensure(self) {
        let is_new = self.loaded.with_untracked(Option::is_none)
            && self.came.with_untracked(Option::is_none)
            && self.error.with_untracked(Option::is_none);
        if is_new && untrack(|| self.may_read()) {
            self.load();
        }
    }

    /// Loads again. What is there stays until the answer is; a request that is on its way goes on.
    pub fn reload(self) {
        self.error.set(None);
        self.load();
    }

    /// Tells all results in these units.
    pub fn tell_in(self, units: UnitSystem) {
        self.loaded.update(|loaded| {
            if let Some(loaded) = loaded {
                Arc::make_mut(&mut loaded.results).tell_in(units);
            }
        });
    }

    /// Drops everything, and the answer to a request that is on its way.
    pub fn forget(self) {
        self.is_loading.set(false);
        self.came.set(None);
        self.loaded.set(None);
        self.error.set(None);
        self.ahead.set_value(None);
    }

    fn may_read(self) -> bool {
        let account = self.session.account();
        account.is_some_and(|account| account.granted.contains(&Scope::ReadBiomarkers))
    }

    fn load(self) {
        if self.is_loading.get_untracked() {
            return;
        }
        let session = self.session.session();
        let ahead = self.ahead.try_update_value(Option::take).flatten();
        let ahead = match ahead.map_or_else(|| Ahead::results(&session), Ok) {
            Ok(ahead) => ahead,
            Err(error) => return self.error.set(Some(error)),
        };
        self.is_loading.set(true);
        let subject = self.session.subject().get_untracked();
        session.env().spawn(async move {
            let outcome = ahead.answer().await;
            // An answer for somebody who has left meanwhile is nobody's, and so is one for a part of the page that is gone.
            if self.session.subject().try_get_untracked() != Some(subject) {
                return;
            }
            self.is_loading.set(false);
            match outcome {
                Ok(all) => {
                    self.error.set(None);
                    self.came.set(Some(all));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
