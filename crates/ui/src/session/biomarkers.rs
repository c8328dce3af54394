//! `<Biomarkers>`: all results of whoever is connected, with what stands there before they are, and when they do not come.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;
use loop_sdk::env::Env;
use loop_sdk::url::encode_component;
use loop_sdk::{Error, Purpose};

use super::notice::trouble;
use super::provider::no_provider;
use super::{LoopSession, UseBiomarkers, use_biomarkers};
use crate::language::Phrase;
use crate::markup::{Markup, classed, element};
use crate::views::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use crate::views::rehearsal::awaited_list;
use crate::views::series::Results;
use crate::views::states::{Notice, NoticeRole};

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
    if use_context::<LoopSession>().is_none() {
        return no_provider("Biomarkers");
    }
    classed("div", "loop").with(all_results(href))
}

/// The list of all results as [`Biomarkers`](fn@Biomarkers) draws it.
pub fn all_results(href: fn(&str) -> String) -> Markup {
    let session = LoopSession::use_context();
    let choice = RwSignal::new(Choice::default());
    let now = clock(session);
    let list = move |biomarkers: UseBiomarkers, results| {
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
    results_or_trouble(Some(awaited_list), list)
}

/// What `draw` makes of the results of whoever is connected; `waiting` while they are loaded, and why they do not come with the
/// one next step. When loading again fails, what is drawn stays, with the error above it.
pub fn results_or_trouble(
    waiting: Option<fn() -> Markup>,
    draw: impl Fn(UseBiomarkers, Arc<Results>) -> Markup + Send + 'static,
) -> Markup {
    let session = LoopSession::use_context();
    let biomarkers = use_biomarkers();
    // Where the way to Loop fails is said here, too, and gone with the next result.
    let failed = RwSignal::new(None);
    let error = Memo::new(move |_| failed.get().or_else(|| biomarkers.error.get()));
    let retry = move || {
        failed.set(None);
        biomarkers.reload();
    };
    let trouble = move |error: Error| trouble(session, error, Purpose::default(), failed, retry);
    element("div")
        .live(move || error.get().map(trouble))
        .live(move || {
            if let Some(results) = biomarkers.results.get() {
                return Some(draw(biomarkers, results));
            }
            let is_waiting = error.with(Option::is_none);
            waiting.filter(|_| is_waiting).map(|waiting| waiting())
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
