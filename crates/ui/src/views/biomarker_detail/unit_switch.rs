//! The choice of a unit: radio buttons of the browser's own, so that arrow keys, focus and names are what everybody knows.

use std::sync::Arc;

use leptos::prelude::*;

use crate::catalogue::Unit;
use crate::markup::{Markup, Text, classed, element, isolated};
use crate::views::series::Series;
use crate::views::{units, words};

/// The switch, and what it does to `shown`; `None` where there is nothing to choose. As printed comes first and is chosen.
pub(super) fn unit_switch(series: &Arc<Series>, shown: RwSignal<Arc<Series>>) -> Option<Markup> {
    let choices = units::choices(series);
    if choices.is_empty() {
        return None;
    }
    let note = RwSignal::new(words::unit_note(series, None));
    let choose = |unit: Option<&'static Unit>| {
        let series = Arc::clone(series);
        move || {
            note.set(words::unit_note(&series, unit));
            shown.set(match unit {
                Some(unit) => Arc::new(units::converted(&series, unit)),
                None => Arc::clone(&series),
            });
        }
    };
    let as_printed: Text = if units::is_in_one_unit(series) {
        let named = series.points.iter().find(|point| !point.unit.is_empty());
        named
            .map_or_else(String::new, |point| point.unit.clone())
            .into()
    } else {
        "As printed".into()
    };
    let first = choice(as_printed, choose(None), true);
    let others = choices
        .iter()
        .map(|unit| choice(unit.unit.into(), choose(Some(unit)), false));
    Some(
        classed("fieldset", "unit-switch")
            .with(classed("legend", "visually-hidden").text("Unit"))
            .with(
                classed("div", "unit-switch__choices")
                    .with(first)
                    .with_all(others),
            )
            .with(
                classed("p", "unit-switch__note")
                    .attr("role", "status")
                    .live_text(move || note.get().into()),
            ),
    )
}

fn choice(name: Text, mut choose: impl FnMut() + Send + 'static, is_chosen: bool) -> Markup {
    let mut radio = classed("input", "unit-switch__radio")
        .attr("type", "radio")
        .attr("name", "unit")
        // A browser that restores forms would choose what nobody sees chosen.
        .attr("autocomplete", "off")
        .on("change", move |_| choose());
    if is_chosen {
        radio = radio.attr("checked", "");
    }
    classed("label", "unit-switch__choice")
        .with(radio)
        .with(element("span").with(isolated(name)))
}
