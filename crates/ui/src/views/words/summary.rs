//! The generated sentences: the takeaway of the list, the takeaway of a chart, the line under a sparkline.

use std::sync::Arc;

use loop_contracts::clinical::BiomarkerStatus;

use super::{amount, bound_of, counted, in_sentence, listed, whole, with_unit};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::views::series::{Change, Counts, Measurement, Results, Series, is_outside};

/// The first half of the list's takeaway: how many are in range.
pub fn in_range(counts: Counts) -> String {
    let Counts {
        in_range, total, ..
    } = counts;
    if in_range == total {
        return counted(Phrase::ListAllIn, total);
    }
    match in_range {
        0 => counted(Phrase::ListNoneIn, total),
        some => Phrase::ListSomeIn.count(some, &[&whole(some), &whole(total)]),
    }
}

/// The second half of the list's takeaway: what needs attention.
pub fn attention(results: &Results) -> String {
    let those = |wanted: fn(&BiomarkerStatus) -> bool| -> Vec<&Arc<Series>> {
        let is_wanted = |series: &&Arc<Series>| wanted(&series.latest().status);
        results.iter().filter(is_wanted).collect()
    };
    let critical = those(|status| *status == BiomarkerStatus::Critical);
    let count = critical.len();
    let mut out = match count {
        0 => String::new(),
        1..=4 => Phrase::ListCritical.count(count, &[&amount(count), &names(&critical, false)]),
        _ => Phrase::ListCriticalMany.count(count, &[&amount(count)]),
    };
    let outside = those(|status| matches!(status, BiomarkerStatus::Low | BiomarkerStatus::High));
    let (phrase, said) = match (outside.len(), critical.is_empty()) {
        (0, _) => return out,
        (1..=3, _) => (Phrase::ListOutside, names(&outside, true)),
        (many, true) => (Phrase::ListOutside, amount(many)),
        (many, false) => (Phrase::ListOutsideMore, amount(many)),
    };
    if !out.is_empty() {
        out.push(' ');
    }
    out + &phrase.count(outside.len(), &[&said])
}

/// Names as they stand inside a sentence, or at its beginning. Only names of the catalogue lose their capital: another may be
/// a proper name.
fn names(rows: &[&Arc<Series>], is_first: bool) -> String {
    let mut names = Vec::new();
    for (place, series) in rows.iter().enumerate() {
        let is_as_it_is = series.entry.is_none() || (is_first && place == 0);
        names.push(if is_as_it_is {
            series.name.clone()
        } else {
            in_sentence(&series.name)
        });
    }
    listed(&names, Phrase::ListLast)
}

/// A change in neutral words: `up 12%`, `down 8%`, `unchanged`; with a capital where it begins a sentence.
fn moved(change: &Change, latest: &Measurement, is_first: bool) -> String {
    let mut size = String::new();
    let [up, down] = match change.ratio {
        _ if change.difference == 0.0 => [[Phrase::MovedNot, Phrase::MovedNotFirst]; 2],
        Some(ratio) if ratio.abs() < 0.005 => [[Phrase::MovedHardly, Phrase::MovedHardlyFirst]; 2],
        Some(ratio) if ratio.abs() >= 10.0 => [
            [Phrase::MovedUpTenfold, Phrase::MovedUpTenfoldFirst],
            [Phrase::MovedDownTenfold, Phrase::MovedDownTenfoldFirst],
        ],
        Some(ratio) => {
            size = format::percent(ratio.abs());
            [
                [Phrase::MovedUp, Phrase::MovedUpFirst],
                [Phrase::MovedDown, Phrase::MovedDownFirst],
            ]
        }
        None => {
            size = with_unit(bound_of(latest, change.difference.abs()), &latest.unit);
            [
                [Phrase::MovedUpBy, Phrase::MovedUpByFirst],
                [Phrase::MovedDownBy, Phrase::MovedDownByFirst],
            ]
        }
    };
    let way = if change.difference > 0.0 { up } else { down };
    way[usize::from(is_first)].fill(&[&size])
}

/// How far a value moved, behind its name: `up 12%`. Empty where there are no two numbers.
pub fn moved_by(series: &Series) -> String {
    let change = series.change();
    change.map_or(String::new(), |change| {
        moved(&change, series.latest(), false)
    })
}

/// A sentence of how a value moved, and since when.
pub(super) fn since(phrase: Phrase, change: &Change, series: &Series, style: DateStyle) -> String {
    phrase.fill(&[
        &moved(change, series.latest(), phrase != Phrase::MovedSince),
        &format::date(change.since, style),
    ])
}

/// The line under a sparkline: `down 8% since Nov 2025`; what stands there when there is nothing to compare.
pub fn since_previous(series: &Series) -> String {
    if let Some(change) = series.change() {
        return since(Phrase::MovedSince, &change, series, DateStyle::MonthYear);
    }
    let why = if series.unit_changed() {
        Phrase::MovedOtherUnit
    } else if series.points.len() == 1 {
        Phrase::MovedOnce
    } else {
        Phrase::MovedNoNumber
    };
    why.text().to_owned()
}

/// The takeaway above the chart. Neutral about direction, and only the platform's word about the range.
pub fn takeaway(series: &Series) -> String {
    let latest = series.latest();
    let Some(change) = series.change_since_first() else {
        let date = latest.at.map(|at| format::date(at, DateStyle::Long));
        let phrase = match date {
            _ if series.unit_changed() => Phrase::TrendUnits,
            Some(_) => Phrase::TrendLatest,
            None => Phrase::TrendUndated,
        };
        let count = series.points.len();
        return phrase.count(count, &[&amount(count), &date.unwrap_or_default()]);
    };
    let was = series.previous().map(|previous| &previous.status);
    let same = was == Some(&latest.status);
    let sentence = match latest.status {
        BiomarkerStatus::Normal if same => Phrase::TrendNormalStill,
        BiomarkerStatus::Normal if was.is_some_and(is_outside) => Phrase::TrendNormalNow,
        BiomarkerStatus::Normal => Phrase::TrendNormal,
        BiomarkerStatus::High if same => Phrase::TrendHighStill,
        BiomarkerStatus::Low if same => Phrase::TrendLowStill,
        BiomarkerStatus::High => Phrase::TrendHighNow,
        BiomarkerStatus::Low => Phrase::TrendLowNow,
        BiomarkerStatus::Critical if same => Phrase::TrendCriticalStill,
        BiomarkerStatus::Critical => Phrase::TrendCriticalNow,
        _ => Phrase::ChangeSince,
    };
    since(sentence, &change, series, DateStyle::MonthYear)
}
