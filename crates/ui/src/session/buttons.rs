//! `<ConnectButton>`, `<DisconnectButton>` and `<Presence>`: the buttons of the session as components.

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::{Disconnected, Error, Purpose};

use super::notice::trouble;
use super::page::SignIn;
use super::provider::no_provider;
use super::{LoopSession, ResultStore, connect_button, disconnect_button, presence};
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element};

/// The button that leads to Loop, where the person signs in and agrees. When that failed, what happened and the one next step
/// stand in its place.
///
/// ```
/// # use leptos::prelude::*;
/// # use loop_ui::session::ConnectButton;
/// let plain = || view! { <ConnectButton/> };
/// let all = || view! {
///     <ConnectButton label="See my results" return_to="/results" more="read:red_flags" on_error=|error| drop(error)/>
/// };
/// ```
#[component]
pub fn ConnectButton(
    /// What it says; "Connect with Loop", in the person's language, by default.
    #[prop(optional, into)]
    label: Option<String>,
    /// The path of this app to come back to; by default, where the person is.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// Scopes to ask for beyond the configured ones.
    #[prop(default = ScopeSet::default(), into)]
    more: ScopeSet,
    /// Called when the consent page is out of reach.
    #[prop(optional, into)]
    on_error: Option<Callback<Error>>,
) -> impl IntoView {
    if use_context::<LoopSession>().is_none() {
        return no_provider("ConnectButton");
    }
    let purpose = Purpose {
        return_to: return_to.unwrap_or_default(),
        more,
        action: None,
    };
    classed("div", "loop").with(connect_or_trouble(label, purpose, on_error))
}

/// The button that leads to Loop, or why the last way there failed with the one next step. `label` is "Connect with Loop", in the
/// person's language, by default; a `purpose` without a place comes back to where the person is.
pub fn connect_or_trouble(
    label: Option<String>,
    purpose: Purpose,
    on_error: Option<Callback<Error>>,
) -> Markup {
    let (session, sign_in) = (LoopSession::use_context(), use_context::<SignIn>());
    let label: Text = label.map_or_else(|| Phrase::ConnectWithLoop.into(), Into::into);
    let own = RwSignal::new(None);
    let error = sign_in.map_or(own, |sign_in| sign_in.error);
    element("div").live(move || {
        Some(match error.get() {
            Some(failed) => trouble(session, failed, purpose.clone(), error, move || {
                error.set(None);
            }),
            None => connect(label.clone(), purpose.clone(), error, on_error),
        })
    })
}

fn connect(
    label: Text,
    purpose: Purpose,
    error: RwSignal<Option<Error>>,
    on_error: Option<Callback<Error>>,
) -> Markup {
    connect_button(label, purpose, move |failed| {
        if let Some(on_error) = on_error {
            // `None` when whoever listens is gone.
            let _ = on_error.try_run(failed.clone());
        }
        error.set(Some(failed));
    })
}

/// The button that leaves: this browser forgets everything at once, in every tab, and Loop is asked to revoke the tokens.
///
/// ```
/// # use leptos::prelude::*;
/// # use loop_ui::session::DisconnectButton;
/// let button = || view! { <DisconnectButton on_disconnected=|outcome: loop_sdk::Disconnected| drop(outcome.is_complete())/> };
/// ```
#[component]
pub fn DisconnectButton(
    /// Called with what was achieved, when this button is gone already.
    #[prop(optional, into)]
    on_disconnected: Option<Callback<Disconnected>>,
) -> impl IntoView {
    if use_context::<LoopSession>().is_none() {
        return no_provider("DisconnectButton");
    }
    let results = use_context::<ResultStore>();
    let leave = move || {
        if let Some(results) = results {
            results.forget();
        }
    };
    let left = move |outcome| {
        if let Some(on_disconnected) = on_disconnected {
            // `None` when whoever listens is gone.
            let _ = on_disconnected.try_run(outcome);
        }
    };
    classed("div", "loop").with(disconnect_button(leave, left))
}

/// Notices that somebody is there, and warns a minute before a session ends because nobody is. A [`LoopProvider`] has one
/// already; this is for an app that puts its session into context with [`LoopSession::provide`].
///
/// [`LoopProvider`]: super::LoopProvider
#[component]
pub fn Presence() -> impl IntoView {
    if use_context::<LoopSession>().is_none() {
        return no_provider("Presence");
    }
    classed("div", "loop").with(presence())
}
