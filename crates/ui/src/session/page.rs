//! The one session of a page, and what belongs to it.

use std::cell::RefCell;

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::env::browser::Browser;
use loop_sdk::{Config, Error, Landing, Session};

use super::{LoopSession, ProviderError, ResultStore};
use crate::catalogue::Catalogue;
use crate::views::units::UnitSystem;

/// What the last way to Loop and back brought, in context.
#[derive(Clone, Copy)]
pub(super) struct SignIn {
    /// Why it failed.
    pub(super) error: RwSignal<Option<Error>>,
    /// What the person said no to.
    pub(super) refused: RwSignal<ScopeSet>,
}

/// The one session of the page, and what belongs to it. It outlives its providers, so that a part of a page that is taken away
/// and brought back finds the same person, and nothing of a session is there twice.
///
/// `<LoopProvider>` is all that a Leptos app needs of it. This is for a host that draws parts of a page one by one.
#[derive(Clone)]
pub struct Page {
    config: Config,
    /// The session.
    pub session: LoopSession,
    results: ResultStore,
    pub(super) sign_in: SignIn,
    /// What is known about biomarkers, which results wait for.
    pub catalogue: RwSignal<Option<&'static Catalogue>>,
    /// What all of these belong to.
    owner: Owner,
}

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

impl Page {
    /// The page's session; the first call makes it.
    ///
    /// # Errors
    /// [`ProviderError::ConfigDiffers`] from the one it was made with.
    pub fn open(config: Config) -> Result<Self, ProviderError> {
        if let Some(page) = PAGE.with_borrow(Clone::clone) {
            return if page.config == config {
                Ok(page)
            } else {
                Err(ProviderError::ConfigDiffers)
            };
        }
        let owner = Owner::default();
        let page = owner.clone().with(|| {
            let session = LoopSession::new(Session::new(Browser::new(), config.clone()));
            let catalogue = RwSignal::new(None);
            let results = ResultStore::new(session, catalogue, UnitSystem::default, || ());
            let (error, refused) = (RwSignal::new(None), RwSignal::new(ScopeSet::default()));
            Self {
                config,
                session,
                results,
                sign_in: SignIn { error, refused },
                catalogue,
                owner,
            }
        });
        PAGE.set(Some(page.clone()));
        Ok(page)
    }

    /// What the session was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Does something that lasts as long as the session.
    pub fn with<T>(&self, work: impl FnOnce() -> T) -> T {
        self.owner.with(work)
    }

    /// Puts everything into the context of what is drawn inside.
    pub fn provide(&self) {
        provide_context(self.session);
        provide_context(self.results);
        provide_context(self.sign_in);
    }

    /// Completes a callback of Loop, so that what is drawn knows how it ended.
    ///
    /// # Errors
    /// As [`Session::complete`].
    pub async fn complete(&self, query: &str, fragment: &str) -> Result<Landing, Error> {
        let landed = self.session.session().complete(query, fragment).await;
        match &landed {
            Ok(landing) => {
                let refused = if landing.denied {
                    landing.missing.clone()
                } else {
                    ScopeSet::default()
                };
                self.sign_in.refused.set(refused);
                self.sign_in.error.set(None);
            }
            Err(error) => self.sign_in.error.set(Some(error.clone())),
        }
        landed
    }
}
