//! What a person reads off a chart: numbers and dates from the words beside the ticks, a scale from the ticks alone.
//! Nothing here knows how the chart works out its places.

use loop_contracts::time::{Timestamp, parse_rfc3339};
use loop_ui::views::trend::geometry::Layout;
use loop_ui::views::trend::ticks::{TimeTick, width};
use proptest::prelude::*;

use crate::{Checked, PIXEL};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A number as it is written; `None` for other words.
pub fn number(label: &str) -> Option<f64> {
    label.replace(',', "").parse().ok()
}

/// How far off the number may be that a label says: half of its last digit.
fn slip(label: &str) -> f64 {
    let (digits, power) = label.split_once('e').unwrap_or((label, "0"));
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let power: i32 = power.parse().unwrap_or(0);
    0.5 * 10f64.powi(power - i32::try_from(places).unwrap_or(0))
}

/// Two marks of an axis, and how what lies between them is read.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    from: (f64, f64),
    to: (f64, f64),
    is_log: bool,
}

impl Scale {
    pub fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self {
            from,
            to,
            is_log: false,
        }
    }

    /// Where a number belongs, in pixels.
    pub fn place(&self, number: f64) -> f64 {
        let read = |number: f64| if self.is_log { number.ln() } else { number };
        let (from, to) = (read(self.from.0), read(self.to.0));
        if self.is_log && number <= 0.0 {
            return f64::INFINITY;
        }
        // Halved, so that what lies between the largest numbers there are is still a number.
        let share = (read(number) / 2.0 - from / 2.0) / (to / 2.0 - from / 2.0);
        self.from.1 + share * (self.to.1 - self.from.1)
    }
}

/// The numbers beside the value axis, from bottom to top; `None` where one has no words, beyond the largest number.
pub fn values(chart: &Layout) -> Option<Vec<f64>> {
    chart
        .values
        .iter()
        .map(|tick| number(&tick.label))
        .collect()
}

/// The value axis, read from its first and last tick. That it is logarithmic is said beside the unit.
pub fn value_scale(chart: &Layout, is_log: bool) -> Option<Scale> {
    let (first, last) = (chart.values.first()?, chart.values.last()?);
    Some(Scale {
        from: (number(&first.label)?, first.y),
        to: (number(&last.label)?, last.y),
        is_log,
    })
}

/// How many pixels the rounding of the labels may move what is read. Nothing worth the word on any axis of a lab.
pub fn blur(chart: &Layout) -> f64 {
    let slips = chart.values.iter().map(|tick| slip(&tick.label));
    let slip = slips.fold(0.0, f64::max);
    let Some(numbers) = values(chart) else {
        return f64::INFINITY;
    };
    let span = numbers[numbers.len() - 1] - numbers[0];
    let is_exact = numbers
        .windows(3)
        .all(|part| ((part[2] - part[1]) - (part[1] - part[0])).abs() <= span * 1e-9);
    if is_exact {
        0.0
    } else {
        slip / span * (chart.frame.bottom - chart.frame.top) * 2.0
    }
}

/// Ticks are round, and even on a linear scale; on a logarithmic one they are 1, 2, 5 and zeros.
pub fn check_ticks(chart: &Layout, is_log: bool) -> Checked {
    let (numbers, ticks) = (values(chart).unwrap(), &chart.values);
    prop_assert!(
        numbers.windows(2).all(|pair| pair[0] < pair[1]),
        "{:?}",
        ticks
    );
    prop_assert!(
        ticks.windows(2).all(|pair| pair[0].y > pair[1].y),
        "{:?}",
        ticks
    );
    if is_log {
        prop_assert!(
            numbers.iter().all(|number| is_log_tick(*number)),
            "{:?}",
            ticks
        );
        return Ok(());
    }
    prop_assert!(
        blur(chart) <= PIXEL,
        "labels say where the ticks stand: {:?}",
        ticks
    );
    // Halved, since the largest numbers have no difference.
    let step = |pair: &[f64]| pair[1] / 2.0 - pair[0] / 2.0;
    let first = step(&numbers[..2]);
    prop_assert!(is_round(first * 2.0) || is_round(first), "{:?}", ticks);
    prop_assert!(
        numbers
            .windows(2)
            .all(|pair| (step(pair) / first - 1.0).abs() < 1e-3),
        "{:?}",
        ticks
    );
    let even = ticks[0].y - ticks[1].y;
    prop_assert!(
        ticks
            .windows(2)
            .all(|pair| (pair[0].y - pair[1].y - even).abs() <= PIXEL),
        "{:?}",
        ticks
    );
    Ok(())
}

