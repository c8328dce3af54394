//! The drawings as a person reads them: a scale is taken from the words beside the axis, never from the code, and everything
//! drawn stands where that scale puts its number.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::indexing_slicing,
    reason = "helpers of tests may panic, and compare what was copied"
)]

#[path = "support/axis.rs"]
mod axis;
#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/line.rs"]
mod line;
#[path = "support/small.rs"]
mod small;

use axis::{Scale, callout, days, time_scale, value_scale, values, words};
use hostile::{CASES, Dice, dice, many_dice};
use loop_ui::views::series::Range;
use loop_ui::views::trend::geometry::{self as trend, Layout};
use loop_ui::views::trend::scale::{Point, log_domain, safe_unit};
use proptest::prelude::*;

type Checked = Result<(), TestCaseError>;

/// What a person can be off by.
const PIXEL: f64 = 0.5;

/// Whether values and ends of ranges have the precision that places need: next to nothing, the steps of floats are larger
/// than a pixel.
fn is_readable(points: &[Point]) -> bool {
    let largest =
        |numbers: &mut dyn Iterator<Item = f64>| numbers.map(f64::abs).fold(0.0, f64::max);
    let ends = |point: &Point| [point.range.ends().0, point.range.ends().1];
    let values = largest(&mut points.iter().filter_map(|point| point.value));
    let ends = largest(&mut points.iter().flat_map(ends).flatten());
    [values, ends]
        .iter()
        .all(|size| *size == 0.0 || (1e-300..=1e300).contains(size))
}

fn check(points: &[Point], width: f64, wants_log: bool) -> Checked {
    let Some(chart) = trend::layout_on(points, width, wants_log) else {
        prop_assert!(points.iter().all(|point| point.value.is_none()));
        return Ok(());
    };
    let again = trend::layout_on(points, width, wants_log);
    prop_assert_eq!(
        Some(&chart),
        again.as_ref(),
        "the same data, the same picture"
    );
    check_times(&chart, points)?;
    check_lines(&chart)?;
    check_steps(&chart, points)?;
    check_labels(&chart, points)?;
    if is_readable(points) {
        let is_log = wants_log && log_domain(points, safe_unit(points)).is_some();
        let scale = value_scale(&chart, is_log).unwrap();
        axis::check_ticks(&chart, is_log)?;
        check_values(&chart, points, &scale)?;
        check_bands(&chart, points, &scale)?;
    }
    Ok(())
}

/// Ticks are around the data; every point lies where its value says.
fn check_values(chart: &Layout, points: &[Point], scale: &Scale) -> Checked {
    let numbers = values(chart).unwrap();
    let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
    let slack = (last / 2.0 - first / 2.0) * 1e-6;
    for (placed, point) in chart.drawing.points.iter().zip(points) {
        prop_assert_eq!(placed.y.is_some(), point.value.is_some());
        let Some((y, value)) = placed.y.zip(point.value) else {
            continue;
        };
        prop_assert!(
            value >= first - slack && value <= last + slack,
            "{} {:?}",
            value,
            chart.values
        );
        prop_assert!(
            (y - scale.place(value)).abs() <= PIXEL,
            "{} at {}, read at {}",
            value,
            y,
            scale.place(value)
        );
    }
    for (tick, number) in chart.values.iter().zip(numbers) {
        prop_assert!(
            (tick.y - scale.place(number)).abs() <= PIXEL,
            "{:?}",
            chart.values
        );
    }
    Ok(())
}

