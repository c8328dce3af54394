//! The parts of the chart as SVG: what stands still, what follows the selection, the notes below.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::geometry::{Layout, callout};
use super::scale;
use crate::format::DateStyle;
use crate::views::series::{Measurement, Series};
use crate::views::sparkline::{band_path, edges_path, lines_path};
use crate::views::states::{StatusBadge, status_class, status_path};
use crate::views::words;

/// More marks than this would touch each other; the line, the selected mark and the table remain.
const MOST_MARKS: usize = 150;
/// Notes about changes of the range that stand below the chart; older ones are in the table.
const MOST_NOTES: usize = 3;

/// Date, value, status and range of one measurement, in a line that never moves.
pub(super) fn readout(point: &Measurement, decimals: u8) -> impl IntoView + use<> {
    let range = words::range_with_unit(point)
        .map(|range| view! { <span class="trend__range"><bdi>{range}</bdi></span> });
    view! {
        <strong><bdi>{words::value_with_unit(point, decimals)}</bdi></strong>
        <span>{words::date(point, DateStyle::Short)}</span>
        <StatusBadge status=point.status.clone()/>
        {range}
    }
}

/// Everything that does not change with the selection.
pub(super) fn still(picture: &Layout, series: &Series, decimals: u8) -> impl IntoView + use<> {
    let frame = picture.frame;
    let values: Vec<_> = picture
        .values
        .iter()
        .map(|tick| {
            view! {
                <line class="trend__grid" x1=frame.left x2=frame.right y1=tick.y y2=tick.y></line>
                <text class="trend__tick" x=frame.left - 10.0 y=tick.y + 4.0 text-anchor="end">{tick.label.clone()}</text>
            }
        })
        .collect();
    let times: Vec<_> = picture
        .times
        .iter()
        .map(|tick| {
            view! {
                <line class="trend__grid" x1=tick.x x2=tick.x y1=frame.bottom y2=frame.bottom + 5.0></line>
                <text class="trend__tick" x=tick.label_x y=frame.bottom + 21.0 text-anchor="middle">{tick.label.clone()}</text>
            }
        })
        .collect();
    let notes: Vec<_> =
        picture.notes.iter().map(|note| view! { <text class="trend__note" x=note.x y=frame.top - 12.0>{note.text}</text> }).collect();
    let mut steps = String::new();
    for (x, _) in &picture.drawing.steps {
        // Writing to a String cannot fail.
        let _ = write!(steps, "M{x:.1} {:.1}V{:.1}", frame.top - 22.0, frame.bottom);
    }
    let placed = &picture.drawing.points;
    let is_dense = placed.len() > MOST_MARKS;
    let marks: Vec<_> = if is_dense {
        Vec::new()
    } else {
        placed
            .iter()
            .zip(series.dated())
            .map(|(place, point)| {
                let label = words::point(point, decimals);
                // A measurement without a number stands on the time axis, hollow.
                let (class, path, y) = match place.y {
                    Some(y) => (format!("trend__mark {}", status_class(&point.status)), status_path(&point.status), y),
                    None => ("trend__mark trend__mark--none".to_owned(), "M2.5 6h7M6 2.5v7", frame.bottom),
                };
                let transform = format!("translate({:.1} {:.1})", place.x - 6.0, y - 6.0);
                view! { <path class=class role="img" aria-label=label d=path fill-rule="evenodd" transform=transform></path> }
            })
            .collect()
    };
    view! {
        <g aria-hidden="true">
            <path class="band" d=band_path(&picture.drawing)></path>
            {values}
            {times}
            <path class="band-edge" d=edges_path(&picture.drawing)></path>
            <path class="trend__step" d=steps></path>
            {notes}
            <path class="trend__line" class:trend__line--dense=is_dense d=lines_path(&picture.drawing)></path>
        </g>
        <g>{marks}</g>
    }
}

/// The ring, the hairline and the value of one measurement.
pub(super) fn selection(
    picture: &Layout,
    place: usize,
    point: &Measurement,
    decimals: u8,
    selected: bool,
) -> impl IntoView + use<> {
    let x = picture
        .drawing
        .points
        .get(place)
        .map_or(0.0, |placed| placed.x);
    let y = picture
        .drawing
        .points
        .get(place)
        .and_then(|placed| placed.y);
    let frame = picture.frame;
    let hairline = selected.then(
        || view! { <line class="trend__hairline" x1=x x2=x y1=frame.top y2=frame.bottom></line> },
    );
    let ring = selected.then(
        || view! { <circle class="trend__ring" cx=x cy=y.unwrap_or(frame.bottom) r="11"></circle> },
    );
    let text = words::value(&point.value, decimals);
    let label = callout(picture, place, &text).map(
        |(x, y)| view! { <text class="trend__callout" x=x y=y text-anchor="middle">{text}</text> },
    );
    view! { <g class="trend__selection" aria-hidden="true">{hairline}{ring}{label}</g> }
}

/// What the picture alone does not say: changes of the range, measurements in another unit or without a number.
pub(super) fn notes(series: &Series) -> impl IntoView + use<> {
    let points = scale::points(series);
    let mut notes = Vec::new();
    let mut before: Option<&Measurement> = None;
    for (point, measurement) in points.iter().zip(series.dated()) {
        if !point.range.is_drawable() {
            continue;
        }
        if let Some(before) = before.filter(|before| before.range != measurement.range) {
            notes.push(words::range_note(before, measurement));
        }
        before = Some(measurement);
    }
    notes.drain(..notes.len().saturating_sub(MOST_NOTES));
    let reference = scale::reference(series);
    let is_other = |measurement: &&Measurement| {
        reference.is_some_and(|reference| !reference.same_unit(measurement))
    };
    let other_unit = series.dated().iter().filter(is_other).count();
    if other_unit > 0 {
        notes.push(words::other_unit(other_unit));
    }
    let undated = series.points.len() - series.dated().len();
    if undated > 0 {
        notes.push(words::undated(undated));
    }
    (!notes.is_empty()).then(|| {
        let notes: Vec<_> = notes
            .into_iter()
            .map(|note| view! { <li>{note}</li> })
            .collect();
        view! { <ul class="trend__notes">{notes}</ul> }
    })
}
