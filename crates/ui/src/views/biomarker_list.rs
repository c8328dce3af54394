//! All results: the overview, what narrows and orders them, and one row a biomarker under headings.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;

mod choice;
mod row;
mod rows;
mod tools;
mod visible;

pub use self::choice::{Choice, Filter, Order, SEARCH_MAX};

use self::rows::{ListRows, paper_heads};
use self::tools::{nothing, tools};
use self::visible::Visible;
pub(super) use self::visible::ordered;
use super::draw::Draw;
use super::drawing::Drawing;
use super::overview::{foot, overview};
use super::series::Results;
use super::states::empty_results;
use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, classed};

/// What the list shows, and what moves it.
pub struct BiomarkerList {
    /// Already grouped.
    pub results: Arc<Results>,
    /// How many entries of the platform's answer could not be read.
    pub unreadable: usize,
    /// When the results were loaded; `None` hides the line.
    pub loaded_at: Option<Timestamp>,
    /// The time now.
    pub now: RwSignal<Timestamp>,
    /// What the person chose. The caller's signal, so that it outlives the list.
    pub choice: RwSignal<Choice>,
    /// Draws all rows at once, as is right for somebody who comes back to a place far down.
    pub is_return: bool,
    /// The address of one biomarker, from its code. The code may be untrusted text: encode it.
    pub href: fn(&str) -> String,
}

/// All results of a person.
pub fn biomarker_list(list: BiomarkerList) -> Markup {
    let counts = list.results.counts;
    let draw = Draw::newest(&list.results, list.now.get_untracked());
    let page = classed("div", "results")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text(Phrase::YourResults),
        )
        .with(overview(&list, draw.as_ref()));
    let foot = foot(list.results.units);
    if counts.total == 0 {
        return page.with(empty_results()).with(foot);
    }

    let choice = list.choice;
    let drawing = Drawing::new();
    let results = list.results;
    let tools_of = (Arc::clone(&results), draw.clone());
    let shown = Memo::new(move |before: Option<&Visible>| {
        Visible::new(&results, draw.as_ref(), &choice.read(), before)
    });
    let rows = move || {
        let place = classed("div", "results__groups").with(paper_heads());
        let rows = Box::new(ListRows {
            total: counts.total,
            href: list.href,
        });
        Some(drawing.rows(place, &shown.read().groups, rows, list.is_return))
    };
    // Paper has no filter to look at: without these words what is left out would seem not to exist.
    let cut = move || {
        let shown = drawing.shown();
        (shown < counts.total).then(|| {
            classed("p", "print-only results__cut").text(words::shown_of(shown, counts.total))
        })
    };
    page.with(tools(&tools_of.0, tools_of.1.as_ref(), choice, shown))
        .live(cut)
        .live(rows)
        .live(move || (shown.read().count == 0).then(|| nothing(choice)))
        .with(drawing.more())
        .with(foot)
        .made(move |_| drawing.ready_for_paper())
}

#[cfg(test)]
mod tests;
