//! One biomarker: the value as the largest thing on the page, its range and where that comes from, the trend, every
//! measurement, and what it is.

use std::sync::Arc;

use loop_contracts::clinical::{BiomarkerStatus, Measured};

use super::number_line::number_line;
use super::series::Series;
use super::states::{critical_notice, status_badge};
use super::trend::table::measurements_table;
use super::trend::trend;
use super::words;
use crate::format::DateStyle;
use crate::markup::{Markup, Text, classed, element, isolated, link};

/// One biomarker with all its measurements. `back_href` is where the list is.
pub fn biomarker_detail(series: &Arc<Series>, back_href: impl Into<Text>) -> Markup {
    let what = series
        .entry
        .map_or(words::UNKNOWN_BIOMARKER, |entry| entry.explanation);
    let critical = (series.latest().status == BiomarkerStatus::Critical).then(critical_notice);
    let aside = classed("aside", "detail__aside")
        .with(classed("h2", "detail__heading").text("What it is"))
        .with(element("p").text(what));
    let head = classed("div", "group__head")
        .with(
            classed("h2", "group__title")
                .attr("id", "all-measurements")
                .text("All measurements"),
        )
        .with(classed("span", "group__note").text(words::whole(series.points.len())));
    let caption = format!("All measurements of {}", series.name);
    let measurements = classed("section", "group")
        .attr("aria-labelledby", "all-measurements")
        .with(head)
        .with(measurements_table(Arc::clone(series), caption, false));
    classed("article", "detail")
        .with(link("back", back_href).text("All results"))
        .with(hero(series))
        .with_all(critical)
        .with(
            classed("div", "detail__body")
                .with(trend(series))
                .with(aside),
        )
        .with(measurements)
        .with(classed("footer", "results__foot").with(element("p").text(words::NOT_A_DIAGNOSIS)))
}

/// Name, value, status, date; the number line and where its range comes from.
fn hero(series: &Series) -> Markup {
    let latest = series.latest();
    let decimals = series.decimals();
    let value = words::value(&latest.value, decimals);
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
            .with(classed("bdi", "hero__unit").text(latest.unit.clone()));
    }
    let lab_name = (!series.lab_name.is_empty()).then(|| {
        classed("p", "detail__lab-name")
            .text("Lab name: ")
            .with(isolated(series.lab_name.clone()))
    });
    let left = classed("div", "hero__value")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .with(isolated(series.name.clone())),
        )
        .with_all(lab_name)
        .with(number)
        .with(
            classed("p", "hero__status")
                .with(status_badge(&latest.status))
                .with(classed("span", "hero__date").text(words::date(latest, DateStyle::Long))),
        );
    let provenance = latest
        .range
        .is_drawable()
        .then(|| classed("p", "hero__provenance").text(words::provenance(latest)));
    let right = classed("div", "hero__range")
        .with(number_line(&series.name, latest, decimals, true))
        .with_all(provenance);
    classed("header", "hero").with(left).with(right)
}
