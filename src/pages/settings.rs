//! What was granted, and the way out.

use leptos::prelude::*;
use loop_contracts::scope::Scope;
use loop_ui::format;
use loop_ui::session::{Connected, LoopSession};

use super::welcome::Welcome;
use crate::app::Disconnect;

/// The settings of whoever is connected.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    view! {
        <Connected fallback=|| view! { <Welcome /> }>
            <Account />
        </Connected>
    }
}

#[component]
fn Account() -> impl IntoView {
    let session = LoopSession::use_context();
    super::focus_heading();
    let rows = move || {
        let account = session.account()?;
        let row = |scope: &Scope, granted: bool| {
            let words = scope.plain_words();
            let title = words.map_or_else(
                || format::clean(scope.as_str(), 60),
                |words| words.title.to_owned(),
            );
            let detail = words.map(|words| words.detail);
            let state = if granted { "Allowed" } else { "Not allowed" };
            (*scope != Scope::Openid).then(|| {
                view! {
                    <li class="setting">
                        <div class="setting__text">
                            <span class="setting__title">{title}</span>
                            <span class="setting__detail">{detail}</span>
                        </div>
                        <span class="setting__state">{state}</span>
                    </li>
                }
            })
        };
        let granted = account.granted.iter().map(|scope| row(scope, true));
        let missing = account.missing.iter().map(|scope| row(scope, false));
        Some(granted.chain(missing).flatten().collect::<Vec<_>>())
    };
    view! {
        <main id="main" class="page page--narrow">
            <h1 class="page__title">"Settings"</h1>
            <h2 class="settings__title">"What this app may see"</h2>
            <ul class="settings">{rows}</ul>
            <h2 class="settings__title">"Connection"</h2>
            <ul class="settings">
                <li class="setting">
                    <div class="setting__text">
                        <span class="setting__title">"Disconnect from Loop"</span>
                        <span class="setting__detail">"Clears your results from this tab and tells Loop to end this app’s access."</span>
                    </div>
                    <Disconnect />
                </li>
            </ul>
        </main>
    }
}
