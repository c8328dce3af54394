//! `<Biomarkers>`: all results of whoever is connected, with what stands there before they are, and when they do not come.

use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;
use loop_sdk::env::Env;
use loop_sdk::url::encode_component;
use loop_sdk::{Error, Purpose};

use super::arrival::here;
use super::notice::trouble;
use super::provider::no_provider;
use super::{LoopSession, use_biomarkers};
use crate::language::Phrase;
use crate::markup::{Markup, classed};
use crate::views::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use crate::views::states::{Notice, NoticeRole, list_skeleton};

/// How often "loaded two minutes ago" is looked at again.
const CLOCK: Duration = Duration::from_secs(30);

/// The list of all results: a skeleton while they are loaded, the list, or why there is none with one next step. When loading
/// again fails, the list stays and says when it was loaded, with the error above it.
///
/// ```
/// # use leptos::prelude::*;
/// # use loop_ui::session::Biomarkers;
/// let list = || view! { <Biomarkers href=|code| format!("/results/{}", loop_sdk::url::encode_component(code))/> };
/// ```
#[component]
pub fn Biomarkers(
    /// The address of one biomarker, `#<code>` by default. The code is untrusted: encode it.
    #[prop(default = |code| format!("#{}", encode_component(code)))]
    href: fn(&str) -> String,
) -> impl IntoView {
    let Some(session) = use_context::<LoopSession>() else {
        return no_provider("Biomarkers");
    };
    let biomarkers = use_biomarkers();
    let choice = RwSignal::new(Choice::default());
    let now = clock(session);
    // Where the way to Loop fails is said here, too, and gone with the next result.
    let failed = RwSignal::new(None);
    let error = Memo::new(move |_| failed.get().or_else(|| biomarkers.error.get()));
    let retry = move || {
        failed.set(None);
        biomarkers.reload();
    };
    let trouble =
        move |error: Error| trouble(session, error, Purpose::return_to(here()), failed, retry);
    let list = move |results| {
        biomarker_list(BiomarkerList {
            results,
            unreadable: biomarkers.unreadable.get_untracked(),
            loaded_at: biomarkers.loaded_at.get_untracked(),
            now,
            choice,
            is_return: false,
            href,
        })
    };
    classed("div", "loop")
        .live(move || error.get().map(trouble))
        .live(move || {
            if let Some(results) = biomarkers.results.get() {
                return Some(list(results));
            }
            error.with(Option::is_none).then(list_skeleton)
        })
        .live(move || biomarkers.more.get().then(there_is_more))
}

fn there_is_more() -> Markup {
    let (title, words) = (Phrase::ResultsMore, Phrase::ResultsMoreWords);
    Notice::new(NoticeRole::Note, title, words).build()
}

/// The time, looked at again and again while the list is there.
fn clock(session: LoopSession) -> RwSignal<Timestamp> {
    let time = move || session.session().env().now();
    let now = RwSignal::new(time());
    if let Ok(clock) = set_interval_with_handle(move || now.set(time()), CLOCK) {
        on_cleanup(move || clock.clear());
    }
    now
}
