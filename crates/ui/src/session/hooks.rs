//! `use_loop_session` and `use_biomarkers`: what a component of the host reads and does, as signals and values.
//!
//! Outside of a provider they panic nowhere: the error is [`Error::NoProvider`].

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::Timestamp;
use loop_sdk::env::Env;
use loop_sdk::{Account, Error, Purpose, Recovery, SessionState, SignedOutReason};

use super::page::SignIn;
use super::{LoopSession, ResultStore};
use crate::views::series::Results;

/// What [`use_loop_session`] gives. Copying it is free.
#[derive(Clone, Copy)]
pub struct UseLoopSession {
    session: Option<LoopSession>,
    results: Option<ResultStore>,
    failed: RwSignal<Option<Error>>,
    /// Whether somebody is connected, and if not, why.
    pub state: Signal<SessionState>,
    /// Who is connected and what they allowed. The name is untrusted text.
    pub account: Signal<Option<Account>>,
    /// Why the last way to Loop and back failed.
    pub error: Signal<Option<Error>>,
}

/// The session of the nearest [`LoopProvider`](super::LoopProvider).
///
/// ```
/// # use leptos::prelude::*;
/// use loop_ui::session::use_loop_session;
///
/// #[component]
/// fn Greeting() -> impl IntoView {
///     let session = use_loop_session();
///     move || session.account.get().and_then(|account| account.name).map(|name| view! { <p>"Hello, " {name}</p> })
/// }
/// ```
pub fn use_loop_session() -> UseLoopSession {
    let session = use_context::<LoopSession>();
    let sign_in = use_context::<SignIn>();
    let failed = RwSignal::new(session.is_none().then_some(Error::NoProvider));
    let failed = sign_in.map_or(failed, |sign_in| sign_in.error);
    UseLoopSession {
        session,
        results: use_context(),
        failed,
        state: Signal::derive(move || match session {
            Some(session) => session.state(),
            None => SessionState::SignedOut(SignedOutReason::NotYet),
        }),
        account: Signal::derive(move || session?.account()),
        error: failed.into(),
    }
}

impl UseLoopSession {
    /// Whether somebody is connected. Reactive.
    pub fn is_connected(self) -> bool {
        self.state.with(|state| state.account().is_some())
    }

    /// Whether whoever is connected has allowed all of these. Reactive.
    pub fn may(self, scopes: impl Into<ScopeSet>) -> bool {
        let scopes = scopes.into();
        self.account.with(|account| {
            let account = account.as_ref();
            account.is_some_and(|account| scopes.without(&account.granted).is_empty())
        })
    }

    /// Sends the person to Loop. A failure is in [`error`](Self::error).
    pub fn connect(self, purpose: Purpose) {
        let Some(session) = self.session else {
            return;
        };
        self.failed.set(None);
        spawn_local(async move {
            if let Err(error) = session.session().connect(purpose).await {
                let _ = self.failed.try_set(Some(error));
            }
        });
    }

    /// Forgets everything in this browser at once, in every tab, and asks Loop to revoke the tokens.
    pub fn disconnect(self) {
        let Some(session) = self.session else {
            return;
        };
        if let Some(results) = self.results {
            results.forget();
        }
        let session = session.session();
        spawn_local(async move {
            session.disconnect().await;
        });
    }
}

/// What [`use_biomarkers`] gives. Copying it is free.
#[derive(Clone, Copy)]
pub struct UseBiomarkers {
    reload: Callback<()>,
    /// Whether results are on their way, for the first time or anew.
    pub loading: Signal<bool>,
    /// The results of whoever is connected, as the views take them. What was there stays while it is loaded anew, and when that
    /// fails; it is gone as soon as the person is.
    pub results: Signal<Option<Arc<Results>>>,
    /// When the results were loaded, if what is there may not be the newest: it is being loaded again, or that has failed.
    pub stale: Signal<Option<Timestamp>>,
    /// When the results were loaded.
    pub loaded_at: Signal<Option<Timestamp>>,
    /// Entries that could not be read: a view says so.
    pub unreadable: Signal<usize>,
    /// Whether Loop has more than was read.
    pub more: Signal<bool>,
    /// Why there is nothing, or nothing newer. [`Error::SignedOut`] while nobody is connected.
    pub error: Signal<Option<Error>>,
}

/// The lab results of whoever is connected: loaded when the first component asks, once for all of them, and dropped when the
/// person changes or leaves. Needs `read:biomarkers`.
///
/// ```
/// # use leptos::prelude::*;
/// use loop_ui::session::use_biomarkers;
///
/// #[component]
/// fn Count() -> impl IntoView {
///     let biomarkers = use_biomarkers();
///     view! {
///         <p>{move || biomarkers.results.get().map(|results| results.iter().count())}</p>
///         <button on:click=move |_| biomarkers.reload() disabled=biomarkers.loading>"Load again"</button>
///     }
/// }
/// ```
pub fn use_biomarkers() -> UseBiomarkers {
    let session = use_context::<LoopSession>();
    let store = use_context::<ResultStore>();
    match session.zip(store) {
        Some((session, store)) => of_store(session, store),
        None => UseBiomarkers {
            reload: Callback::new(|()| ()),
            loading: Signal::stored(false),
            results: Signal::stored(None),
            stale: Signal::stored(None),
            loaded_at: Signal::stored(None),
            unreadable: Signal::stored(0),
            more: Signal::stored(false),
            error: Signal::stored(Some(Error::NoProvider)),
        },
    }
}

/// The hook over a store.
pub(super) fn of_store<E: Env>(session: LoopSession<E>, store: ResultStore<E>) -> UseBiomarkers {
    // Anew for another person, and when they have allowed it.
    let may_read = Memo::new(move |_| {
        let account = session.account()?;
        let may = account.granted.contains(&Scope::ReadBiomarkers);
        may.then_some(account.subject)
    });
    Effect::new(move || {
        if may_read.read().is_some() {
            store.ensure();
        }
    });
    let loading = Signal::derive(move || store.is_loading());
    let loaded = Signal::derive(move || store.loaded.get());
    let loaded_at = Signal::derive(move || loaded.with(|loaded| Some(loaded.as_ref()?.at)));
    let error = Signal::derive(move || {
        if session.is_looking() {
            return None;
        }
        if session.subject().read().is_some() {
            store.trouble()
        } else {
            Some(Error::SignedOut)
        }
    });
    UseBiomarkers {
        reload: Callback::new(move |()| {
            if may_read.read_untracked().is_some() {
                store.reload();
            }
        }),
        loading,
        results: Signal::derive(move || {
            loaded.with(|loaded| Some(Arc::clone(&loaded.as_ref()?.results)))
        }),
        stale: Signal::derive(move || {
            let is_stale = loading.get() || error.with(Option::is_some);
            loaded_at.get().filter(|_| is_stale)
        }),
        loaded_at,
        unreadable: Signal::derive(move || {
            loaded.with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.unreadable))
        }),
        more: Signal::derive(move || {
            loaded.with(|loaded| loaded.as_ref().is_some_and(|loaded| loaded.more))
        }),
        error,
    }
}

impl UseBiomarkers {
    /// What to do about [`error`](Self::error): one visible action. Reactive.
    pub fn recovery(self) -> Option<Recovery> {
        self.error.with(|error| error.as_ref().map(Error::recovery))
    }

    /// Loads again. What is there stays until the answer is; nothing happens while a request is on its way, or without
    /// permission.
    pub fn reload(self) {
        self.reload.run(());
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