/// 1, 2 or 5, and zeros.
fn is_log_tick(number: f64) -> bool {
    let digits = number / 10f64.powf(number.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .iter()
        .any(|round| (digits / round - 1.0).abs() < 1e-3)
}

/// 1, 2, 2.5 or 5, and zeros.
fn is_round(step: f64) -> bool {
    let digits = step / 10f64.powf(step.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .iter()
        .any(|round| (digits / round - 1.0).abs() < 1e-3)
}

/// A day as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day {
    pub year: i64,
    pub month: usize,
    pub of_month: i64,
}

impl Day {
    pub fn at(self) -> Option<Timestamp> {
        let Self {
            year,
            month,
            of_month,
        } = self;
        parse_rfc3339(&format!("{year:04}-{month:02}-{of_month:02}T00:00:00Z"))
    }

    pub fn months(self) -> i64 {
        self.year * 12 + i64::try_from(self.month).unwrap_or(0)
    }
}

/// The days that labels say, each read after the one before it: a year stands until another is written or the months begin
/// anew. `None` for words that are no date.
pub fn days(ticks: &[TimeTick]) -> Option<Vec<Day>> {
    let mut before: Option<Day> = None;
    let month_of = |text: &str| Some(MONTHS.iter().position(|month| *month == text)? + 1);
    let read = |tick: &TimeTick| {
        let parts: Vec<&str> = tick.label.split(' ').collect();
        let (day, month, year) = match parts[..] {
            [year] if month_of(year).is_none() => (1, 1, Some(year)),
            [month] => (1, month_of(month)?, None),
            [day, month] if month_of(month).is_some() => {
                (day.parse().ok()?, month_of(month)?, None)
            }
            [month, year] => (1, month_of(month)?, Some(year)),
            [day, month, year] => (day.parse().ok()?, month_of(month)?, Some(year)),
            _ => return None,
        };
        let year = match (year, before) {
            (Some(year), _) => year.parse().ok()?,
            (None, Some(before)) => before.year + i64::from(month < before.month),
            (None, None) => return None,
        };
        before = Some(Day {
            year,
            month,
            of_month: day,
        });
        before
    };
    ticks.iter().map(read).collect()
}

/// The time axis, read from its first and last tick; `None` where one tick is all there is.
pub fn time_scale(chart: &Layout) -> Option<Scale> {
    let days = days(&chart.times)?;
    let (first, last) = (chart.times.first()?, chart.times.last()?);
    let moment = |day: &Day| Some(milliseconds(day.at()?));
    (days.len() > 1).then_some(())?;
    Some(Scale::new(
        (moment(days.first()?)?, first.x),
        (moment(days.last()?)?, last.x),
    ))
}

#[allow(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
pub fn milliseconds(at: Timestamp) -> f64 {
    at.0 as f64
}

/// The room that words take: from the left, from the top, to the right, to the bottom.
#[derive(Clone, Debug)]
pub struct Words {
    #[allow(dead_code, reason = "for the message of a failure")]
    text: String,
    area: [f64; 4],
}

impl Words {
    /// Text of a size on a baseline, by the edges of its line.
    fn new(text: &str, left: f64, baseline: f64, size: f64) -> Self {
        let right = left + width(text) * size / 12.0;
        Self {
            text: text.to_owned(),
            area: [left, baseline - 0.8 * size, right, baseline + 0.25 * size],
        }
    }

    pub fn touches(&self, other: &Self) -> bool {
        let ([left, top, right, bottom], [l, t, r, b]) = (self.area, other.area);
        left < r && l < right && top < b && t < bottom
    }
}

/// All words of the picture. Where they hang is what `trend/draw.rs` writes and a snapshot holds; sizes are those of
/// `style/charts.css`.
pub fn words(chart: &Layout) -> Vec<Words> {
    let frame = chart.frame;
    let values = chart.values.iter().map(|tick| {
        let left = frame.left - 10.0 - width(&tick.label);
        Words::new(&tick.label, left, tick.y + 4.0, 12.0)
    });
    let times = chart.times.iter().map(|tick| {
        let left = tick.label_x - width(&tick.label) / 2.0;
        Words::new(&tick.label, left, frame.bottom + 21.0, 12.0)
    });
    let notes = chart
        .notes
        .iter()
        .map(|note| Words::new(note.text, note.x, frame.top - 12.0, 12.0));
    values.chain(times).chain(notes).collect()
}

/// The words beside the selected measurement, larger than the others.
pub fn callout((x, y): (f64, f64), text: &str) -> Words {
    let half = width(text) * 14.0 / 12.0 / 2.0;
    Words::new(text, x - half, y, 14.0)
}
