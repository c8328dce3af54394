//! Whatever the data: points where their values say, bands of their own measurement, ticks around the data, labels apart.

use loop_contracts::time::{Timestamp, parse_rfc3339};
use proptest::prelude::*;

use super::*;

const DAY: i64 = 86_400_000;

fn at(text: &str) -> Timestamp {
    parse_rfc3339(text).expect("a date")
}

fn point(date: &str, value: f64, range: Range) -> Point {
    Point {
        at: at(date),
        value: Some(value),
        range,
    }
}

fn ldl() -> Vec<Point> {
    let wide = Range::Below(130.0);
    let narrow = Range::Below(100.0);
    vec![
        point("2024-02-10", 160.0, wide),
        point("2024-09-02", 151.0, wide),
        point("2025-03-14", 149.0, wide),
        point("2025-06-12", 139.0, narrow),
        point("2026-03-03", 128.0, narrow),
    ]
}

#[test]
fn a_lowered_range_is_one_step_between_its_measurements() {
    let chart = layout(&ldl(), 640.0).expect("a chart");
    let points = &chart.drawing.points;
    assert_eq!(chart.drawing.bands.len(), 2);
    assert_eq!(chart.drawing.steps.len(), 1);
    let (x, place) = chart.drawing.steps[0];
    assert_eq!(place, 3);
    assert!(points[2].x < x && x < points[3].x);
    assert_eq!(chart.notes.len(), 1);
    assert_eq!(chart.notes[0].text, "range lowered");
    assert!(chart.drawing.bands[0].has_top && !chart.drawing.bands[0].has_bottom);
    assert!(
        chart.drawing.bands[1].top > chart.drawing.bands[0].top,
        "lower on the page"
    );
}

#[test]
fn two_ranges_of_the_first_day_do_not_lie_over_each_other_at_the_edge() {
    let mut points = ldl();
    points[1].at = points[0].at;
    points[1].range = Range::Between(50.0, 100.0);
    points[4].at = points[3].at;
    points[4].range = Range::Below(150.0);
    let chart = layout(&points, 640.0).expect("a chart");
    let bands = &chart.drawing.bands;
    assert!(bands.windows(2).all(|pair| pair[0].right <= pair[1].left));
    assert_eq!(bands.first().map(|band| band.left), Some(chart.frame.left));
    assert_eq!(bands.last().map(|band| band.right), Some(chart.frame.right));
}

#[test]
fn what_could_be_expected_has_an_edge_only_where_it_ends() {
    let chart = layout(&ldl(), 640.0).expect("a chart");
    let points = &chart.drawing.points;
    let band = chart.expected(103.0, 150.0).expect("in the picture");
    assert!(band.has_top && band.has_bottom);
    assert!((band.left - points[3].x).abs() < 1e-9 && band.right > points[4].x);
    assert!(band.top < points[4].y.unwrap_or_default() && band.bottom > points[4].y.unwrap_or(1e9));
    let band = chart.expected(0.0, 1e308).expect("in the picture");
    assert!(!band.has_top && !band.has_bottom, "it goes on outside");
    assert_eq!(
        (band.top, band.bottom),
        (chart.frame.top, chart.frame.bottom)
    );
    assert_eq!(chart.expected(1e6, 1e7), None);
    let one = layout(&ldl()[..1], 640.0).expect("a chart");
    assert_eq!(one.expected(0.0, 300.0), None, "nothing before it");
}

#[test]
fn the_time_axis_is_true() {
    let chart = layout(&ldl(), 640.0).expect("a chart");
    let points = &chart.drawing.points;
    let days = |a: usize, b: usize| moment(ldl()[b].at) - moment(ldl()[a].at);
    let pixels = |a: usize, b: usize| points[b].x - points[a].x;
    assert!((pixels(0, 1) / pixels(3, 4) - days(0, 1) / days(3, 4)).abs() < 1e-9);
    assert!(
        chart.times.iter().any(|tick| tick.label.contains("2025")),
        "{:?}",
        chart.times
    );
}

#[test]
fn a_missing_value_breaks_the_line() {
    let mut points = ldl();
    points[2].value = None;
    let chart = layout(&points, 640.0).expect("a chart");
    assert_eq!(
        chart.drawing.lines.iter().map(Vec::len).collect::<Vec<_>>(),
        [2, 2]
    );
    assert_eq!(chart.drawing.points[2].y, None);
}

#[test]
fn nothing_to_draw_is_no_chart() {
    assert!(layout(&[], 640.0).is_none());
    assert!(
        layout(
            &[Point {
                at: at("2026-01-01"),
                value: None,
                range: Range::None
            }],
            640.0
        )
        .is_none()
    );
}

#[test]
fn thousands_of_points_keep_their_extremes() {
    let points: Vec<Point> = (0..10_000i32)
        .map(|day| {
            let value = if day == 5000 {
                900.0
            } else {
                100.0 + f64::from(day % 7)
            };
            Point {
                at: Timestamp(i64::from(day) * DAY),
                value: Some(value),
                range: Range::Below(150.0),
            }
        })
        .collect();
    let chart = layout(&points, 640.0).expect("a chart");
    assert_eq!(chart.drawing.points.len(), 10_000);
    let drawn = &chart.drawing.lines[0];
    assert!(drawn.len() < 2600, "{}", drawn.len());
    let highest = chart.drawing.points[5000];
    assert!(drawn.contains(&(highest.x, highest.y.expect("a value"))));
    assert!(drawn.windows(2).all(|pair| pair[0].0 <= pair[1].0));
}

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..300.0f64, 1 => any::<f64>().prop_filter("finite", |value| value.is_finite()), 1 => -50.0..50.0f64, 1 => Just(1e308), 1 => Just(-1e308), 1 => Just(0.0)]
}

