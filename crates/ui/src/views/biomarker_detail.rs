//! One biomarker: the value as the largest thing on the page, its range and where that comes from, what changed, the trend,
//! every measurement, what it is and what belongs to it.
//!
//! A person may read all of it in another unit. What depends on the unit is made anew; the heading, the switch itself and what
//! stands beside stay, so that the focus stays where it is.

mod related;
mod unit_switch;

use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerStatus, Measured};

use self::related::related;
use self::unit_switch::{Shown, unit_switch};
use super::change::expected;
use super::notes::notes;
use super::number_line::{Tick, number_line, number_line_with};
use super::series::{Results, Series};
use super::states::{critical_notice, status_badge};
use super::trend::table::measurements_table;
use super::trend::trend;
use super::{units, words};
use crate::catalogue::Source;
use crate::format::DateStyle;
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element, isolated, link};

/// One biomarker with all its measurements. `results` is where related ones are looked for, `back_href` is where the list is,
/// `href` makes the address of another biomarker from its code, which may be untrusted text: encode it.
pub fn biomarker_detail(
    results: &Results,
    series: &Arc<Series>,
    back_href: impl Into<Text>,
    href: fn(&str) -> String,
) -> Markup {
    let shown = Shown::new(series);
    let parts = [(); 4].map(|()| shown.clone());
    let [in_value, in_range, in_change, in_trend] = parts;
    let changed = notes(series.as_printed());
    let critical = (series.latest().status == BiomarkerStatus::Critical).then(critical_notice);
    let lab_name = (!series.lab_name.is_empty()).then(|| {
        classed("p", "detail__lab-name")
            .text(Phrase::DetailLabName)
            .text(" ")
            .with(isolated(series.lab_name.clone()))
    });
    let left = classed("div", "hero__value")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .with(isolated(series.name.clone())),
        )
        .with_all(lab_name)
        .live(move || Some(value(&in_value.series())))
        .with_all(unit_switch(&shown));
    let hero = classed("header", "hero")
        .with(left)
        .live(move || Some(range(&in_range.series())));
    let body = classed("div", "detail__body")
        .live(move || Some(trend(&in_trend.series(), &changed)))
        .with(aside(results, series, href));
    classed("article", "detail")
        .with(link("back", back_href).text(Phrase::AllResults))
        .with(hero)
        .with_all(critical)
        .live(move || change(&in_change.series()))
        .with(body)
        .live(move || Some(measurements(&shown.series())))
        .with(classed("footer", "results__foot").with(element("p").text(Phrase::NotADiagnosis)))
}

/// The value, its status and its date.
fn value(series: &Series) -> Markup {
    let latest = series.latest();
    let value = words::value_of(latest, series.decimals());
    // Words would break the largest size, and are not what it is for.
    let is_long = latest.value == Measured::Missing || value.chars().count() > 9;
    let class = if is_long {
        "hero__number hero__number--long"
    } else {
        "hero__number"
    };
    let mut number = classed("p", class).with(isolated(value));
    if latest.value != Measured::Missing && !latest.unit.is_empty() {
        number = number
            .text(" ")
            .with(classed("bdi", "hero__unit").text(latest.unit.to_string()));
    }
    element("div").with(number).with(
        classed("p", "hero__status")
            .with(status_badge(&latest.status))
            .with(classed("span", "hero__date").text(words::date(latest, DateStyle::Long))),
    )
}

/// The number line, where its range comes from, and from where many doctors act.
fn range(series: &Series) -> Markup {
    let (latest, decimals) = (series.latest(), series.decimals());
    let provenance = latest
        .range
        .is_drawable()
        .then(|| classed("p", "hero__provenance").text(words::provenance(latest)));
    let anchor = series.entry.and_then(|entry| {
        entry.harm_anchors.iter().find_map(|anchor| {
            let (at, places) = units::anchor_at(entry, anchor, latest)?;
            let number = words::anchor_number(at, places);
            let words = words::harm_anchor(anchor, &number, &latest.unit);
            Some((Tick { at, number, words }, anchor.source))
        })
    });
    let (line, note) = match anchor {
        Some((tick, source)) => {
            let (line, is_drawn) = number_line_with(&series.name, latest, decimals, &tick);
            let key = is_drawn.then(|| classed("span", "hero__key").attr("aria-hidden", "true"));
            let note = classed("p", "hero__anchor")
                .with_all(key)
                .text(tick.words)
                .text(" ")
                .with(classed("span", "hero__source").text(words::cited(source)));
            (line, Some(note))
        }
        None => (number_line(&series.name, latest, decimals, true), None),
    };
    classed("div", "hero__range")
        .with(line)
        .with_all(provenance)
        .with_all(note)
}

/// What changed since the measurement before and since the first, and whether that is more than happens by itself. Nothing
/// for one measurement.
fn change(series: &Series) -> Option<Markup> {
    let since_last = words::since_last(series)?;
    let (latest, decimals) = (series.latest(), series.decimals());
    let item = |label: Phrase, sentence: String| {
        classed("div", "change__item")
            .with(classed("h3", "change__label").text(label))
            .with(classed("p", "change__words").text(sentence))
    };
    let expected = expected(series);
    let last = item(Phrase::ChangeLast, since_last)
        .with_all(expected.map(|expected| {
            classed("p", "change__variation").text(words::variation(&expected, latest, decimals))
        }))
        .with_all(expected.map(|expected| cited(expected.variation.source)));
    let first = words::since_first(series).map(|sentence| item(Phrase::ChangeFirst, sentence));
    let why = expected.map(|expected| {
        classed("details", "change__why")
            .with(element("summary").text(Phrase::VariationTitle))
            .with(element("p").text(words::worked_out(&expected)))
    });
    Some(
        classed("section", "change")
            .attr("aria-labelledby", "what-changed")
            .with(
                classed("h2", "visually-hidden")
                    .attr("id", "what-changed")
                    .text(Phrase::ChangeTitle),
            )
            .with(last)
            .with_all(first)
            .with_all(why),
    )
}

fn measurements(series: &Arc<Series>) -> Markup {
    let head = classed("div", "group__head")
        .with(
            classed("h2", "group__title")
                .attr("id", "all-measurements")
                .text(Phrase::DetailMeasurements),
        )
        .with(classed("span", "group__note").text(words::whole(series.points.len())));
    let caption = Phrase::DetailMeasurementsOf.fill(&[&series.name]);
    classed("section", "group")
        .attr("aria-labelledby", "all-measurements")
        .with(head)
        .with(measurements_table(Arc::clone(series), caption, false))
}

/// What it is, where that is from, and what belongs to it.
fn aside(results: &Results, series: &Series, href: fn(&str) -> String) -> Markup {
    let unknown = Phrase::DetailUnknown.text();
    let what = series.entry.map_or(unknown, |entry| entry.explanation);
    let source = series.entry.and_then(|entry| entry.source);
    classed("aside", "detail__aside")
        .with(classed("h2", "detail__heading").text(Phrase::DetailWhat))
        .with(element("p").text(what))
        .with_all(source.map(cited))
        .with_all(related(results, series, href))
}

/// A source as text: no link leads out of the app.
fn cited(source: &Source) -> Markup {
    let url =
        (!source.url.is_empty()).then(|| classed("span", "cited__url").with(isolated(source.url)));
    classed("p", "cited")
        .text(words::cited(source))
        .text(" ")
        .with_all(url)
}

#[cfg(test)]
mod tests;
