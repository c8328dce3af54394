//! What changed between two draws, and what is said of it.

use loop_contracts::time::DateTime;

use super::*;
use crate::views::report_grid::tests::with;
use crate::views::series::tests::{grouped, result};
use crate::views::words;

fn at(date: &str) -> Timestamp {
    DateTime(date.to_owned()).timestamp().expect("a date")
}

#[test]
fn what_changed_is_the_status_the_value_or_the_unit() {
    let text = |text: &str| Measured::Text(text.to_owned());
    for (before, after, has_changed) in [
        (
            (Measured::Number(100.0), "normal", "mg/dL"),
            (Measured::Number(100.0), "normal", "mg/dL"),
            false,
        ),
        (
            (Measured::Number(100.0), "normal", "mg/dL"),
            (Measured::Number(120.0), "normal", "mg/dl"),
            false,
        ),
        (
            (Measured::Number(100.0), "normal", "mg/dL"),
            (Measured::Number(127.0), "normal", "mg/dL"),
            true,
        ),
        (
            (Measured::Number(100.0), "normal", "mg/dL"),
            (Measured::Number(101.0), "high", "mg/dL"),
            true,
        ),
        (
            (Measured::Number(100.0), "normal", "mg/dL"),
            (Measured::Number(100.0), "normal", "g/L"),
            true,
        ),
        (
            (text("<0.3"), "normal", "mg/dL"),
            (text("<0.3"), "normal", "mg/dL"),
            false,
        ),
        (
            (text("<0.3"), "normal", "mg/dL"),
            (text("<0.4"), "normal", "mg/dL"),
            true,
        ),
        (
            (text("<0.3"), "normal", "mg/dL"),
            (Measured::Number(0.3), "normal", "mg/dL"),
            true,
        ),
        (
            (Measured::Missing, "normal", "mg/dL"),
            (Measured::Missing, "normal", "g/L"),
            false,
        ),
        (
            (Measured::Number(-1e308), "normal", "mg/dL"),
            (Measured::Number(1e308), "normal", "mg/dL"),
            true,
        ),
    ] {
        let one = |date, (value, status, unit): (Measured, &str, &str)| {
            with("ldl", date, value, |result| {
                result.status = status.into();
                unit.clone_into(&mut result.unit);
            })
        };
        let said = format!("{before:?} {after:?}");
        let results = grouped(vec![one("2025-11-09", before), one("2026-03-03", after)]);
        let pair = Pair {
            later: at("2026-03-03"),
            earlier: at("2025-11-09"),
        };
        let compared = Compared::new(results.find("ldl").expect("there"), pair).expect("both");
        assert_eq!(compared.has_changed(), has_changed, "{said}");
    }
}

#[test]
fn the_takeaway_counts_what_is_known() {
    let said = |tally: (usize, usize, usize), is_newest| {
        let pair = Pair {
            later: at("2026-03-03"),
            earlier: at("2025-11-09"),
        };
        let tally = Tally {
            both: tally.0,
            known: tally.1,
            beyond: tally.2,
        };
        words::compared(tally, pair, is_newest)
    };
    for (tally, is_newest, words) in [
        (
            (24, 24, 5),
            true,
            "5 of 24 results changed by more than normal variation since 9 November 2025.",
        ),
        (
            (24, 24, 5),
            false,
            "5 of 24 results changed by more than normal variation between 9 November 2025 and 3 March 2026.",
        ),
        (
            (24, 20, 0),
            true,
            "0 of 20 results changed by more than normal variation since 9 November 2025. For 4 more, normal variation is not known or cannot be applied.",
        ),
        (
            (1, 1, 1),
            true,
            "1 of 1 result changed by more than normal variation since 9 November 2025.",
        ),
        (
            (2, 0, 0),
            true,
            "No result that was measured both on 9 November 2025 and on 3 March 2026 has a normal variation that is known.",
        ),
        (
            (0, 0, 0),
            true,
            "No result that was measured both on 9 November 2025 and on 3 March 2026 has a normal variation that is known.",
        ),
    ] {
        assert_eq!(said(tally, is_newest), words);
    }
}

#[test]
fn differences_have_the_digits_of_their_values_and_a_percentage_only_where_it_is_honest() {
    for (from, to, lines) in [
        (5.3, 5.4, vec!["+0.1", "+2%"]),
        (128.0, 100.0, vec!["−28", "−22%"]),
        (0.0, 3.0, vec!["+3"]),
        (-1.0, 3.0, vec!["+4"]),
        (1000.0, 1001.0, vec!["+1"]),
        (1.0, 25.0, vec!["+24", "more than tenfold"]),
        (7.0, 7.0, vec!["no change"]),
        (-1e308, 1e308, vec!["no two numbers"]),
        (1.0, f64::NAN, vec!["no two numbers"]),
    ] {
        let results = grouped(vec![
            result("zzz", "2025-11-09", from, "normal"),
            result("zzz", "2026-03-03", to, "normal"),
        ]);
        let pair = Pair {
            later: at("2026-03-03"),
            earlier: at("2025-11-09"),
        };
        let compared = Compared::new(results.find("zzz").expect("there"), pair).expect("both");
        assert_eq!(words::difference(&compared, 0), lines, "{from} {to}");
    }
}
