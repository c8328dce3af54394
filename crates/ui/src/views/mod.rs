//! Lab results, from data to pixels. Pure parts first, components on top of them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`series`] | pure: results → one series a biomarker, grouped and counted |
//! | [`units`] | pure: a whole series told in another unit, with a known factor |
//! | [`change`] | pure: is a change larger than what happens by itself |
//! | [`draw`] | pure: the newest draw, and what is new in it |
//! | [`notes`] | pure: what changed in how it was measured |
//! | [`words`] | pure: which phrase is said of what |
//! | [`number_line`] | the value on its range (`number_line::geometry` is pure) |
//! | [`sparkline`] | the last measurements in a row of the list |
//! | [`trend`] | the chart of one biomarker (`trend::geometry`, `trend::scale`, `trend::ticks` are pure) |
//! | [`overview`] | the top of the results: takeaway, what is critical and what to do, what changed |
//! | [`biomarker_list`] | all results: overview, filters, search, order, groups |
//! | [`report_grid`] | biomarkers × draws as a table, and two draws beside each other |
//! | [`biomarker_detail`] | one biomarker: value, unit switch, range, change, trend, all measurements, what it is, what belongs to it |
//! | [`select`] | a choice of one of a few |
//! | [`care`] | safety flags, recommendations, check-ins and their form, protocols |
//! | [`states`] | skeletons, empty, notice, status badge |
//!
//! The views show what the platform said. They never recompute a status, never mix units and never hide what is missing. What
//! they add is from the catalogue and says its source: another unit with its factor, the normal variation, where doctors act.

pub mod biomarker_detail;
pub mod biomarker_list;
pub mod care;
pub mod change;
pub mod draw;
mod drawing;
pub mod notes;
pub mod number_line;
pub mod overview;
mod paths;
pub mod rehearsal;
pub mod report_grid;
pub mod select;
pub mod series;
mod sorting;
pub mod sparkline;
pub mod states;
pub mod trend;
pub mod units;
pub mod words;

/// `value`, or the end that it is beyond; `high` where the ends are the wrong way round, as in a picture without room.
/// `f64::clamp` would panic there, and its message would bring the printing of floats into the download.
pub(crate) fn within(value: f64, low: f64, high: f64) -> f64 {
    value.max(low).min(high)
}
