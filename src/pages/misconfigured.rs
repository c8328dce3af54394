//! The app's own configuration is missing or wrong: for whoever deploys it, and kind to whoever else sees it.

use leptos::prelude::*;
use loop_ui::format;
use loop_ui::views::states::{Notice, NoticeRole};

use crate::settings::SettingsError;

/// Which field of `loop.config.json`, and why.
#[component]
pub(crate) fn Misconfigured(error: SettingsError) -> impl IntoView {
    let words = match error {
        SettingsError::Missing => {
            "The file loop.config.json could not be loaded. It belongs next to index.html."
                .to_owned()
        }
        SettingsError::Wrong(wrong) => format!(
            "In loop.config.json, {}: {}.",
            format::clean(&wrong.field, 64),
            format::clean(&wrong.why, 240)
        ),
    };
    view! {
        <main id="main" class="page page--narrow">
            <Notice page=true role=NoticeRole::Alert title="This app is not set up correctly" words=words>
                <button type="button" class="button" on:click=|_| { let _ = window().location().reload(); }>"Reload"</button>
            </Notice>
        </main>
    }
}
