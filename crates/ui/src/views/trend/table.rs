//! The measurements of a biomarker as a real table, newest first.

use std::sync::Arc;

use leptos::prelude::*;

use crate::format::DateStyle;
use crate::views::series::{Measurement, Series};
use crate::views::states::StatusBadge;
use crate::views::words;

/// Rows before the button that shows the rest.
const FIRST_ROWS: usize = 60;

/// All measurements, newest first. On a phone the style lays rows out as a grid, and browsers then forget what a table is:
/// the roles say it again. Measurements whose date could not be read stand at the end, with the platform's own text.
#[component]
pub fn MeasurementsTable(
    /// Whose measurements.
    series: Arc<Series>,
    /// What the table is called.
    #[prop(into)]
    caption: String,
    /// Leave out those whose date could not be read.
    #[prop(optional)]
    dated_only: bool,
) -> impl IntoView {
    let decimals = series.decimals();
    let total = if dated_only {
        series.dated().len()
    } else {
        series.points.len()
    };
    let shown = RwSignal::new(FIRST_ROWS);
    let rows = move || {
        let (dated, undated) = series.points.split_at(series.dated().len());
        let undated = if dated_only { &[] } else { undated };
        dated
            .iter()
            .rev()
            .chain(undated)
            .take(shown.get())
            .map(|point| row(point, decimals))
            .collect::<Vec<_>>()
    };
    view! {
        <table class="measurements" role="table">
            <caption class="visually-hidden">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row"><th scope="col" role="columnheader">"Date"</th><th scope="col" role="columnheader">"Value"</th><th scope="col" role="columnheader">"Range at the time"</th><th scope="col" role="columnheader">"Status"</th></tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
        <Show when=move || { shown.get() < total }>
            <button type="button" class="button button--small" on:click=move |_| shown.set(usize::MAX)>
                {format!("Show all {}", words::whole(total))}
            </button>
        </Show>
    }
}

fn row(point: &Measurement, decimals: u8) -> impl IntoView + use<> {
    let range = words::range(&point.range).unwrap_or_else(|| words::short_no_range(&point.range));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><bdi>{words::date(point, DateStyle::Short)}</bdi></th>
            <td role="cell" class="measurements__value"><bdi>{words::value_with_unit(point, decimals)}</bdi></td>
            <td role="cell">{range}</td>
            <td role="cell"><StatusBadge status=point.status.clone()/></td>
        </tr>
    }
}
