//! The generated sentences: the takeaway of the list, the takeaway of a chart, the line under a sparkline.

use loop_contracts::clinical::BiomarkerStatus;

use super::{amount, bound_of, capital, enumerate, named, whole};
use crate::format::{self, DateStyle};
use crate::views::series::{Change, Counts, Measurement, Results, Series, is_outside};

/// The first half of the list's takeaway: how many are in range.
pub fn in_range(counts: Counts) -> String {
    match (counts.in_range, counts.total) {
        (1, 1) => "Your one result is in range.".to_owned(),
        (0, 1) => "One result so far.".to_owned(),
        (all, total) if all == total => format!("All {} are in range.", whole(total)),
        (0, total) => format!("None of {} is in range.", whole(total)),
        (1, total) => format!("1 of {} is in range.", whole(total)),
        (some, total) => format!("{} of {} are in range.", whole(some), whole(total)),
    }
}

/// The second half of the list's takeaway: what needs attention.
pub fn attention(results: &Results) -> String {
    let names = |wanted: fn(&BiomarkerStatus) -> bool| -> Vec<String> {
        let is_wanted = |series: &&std::sync::Arc<Series>| wanted(&series.latest().status);
        results
            .iter()
            .filter(is_wanted)
            .map(|series| named(series))
            .collect()
    };
    let critical = names(|status| *status == BiomarkerStatus::Critical);
    let mut out = match critical.len() {
        0 => String::new(),
        1 => format!("One result, {}, is critical.", critical[0]),
        2..=4 => format!(
            "{} results, {}, are critical.",
            amount(critical.len()),
            enumerate(&critical)
        ),
        many => format!("{} results are critical.", amount(many)),
    };
    let outside = names(|status| matches!(status, BiomarkerStatus::Low | BiomarkerStatus::High));
    if !outside.is_empty() {
        if !out.is_empty() {
            out.push(' ');
        }
        let more = match (outside.len(), critical.is_empty()) {
            (1, _) => format!("{} is outside its range.", capital(&outside[0])),
            (2..=3, _) => format!("{} are outside their range.", capital(&enumerate(&outside))),
            (many, true) => format!("{} are outside their range.", amount(many)),
            (many, false) => format!("{} more are outside their range.", amount(many)),
        };
        out.push_str(&more);
    }
    out
}

/// A change in neutral words: `up 12%`, `down 8%`, `unchanged`.
pub(super) fn moved(change: &Change, latest: &Measurement) -> String {
    let way = if change.difference > 0.0 {
        "up"
    } else {
        "down"
    };
    match change.ratio {
        _ if change.difference == 0.0 => "unchanged".to_owned(),
        Some(ratio) if ratio.abs() < 0.005 => "nearly unchanged".to_owned(),
        Some(ratio) if ratio.abs() >= 10.0 => format!("{way} more than tenfold"),
        Some(ratio) => format!("{way} {}", format::percent(ratio.abs())),
        None => {
            let difference = bound_of(latest, change.difference.abs());
            format!("{way} by {difference} {}", latest.unit)
                .trim_end()
                .to_owned()
        }
    }
}

/// The line under a sparkline: `down 8% since Nov 2025`; what stands there when there is nothing to compare.
pub fn since_previous(series: &Series) -> String {
    match series.change() {
        Some(change) => format!(
            "{} since {}",
            moved(&change, series.latest()),
            format::date(change.since, DateStyle::MonthYear)
        ),
        None if series.unit_changed() => "measured in another unit before".to_owned(),
        None if series.points.len() == 1 => "measured once".to_owned(),
        None => "no number to compare".to_owned(),
    }
}

/// The takeaway above the chart. Neutral about direction, and only the platform's word about the range.
pub fn takeaway(series: &Series) -> String {
    let latest = series.latest();
    let Some(change) = series.change_since_first() else {
        return match (series.points.len(), latest.at) {
            (1, Some(at)) => format!("Measured once, on {}.", format::date(at, DateStyle::Long)),
            (1, None) => "Measured once.".to_owned(),
            (count, _) if series.unit_changed() => {
                format!("{} measurements, in more than one unit.", amount(count))
            }
            (count, Some(at)) => format!(
                "{} measurements, the latest on {}.",
                amount(count),
                format::date(at, DateStyle::Long)
            ),
            (count, None) => format!("{} measurements.", amount(count)),
        };
    };
    let moved = capital(&moved(&change, latest));
    let since = format::date(change.since, DateStyle::MonthYear);
    let was = series.previous().map(|previous| &previous.status);
    let same = was == Some(&latest.status);
    let place = match latest.status {
        BiomarkerStatus::Normal if same => ", and in range",
        BiomarkerStatus::Normal if was.is_some_and(is_outside) => ", and now in range",
        BiomarkerStatus::Normal => ", in range",
        BiomarkerStatus::High if same => ", and still above its range",
        BiomarkerStatus::Low if same => ", and still below its range",
        BiomarkerStatus::High => ", and now above its range",
        BiomarkerStatus::Low => ", and now below its range",
        BiomarkerStatus::Critical if same => ", and still critical",
        BiomarkerStatus::Critical => ", and now critical",
        _ => "",
    };
    format!("{moved} since {since}{place}.")
}