/// Time ticks say their own day, are as far apart as the calendar is, and leave less than one step at each end; every
/// point lies where its date says.
fn check_times(chart: &Layout, points: &[Point]) -> Checked {
    let ticks = &chart.times;
    let days = days(ticks).unwrap();
    for (day, tick) in days.iter().zip(ticks) {
        // What lies outside the four digits of a year has no other way to be written.
        let Some(at) = day.at() else { continue };
        // Alone, without a boundary of the calendar in sight, it is the day of the first measurement.
        let slip = if ticks.len() == 1 { 86_400_000 } else { 0 };
        prop_assert!(
            (0..=slip).contains(&tick.at.since(at)),
            "{:?} {:?}",
            day,
            tick
        );
    }
    let placed = &chart.drawing.points;
    for (pair, at) in placed.windows(2).zip(points.windows(2)) {
        prop_assert!(pair[0].x <= pair[1].x && (at[0].at != at[1].at || pair[0].x == pair[1].x));
    }
    let Some(scale) = time_scale(chart) else {
        return Ok(());
    };
    for tick in ticks {
        prop_assert!((tick.x - scale.place(axis::milliseconds(tick.at))).abs() <= PIXEL);
    }
    for (placed, point) in placed.iter().zip(points) {
        let read = scale.place(axis::milliseconds(point.at));
        prop_assert!(
            (placed.x - read).abs() <= PIXEL,
            "{:?} at {}, read at {}",
            point.at,
            placed.x,
            read
        );
    }
    let lengths: Vec<i64> = days
        .windows(2)
        .map(|pair| pair[1].months() - pair[0].months())
        .collect();
    let is_months = days.iter().all(|day| day.of_month == 1)
        && lengths.iter().all(|length| *length == lengths[0]);
    let spans: Vec<i64> = ticks
        .windows(2)
        .map(|pair| pair[1].at.since(pair[0].at))
        .collect();
    prop_assert!(spans.iter().all(|span| *span > 0));
    prop_assert!(
        is_months || spans.iter().all(|span| *span == spans[0]),
        "{:?}",
        ticks
    );
    let longest = spans.iter().copied().max().unwrap() + 3 * 86_400_000;
    prop_assert!(ticks[0].at.since(points[0].at) <= longest, "{:?}", ticks);
    prop_assert!(
        points[points.len() - 1].at.since(ticks[ticks.len() - 1].at) <= longest,
        "{:?}",
        ticks
    );
    Ok(())
}

/// The lines go through the points, from gap to gap; where there are thousands, the extremes of each pixel are kept.
fn check_lines(chart: &Layout) -> Checked {
    let points = &chart.drawing.points;
    let runs = points
        .split(|point| point.y.is_none())
        .filter(|run| !run.is_empty());
    let mut lines = chart.drawing.lines.iter();
    for run in runs {
        let line = lines.next().unwrap();
        let run: Vec<(f64, f64)> = run
            .iter()
            .map(|point| (point.x, point.y.unwrap()))
            .collect();
        if run.len() < 600 {
            prop_assert_eq!(line, &run);
            continue;
        }
        let mut rest = run.iter();
        prop_assert!(
            line.iter().all(|point| rest.any(|of| of == point)),
            "no point that is none, and in order"
        );
        prop_assert!(line.first() == run.first() && line.last() == run.last());
        let extremes = |points: &[(f64, f64)]| {
            let mut out: Vec<(f64, f64, f64)> = Vec::new();
            for (x, y) in points {
                match out.last_mut().filter(|last| last.0 == x.floor()) {
                    Some(last) => (last.1, last.2) = (last.1.min(*y), last.2.max(*y)),
                    None => out.push((x.floor(), *y, *y)),
                }
            }
            out
        };
        prop_assert_eq!(extremes(line), extremes(&run));
    }
    prop_assert!(lines.next().is_none());
    Ok(())
}

/// The band at each measurement is its own range: its ends where they were printed, an open side at the edge.
fn check_bands(chart: &Layout, points: &[Point], scale: &Scale) -> Checked {
    let frame = chart.frame;
    // Where an end is drawn: `Some` when it may be said to be printed there.
    let is_right = |end: Option<f64>, y: f64, has_edge: bool, open: f64| {
        let Some(end) = end else {
            return y == open && !has_edge;
        };
        let place = scale.place(end);
        let is_inside = place >= frame.top - PIXEL && place <= frame.bottom + PIXEL;
        let is_outside = place <= frame.top + PIXEL || place >= frame.bottom - PIXEL;
        (y - place.max(frame.top).min(frame.bottom)).abs() <= PIXEL
            && if has_edge { is_inside } else { is_outside }
    };
    let bands = &chart.drawing.bands;
    for (place, point) in points.iter().enumerate() {
        let x = chart.drawing.points[place].x;
        let around: Vec<_> = bands
            .iter()
            .filter(|band| band.left < x - 1e-6 && x + 1e-6 < band.right)
            .collect();
        let mut at: Vec<_> = bands
            .iter()
            .filter(|band| band.left <= x + 1e-6 && x - 1e-6 <= band.right)
            .collect();
        if point.range.is_drawable() {
            let (low, high) = point.range.ends();
            at.retain(|band| {
                is_right(high, band.top, band.has_top, frame.top)
                    && is_right(low, band.bottom, band.has_bottom, frame.bottom)
            });
            prop_assert!(
                !at.is_empty(),
                "{:?} has no band at {}: {:?}",
                point,
                x,
                bands
            );
            prop_assert!(
                around.len() <= 1 && around.iter().all(|band| at.contains(band)),
                "{:?} {:?}",
                point,
                around
            );
        } else {
            prop_assert!(
                around.is_empty(),
                "no range, no band: {:?} {:?}",
                point,
                around
            );
        }
        // From halfway to the one before, to halfway to the one after, or to the edge of the picture.
        let near = |to: Option<usize>, edge: f64| {
            to.and_then(|to| chart.drawing.points.get(to))
                .map_or(edge, |to| f64::midpoint(x, to.x))
        };
        let (left, right) = (
            near(place.checked_sub(1), frame.left),
            near(Some(place + 1), frame.right),
        );
        if point.range.is_drawable() && right - left > 2.0 * PIXEL {
            prop_assert!(
                at.iter()
                    .any(|band| band.left <= left + PIXEL && band.right >= right - PIXEL),
                "{:?} {:?}",
                point,
                at
            );
        }
    }
    Ok(())
}

