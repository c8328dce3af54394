//! The configuration is missing or wrong: for whoever deploys it, and kind to whoever else sees it.

use leptos::prelude::window;
use loop_ui::format;
use loop_ui::markup::{Markup, button, classed};
use loop_ui::views::states::{Notice, NoticeRole};

use crate::settings::SettingsError;

/// Which field of `loop.config.json`, and why.
pub(crate) fn misconfigured(error: SettingsError) -> Markup {
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
    let notice = Notice::page(NoticeRole::Alert, "This app is not set up correctly", words);
    let reload = button("button").text("Reload").on_click(|| {
        let _ = window().location().reload();
    });
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(reload))
}
