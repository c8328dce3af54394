//! What stands where there is no result, and what every result wears: skeletons, empty, notices, the status badge.

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerStatus;

use super::markup::{Markup, classed, element, isolated};
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
pub(crate) fn status_shape(status: &BiomarkerStatus) -> Markup {
    classed("svg", "shape")
        .attr("viewBox", "0 0 12 12")
        .attr("width", "12")
        .attr("height", "12")
        .attr("aria-hidden", "true")
        .with(
            element("path")
                .attr("d", status_path(status))
                .attr("fill-rule", "evenodd"),
        )
}

/// A status in three channels: word, shape, colour.
#[component]
pub fn StatusBadge(
    /// The platform's word.
    status: BiomarkerStatus,
) -> impl IntoView {
    status_badge(&status)
}

/// [`StatusBadge`] as data.
pub fn status_badge(status: &BiomarkerStatus) -> Markup {
    classed("span", format!("status {}", status_class(status)))
        .with(status_shape(status))
        .with(isolated(words::status(status)))
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
        <div class="notice" class:notice--page=page role=name>
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

/// The notice that stands with a critical result: what to do, in words.
pub(crate) fn critical_notice() -> Markup {
    classed("div", "notice notice--critical")
        .attr("role", "note")
        .with(classed("p", "notice__title").text(words::CRITICAL_TITLE))
        .with(classed("p", "notice__words").text(words::CRITICAL_WORDS))
}

/// A box with grey bars of the given kinds.
fn bars(class: &'static str, kinds: &[&'static str]) -> Markup {
    classed("div", class).attr("aria-hidden", "true").with_all(
        kinds
            .iter()
            .map(|kind| classed("span", format!("skeleton__bar skeleton__bar--{kind}"))),
    )
}

/// A page that is being loaded: its heading for those who do not see it, and what is happening.
fn skeleton(heading: &'static str, words: &'static str) -> Markup {
    classed("div", "skeleton")
        .attr("aria-busy", "true")
        .with(
            classed("h1", "visually-hidden")
                .attr("tabindex", "-1")
                .text(heading),
        )
        .with(
            classed("p", "visually-hidden")
                .attr("role", "status")
                .text(words),
        )
}

/// Where the list will be, in the size it will have, so that nothing jumps.
#[component]
pub fn ListSkeleton() -> impl IntoView {
    let rows = (0..8).map(|_| {
        bars(
            "skeleton__row",
            &["name", "value", "line", "status", "spark"],
        )
    });
    skeleton("Your results", "Loading your results")
        .with(bars("skeleton__head", &["title", "sentence", "chips"]))
        .with_all(rows)
}

/// Where one biomarker will be.
#[component]
pub fn DetailSkeleton() -> impl IntoView {
    skeleton("Result", "Loading this result")
        .with(bars("skeleton__head", &["back", "title", "hero", "track"]))
        .with(bars("skeleton__head", &["sentence", "chart"]))
}
