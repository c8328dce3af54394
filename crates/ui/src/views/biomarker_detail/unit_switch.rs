//! The choice of a unit: radio buttons of the browser's own, so that arrow keys, focus and names are what everybody knows.

use std::sync::Arc;

use leptos::prelude::*;

use crate::catalogue::Unit;
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element, isolated};
use crate::views::series::Series;
use crate::views::{units, words};

/// What the page shows: the series as printed, or in the unit that the person prefers, until another one is chosen here. In
/// memory only, and gone with the page.
#[derive(Clone)]
pub(super) struct Shown {
    printed: Arc<Series>,
    /// The place among the units of the entry.
    chosen: RwSignal<Option<usize>>,
}

impl Shown {
    pub(super) fn new(series: &Arc<Series>) -> Self {
        let place = series.printed.as_ref().map(|(_, place)| *place);
        Self {
            printed: Arc::clone(series.as_printed()),
            chosen: RwSignal::new(place),
        }
    }

    /// The chosen unit. Reactive.
    fn unit(&self) -> Option<&'static Unit> {
        let place = self.chosen.get()?;
        self.printed.entry?.units.get(place)
    }

    /// The series in the chosen unit. Reactive. Each part of the page converts for itself: that is less code than a signal
    /// that holds a series.
    pub(super) fn series(&self) -> Arc<Series> {
        match self.unit() {
            Some(unit) => Arc::new(units::converted(&self.printed, unit)),
            None => Arc::clone(&self.printed),
        }
    }
}

/// The switch; `None` where there is nothing to choose. As printed comes first.
pub(super) fn unit_switch(shown: &Shown) -> Option<Markup> {
    let series = &shown.printed;
    let choices = units::choices(series);
    if choices.is_empty() {
        return None;
    }
    let as_printed: Text = if units::is_in_one_unit(series) {
        let named = series.points.iter().find(|point| !point.unit.is_empty());
        named
            .map_or_else(String::new, |point| point.unit.to_string())
            .into()
    } else {
        Phrase::UnitAsPrinted.into()
    };
    let chosen = shown.chosen;
    let entry = series.entry?;
    let others = choices.iter().map(|unit| {
        let place = entry.units.iter().position(|other| other.name == unit.name);
        choice(unit.unit.into(), chosen, place)
    });
    let note = shown.clone();
    Some(
        classed("fieldset", "unit-switch")
            .with(classed("legend", "visually-hidden").text(Phrase::UnitName))
            .with(
                classed("div", "unit-switch__choices")
                    .with(choice(as_printed, chosen, None))
                    .with_all(others),
            )
            .with(
                classed("p", "unit-switch__note")
                    .attr("role", "status")
                    .live_text(move || words::unit_note(&note.printed, note.unit()).into()),
            ),
    )
}

/// One radio button; `place` is its unit, nothing is "as printed".
fn choice(name: Text, chosen: RwSignal<Option<usize>>, place: Option<usize>) -> Markup {
    let mut radio = classed("input", "unit-switch__radio")
        .attr("type", "radio")
        .attr("name", "unit")
        // A browser that restores forms would choose what nobody sees chosen.
        .attr("autocomplete", "off")
        .on("change", move |_| chosen.set(place));
    if place == chosen.get_untracked() {
        radio = radio.attr("checked", "");
    }
    classed("label", "unit-switch__choice")
        .with(radio)
        .with(element("span").with(isolated(name)))
}
