//! The sentences of the report: two draws beside each other, and what stands in the cells of its table.

use loop_contracts::time::Timestamp;

use super::whole;
use crate::format::{self, DateStyle};
use crate::views::report_grid::{Compared, Pair, Tally};

/// The name of the table.
pub const REPORT_TABLE: &str = "Results by date";
/// The head of the column of what has no date.
pub const NO_DATE: &str = "No readable date";
/// In an empty cell, for somebody who does not see the dash.
pub const NOT_MEASURED: &str = "not measured";
/// In an empty cell of the changes.
pub const NOT_IN_BOTH: &str = "not measured on both dates";
/// When the choice of rows leaves none.
pub const NOTHING_CHANGED: &str = "No result is left: choose other dates, or all results.";
/// The button below columns that are cut.
pub const MORE_DRAWS: &str = "Show 12 more draws";
/// Below the table.
pub const REPORT_FOOT: &str = "The page of each result says what normal variation is, and its source. A result counts as changed when its status is \
     another one, or when its value moved by more than that; by anything where it is not known.";

/// The takeaway: how many results moved by more than normal variation between two draws.
pub fn compared(tally: Tally, pair: Pair, is_newest: bool) -> String {
    let long = |at: Timestamp| format::date(at, DateStyle::Long);
    let (earlier, later) = (long(pair.earlier), long(pair.later));
    let Tally {
        both,
        known,
        beyond,
    } = tally;
    if known == 0 {
        return format!(
            "No result that was measured both on {earlier} and on {later} has a normal variation that is known."
        );
    }
    let span = if is_newest {
        format!("since {earlier}")
    } else {
        format!("between {earlier} and {later}")
    };
    let first = format!(
        "{} of {} changed by more than normal variation {span}.",
        whole(beyond),
        super::found(known)
    );
    match both - known {
        0 => first,
        rest => format!(
            "{first} For {} more, normal variation is not known or cannot be applied.",
            whole(rest)
        ),
    }
}

/// Why nothing is compared.
pub fn nothing_to_compare(only: Option<Timestamp>) -> String {
    match only {
        Some(at) => format!(
            "One draw so far, of {}: there is nothing to compare with yet.",
            format::date(at, DateStyle::Long)
        ),
        None => "No date could be read, so there is nothing to compare.".to_owned(),
    }
}

/// The caption of the table of all draws.
pub fn by_draw(count: usize) -> String {
    format!("Results by date, newest first. Draws: {}.", whole(count))
}

/// The caption of the table of two draws.
pub fn pair(pair: Pair) -> String {
    let long = |at: Timestamp| format::date(at, DateStyle::Long);
    format!(
        "{} and {}, and the change",
        long(pair.later),
        long(pair.earlier)
    )
}

/// How many columns are shown.
pub fn draws_shown(shown: usize, total: usize) -> String {
    format!(
        "{} of {} draws shown, the newest.",
        whole(shown),
        whole(total)
    )
}

/// What paper has no room for: draws before the last one that is shown, and what has no date.
pub fn paper_draws(columns: usize, last: Option<&Timestamp>, has_undated: bool) -> String {
    let last = last.map_or(String::new(), |at| format::date(*at, DateStyle::Short));
    let undated = if has_undated {
        ", and what has no readable date"
    } else {
        ""
    };
    format!(
        "Paper has room for {} columns. Left out: draws before {last}{undated}.",
        whole(columns)
    )
}

/// How two measurements differ, in neutral words: `+28`, `+28%`, `within normal variation`.
pub fn difference(compared: &Compared<'_>, decimals: u8) -> Vec<String> {
    let Some(change) = compared.change else {
        let why = if compared.earlier.same_unit(compared.later) {
            "no two numbers"
        } else {
            "another unit"
        };
        return vec![why.to_owned()];
    };
    let places = |value: Option<f64>| format::places(value.unwrap_or_default(), decimals);
    let places = places(compared.earlier.value.number()).max(places(compared.later.value.number()));
    let sign = if change.difference > 0.0 { '+' } else { '−' };
    let mut lines = Vec::new();
    if change.difference == 0.0 {
        lines.push("no change".to_owned());
    } else {
        let size = format::rounded(change.difference.abs(), places).unwrap_or_default();
        lines.push(format!("{sign}{size}"));
        match change.ratio.map(f64::abs) {
            Some(ratio) if ratio >= 10.0 => lines.push("more than tenfold".to_owned()),
            Some(ratio) if ratio >= 0.005 => {
                lines.push(format!("{sign}{}", format::percent(ratio)));
            }
            _ => {}
        }
    }
    match &compared.expected {
        _ if change.difference == 0.0 => {}
        Some(expected) if expected.is_within => lines.push("within normal variation".to_owned()),
        Some(_) => lines.push("more than normal variation".to_owned()),
        None => {}
    }
    lines
}
