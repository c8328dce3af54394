//! What the person said to being asked for more: what they refused stays closed.

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::Landing;

/// The answers of this page, in context.
#[derive(Clone, Copy)]
pub(crate) struct Permission {
    refused: RwSignal<ScopeSet>,
}

impl Permission {
    /// Puts it into context.
    pub(crate) fn provide() {
        provide_context(Self {
            refused: RwSignal::new(ScopeSet::default()),
        });
    }

    /// The answers of this page.
    pub(crate) fn use_context() -> Self {
        expect_context()
    }

    /// Notes what a callback brought.
    pub(crate) fn landed(self, landing: &Landing) {
        self.refused.set(if landing.denied {
            landing.missing.clone()
        } else {
            ScopeSet::default()
        });
    }

    /// Whether the person has just said no to one of these. Reactive.
    pub(crate) fn is_refused(self, scopes: &ScopeSet) -> bool {
        self.refused
            .with(|refused| scopes.iter().any(|scope| refused.contains(scope)))
    }
}
