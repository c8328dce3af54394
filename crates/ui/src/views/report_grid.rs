//! All results as a table: a row a biomarker, a column a draw, and two draws beside each other.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

mod pair;
mod table;
mod tools;

pub use self::pair::{Compared, Pair, Tally};

use self::table::table;
use self::tools::{key, tools};
use super::biomarker_list::Order;
use super::draw;
use super::drawing::Drawing;
use super::overview::{critical, foot, loaded, unreadable};
use super::series::{Group, Results};
use super::states::empty_results;
use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element};

/// Draws before the button that shows more.
const DRAWS: usize = 12;
/// Columns that fit on paper, as `report.css` has it.
const PAPER: usize = 8;
/// The id of the region that scrolls.
const REGION: &str = "report";

/// What the table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All draws, and all results.
    #[default]
    Draws,
    /// Two draws, and all results.
    Pair,
    /// Two draws, and what was measured in both.
    Both,
    /// Two draws, and what changed: see [`Compared::has_changed`].
    Changed,
}

impl Shown {
    /// At its place in [`View::shown`].
    pub const ALL: [Self; 4] = [Self::Draws, Self::Pair, Self::Both, Self::Changed];
}

/// What a person chose to see. For memory only: which dates somebody compares is nobody's business. Places in place of types of
/// their own, because each type of signal has its own code in the download.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// A place in [`Shown::ALL`].
    pub shown: RwSignal<usize>,
    /// Which two draws: places in [`draw::draws`], in any order. While both are the same, or one is no draw, it is the newest and
    /// the one before.
    pub pair: [RwSignal<usize>; 2],
}

impl View {
    /// Forgets what was chosen.
    pub fn reset(self) {
        self.shown.set(0);
        self.choose([0, 0]);
    }

    fn choose(self, places: [usize; 2]) {
        self.pair[0].set(places[0]);
        self.pair[1].set(places[1]);
    }

    /// Reactive.
    fn is_pair(self) -> bool {
        self.shown.get() > 0
    }
}

/// What the report shows, and what moves it.
pub struct ReportGrid {
    /// As the list has them.
    pub results: Arc<Results>,
    /// How many entries of the platform's answer could not be read.
    pub unreadable: usize,
    /// When the results were loaded; `None` hides the line.
    pub loaded_at: Option<Timestamp>,
    /// The time now.
    pub now: RwSignal<Timestamp>,
    /// What the person chose. The caller's signals, so that they outlive the report.
    pub view: View,
    /// The address of one biomarker, from its code. The code may be untrusted text: encode it.
    pub href: fn(&str) -> String,
}

/// The draws, and which of them are compared.
struct Draws {
    /// By the times of their newest samples, newest first.
    at: Vec<Timestamp>,
    /// The place of the newest one that has come.
    newest: usize,
    /// Whether there are measurements whose date could not be read.
    has_undated: bool,
}

impl Draws {
    fn new(results: &Results, now: Timestamp) -> Self {
        let at = draw::draws(results);
        let mut has_undated = false;
        for series in results.iter() {
            has_undated |= series.dated().len() < series.points.len();
        }
        Self {
            newest: draw::newest(&at, now),
            at,
            has_undated,
        }
    }

    /// The places of the two that are compared: those chosen, or else the newest and the one before. `None` with fewer than two.
    /// Reactive.
    fn chosen(&self, view: View) -> Option<[usize; 2]> {
        let usual = if self.newest + 1 < self.at.len() {
            [self.newest, self.newest + 1]
        } else {
            [self.newest.checked_sub(1)?, self.newest]
        };
        let chosen = [view.pair[0].get(), view.pair[1].get()];
        let is_one = chosen[0] != chosen[1] && chosen[0].max(chosen[1]) < self.at.len();
        Some(if is_one { chosen } else { usual })
    }

    fn pair(&self, view: View) -> Option<Pair> {
        let [one, other] = self.chosen(view)?;
        Some(Pair {
            later: self.at[one.min(other)],
            earlier: self.at[one.max(other)],
        })
    }
}

