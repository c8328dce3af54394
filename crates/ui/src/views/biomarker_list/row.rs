//! One row: a link with the name, the value, its number line, its status, its trend.

use loop_contracts::clinical::Measured;

use crate::format::DateStyle;
use crate::markup::{Markup, Text, classed, isolated, link};
use crate::views::number_line::number_line;
use crate::views::series::Series;
use crate::views::sparkline::sparkline;
use crate::views::states::status_badge;
use crate::views::words;

/// A biomarker in the list.
pub(super) fn row(series: &Series, href: fn(&str) -> String) -> Markup {
    let latest = series.latest();
    let decimals = series.decimals();
    let about = series.entry.map_or_else(
        || series.lab_name.clone().into(),
        |entry| Text::from(entry.about),
    );
    let link = link("row__link", href(&series.code)).with(isolated(series.name.clone()));
    let value = words::value_of(latest, decimals);
    // A sentence of a lab does not fit where a number stands.
    let is_text = value.chars().count() > 11;
    let number = if is_text {
        "row__number row__number--text"
    } else {
        "row__number"
    };
    let mut shown = classed("div", "row__value").with(classed("bdi", number).text(value));
    if latest.value != Measured::Missing && !latest.unit.is_empty() {
        shown = shown
            .text(" ")
            .with(classed("bdi", "row__unit").text(latest.unit.to_string()));
    }
    let name = classed("div", "row__name")
        .with(link)
        .with(classed("span", "row__about").with(isolated(about)));
    // Paper has no page to open: the range in words, and the day.
    let range = words::range(latest).unwrap_or_else(|| words::short_no_range(latest));
    let paper = |text: String| classed("span", "print-only").with(isolated(text));
    let place = classed("div", "row__line")
        .with(number_line(&series.name, latest, decimals, false))
        .with(paper(range));
    let trend = classed("div", "row__trend")
        .with_all(sparkline(series))
        .with(classed("span", "row__since").text(words::since_previous(series)))
        .with(paper(words::date(latest, DateStyle::Short)));
    classed("li", "row")
        .with(name)
        .with(shown)
        .with(place)
        .with(classed("div", "row__status").with(status_badge(&latest.status)))
        .with(trend)
}
