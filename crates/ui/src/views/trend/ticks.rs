//! Ticks: round numbers on the value axis, calendar boundaries on the time axis, labels that never touch.

use loop_contracts::time::{DateTime, Timestamp, parse_rfc3339};

use super::scale::{Linear, moment};
use crate::format::{self, DateStyle};
use crate::views::within;

/// An upper bound of the width of a character of an axis label, in pixels.
pub const CHARACTER: f64 = 7.8;
const LABEL_GAP: f64 = 8.0;
const DAY: i64 = 86_400_000;

/// The width of a label, as an upper bound.
pub fn width(text: &str) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a label has a few characters")]
    let characters = text.chars().count() as f64;
    characters * CHARACTER
}

/// About `wanted` round numbers that cover the domain: the first is at or below `from`, the last at or above `to`.
pub fn values(from: f64, to: f64, wanted: f64) -> Vec<f64> {
    let rough = (to - from) / wanted.max(1.0);
    if !(rough.is_finite() && rough > 0.0) {
        return vec![from, to];
    }
    let power = power_below(rough);
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(rough);
    let mut index = (from / step + 1e-9).floor();
    let mut ticks = Vec::new();
    // Bounded by count, so that no rounding can make it run on.
    while ticks.len() < 64 {
        let tick = index * step;
        ticks.push(tick);
        if tick >= to - step * 1e-9 {
            break;
        }
        index += 1.0;
    }
    // Half a step of rounding must not leave data outside.
    if let Some(first) = ticks.first_mut() {
        *first = first.min(from);
    }
    if let Some(last) = ticks.last_mut() {
        *last = last.max(to);
    }
    ticks
}

/// The largest power of ten that is not above the number, which is more than zero.
pub(super) fn power_below(number: f64) -> f64 {
    let mut power = 1.0;
    while power > number {
        power /= 10.0;
    }
    while power <= number / 10.0 {
        power *= 10.0;
    }
    power
}

/// A tick of the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeTick {
    /// The moment.
    pub at: Timestamp,
    /// Where it lies.
    pub x: f64,
    /// What it says.
    pub label: String,
    /// The middle of the label: moved off `x` where it would leave the picture.
    pub label_x: f64,
}

#[derive(Clone, Copy)]
enum Step {
    Days(i64),
    Months(i64),
    Years(i64),
}

/// From fine to coarse, with a length that decides whether it is worth trying.
const STEPS: [Step; 16] = [
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
    Step::Years(1000),
];

/// The finest calendar ticks whose labels fit on a picture of this width without touching.
pub fn times(from: Timestamp, to: Timestamp, scale: &Linear, picture: f64) -> Vec<TimeTick> {
    let span = to.since(from);
    for step in STEPS {
        let length = match step {
            Step::Days(days) => days * DAY,
            Step::Months(months) => months * 30 * DAY,
            Step::Years(years) => years * 365 * DAY,
        };
        if span / length > 24 || (span / length < 1 && !matches!(step, Step::Days(1))) {
            continue;
        }
        let ticks = place(&boundaries(step, from, to), step, scale, picture);
        if !ticks.is_empty() && fit(&ticks) && (ticks.len() > 1 || span < length * 2) {
            return ticks;
        }
    }
    // No boundary of the calendar fits: the first day, written out.
    let label = format::date(from, DateStyle::TickDayYear);
    place_one(from, label, scale, picture).into_iter().collect()
}

/// Moments on the calendar's boundaries, within the domain.
fn boundaries(step: Step, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let mut out = Vec::new();
    match step {
        Step::Days(days) => {
            let mut at = Timestamp(from.0.div_euclid(DAY) * DAY);
            while at <= to && out.len() < 64 {
                if at >= from {
                    out.push(at);
                }
                at = at.plus(days * DAY);
            }
        }
        Step::Months(_) | Step::Years(_) => {
            let months = match step {
                Step::Years(years) => years * 12,
                Step::Months(months) | Step::Days(months) => months,
            };
            let Some((year, month)) = year_and_month(from) else {
                return out;
            };
            let mut count = (year * 12 + month - 1).div_euclid(months) * months;
            while out.len() < 64 {
                let Some(at) = first_of(count.div_euclid(12), count.rem_euclid(12) + 1) else {
                    break;
                };
                if at > to {
                    break;
                }
                if at >= from {
                    out.push(at);
                }
                count += months;
            }
        }
    }
    out
}

fn year_and_month(at: Timestamp) -> Option<(i64, i64)> {
    let text = DateTime::from(at).0;
    Some((text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?))
}

fn first_of(year: i64, month: i64) -> Option<Timestamp> {
    parse_rfc3339(&format!("{year:04}-{month:02}-01T00:00:00Z"))
}

fn place(moments: &[Timestamp], step: Step, scale: &Linear, picture: f64) -> Vec<TimeTick> {
    let mut ticks: Vec<TimeTick> = Vec::with_capacity(moments.len());
    for at in moments {
        let first = ticks.is_empty();
        let style = match step {
            Step::Days(_) if first => DateStyle::TickDayYear,
            Step::Days(_) => DateStyle::TickDay,
            Step::Months(_)
                if first || year_and_month(*at).is_some_and(|(_, month)| month == 1) =>
            {
                DateStyle::TickMonthYear
            }
            Step::Months(_) => DateStyle::TickMonth,
            Step::Years(_) => DateStyle::TickYear,
        };
        ticks.extend(place_one(*at, format::date(*at, style), scale, picture));
    }
    ticks
}

fn place_one(at: Timestamp, label: String, scale: &Linear, picture: f64) -> Option<TimeTick> {
    let half = width(&label) / 2.0;
    let x = scale.clamped(moment(at));
    (half * 2.0 <= picture).then(|| TimeTick {
        at,
        x,
        label_x: within(x, half, picture - half),
        label,
    })
}

fn fit(ticks: &[TimeTick]) -> bool {
    ticks.windows(2).all(|pair| {
        let halves = f64::midpoint(width(&pair[0].label), width(&pair[1].label));
        pair[1].label_x - pair[0].label_x >= halves + LABEL_GAP && pair[1].x > pair[0].x
    })
}