/// All results of a person as a table.
pub fn report_grid(report: ReportGrid) -> Markup {
    let ReportGrid {
        results,
        now,
        view,
        href,
        ..
    } = report;
    let total = results.counts.total;
    let draws = Arc::new(Draws::new(&results, now.get_untracked()));
    let page = classed("div", "report").with(
        classed("h1", "page__title")
            .attr("tabindex", "-1")
            .text(Phrase::Report),
    );
    let foot = foot(results.units);
    if total == 0 {
        return page
            .with_all(unreadable(report.unreadable))
            .with(empty_results())
            .with(foot);
    }
    let lede = {
        let (results, draws) = (Arc::clone(&results), Arc::clone(&draws));
        move || {
            let Some(pair) = draws.pair(view) else {
                return words::nothing_to_compare(draws.at.first().copied());
            };
            let is_newest = pair.later == draws.at[draws.newest];
            words::compared(Tally::new(&results, pair), pair, is_newest).into()
        }
    };
    let page = page
        .with(classed("p", "lede").live_text(lede))
        .with_all(loaded(report.loaded_at, now))
        .with_all(unreadable(report.unreadable))
        .with_all(critical(&results, href));

    let drawing = Drawing::new();
    let columns = RwSignal::new(DRAWS);
    let left = drawing.count;
    let ordered = Arc::new(super::biomarker_list::ordered(&results, Order::System));
    let grid = {
        let draws = Arc::clone(&draws);
        move || {
            let pair = draws.pair(view).filter(|_| view.is_pair());
            let groups = match (pair, Shown::ALL.get(view.shown.get())) {
                (Some(pair), Some(shown @ (Shown::Both | Shown::Changed))) => {
                    Arc::new(among(&ordered, pair, *shown == Shown::Both))
                }
                _ => Arc::clone(&ordered),
            };
            Some(table(&draws, pair, columns.get(), &groups, drawing, href))
        }
    };
    // Paper has no button, and no room: without these words what is left out would seem not to exist.
    let paper = {
        let draws = Arc::clone(&draws);
        move || {
            let rows = drawing.shown();
            let mut cut = String::new();
            if rows < total {
                cut = words::shown_of(rows, total) + " ";
            }
            let count = draws.at.len() + usize::from(draws.has_undated);
            if !view.is_pair() && count > PAPER {
                cut += &words::paper_draws(PAPER, draws.at.get(PAPER - 1), draws.has_undated);
            }
            (!cut.is_empty()).then(|| classed("p", "print-only results__cut").text(cut))
        }
    };
    let region = classed("div", "report__scroll")
        .attr("id", REGION)
        .attr("role", "region")
        .attr("aria-label", Phrase::ReportTable)
        .attr("tabindex", "0")
        .live(grid);
    page.with_all((draws.at.len() > 1).then(|| tools(&draws, view, left, total)))
        .with(key())
        .live(paper)
        .with(region)
        .live(move || {
            (left.get() == 0).then(|| classed("p", "report__none").text(Phrase::ReportNothing))
        })
        .with(drawing.more())
        .with_all((draws.at.len() > DRAWS).then(|| more_draws(draws.at.len(), columns, view)))
        .with(foot.with(element("p").text(Phrase::ReportFoot)))
        .made(move |_| drawing.ready_for_paper())
}

/// The rows of two draws that are left.
fn among(groups: &[Group], pair: Pair, is_any: bool) -> Vec<Group> {
    let mut out = Vec::new();
    for group in groups {
        let mut left = Vec::new();
        for series in &group.rows {
            let compared = Compared::new(series, pair);
            if compared.is_some_and(|it| is_any || it.has_changed()) {
                left.push(Arc::clone(series));
            }
        }
        if !left.is_empty() {
            out.push(Group {
                rows: left,
                ..*group
            });
        }
    }
    out
}

/// What stands below columns that are cut: how many are shown, and a button for more.
fn more_draws(total: usize, columns: RwSignal<usize>, view: View) -> Markup {
    let is_cut = move || columns.get() < total;
    let more = move || {
        columns.set(columns.get_untracked() + DRAWS);
        // A button that goes away loses the focus.
        let region = (!is_cut()).then(|| document().get_element_by_id(REGION));
        if let Some(region) = region
            .flatten()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        {
            let _ = region.focus();
        }
    };
    let said = move || {
        let shown = columns.get().min(total);
        let values = [shown, total].map(words::whole);
        Phrase::ReportShown
            .count(total, &[&values[0], &values[1]])
            .into()
    };
    classed("p", "results__more")
        .live_attr("hidden", move || {
            (view.is_pair() || !is_cut()).then(|| "".into())
        })
        .with(element("span").live_text(said))
        .with(
            button("button")
                .text(words::counted(Phrase::ReportMore, DRAWS))
                .on_click(more),
        )
}

#[cfg(test)]
mod tests;
