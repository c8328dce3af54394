//! The button that leads to the consent page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::scope::ScopeSet;
use loop_sdk::Error;

use super::LoopSession;

/// Sends the person to the consent page, and back to `return_to`. Busy from the click on, so that a second click does
/// nothing.
#[component]
pub fn ConnectButton(
    /// The path of this app to come back to.
    #[prop(into, default = "/".into())]
    return_to: Signal<String>,
    /// Scopes to ask for beyond the configured ones.
    #[prop(optional)]
    more: ScopeSet,
    /// Called when the consent page cannot be reached.
    #[prop(into)]
    on_error: Callback<Error>,
    /// What the button says.
    #[prop(default = "Connect with Loop")]
    label: &'static str,
) -> impl IntoView {
    let session = LoopSession::use_context();
    let busy = RwSignal::new(false);
    let more = StoredValue::new(more);
    let connect = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let connected = session
                .session()
                .connect(&return_to.get_untracked(), &more.get_value())
                .await;
            if let Err(error) = connected {
                busy.set(false);
                on_error.run(error);
            }
        });
    };
    // The page comes back as it was when the person turns round at the consent page.
    let restored = window_event_listener(leptos::ev::pageshow, move |_| busy.set(false));
    on_cleanup(move || restored.remove());
    view! {
        <button type="button" class="button button--primary" aria-disabled=move || busy.get().to_string() on:click=connect>
            {move || if busy.get() { "Going to Loop…" } else { label }}
        </button>
    }
}
