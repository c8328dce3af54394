//! The parts of the chart as data: what stands still, what follows the selection, the notes below.

use super::geometry::{Layout, callout};
use super::scale;
use crate::format::DateStyle;
use crate::language::Phrase;
use crate::markup::{Markup, classed, element, isolated, pixels};
use crate::views::change::Expected;
use crate::views::paths::{
    band_path, box_path, edges_path, levels_path, lines_path, outline_path, uprights_path,
};
use crate::views::series::{Measurement, Series};
use crate::views::states::{status_badge, status_class, status_path};
use crate::views::words;

/// More marks than this would touch each other; the line, the selected mark and the table remain.
const MOST_MARKS: usize = 150;

/// Date, value, status and range of one measurement, in a line that never moves.
pub(super) fn readout(point: &Measurement, decimals: u8) -> Markup {
    classed("p", "trend__readout")
        .attr("aria-hidden", "true")
        .with(element("strong").with(isolated(words::value_with_unit(point, decimals))))
        .with(element("span").text(words::date(point, DateStyle::Short)))
        .with(status_badge(&point.status))
        .with_all(words::range_with_unit(point).map(|range| element("span").with(isolated(range))))
}

/// The picture's box. Its size is in pixels of the container, so text is as large as everywhere else.
fn picture(layout: &Layout, class: &'static str) -> Markup {
    let (width, height) = (pixels(layout.width), pixels(layout.height));
    classed("svg", class)
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("width", width)
        .attr("height", height)
}

fn text(class: &'static str, x: f64, y: f64, anchor: &'static str, words: String) -> Markup {
    classed("text", class)
        .attr("x", pixels(x))
        .attr("y", pixels(y))
        .attr("text-anchor", anchor)
        .text(words)
}

/// Everything that does not change with the selection.
pub(super) fn still(
    layout: &Layout,
    series: &Series,
    decimals: u8,
    expected: Option<&Expected>,
) -> Markup {
    let frame = layout.frame;
    let mut grid = levels_path(
        layout.values.iter().map(|tick| tick.y),
        frame.left,
        frame.right,
    );
    grid.push_str(&uprights_path(
        layout.times.iter().map(|tick| tick.x),
        frame.bottom,
        frame.bottom + 5.0,
    ));
    let steps = uprights_path(
        layout.drawing.steps.iter().map(|(x, _)| *x),
        frame.top - 22.0,
        frame.bottom,
    );
    let values = layout.values.iter().map(|tick| {
        text(
            "trend__tick",
            frame.left - 10.0,
            tick.y + 4.0,
            "end",
            tick.label.clone(),
        )
    });
    let times = layout.times.iter().map(|tick| {
        text(
            "trend__tick",
            tick.label_x,
            frame.bottom + 21.0,
            "middle",
            tick.label.clone(),
        )
    });
    let notes = layout.notes.iter().map(|note| {
        text(
            "trend__note",
            note.x,
            frame.top - 12.0,
            "start",
            note.text.to_owned(),
        )
    });
    let placed = &layout.drawing.points;
    let is_dense = placed.len() > MOST_MARKS;
    let line = if is_dense {
        "trend__line trend__line--dense"
    } else {
        "trend__line"
    };
    let band = expected.and_then(|expected| layout.expected(expected.low, expected.high));
    let path = |class: &'static str, d: String| classed("path", class).attr("d", d);
    let behind = element("g")
        .attr("aria-hidden", "true")
        .with(path("band", band_path(&layout.drawing)))
        .with(path("trend__grid", grid))
        .with(path("band-edge", edges_path(&layout.drawing)))
        .with_all(band.map(|band| path("trend__expected", box_path(&band))))
        .with_all(band.map(|band| path("trend__expected-edge", outline_path(&band))))
        .with(path("trend__step", steps))
        .with(path(line, lines_path(&layout.drawing)))
        .with_all(values)
        .with_all(times)
        .with_all(notes);
    let shown = if is_dense { 0 } else { placed.len() };
    let marks = placed
        .iter()
        .zip(series.dated())
        .take(shown)
        .map(|(place, point)| {
            // A measurement without a number stands on the time axis, as a cross.
            let (class, shape, y) = match place.y {
                Some(y) => (
                    format!("trend__mark {}", status_class(&point.status)),
                    status_path(&point.status),
                    y,
                ),
                None => (
                    "trend__mark trend__mark--none".to_owned(),
                    "M2.5 6h7M6 2.5v7",
                    frame.bottom,
                ),
            };
            classed("path", class)
                .attr("role", "img")
                .attr("aria-label", words::point(point, decimals))
                .attr("d", shape)
                .attr("fill-rule", "evenodd")
                .attr(
                    "transform",
                    format!("translate({} {})", pixels(place.x - 6.0), pixels(y - 6.0)),
                )
        });
    picture(layout, "trend__picture")
        .with(behind)
        .with_all(marks)
}

/// The ring, the hairline and the value of one measurement, on top of what stands still.
pub(super) fn selection(
    layout: &Layout,
    place: usize,
    point: &Measurement,
    decimals: u8,
    selected: bool,
) -> Option<Markup> {
    let placed = layout.drawing.points.get(place)?;
    let frame = layout.frame;
    let value = words::value_of(point, decimals);
    let mut over =
        picture(layout, "trend__picture trend__picture--over").attr("aria-hidden", "true");
    if selected {
        let hairline = uprights_path(std::iter::once(placed.x), frame.top, frame.bottom);
        let ring = classed("circle", "trend__ring")
            .attr("cx", pixels(placed.x))
            .attr("cy", pixels(placed.y.unwrap_or(frame.bottom)))
            .attr("r", "11");
        over = over
            .with(classed("path", "trend__hairline").attr("d", hairline))
            .with(ring);
    }
    Some(over.with_all(
        callout(layout, place, &value).map(|(x, y)| text("trend__callout", x, y, "middle", value)),
    ))
}

/// What the picture alone does not say: the band of normal variation, what changed in how it was measured, measurements in
/// another unit or without a date.
pub(super) fn notes(
    series: &Series,
    expected: Option<&Expected>,
    changed: &[String],
) -> Option<Markup> {
    let note = |note: String| element("li").text(note);
    let mut notes: Vec<Markup> = Vec::new();
    if let Some(expected) = expected {
        let words = words::expected_band(expected, series.latest(), series.decimals());
        let key = classed("span", "trend__key").attr("aria-hidden", "true");
        notes.push(element("li").with(key).text(words));
    }
    notes.extend(changed.iter().cloned().map(note));
    let reference = scale::reference(series);
    let is_other = |measurement: &&Measurement| {
        reference.is_some_and(|reference| !reference.same_unit(measurement))
    };
    let other_unit = series.dated().iter().filter(is_other).count();
    if other_unit > 0 {
        notes.push(note(
            Phrase::NoteOtherUnit.count(other_unit, &[&words::amount(other_unit)]),
        ));
    }
    let undated = series.points.len() - series.dated().len();
    if undated > 0 {
        notes.push(note(words::counted(Phrase::NoteUndated, undated)));
    }
    (!notes.is_empty()).then(|| classed("ul", "trend__notes").with_all(notes))
}
