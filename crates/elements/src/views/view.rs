//! From what an element was given to what it shows, with the views of [`loop_ui`].

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::Measured;
use loop_ui::format::DateStyle;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, Text, classed, element, isolated};
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use loop_ui::views::notes::notes;
use loop_ui::views::number_line::number_line;
use loop_ui::views::series::{Results, Series};
use loop_ui::views::states::{empty_results, status_badge};
use loop_ui::views::trend::table::measurements_table;
use loop_ui::views::trend::trend;
use loop_ui::views::words;

use super::input::{Input, Kind};
use super::{catalogue, href};

/// What the person chose, which outlives other data.
#[derive(Clone, Copy)]
pub struct Choices {
    list: RwSignal<Choice>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            list: RwSignal::new(Choice::default()),
        }
    }
}

/// What `kind` shows of `input`, which [`can_draw`] says there is.
pub fn view(kind: Kind, input: &Input, choices: Choices) -> Markup {
    let results = Results::new(input.results.clone(), catalogue());
    if kind == Kind::Biomarkers {
        return list(results, input, choices);
    }
    let Some(series) = chosen(&results, input) else {
        return empty_results();
    };
    match kind {
        Kind::Trend => over_time(series),
        Kind::Biomarker => biomarker_detail(&results, series, "#", href),
        _ => card(series, input.bare),
    }
}

/// Whether the biomarker that is named is among the results. One that is not named is the first of them.
pub fn can_draw(kind: Kind, input: &Input) -> bool {
    if kind == Kind::Biomarkers || input.results.is_empty() {
        return true;
    }
    chosen(&Results::new(input.results.clone(), catalogue()), input).is_some()
}

fn chosen<'a>(results: &'a Results, input: &Input) -> Option<&'a Arc<Series>> {
    if input.code.is_empty() {
        return results.iter().next();
    }
    results.find(&input.code)
}

fn list(results: Results, input: &Input, choices: Choices) -> Markup {
    biomarker_list(BiomarkerList {
        results: Arc::new(results),
        unreadable: input.unreadable,
        loaded_at: None,
        now: RwSignal::new(input.now),
        choice: choices.list,
        is_return: false,
        href,
    })
}

/// A trend under its label. What has no place on a chart, or no chart to have a place on, stands in a table: the page's own
/// is not seen beside it.
pub(super) fn over_time(series: &Arc<Series>) -> Markup {
    let dated = series.dated();
    let numbers = dated.iter().filter(|point| point.value.number().is_some());
    let is_all_drawn = numbers.count() == series.points.len() && dated.len() > 1;
    let label = (!series.name.is_empty()).then(|| {
        classed("p", "line-card__name trend-label")
            .attr("part", "label")
            .with(isolated(series.name.clone()))
    });
    let table = (!is_all_drawn).then(|| {
        let caption = Phrase::TrendTable.text().to_owned();
        measurements_table(Arc::clone(series), caption, false)
    });
    element("div")
        .with_all(label)
        .with(trend(series, &notes(series)))
        .with_all(table)
}

/// A value on its range, and in words: a status is never only a shape and a colour.
pub(super) fn card(series: &Series, is_bare: bool) -> Markup {
    let (latest, decimals) = (series.latest(), series.decimals());
    let line = number_line(&series.name, latest, decimals, true);
    if is_bare {
        return line;
    }
    let mut value = classed("p", "line-card__value")
        .attr("part", "value")
        .with(isolated(words::value_of(latest, decimals)));
    if latest.value != Measured::Missing && !latest.unit.is_empty() {
        let unit = classed("bdi", "line-card__unit").text(latest.unit.to_string());
        value = value.text(" ").with(unit);
    }
    let words: Vec<Text> = [
        words::range_with_unit(latest).map(Text::from),
        (latest.at.is_some()).then(|| words::date(latest, DateStyle::Long).into()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let head = classed("div", "line-card__head")
        .with(
            classed("p", "line-card__name")
                .attr("part", "label")
                .with(isolated(series.name.clone())),
        )
        .with(value);
    let foot = classed("p", "line-card__foot")
        .attr("part", "status")
        .with(status_badge(&latest.status))
        .with_all(words.into_iter().map(|text| element("span").text(text)));
    classed("div", "line-card").with(head).with(line).with(foot)
}

#[cfg(test)]
mod tests;
