//! What stands above the table: all draws or two, which two, which rows, and what the shapes mean.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerStatus;

use super::{Draws, View};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::{Markup, Text, button, classed};
use crate::views::select::select;
use crate::views::states::status_badge;
use crate::views::words;

/// At the places of [`Shown::ALL`](super::Shown::ALL) behind the first.
const ROWS: [Phrase; 3] = [
    Phrase::AllResults,
    Phrase::ReportBoth,
    Phrase::FilterChanged,
];

/// The choices. Only of use where there are two draws.
pub(super) fn tools(draws: &Arc<Draws>, view: View, left: RwSignal<usize>, total: usize) -> Markup {
    let chip = move |is_pair: bool, label: Phrase| {
        button("chip")
            .live_flag("aria-pressed", move || view.is_pair() == is_pair)
            .text(label)
            .on_click(move || view.shown.set(usize::from(is_pair)))
    };
    let chips = classed("div", "chips")
        .attr("role", "group")
        .attr("aria-label", Phrase::ReportView)
        .with(chip(false, Phrase::ReportAllDraws))
        .with(chip(true, Phrase::ReportCompareTwo));
    let mut rows: Vec<(Text, Text)> = Vec::new();
    for (place, text) in ROWS.iter().enumerate() {
        rows.push(((place + 1).to_string().into(), (*text).into()));
    }
    let shown = move || view.shown.get().to_string();
    let show = move |value: String| {
        if let Some(place) = place_of(&value, ROWS.len() + 1) {
            view.shown.set(place);
        }
    };
    let said = move || -> Text {
        let left = left.get();
        let words = (left < total).then(|| words::shown_of(left, total));
        words.unwrap_or_default().into()
    };
    let selects = classed("div", "results__selects")
        .live_attr("hidden", move || (!view.is_pair()).then(|| "".into()))
        .with(date(draws, view, 0, Phrase::ReportCompare))
        .with(date(draws, view, 1, Phrase::ReportWith))
        .with(select(
            Phrase::ReportRows,
            rows,
            Box::new(shown),
            Box::new(show),
        ))
        .with(
            classed("span", "results__left")
                .attr("role", "status")
                .live_text(said),
        );
    classed("div", "results__tools").with(chips).with(selects)
}

/// The choice of one of the two draws.
fn date(draws: &Arc<Draws>, view: View, which: usize, label: Phrase) -> Markup {
    let mut options: Vec<(Text, Text)> = Vec::new();
    for (place, at) in draws.at.iter().enumerate() {
        let date = format::date(*at, DateStyle::Short);
        options.push((place.to_string().into(), date.into()));
    }
    let (known, draws) = (Arc::clone(draws), Arc::clone(draws));
    let value = move || {
        let places = known.chosen(view);
        places.map_or(String::new(), |places| places[which].to_string())
    };
    let choose = move |value: String| {
        let Some(before) = untrack(|| draws.chosen(view)) else {
            return;
        };
        let Some(place) = place_of(&value, draws.at.len()) else {
            return;
        };
        let mut places = before;
        places[which] = place;
        // Nothing is compared with itself: the two change places.
        if places[0] == places[1] {
            places[1 - which] = before[which];
        }
        view.choose(places);
    };
    select(label, options, Box::new(value), Box::new(choose))
}

/// The place that a value of a select says.
fn place_of(value: &str, count: usize) -> Option<usize> {
    (0..count).find(|place| place.to_string() == value)
}

/// What the shapes in the cells mean, but for those that have their word beside them.
pub(super) fn key() -> Markup {
    let mut key = classed("p", "report__key");
    for status in [
        BiomarkerStatus::High,
        BiomarkerStatus::Low,
        BiomarkerStatus::Normal,
    ] {
        key = key.with(status_badge(&status));
    }
    key
}
