//! `<Connected>` and `<RequireScope>`: what is drawn only for whoever is connected, and only with a permission.

use leptos::either::Either;
use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::{Error, Purpose};

use super::LoopSession;
use super::buttons::ConnectButton;
use super::notice::trouble;
use super::page::SignIn;
use super::provider::no_provider;
use crate::markup::classed;

/// What is inside is drawn for whoever is connected, and made anew for another person; `fallback` while nobody is. While the
/// other tabs are asked for their session, which takes less than a second, nothing is.
///
/// ```
/// # use leptos::prelude::*;
/// # use loop_ui::session::{Connected, DisconnectButton};
/// let view = || view! {
///     <Connected fallback=|| view! { <p>"Nobody is connected."</p> }>
///         <DisconnectButton/>
///     </Connected>
/// };
/// ```
#[component]
pub fn Connected(
    /// What is drawn while nobody is connected; a [`ConnectButton`] by default.
    #[prop(optional, into)]
    fallback: Option<ViewFn>,
    /// What is for whoever is connected.
    children: ChildrenFn,
) -> impl IntoView {
    let Some(session) = use_context::<LoopSession>() else {
        return Either::Left(no_provider("Connected"));
    };
    let subject = session.subject();
    Either::Right(move || {
        if session.is_looking() {
            return ().into_any();
        }
        if subject.read().is_some() {
            children()
        } else {
            match &fallback {
                Some(fallback) => fallback.run(),
                None => view! { <ConnectButton/> }.into_any(),
            }
        }
    })
}

/// What is inside is drawn once the person has allowed `scope`. Until then stands what is missing, with a button that asks Loop
/// for it and comes back to this place; what was refused stays closed until the person asks for it again.
///
/// ```
/// # use leptos::prelude::*;
/// # use loop_ui::session::{ConnectButton, RequireScope};
/// let in_place = || view! {
///     <RequireScope scope="read:red_flags"><p>"Safety flags"</p></RequireScope>
/// };
/// let own_words = || view! {
///     <RequireScope
///         scope="read:red_flags"
///         fallback=|| view! { <ConnectButton label="Show my safety flags" more="read:red_flags"/> }
///     >
///         <p>"Safety flags"</p>
///     </RequireScope>
/// };
/// ```
#[component]
pub fn RequireScope(
    /// One scope, or several with spaces between, all of which are needed.
    #[prop(into)]
    scope: ScopeSet,
    /// What is drawn while one is missing.
    #[prop(optional, into)]
    fallback: Option<ViewFn>,
    /// What needs them.
    children: ChildrenFn,
) -> impl IntoView {
    let Some(session) = use_context::<LoopSession>() else {
        return Either::Left(no_provider("RequireScope"));
    };
    // What is missing, and nothing else of the account: a refresh of the tokens draws nothing anew.
    let missing = Memo::new(move |_| {
        let granted = session.account().map(|account| account.granted);
        scope.without(&granted.unwrap_or_default())
    });
    let sign_in = use_context::<SignIn>();
    Either::Right(move || {
        let missing = missing.get();
        if missing.is_empty() {
            return children();
        }
        if session.is_looking() {
            return ().into_any();
        }
        if let Some(fallback) = &fallback {
            return fallback.run();
        }
        let own = RwSignal::new(None);
        let failed = sign_in.map_or(own, |sign_in| sign_in.error);
        let purpose = Purpose::default();
        let ask = move || {
            let asked = Error::InsufficientScope {
                missing: missing.clone(),
            };
            let error = failed.get().unwrap_or(asked);
            let retry = move || failed.set(None);
            Some(trouble(session, error, purpose.clone(), failed, retry))
        };
        classed("div", "loop").live(ask).into_any()
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
