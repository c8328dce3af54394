//! The session as a signal that components can read.

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::env::Env;
use loop_sdk::env::browser::Browser;
use loop_sdk::{Account, Session, SessionState};

/// The session of this tab, in context. Copying it is free. The environment is the browser's, but in tests.
pub struct LoopSession<E: Env = Browser> {
    session: StoredValue<Session<E>, LocalStorage>,
    state: RwSignal<SessionState>,
    subject: Memo<Option<String>>,
}

impl<E: Env> Copy for LoopSession<E> {}

#[expect(
    clippy::expl_impl_clone_on_copy,
    reason = "derived, it would ask the same of the environment"
)]
impl<E: Env> Clone for LoopSession<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl LoopSession {
    /// Puts a session into the context of this component and everything below it.
    pub fn provide(session: Session<Browser>) -> Self {
        let handle = Self::new(session);
        provide_context(handle);
        handle
    }

    /// The session of the nearest provider.
    ///
    /// # Panics
    /// Without one: a component of this crate stands outside the app's provider, and could never work.
    pub fn use_context() -> Self {
        expect_context()
    }
}

impl<E: Env> LoopSession<E> {
    /// Follows a session. It has one follower: what followed it before hears nothing any more.
    pub fn new(session: Session<E>) -> Self {
        let state = RwSignal::new(session.state());
        session.on_change(move |new| state.set(new));
        Self {
            session: StoredValue::new_local(session),
            state,
            subject: Memo::new(move |_| {
                state.with(|state| state.account().map(|account| account.subject.clone()))
            }),
        }
    }

    /// Whether somebody is connected. Reactive.
    pub fn state(self) -> SessionState {
        self.state.get()
    }

    /// Who is connected. Reactive.
    pub fn account(self) -> Option<Account> {
        self.state.with(|state| state.account().cloned())
    }

    /// Whose session this is, and nothing else of it: what depends on it alone is made anew for another person, and kept
    /// while anything else changes.
    pub fn subject(self) -> Memo<Option<String>> {
        self.subject
    }

    /// Whether the other tabs are still being asked for the session. Reactive.
    pub fn is_looking(self) -> bool {
        self.state.with(|state| *state == SessionState::Looking)
    }

    /// The session itself.
    pub fn session(self) -> Session<E> {
        self.session.get_value()
    }

    /// What this app asks for when connecting.
    pub fn asks(self) -> ScopeSet {
        self.session
            .with_value(|session| session.config().scopes.clone())
    }
}
