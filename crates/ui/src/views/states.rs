//! What stands where there is no result, and what every result wears: skeletons, empty, notices, the status badge.

use loop_contracts::clinical::BiomarkerStatus;

use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element, isolated};

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

/// A title and words. The next step, one button or link, is given with [`Notice::with_action`].
#[derive(Debug, Default)]
pub struct Notice {
    /// What happened, in a few words.
    pub title: Text,
    /// What it means and what to do.
    pub words: Text,
    /// How it is announced.
    pub role: NoticeRole,
    /// It is the whole page: the title is the page's heading and takes the focus after navigation.
    pub is_page: bool,
}

impl Notice {
    /// Something to say within a page.
    pub fn new(role: NoticeRole, title: impl Into<Text>, words: impl Into<Text>) -> Self {
        Self {
            title: title.into(),
            words: words.into(),
            role,
            is_page: false,
        }
    }

    /// Something that is the whole page. Every error page is one of these.
    pub fn page(role: NoticeRole, title: impl Into<Text>, words: impl Into<Text>) -> Self {
        Self {
            is_page: true,
            ..Self::new(role, title, words)
        }
    }

    /// The notice, without a next step.
    pub fn build(self) -> Markup {
        let (class, heading) = if self.is_page {
            ("notice notice--page", element("h1").attr("tabindex", "-1"))
        } else {
            ("notice", element("p"))
        };
        let role = match self.role {
            NoticeRole::Alert => "alert",
            NoticeRole::Status => "status",
            NoticeRole::Note => "note",
        };
        classed("div", class)
            .attr("role", role)
            .with(heading.attr("class", "notice__title").text(self.title))
            .with(classed("p", "notice__words").text(self.words))
    }

    /// The notice with its next step.
    pub fn with_action(self, action: Markup) -> Markup {
        self.build()
            .with(classed("div", "notice__action").with(action))
    }
}

/// Nothing to show yet.
pub fn empty_results() -> Markup {
    Notice::new(
        NoticeRole::Status,
        Phrase::ResultsNone,
        Phrase::ResultsNoneWords,
    )
    .build()
}

/// The notice that stands with a critical result: what to do, in words.
pub(crate) fn critical_notice() -> Markup {
    classed("div", "notice notice--critical")
        .attr("role", "note")
        .with(classed("p", "notice__title").text(Phrase::CriticalTitle.count(1, &[])))
        .with(classed("p", "notice__words").text(Phrase::CriticalWords.count(1, &[])))
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
fn skeleton(heading: Phrase, words: Phrase) -> Markup {
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
pub fn list_skeleton() -> Markup {
    rows_skeleton(Phrase::YourResults)
}

/// Where the report will be.
pub fn report_skeleton() -> Markup {
    rows_skeleton(Phrase::Report)
}

fn rows_skeleton(heading: Phrase) -> Markup {
    let rows = (0..8).map(|_| {
        bars(
            "skeleton__row",
            &["name", "value", "line", "status", "spark"],
        )
    });
    skeleton(heading, Phrase::LoadingResults)
        .with(bars("skeleton__head", &["title", "sentence", "chips"]))
        .with_all(rows)
}

/// Where a part of a page will be.
pub fn part_skeleton() -> Markup {
    classed("div", "skeleton")
        .attr("aria-busy", "true")
        .with(
            classed("p", "visually-hidden")
                .attr("role", "status")
                .text(Phrase::Loading),
        )
        .with(bars("skeleton__head", &["sentence", "name", "sentence"]))
}

/// Where one biomarker will be.
pub fn detail_skeleton() -> Markup {
    skeleton(Phrase::Result, Phrase::LoadingResult)
        .with(bars("skeleton__head", &["back", "title", "hero", "track"]))
        .with(bars("skeleton__head", &["sentence", "chart"]))
}
