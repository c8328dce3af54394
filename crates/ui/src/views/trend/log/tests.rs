//! Logarithms as the standard library has them, ticks that are round and apart, and when the scale is offered.

use loop_contracts::time::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::views::series::Range;
use crate::views::trend::geometry::layout_on;
use crate::views::trend::scale::{Point, log_domain as domain};

fn points(values: &[f64], range: Range) -> Vec<Point> {
    let point = |value: &f64| Point {
        at: Timestamp(0),
        value: Some(*value),
        range,
    };
    values.iter().map(point).collect()
}

#[test]
fn it_is_offered_where_it_helps_and_is_truthful() {
    for (values, is_offered) in [
        (&[1.0, 20.0][..], true),
        (&[1.0, 19.9], false),
        (&[0.0, 50.0], false),
        (&[-1.0, 50.0], false),
        (&[5e-324, 1.0], false),
        (&[1.0, 1e13], false),
        (&[7.0], false),
        (&[], false),
    ] {
        let domain = domain(&points(values, Range::None), 1.0);
        assert_eq!(domain.is_some(), is_offered, "{values:?}");
    }
}

#[test]
fn ends_of_ranges_are_shown_when_they_are_near_or_a_value_is_beyond() {
    let ends = |range| {
        let (from, to) = domain(&points(&[10.0, 300.0], range), 1.0).expect("offered");
        ((from * 1.1).round(), (to / 1.1).round())
    };
    assert_eq!(ends(Range::Between(2.0, 2000.0)), (2.0, 2000.0));
    assert_eq!(ends(Range::Between(0.5, 4000.0)), (10.0, 300.0), "far away");
    assert_eq!(
        ends(Range::Above(0.0)),
        (10.0, 300.0),
        "no place on this scale"
    );
    assert_eq!(
        ends(Range::Above(5000.0)),
        (10.0, 5000.0),
        "both are below it"
    );
}

#[test]
fn ticks_of_two_decades_and_of_six() {
    assert_eq!(
        ticks(9.0, 900.0, 262.0),
        [5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]
    );
    assert_eq!(
        ticks(10.9, 12_100.0, 262.0),
        [10.0, 100.0, 1000.0, 10_000.0, 20_000.0]
    );
    assert_eq!(
        ticks(12.0, 11_000_000.0, 262.0),
        [
            10.0,
            100.0,
            1000.0,
            10_000.0,
            100_000.0,
            1_000_000.0,
            20_000_000.0
        ]
    );
}

#[test]
fn a_range_end_next_to_nothing_is_an_open_side() {
    for end in [0.0, -1.0, 5e-324, 2.3e-308] {
        let mut all = points(&[10.0, 300.0], Range::Above(end));
        all[0].range = Range::Below(end);
        let chart = layout_on(&all, 640.0, true).expect("a chart");
        let [first, second] = chart.drawing.bands[..] else {
            panic!("{chart:?}")
        };
        assert!(
            !first.has_top && first.top >= chart.frame.bottom,
            "{first:?}"
        );
        assert!(
            !second.has_bottom && second.bottom >= chart.frame.bottom,
            "{second:?}"
        );
        assert!(chart.values.len() < 12, "{:?}", chart.values);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_logarithm_is_the_one_of_the_standard_library(value in 1e-290..1e290f64, power in -280i32..280) {
        for value in [value, value.fract() * 10f64.powi(power) + 1e-300] {
            prop_assert!((log2(value) - value.log2()).abs() < 1e-6, "{}", value);
        }
    }

    #[test]
    fn ticks_cover_the_numbers_and_stay_apart(power in -280.0..270.0f64, decades in 1.3..30.0f64, length in 200.0..270.0f64) {
        let (from, to) = (10f64.powf(power), 10f64.powf(power + decades));
        let all = ticks(from, to, length);
        prop_assert!(all[0] <= from && all[all.len() - 1] >= to && all.len() >= 2);
        prop_assert!(all[0] >= from / 2.6 && all[all.len() - 1] <= to * 2.6, "no room is lost");
        let pixel = length / (all[all.len() - 1].log2() - all[0].log2());
        for pair in all.windows(2) {
            prop_assert!((pair[1].log2() - pair[0].log2()) * pixel >= APART_AT_ENDS - 0.1, "{:?}", all);
        }
    }
}
