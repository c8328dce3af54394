//! The sentences of the report: two draws beside each other, and what stands in the cells of its table.

use loop_contracts::time::Timestamp;

use super::{counted, whole};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::Text;
use crate::views::report_grid::{Compared, Pair, Tally};

fn long(at: Timestamp) -> String {
    format::date(at, DateStyle::Long)
}

/// The takeaway: how many results moved by more than normal variation between two draws.
pub fn compared(tally: Tally, pair: Pair, is_newest: bool) -> String {
    let (earlier, later) = (long(pair.earlier), long(pair.later));
    let Tally {
        both,
        known,
        beyond,
    } = tally;
    if known == 0 {
        return Phrase::ReportNoneKnown.fill(&[&earlier, &later]);
    }
    let sentence = if is_newest {
        Phrase::ReportSince
    } else {
        Phrase::ReportBetween
    };
    let first = sentence.count(known, &[&whole(beyond), &whole(known), &earlier, &later]);
    match both - known {
        0 => first,
        rest => first + " " + &counted(Phrase::ReportRest, rest),
    }
}

/// Why nothing is compared.
pub fn nothing_to_compare(only: Option<Timestamp>) -> Text {
    match only {
        Some(at) => Phrase::ReportOneDraw.fill(&[&long(at)]).into(),
        None => Phrase::ReportNoDraw.into(),
    }
}

/// The caption of the table of two draws.
pub fn pair(pair: Pair) -> String {
    Phrase::ReportPair.fill(&[&long(pair.later), &long(pair.earlier)])
}

/// What paper has no room for: draws before the last one that is shown, and what has no date.
pub fn paper_draws(columns: usize, last: Option<&Timestamp>, has_undated: bool) -> String {
    let last = last.map_or(String::new(), |at| format::date(*at, DateStyle::Short));
    let sentence = if has_undated {
        Phrase::ReportPaperUndated
    } else {
        Phrase::ReportPaper
    };
    sentence.count(columns, &[&whole(columns), &last])
}

/// How two measurements differ, in neutral words: `+28`, `+28%`, `within normal variation`.
pub fn difference(compared: &Compared<'_>, decimals: u8) -> Vec<Text> {
    let Some(change) = compared.change else {
        let is_one_unit = compared.earlier.same_unit(compared.later);
        let why = if is_one_unit {
            Phrase::DiffNoNumbers
        } else {
            Phrase::DiffOtherUnit
        };
        return vec![why.into()];
    };
    if change.difference == 0.0 {
        return vec![Phrase::DiffNone.into()];
    }
    let places = |value: Option<f64>| format::places(value.unwrap_or_default(), decimals);
    let places = places(compared.earlier.value.number()).max(places(compared.later.value.number()));
    let sign = if change.difference > 0.0 { "+" } else { "−" };
    let signed = |size: &str| Text::from([sign, size].concat());
    let size = format::rounded(change.difference.abs(), places).unwrap_or_default();
    let mut lines = vec![signed(&size)];
    match change.ratio.map(f64::abs) {
        Some(ratio) if ratio >= 10.0 => lines.push(Phrase::DiffTenfold.into()),
        Some(ratio) if ratio >= 0.005 => lines.push(signed(&format::percent(ratio))),
        _ => {}
    }
    if let Some(expected) = &compared.expected {
        let word = if expected.is_within {
            Phrase::DiffWithin
        } else {
            Phrase::DiffBeyond
        };
        lines.push(word.into());
    }
    lines
}