fn any_points() -> impl Strategy<Value = Vec<Point>> {
    let range = (
        proptest::option::of(any_value()),
        proptest::option::of(any_value()),
    )
        .prop_map(|(low, high)| Range::new(low, high));
    // 1900 to 2100, in milliseconds.
    let date = prop_oneof![
        -2_208_988_800_000i64..4_102_444_800_000,
        1_700_000_000_000i64..1_701_000_000_000
    ];
    let one = (date, proptest::option::weighted(0.9, any_value()), range).prop_map(
        |(at, value, range)| Point {
            at: Timestamp(at),
            value,
            range,
        },
    );
    proptest::collection::vec(one, 0..40).prop_map(|mut points| {
        points.sort_by_key(|point| point.at);
        points
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_point_lies_where_its_value_and_date_say(points in any_points(), width in 100.0..1600.0f64) {
        let Some(chart) = layout(&points, width) else {
            prop_assert!(points.iter().all(|point| point.value.is_none()));
            return Ok(());
        };
        let unit = safe_unit(&points);
        let (low, high) = value_domain(&points, unit).expect("numbers");
        let numbers = ticks::values(low, high, ((chart.frame.bottom - chart.frame.top) / 56.0).floor());
        let (low, high) = (numbers[0], numbers[numbers.len() - 1]);
        for (placed, point) in chart.drawing.points.iter().zip(&points) {
            prop_assert!(placed.x >= chart.frame.left && placed.x <= chart.frame.right);
            prop_assert_eq!(placed.y.is_some(), point.value.is_some());
            if let (Some(y), Some(value)) = (placed.y, point.value) {
                prop_assert!(value * unit >= low && value * unit <= high, "ticks cover the data");
                let share = (value * unit - low) / (high - low);
                let expected = chart.frame.bottom - share * (chart.frame.bottom - chart.frame.top);
                prop_assert!((y - expected).abs() < 0.5, "{} {}", y, expected);
                prop_assert!(y >= chart.frame.top && y <= chart.frame.bottom);
            }
        }
    }

    #[test]
    fn a_band_is_the_range_of_the_measurements_in_it(points in any_points(), width in 240.0..1600.0f64) {
        let Some(chart) = layout(&points, width) else { return Ok(()) };
        for (placed, point) in chart.drawing.points.iter().zip(&points) {
            let here: Vec<&Band> = chart.drawing.bands.iter().filter(|band| band.left < placed.x && placed.x < band.right).collect();
            if !point.range.is_drawable() { continue; }
            // Measurements at one moment share a pixel: then no band is strictly around this one.
            let Some(band) = here.first() else { continue };
            let Some(value) = point.value else { continue };
            let (low, high) = point.range.ends();
            let Some(y) = placed.y else { continue };
            let same = chart.drawing.points.iter().filter(|other| (other.x - placed.x).abs() < 1e-6).count();
            if same > 1 { continue; }
            if high.is_some_and(|high| value > high) { prop_assert!(y <= band.top + 1e-6) }
            else if low.is_some_and(|low| value < low) { prop_assert!(y >= band.bottom - 1e-6) }
            else { prop_assert!(y >= band.top - 1e-6 && y <= band.bottom + 1e-6, "{} {:?}", y, band) }
        }
    }

    #[test]
    fn no_label_touches_another_or_leaves_the_picture(points in any_points(), width in 240.0..1600.0f64) {
        let Some(chart) = layout(&points, width) else { return Ok(()) };
        prop_assert!(chart.values.len() >= 2);
        for pair in chart.values.windows(2) {
            prop_assert!(pair[0].y - pair[1].y >= 14.0, "{:?}", pair);
        }
        for tick in &chart.times {
            let half = ticks::width(&tick.label) / 2.0;
            prop_assert!(tick.label_x - half >= -1e-6 && tick.label_x + half <= chart.width + 1e-6);
        }
        prop_assert!(!chart.times.is_empty());
        for pair in chart.times.windows(2) {
            let halves = f64::midpoint(ticks::width(&pair[0].label), ticks::width(&pair[1].label));
            prop_assert!(pair[1].label_x - pair[0].label_x > halves, "{:?}", pair);
        }
        for pair in chart.notes.windows(2) {
            prop_assert!(pair[0].x + ticks::width(pair[0].text) < pair[1].x);
        }
        for note in &chart.notes {
            prop_assert!(note.x >= chart.frame.left && note.x + ticks::width(note.text) <= chart.frame.right);
        }
        for place in 0..points.len() {
            if let Some((x, y)) = callout(&chart, place, "128 mg/dL") {
                prop_assert!(x > chart.frame.left && x < chart.frame.right && y > chart.frame.top && y < chart.height - 20.0);
            }
        }
    }

    #[test]
    fn ticks_are_few_and_round(from in -1e6..1e6f64, span in 1e-6..1e6f64, wanted in 2.0..8.0f64) {
        let numbers = ticks::values(from, from + span, wanted);
        prop_assert!(numbers.len() >= 2 && numbers.len() <= 12, "{:?}", numbers);
        prop_assert!(numbers[0] <= from && numbers[numbers.len() - 1] >= from + span);
        prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
