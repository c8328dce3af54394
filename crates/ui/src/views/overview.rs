//! The top of the results: one sentence of takeaway, when they were loaded, what is critical and what to do about it, and
//! what is new in the newest draw; and the foot of the page.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerStatus;
use loop_contracts::time::Timestamp;

use super::biomarker_list::{BiomarkerList, Choice, Filter};
use super::draw::{Draw, Movement};
use super::series::{Results, Series};
use super::units::UnitSystem;
use super::words;
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::{Markup, Text, button, classed, element, isolated, link};

/// Names before "and 3 more".
const NAMES: usize = 4;

/// The overview, from top to bottom.
pub(super) fn overview(list: &BiomarkerList, draw: Option<&Draw>) -> Markup {
    let (results, now) = (&list.results, list.now);
    let takeaway = (results.counts.total > 0).then(|| {
        classed("p", "lede")
            .with(element("strong").text(words::in_range(results.counts)))
            .text(" ")
            .text(words::attention(results))
    });
    classed("div", "overview")
        .with_all(takeaway)
        .with_all(loaded(list.loaded_at, now))
        .with_all(unreadable(list.unreadable))
        .with_all(critical(results, list.href))
        .with_all(draw.map(|draw| newest(draw, list.choice, list.href)))
}

/// When the results were loaded.
pub(super) fn loaded(at: Option<Timestamp>, now: RwSignal<Timestamp>) -> Option<Markup> {
    let at = at?;
    Some(classed("p", "results__loaded").live_text(move || {
        Phrase::ListLoaded
            .fill(&[&format::ago(at, now.get())])
            .into()
    }))
}

/// That there are results which could not be read.
pub(super) fn unreadable(count: usize) -> Option<Markup> {
    (count > 0).then(|| {
        classed("p", "results__unreadable")
            .attr("role", "note")
            .text(Phrase::ListUnreadable.count(count, &[&words::amount(count)]))
    })
}

/// What the ranges are and the page is not, and in which units the values are, where a person chose them.
pub(super) fn foot(units: UnitSystem) -> Markup {
    let chosen = (units != UnitSystem::Printed).then_some(Phrase::UnitsPreferred);
    let all = chosen.into_iter().chain([Phrase::NotADiagnosis]);
    classed("footer", "results__foot").with_all(all.map(|words| element("p").text(words)))
}

/// What to do about critical results, with the way to each.
pub(super) fn critical(results: &Results, href: fn(&str) -> String) -> Option<Markup> {
    let count = results.counts.critical;
    if count == 0 {
        return None;
    }
    let rows: Vec<&Arc<Series>> = results
        .iter()
        .filter(|series| series.latest().status == BiomarkerStatus::Critical)
        .take(NAMES)
        .collect();
    let value: fn(&Series) -> String =
        |series| words::value_with_unit(series.latest(), series.decimals());
    let more = (count > NAMES)
        .then(|| element("span").text(words::counted(Phrase::NamesMore, count - NAMES)));
    let title = classed("h2", "notice__title")
        .attr("id", "critical")
        .text(Phrase::CriticalTitle.count(count, &[]));
    let what = Phrase::CriticalWords.count(count, &[&words::amount(count)]);
    Some(
        classed("section", "notice notice--critical")
            .attr("aria-labelledby", "critical")
            .with(title)
            .with(names("p", &rows, value, more, href))
            .with(classed("p", "notice__words").text(what)),
    )
}

/// What is new in the newest draw.
fn newest(draw: &Draw, choice: RwSignal<Choice>, href: fn(&str) -> String) -> Markup {
    let head = classed("div", "group__head")
        .with(
            classed("h2", "group__title")
                .attr("id", "newest-draw")
                .text(Phrase::DrawTitle.fill(&[&format::date(draw.at, DateStyle::Long)])),
        )
        .with(classed("span", "group__note").text(words::counted(Phrase::ListFound, draw.count)));
    let said = if draw.moved.is_empty() {
        classed("p", "draw__quiet").text(if draw.compared == 0 {
            Phrase::DrawFirst
        } else {
            Phrase::DrawQuiet
        })
    } else {
        let news = draw
            .moved
            .iter()
            .map(|(movement, rows)| news(*movement, rows, choice, href));
        element("dl").with_all(news)
    };
    classed("section", "draw")
        .attr("aria-labelledby", "newest-draw")
        .with(head)
        .with(said)
}

/// One kind of news, and what it is about.
fn news(
    movement: Movement,
    rows: &[Arc<Series>],
    choice: RwSignal<Choice>,
    href: fn(&str) -> String,
) -> Markup {
    let first: Vec<&Arc<Series>> = rows.iter().take(NAMES).collect();
    let more = (rows.len() > NAMES).then(|| {
        button("link")
            .text(words::counted(Phrase::NamesMore, rows.len() - NAMES))
            .on_click(move || choice.update(|choice| choice.filter = Filter::Changed))
    });
    let kind = match movement {
        Movement::Critical => Phrase::DrawCritical,
        Movement::Outside => Phrase::DrawOutside,
        Movement::Inside => Phrase::DrawInside,
        Movement::Status => Phrase::DrawStatus,
        Movement::Value => Phrase::DrawValue,
    };
    classed("div", "draw__kind")
        .with(element("dt").text(kind))
        .with(names("dd", &first, words::moved_by, more, href))
}

/// Names in a line, each a link with a few words behind it.
fn names(
    tag: &'static str,
    rows: &[&Arc<Series>],
    words: fn(&Series) -> String,
    more: Option<Markup>,
    href: fn(&str) -> String,
) -> Markup {
    let mut line = classed(tag, "names");
    for (place, series) in rows.iter().enumerate() {
        let is_last = place + 1 == rows.len() && more.is_none();
        let name = link("names__link", href(&series.code)).with(isolated(series.name.clone()));
        let one = classed("span", "names__one")
            .with(name)
            .text(" ")
            .with(isolated(words(series)))
            .text(if is_last {
                "".into()
            } else {
                Text::from(Phrase::NamesComma)
            });
        line = line.with(one).text(" ");
    }
    line.with_all(more)
}

#[cfg(test)]
pub(crate) mod tests;
