//! Measurements as labs send them, and as nobody should.

use loop_contracts::time::Timestamp;
use loop_ui::views::series::Range;
use loop_ui::views::trend::scale::Point;

use crate::hostile::Dice;

const DAY: i64 = 86_400_000;
/// 2015-01-01.
const START: i64 = 1_420_070_400_000;

/// A decimal number of a lab: about so large, with so many digits after the point.
fn about(dice: &mut Dice, size: f64, places: i32) -> f64 {
    let unit = 10f64.powi(places);
    (size * f64::from(dice.number() % 4000) / 1000.0 * unit).round() / unit
}

fn range(dice: &mut Dice, size: f64) -> Range {
    let round = |share: f64| (size * share * 1e5).round() / 1e5;
    let low = round(*dice.one(&[0.5, 0.7, 0.9]));
    let high = round(*dice.one(&[1.3, 1.6, 2.5]));
    match dice.below(6) {
        0 | 1 => Range::Between(low, high),
        2 => Range::Below(high),
        3 => Range::Above(low),
        4 => Range::None,
        _ => Range::Inverted(high, low),
    }
}

/// Up to 24 measurements over some years: one size, a range that changes now and then, a day with two of them, gaps.
pub fn everyday(dice: &mut Dice) -> Vec<Point> {
    let size = *dice.one(&[
        100.0, 1.0, 0.02, 5.0, 40.0, 250.0, 1500.0, 150_000.0, 0.0004,
    ]);
    let places = match size {
        ..0.01 => 6,
        ..1.0 => 3,
        _ => *dice.one(&[0, 1, 2]),
    };
    let pace = *dice.one(&[30, 1, 7, 90, 400]);
    let mut at =
        START + i64::from(dice.number() % 3000) * DAY + i64::from(dice.number() % 2) * DAY / 3;
    let mut printed = range(dice, size);
    (0..=dice.below(24))
        .map(|_| {
            at += i64::from(dice.number()) % (pace + 1) * DAY;
            if dice.once_in(4) {
                printed = range(dice, size);
            }
            Point {
                at: Timestamp(at),
                value: (!dice.once_in(8)).then(|| about(dice, size, places)),
                range: printed,
            }
        })
        .collect()
}

/// The same, with values from a twentieth of their size to a thousand times of it, and now and then an end of a range that
/// has no place on a logarithmic scale.
pub fn wide(dice: &mut Dice) -> Vec<Point> {
    let mut all = everyday(dice);
    for point in &mut all {
        let times = *dice.one(&[1.0, 20.0, 0.05, 1000.0]);
        point.value = point.value.map(|value| value.max(0.01) * times);
        if dice.once_in(6) {
            point.range = point
                .range
                .map(|end| Some(end - 1.0))
                .unwrap_or(Range::None);
        }
    }
    all
}

/// Any numbers at any time; now and then all on one day, or all the same.
pub fn hostile(dice: &mut Dice) -> Vec<Point> {
    let (one_day, one_value) = (dice.once_in(4), dice.once_in(4));
    let start = i64::from(dice.number());
    let first = dice.float();
    let mut all: Vec<Point> = (0..=dice.below(14))
        .map(|_| {
            let at = match dice.below(4) {
                _ if one_day => start,
                0 => 1_700_000_000_000 + i64::from(dice.number()),
                1 => *dice.one(&[-62_167_219_200_000, 253_402_300_799_999, 0]),
                _ => i64::from(dice.number()) * 1000 - 2_208_988_800_000,
            };
            let value = (!dice.once_in(5)).then(|| if one_value { first } else { dice.float() });
            let low = dice.once_in(2).then(|| dice.float());
            let high = dice.once_in(2).then(|| dice.float());
            Point {
                at: Timestamp(at),
                value,
                range: Range::new(low, high),
            }
        })
        .collect();
    all.sort_by_key(|point| point.at);
    all
}

/// Thousands of measurements, several in a pixel, with gaps and steps.
pub fn thousands(seed: u32, count: usize) -> Vec<Point> {
    let mut state = u64::from(seed) | 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100_000
    };
    let mut at = START;
    (0..count)
        .map(|place| {
            at += i64::try_from(next() % 5).unwrap_or(0) * DAY / 4;
            #[allow(clippy::cast_precision_loss, reason = "a small number")]
            let value = 50.0 + next() as f64 / 1000.0;
            Point {
                at: Timestamp(at),
                value: (next() % 700 != 0).then_some(value),
                range: if place < count / 3 {
                    Range::Below(130.0)
                } else {
                    Range::Between(60.0, 100.0)
                },
            }
        })
        .collect()
}
