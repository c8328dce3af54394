//! The newest draw, and what is new in it.

use loop_contracts::time::DateTime;

use super::*;
use crate::views::series::tests::{grouped, result};

fn at(date: &str) -> Timestamp {
    DateTime(date.to_owned()).timestamp().expect("a date")
}

#[test]
fn what_is_new_is_the_platforms_word_or_more_than_normal_variation() {
    for (before, latest, movement) in [
        ((100.0, "normal"), (128.0, "high"), Some(Movement::Outside)),
        ((100.0, "normal"), (10.0, "low"), Some(Movement::Outside)),
        ((128.0, "high"), (99.0, "normal"), Some(Movement::Inside)),
        (
            (300.0, "critical"),
            (99.0, "normal"),
            Some(Movement::Inside),
        ),
        (
            (128.0, "high"),
            (300.0, "critical"),
            Some(Movement::Critical),
        ),
        (
            (99.0, "normal"),
            (300.0, "critical"),
            Some(Movement::Critical),
        ),
        ((300.0, "critical"), (128.0, "high"), Some(Movement::Status)),
        ((128.0, "high"), (10.0, "low"), Some(Movement::Status)),
        ((99.0, "odd"), (99.0, "normal"), Some(Movement::Status)),
        ((99.0, ""), (128.0, "high"), Some(Movement::Status)),
        // LDL cholesterol moves by 26 % by itself.
        ((100.0, "normal"), (125.0, "normal"), None),
        ((100.0, "normal"), (127.0, "normal"), Some(Movement::Value)),
        ((100.0, "odd"), (60.0, "odd"), Some(Movement::Value)),
        ((100.0, "high"), (100.0, "high"), None),
    ] {
        let results = grouped(vec![
            result("ldl", "2025-11-09", before.0, before.1),
            result("ldl", "2026-03-03", latest.0, latest.1),
        ]);
        let series = results.find("ldl").expect("there");
        assert_eq!(Movement::of(series), movement, "{before:?} {latest:?}");
    }
    let once = grouped(vec![result("ldl", "2026-03-03", 1.0, "high")]);
    assert_eq!(Movement::of(once.find("ldl").expect("there")), None);
    // No variation is known for it: a jump is no news, and no news is claimed.
    let unknown = grouped(vec![
        result("zzz", "2025-11-09", 1.0, "normal"),
        result("zzz", "2026-03-03", 90.0, "normal"),
    ]);
    assert_eq!(Movement::of(unknown.find("zzz").expect("there")), None);
}

#[test]
fn a_draw_is_what_was_taken_within_a_day() {
    let results = grouped(vec![
        result("ldl", "2026-03-03T09:00:00Z", 128.0, "high"),
        result("hdl", "2026-03-02T22:00:00Z", 50.0, "normal"),
        result("tsh", "2026-03-02T08:00:00Z", 2.0, "normal"),
        result("alt", "spring", 2.0, "normal"),
        result("ldl", "2025-11-09", 90.0, "normal"),
        result("tsh", "2025-11-09", 2.0, "high"),
    ]);
    let draw = Draw::newest(&results, at("2026-03-05")).expect("a draw");
    assert_eq!(draw.at, at("2026-03-03T09:00:00Z"));
    assert_eq!((draw.count, draw.compared, draw.changed()), (2, 1, 1));
    assert_eq!(draw.moved[0].0, Movement::Outside);
    let tsh = results.find("tsh").expect("there");
    assert_eq!(draw.moved(tsh), None, "new, but of another day");
}

#[test]
fn a_day_that_has_not_come_is_no_draw_while_there_is_another() {
    let (real, typo) = (
        result("ldl", "2026-03-03", 128.0, "high"),
        result("hdl", "2062-03-03", 50.0, "normal"),
    );
    let now = at("2026-03-05");
    let newest = |results: Vec<_>| Draw::newest(&grouped(results), now).map(|draw| draw.at);
    assert_eq!(newest(vec![real, typo.clone()]), Some(at("2026-03-03")));
    assert_eq!(newest(vec![typo]), Some(at("2062-03-03")));
    assert_eq!(newest(vec![]), None);
    assert_eq!(newest(vec![result("ldl", "someday", 1.0, "high")]), None);
}
