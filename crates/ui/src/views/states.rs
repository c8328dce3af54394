//! What stands where there is no result, and what every result wears: skeletons, empty, notices, the status badge.

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerStatus;

use super::words;

/// The class that gives a status its colour.
pub(crate) fn status_class(status: &BiomarkerStatus) -> &'static str {
    match status {
        BiomarkerStatus::Critical => "status--critical",
        BiomarkerStatus::High => "status--high",
        BiomarkerStatus::Low => "status--low",
        BiomarkerStatus::Normal => "status--normal",
        _ => "status--other",
    }
}

/// The outline of a status in a box of 12 by 12: diamond, triangle up, triangle down, disc; a ring for an unknown word.
pub(crate) fn status_path(status: &BiomarkerStatus) -> &'static str {
    match status {
        BiomarkerStatus::Critical => "M6 .2 11.8 6 6 11.8.2 6z",
        BiomarkerStatus::High => "M6 1 11.5 10.5H.5z",
        BiomarkerStatus::Low => "M6 11 .5 1.5h11z",
        BiomarkerStatus::Normal => "M6 1.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z",
        _ => {
            "M6 .8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 6 .8zm0 2.4a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z"
        }
    }
}

/// The shape of a status as a picture without a name: a word always stands beside it.
pub(crate) fn status_shape(status: &BiomarkerStatus) -> impl IntoView + use<> {
    view! {
        <svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d=status_path(status) fill-rule="evenodd"></path>
        </svg>
    }
}

/// A status in three channels: word, shape, colour.
#[component]
pub fn StatusBadge(
    /// The platform's word.
    status: BiomarkerStatus,
) -> impl IntoView {
    let class = format!("status {}", status_class(&status));
    view! { <span class=class>{status_shape(&status)}<bdi>{words::status(&status)}</bdi></span> }
}

/// How a notice reaches somebody who does not see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeRole {
    /// Read out at once: something failed.
    Alert,
    /// Read out when the person pauses: something changed.
    #[default]
    Status,
    /// Not read out by itself: it belongs to the page.
    Note,
}

/// A title, words and one next step. Every error page is one of these.
#[component]
pub fn Notice(
    /// What happened, in a few words.
    #[prop(into)]
    title: Signal<String>,
    /// What it means and what to do.
    #[prop(into)]
    words: Signal<String>,
    /// How it is announced.
    #[prop(optional)]
    role: NoticeRole,
    /// It is the whole page: the title is the page's heading and takes the focus after navigation.
    #[prop(optional)]
    page: bool,
    /// It is about a critical result.
    #[prop(optional)]
    critical: bool,
    /// The next step: one button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let name = match role {
        NoticeRole::Alert => "alert",
        NoticeRole::Status => "status",
        NoticeRole::Note => "note",
    };
    let heading = if page {
        view! { <h1 class="notice__title" tabindex="-1">{title}</h1> }.into_any()
    } else {
        view! { <p class="notice__title">{title}</p> }.into_any()
    };
    view! {
        <div class="notice" class:notice--page=page class:notice--critical=critical role=name>
            {heading}
            <p class="notice__words">{words}</p>
            {children.map(|children| view! { <div class="notice__action">{children()}</div> })}
        </div>
    }
}

/// Nothing to show yet.
#[component]
pub fn EmptyResults() -> impl IntoView {
    view! {
        <Notice
            title="No lab results yet"
            words="When a lab report has been read, its results appear here. That usually takes a few minutes after Loop receives it."
        />
    }
}

/// Grey bars of the given class names, one inside each row.
fn bars(classes: &'static [&'static str]) -> Vec<impl IntoView> {
    classes
        .iter()
        .map(|class| view! { <span class=format!("skeleton__bar {class}")></span> })
        .collect()
}

/// Where the list will be, in the size it will have, so that nothing jumps.
#[component]
pub fn ListSkeleton() -> impl IntoView {
    let rows: Vec<_> = (0..8)
        .map(|_| {
            view! {
                <div class="skeleton__row">
                    {bars(&["skeleton__bar--name", "skeleton__bar--value", "skeleton__bar--line", "skeleton__bar--status", "skeleton__bar--spark"])}
                </div>
            }
        })
        .collect();
    view! {
        <div class="skeleton" aria-busy="true">
            <h1 class="visually-hidden" tabindex="-1">"Your results"</h1>
            <p class="visually-hidden" role="status">"Loading your results"</p>
            <div class="skeleton__head" aria-hidden="true">
                {bars(&["skeleton__bar--title", "skeleton__bar--sentence", "skeleton__bar--chips"])}
            </div>
            <div aria-hidden="true">{rows}</div>
        </div>
    }
}

/// Where one biomarker will be.
#[component]
pub fn DetailSkeleton() -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <h1 class="visually-hidden" tabindex="-1">"Result"</h1>
            <p class="visually-hidden" role="status">"Loading this result"</p>
            <div class="skeleton__head" aria-hidden="true">
                {bars(&["skeleton__bar--back", "skeleton__bar--title", "skeleton__bar--hero", "skeleton__bar--track"])}
            </div>
            <div class="skeleton__head" aria-hidden="true">{bars(&["skeleton__bar--sentence", "skeleton__bar--chart"])}</div>
        </div>
    }
}
