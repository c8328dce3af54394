//! Which rows are left, in which order, under which headings. Pure.

use std::sync::Arc;

use loop_contracts::clinical::BiomarkerStatus;

use super::choice::{Choice, Filter, Order, SEARCH_MAX};
use crate::format::{clean, lowercase};
use crate::views::draw::Draw;
use crate::views::series::{Group, Results, Series, UNKNOWN, is_outside};
use crate::views::sorting::sort;

/// What filter and search leave.
#[derive(Clone, Debug)]
pub(super) struct Visible {
    /// In the order of the list, none empty.
    pub(super) groups: Arc<Vec<Group>>,
    /// Rows of all groups together.
    pub(super) count: usize,
    choice: Choice,
    /// All rows in that order: a letter more in the search sorts nothing anew.
    ordered: Arc<Vec<Group>>,
}

/// Never equal: it is made anew only when something changed, and comparing thousands of results would cost more than
/// drawing the rows.
impl PartialEq for Visible {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Visible {
    /// The groups that pass. Every word of the search must occur. `before` is what was visible before, of the same results.
    pub(super) fn new(
        results: &Results,
        draw: Option<&Draw>,
        choice: &Choice,
        before: Option<&Self>,
    ) -> Self {
        let ordered = match before {
            Some(before) if before.choice.order == choice.order => Arc::clone(&before.ordered),
            _ => Arc::new(ordered(results, choice.order)),
        };
        if !choice.is_narrow() {
            return Self {
                groups: Arc::clone(&ordered),
                count: results.counts.total,
                choice: choice.clone(),
                ordered,
            };
        }
        // A letter more leaves fewer of those that were left.
        let among = match before {
            Some(before) if choice.is_narrower(&before.choice) => &before.groups,
            _ => &ordered,
        };
        // Names are without invisible characters, so a search that was pasted with some is as well.
        let search = lowercase(&clean(&choice.search, SEARCH_MAX));
        let words: Vec<&str> = search.split(' ').filter(|word| !word.is_empty()).collect();
        let system = choice.system_in(results);
        let passes = |series: &Series| {
            let status = &series.latest().status;
            (match choice.filter {
                Filter::All => true,
                Filter::OutOfRange => is_outside(status),
                Filter::InRange => *status == BiomarkerStatus::Normal,
                Filter::Other => !is_outside(status) && *status != BiomarkerStatus::Normal,
                Filter::Changed => draw.is_some_and(|draw| draw.moved(series).is_some()),
            }) && system.is_none_or(|system| results.system_of(series).0 == system)
                && series.matches(&words)
        };
        let mut groups = Vec::new();
        let mut count = 0;
        for group in among.iter() {
            let rows: Vec<Arc<Series>> = group
                .rows
                .iter()
                .filter(|series| passes(series))
                .cloned()
                .collect();
            count += rows.len();
            if !rows.is_empty() {
                groups.push(Group { rows, ..*group });
            }
        }
        Self {
            groups: Arc::new(groups),
            count,
            choice: choice.clone(),
            ordered,
        }
    }
}

/// All rows in an order.
pub(in crate::views) fn ordered(results: &Results, order: Order) -> Vec<Group> {
    if order == Order::OutsideFirst {
        return results.groups.clone();
    }
    let rows: Vec<&Arc<Series>> = results.iter().collect();
    // The larger, the further up; what has none stands last.
    let keys: Vec<f64> = rows
        .iter()
        .map(|series| key(results, series, order))
        .collect();
    let mut places: Vec<usize> = (0..rows.len()).collect();
    sort(&mut places, &mut |a, b| match order {
        Order::Name => rows[a].search_text().cmp(rows[b].search_text()),
        _ => keys[b].total_cmp(&keys[a]),
    });
    let mut groups: Vec<Group> = Vec::new();
    for place in places {
        let series = Arc::clone(rows[place]);
        let (id, title) = match order {
            Order::System => results.system_of(&series),
            _ => (UNKNOWN, order.name()),
        };
        match groups.last_mut() {
            Some(group) if group.id == id => group.rows.push(series),
            _ => groups.push(Group {
                id,
                title,
                rows: vec![series],
            }),
        }
    }
    groups
}

/// What an order goes by, as a number.
#[expect(
    clippy::cast_precision_loss,
    reason = "every readable date is far below 2^53 milliseconds, and so are the body systems"
)]
fn key(results: &Results, series: &Series, order: Order) -> f64 {
    let known = match order {
        Order::System => results
            .catalogue
            .system_place(results.system_of(series).0)
            .map(|place| -(place as f64)),
        Order::Newest => series.latest().at.map(|at| at.0 as f64),
        _ => series
            .change()
            .and_then(|change| change.ratio)
            .map(f64::abs),
    };
    known.unwrap_or(f64::NEG_INFINITY)
}
