//! The button that leaves.

use leptos::task::spawn_local;
use loop_sdk::Disconnected;

use super::LoopSession;
use crate::language::Phrase;
use crate::markup::{Markup, button};

/// Forgets everything in this tab at once and asks the platform to revoke the tokens.
///
/// `leave` is called before the session is wiped, so that nothing is drawn in between; `left` with what was achieved, when
/// this button is gone already.
pub fn disconnect_button(
    leave: impl Fn() + Send + 'static,
    left: impl Fn(Disconnected) + Copy + Send + 'static,
) -> Markup {
    let session = LoopSession::use_context();
    button("button").text(Phrase::Disconnect).on_click(move || {
        // Taken before the button goes: leaving removes it.
        let session = session.session();
        leave();
        spawn_local(async move { left(session.disconnect().await) });
    })
}
