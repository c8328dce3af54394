//! Biomarkers that are worth looking at together with one: those of which the person has results.

use crate::language::Phrase;
use crate::markup::{Markup, classed, element, isolated, link};
use crate::views::series::{Results, Series};
use crate::views::states::status_badge;
use crate::views::words;

/// More than this is no hint any more.
const MOST: usize = 6;

/// Name, latest value and status of each; `None` when the person has results of none.
pub(super) fn related(
    results: &Results,
    series: &Series,
    href: fn(&str) -> String,
) -> Option<Markup> {
    let mut found: Vec<&Series> = Vec::new();
    for code in &series.entry?.related {
        // A code may be unknown, or mean one that is there already.
        if let Some(other) = results.find(code)
            && other.code != series.code
            && found.iter().all(|known| known.code != other.code)
            && found.len() < MOST
        {
            found.push(other);
        }
    }
    let rows = found.iter().map(|other| {
        let value = words::value_with_unit(other.latest(), other.decimals());
        classed("li", "related__item")
            .with(link("related__link", href(&other.code)).with(isolated(other.name.clone())))
            .with(classed("bdi", "related__value").text(value))
            .with(status_badge(&other.latest().status))
    });
    (!found.is_empty()).then(|| {
        element("section")
            .attr("aria-labelledby", "related")
            .with(
                classed("h2", "detail__heading")
                    .attr("id", "related")
                    .text(Phrase::DetailRelated),
            )
            .with(classed("ul", "related").attr("role", "list").with_all(rows))
    })
}
