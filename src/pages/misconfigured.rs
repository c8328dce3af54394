//! The configuration is missing or wrong: for whoever deploys it, and kind to whoever else sees it.

use leptos::prelude::window;
use loop_ui::format;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, button, classed};
use loop_ui::views::states::{Notice, NoticeRole};

use crate::settings::SettingsError;

/// Which field of `loop.config.json`, and why.
pub(crate) fn misconfigured(error: SettingsError) -> Markup {
    let words = match error {
        SettingsError::Missing => Phrase::SetupMissing.text().to_owned(),
        SettingsError::Wrong(wrong) => Phrase::SetupField.fill(&[
            &format::clean(&wrong.field, 64),
            &format::clean(&wrong.why, 240),
        ]),
    };
    let notice = Notice::page(NoticeRole::Alert, Phrase::SetupWrong, words);
    let reload = button("button").text(Phrase::SetupReload).on_click(|| {
        let _ = window().location().reload();
    });
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(reload))
}
