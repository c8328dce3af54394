//! The button that leads to the consent page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::{Error, Purpose};

use super::LoopSession;
use crate::language::Phrase;
use crate::markup::{Markup, Text, button};

/// Sends the person to the consent page, for a purpose. Busy from the click on, so that a second click does nothing; `failed`
/// is called when the consent page cannot be reached.
///
/// `<ConnectButton/>` is the same as a component, and shows what failed.
pub fn connect_button(
    label: impl Into<Text> + Clone + Send + 'static,
    purpose: Purpose,
    failed: impl Fn(Error) + Copy + Send + 'static,
) -> Markup {
    let session = LoopSession::use_context();
    let busy = RwSignal::new(false);
    let connect = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let purpose = purpose.clone();
        #[cfg(feature = "components")]
        let purpose = super::arrival::to_here(purpose);
        spawn_local(async move {
            if let Err(error) = session.session().connect(purpose).await {
                busy.set(false);
                failed(error);
            }
        });
    };
    // The page comes back as it was when the person turns round at the consent page.
    let restored = window_event_listener(leptos::ev::pageshow, move |_| busy.set(false));
    on_cleanup(move || restored.remove());
    button("button button--primary")
        .live_flag("aria-disabled", move || busy.get())
        .live_text(move || {
            if busy.get() {
                Phrase::Connecting.into()
            } else {
                label.clone().into()
            }
        })
        .on_click(connect)
}
