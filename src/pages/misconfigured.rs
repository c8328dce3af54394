//! The configuration did not come, for want of a network; or it is missing or wrong: for whoever deploys it, and kind to whoever
//! else sees it.

use leptos::prelude::window;
use loop_ui::format;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, button, classed};
use loop_ui::views::states::{Notice, NoticeRole};

use crate::settings::SettingsError;

/// That the device is offline; or which field of `loop.config.json` is wrong, and why.
pub(crate) fn misconfigured(error: SettingsError) -> Markup {
    let (mut title, mut again) = (Phrase::SetupWrong, Phrase::SetupReload);
    let words = match error {
        SettingsError::Offline => {
            (title, again) = (Phrase::TroubleOffline, Phrase::TryAgain);
            Phrase::SetupOffline.text().to_owned()
        }
        SettingsError::Missing => Phrase::SetupMissing.text().to_owned(),
        SettingsError::Wrong(wrong) => Phrase::SetupField.fill(&[
            &format::clean(&wrong.field, 64),
            &format::clean(&wrong.why, 240),
        ]),
    };
    let notice = Notice::page(NoticeRole::Alert, title, words);
    let reload = button("button").text(again).on_click(|| {
        let _ = window().location().reload();
    });
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(reload))
}
