//! The button that leads to the consent page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_sdk::{Error, Purpose};

use super::LoopSession;
use crate::language::Phrase;
use crate::markup::{Markup, button};

/// What the button says, and why the person is sent to the consent page.
pub struct ConnectButton {
    /// What it says.
    pub label: Phrase,
    /// Where to come back to, and for what.
    pub purpose: Purpose,
}

impl ConnectButton {
    /// Asks for what is configured, and comes back to a path of this app.
    pub fn new(label: Phrase, return_to: impl Into<String>) -> Self {
        Self {
            label,
            purpose: Purpose::return_to(return_to),
        }
    }

    /// Sends the person to the consent page. Busy from the click on, so that a second click does nothing; `failed` is
    /// called when the consent page cannot be reached.
    pub fn build(self, failed: impl Fn(Error) + Copy + Send + 'static) -> Markup {
        let Self { label, purpose } = self;
        let session = LoopSession::use_context();
        let busy = RwSignal::new(false);
        let connect = move || {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            let purpose = purpose.clone();
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
                    Phrase::Connecting
                } else {
                    label
                }
                .into()
            })
            .on_click(connect)
    }
}