/// A step at each change of the printed range, halfway between its two measurements.
fn check_steps(chart: &Layout, points: &[Point]) -> Checked {
    let mut expected = Vec::new();
    let mut before: Option<Range> = None;
    for (place, point) in points
        .iter()
        .enumerate()
        .filter(|(_, point)| point.range.is_drawable())
    {
        if before.is_some_and(|before| before != point.range) {
            let drawn = &chart.drawing.points;
            expected.push((f64::midpoint(drawn[place - 1].x, drawn[place].x), place));
        }
        before = Some(point.range);
    }
    prop_assert_eq!(&chart.drawing.steps, &expected);
    Ok(())
}

/// No words touch other words.
fn check_labels(chart: &Layout, points: &[Point]) -> Checked {
    let all = words(chart);
    for (place, one) in all.iter().enumerate() {
        for other in &all[place + 1..] {
            prop_assert!(!one.touches(other), "{:?} {:?}", one, other);
        }
    }
    // Every hundredth of thousands: they are laid out alike.
    for place in (0..points.len()).step_by(points.len() / 40 + 1) {
        for text in ["7", "128", "1,234.56"] {
            let Some(at) = trend::callout(chart, place, text) else {
                continue;
            };
            let selected = callout(at, text);
            let touched = all.iter().find(|words| words.touches(&selected));
            prop_assert!(touched.is_none(), "{:?} {:?}", selected, touched);
        }
    }
    Ok(())
}

fn number(dice: &mut Dice) -> f64 {
    let places = *dice.one(&[1.0, 10.0, 100.0]);
    f64::from(dice.number() % 20_000) / places
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn a_chart_of_a_lab_is_read_as_it_was_measured(mut dice in many_dice(), width in 240.0..1400.0f64) {
        check(&lab::everyday(&mut dice), width, false)?;
    }

    #[test]
    fn a_chart_of_any_numbers_is_read_as_they_are(mut dice in many_dice(), width in 240.0..1400.0f64) {
        check(&lab::hostile(&mut dice), width, false)?;
    }

    #[test]
    fn a_logarithmic_chart_is_read_as_it_was_measured(mut dice in many_dice(), width in 240.0..1400.0f64) {
        check(&lab::wide(&mut dice), width, true)?;
        check(&lab::hostile(&mut dice), width, true)?;
    }

    #[test]
    fn a_sparkline_is_drawn_to_one_scale(mut dice in many_dice()) {
        small::check(&lab::everyday(&mut dice))?;
    }

    #[test]
    fn a_marker_stands_where_the_ends_of_its_range_put_it(mut dice in dice()) {
        let end = |dice: &mut Dice| (!dice.once_in(4)).then(|| number(dice));
        let range = Range::new(end(&mut dice), end(&mut dice));
        let value = number(&mut dice);
        line::check(value, &range, end(&mut dice))?;
    }

    #[test]
    fn a_marker_of_any_number_stands_where_the_ends_of_its_range_put_it(mut dice in dice()) {
        let end = |dice: &mut Dice| (!dice.once_in(3)).then(|| dice.float());
        let range = Range::new(end(&mut dice), end(&mut dice));
        let value = dice.float();
        line::check(value, &range, end(&mut dice))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn thousands_of_points_are_read_as_they_were_measured(seed in any::<u32>(), count in 600usize..6000, width in 240.0..1400.0f64) {
        check(&lab::thousands(seed, count), width, false)?;
        check(&lab::thousands(seed, count), width, true)?;
    }
}
