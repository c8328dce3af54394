//! The measurements of a biomarker as a real table, newest first.

use std::sync::Arc;

use leptos::prelude::*;

use crate::format::DateStyle;
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element, isolated};
use crate::views::series::{Measurement, Series, Told};
use crate::views::states::status_badge;
use crate::views::words;

/// Rows before the button that shows the rest.
const FIRST_ROWS: usize = 60;

/// All measurements, newest first. On a phone the style lays rows out as a grid, and browsers then forget what a table is:
/// the roles say it again. Measurements whose date could not be read stand at the end, with the platform's own text.
///
/// `dated_only` leaves out those whose date could not be read.
pub fn measurements_table(series: Arc<Series>, caption: String, dated_only: bool) -> Markup {
    let total = if dated_only {
        series.dated().len()
    } else {
        series.points.len()
    };
    if total <= FIRST_ROWS {
        return table(&series, &caption, dated_only, total);
    }
    let is_whole = RwSignal::new(false);
    let rows = move || if is_whole.get() { total } else { FIRST_ROWS };
    let more = move || {
        (!is_whole.get()).then(|| {
            button("button button--small")
                .text(Phrase::DetailShowAll.fill(&[&words::whole(total)]))
                .on_click(move || is_whole.set(true))
        })
    };
    element("div")
        .live(move || Some(table(&series, &caption, dated_only, rows())))
        .live(more)
}

fn table(series: &Series, caption: &str, dated_only: bool, most: usize) -> Markup {
    let decimals = series.decimals();
    let (dated, undated) = series.points.split_at(series.dated().len());
    let undated = if dated_only { &[] } else { undated };
    let heads = [
        Phrase::HeadDate,
        Phrase::HeadValue,
        Phrase::HeadRangeThen,
        Phrase::HeadStatus,
    ]
    .map(|head| {
        element("th")
            .attr("scope", "col")
            .attr("role", "columnheader")
            .text(head)
    });
    let rows = dated
        .iter()
        .rev()
        .chain(undated)
        .take(most)
        .map(|point| row(point, decimals));
    classed("table", "measurements")
        .attr("role", "table")
        .with(classed("caption", "visually-hidden").text(caption.to_owned()))
        .with(
            element("thead")
                .attr("role", "rowgroup")
                .with(element("tr").attr("role", "row").with_all(heads)),
        )
        .with(element("tbody").attr("role", "rowgroup").with_all(rows))
}

fn row(point: &Measurement, decimals: u8) -> Markup {
    let range = words::range(point).unwrap_or_else(|| words::short_no_range(point));
    let cell = || element("td").attr("role", "cell");
    let date = isolated(words::date(point, DateStyle::Short));
    element("tr")
        .attr("role", "row")
        .with(
            element("th")
                .attr("scope", "row")
                .attr("role", "rowheader")
                .with(date),
        )
        .with(
            cell()
                .attr("class", "measurements__value")
                .with(isolated(words::value_with_unit(point, decimals)))
                .with_all((point.told == Told::NotConverted).then(|| {
                    classed("small", "measurements__note").text(Phrase::UnitNotConverted)
                })),
        )
        .with(cell().text(range))
        .with(cell().with(status_badge(&point.status)))
}
