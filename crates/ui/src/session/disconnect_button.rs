//! The button that leaves.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::Disconnected;

use super::LoopSession;

/// Forgets everything in this tab at once and asks the platform to revoke the tokens.
#[component]
pub fn DisconnectButton(
    /// Called before the session is wiped, so that nothing is drawn in between.
    on_leave: impl Fn() + 'static,
    /// Called with what was achieved, when this button may be gone already: so a plain function, which no component owns.
    on_done: impl Fn(Disconnected) + Clone + 'static,
) -> impl IntoView {
    let session = LoopSession::use_context();
    let leave = move |_| {
        // Taken before the component goes: leaving removes this very button.
        let (session, on_done) = (session.session(), on_done.clone());
        on_leave();
        spawn_local(async move {
            on_done(session.disconnect().await);
        });
    };
    view! { <button type="button" class="button" on:click=leave>"Disconnect"</button> }
}
