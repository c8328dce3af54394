//! Whatever the numbers: everything on the line, where its value says, labels apart.

#![expect(clippy::float_cmp, reason = "segments share their ends exactly")]

use proptest::prelude::*;

use super::*;

fn zones(line: &NumberLine) -> Vec<Zone> {
    line.segments.iter().map(|segment| segment.zone).collect()
}

#[test]
fn a_value_that_the_line_reaches_for_its_anchor_is_not_called_off_the_scale() {
    let range = Range::Between(4403.0, 5147.0);
    let line = layout_with(Some(200.0), &range, Some(436.92));
    assert!(line.min < 200.0, "{line:?}");
    assert!(matches!(line.marker, Some(Marker::At(_))), "{line:?}");
    let line = layout(Some(200.0), &range);
    assert_eq!(line.marker, Some(Marker::OffLow));
}

#[test]
fn two_sided_one_sided_and_no_range() {
    let ferritin = layout(Some(8.0), &Range::Between(15.0, 150.0));
    assert_eq!(zones(&ferritin), [Zone::Below, Zone::In, Zone::Above]);
    assert!(
        (ferritin.min - 0.0).abs() < 1e-9,
        "nothing below zero is shown: {}",
        ferritin.min
    );
    let ldl = layout(Some(128.0), &Range::Below(100.0));
    assert_eq!(zones(&ldl), [Zone::In, Zone::Above]);
    assert_eq!(ldl.ends.len(), 1);
    let hdl = layout(Some(58.0), &Range::Above(40.0));
    assert_eq!(zones(&hdl), [Zone::Below, Zone::In]);
    for range in [Range::None, Range::Inverted(5.0, 1.0)] {
        let plain = layout(Some(3.0), &range);
        assert!(plain.segments.is_empty() && plain.marker.is_none());
    }
    assert_eq!(layout(None, &Range::Below(100.0)).marker, None);
}

#[test]
fn a_value_far_outside_stretches_the_line_then_leaves_it() {
    let near = layout(Some(300.0), &Range::Between(70.0, 99.0));
    assert!(matches!(near.marker, Some(Marker::OffHigh)), "{near:?}");
    let stretched = layout(Some(160.0), &Range::Between(70.0, 99.0));
    assert!(
        matches!(stretched.marker, Some(Marker::At(place)) if place > 0.8),
        "{stretched:?}"
    );
    assert_eq!(
        layout(Some(-500.0), &Range::Between(1.0, 2.0)).marker,
        Some(Marker::OffLow)
    );
}

#[test]
fn labels_that_cannot_stand_apart_become_one() {
    let text = |value: f64| format!("{value}");
    let line = layout(Some(10_000.0), &Range::Between(10_000.0, 10_001.0));
    let near = labels(&line.ends, text);
    assert!(near.len() <= 2);
    let close = labels(&[(100_000.25, 0.5), (100_000.5, 0.52)], |value| {
        format!("{value:.6}")
    });
    assert_eq!(close.len(), 1);
    assert!(close[0].text.contains(" to "));
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -1e4..1e4f64,
        0.0..10.0f64,
        Just(0.0),
        Just(1e308),
        Just(-1e308),
        Just(f64::NAN),
        Just(f64::MIN_POSITIVE)
    ]
}

fn any_range() -> impl Strategy<Value = Range> {
    (
        proptest::option::of(any_number()),
        proptest::option::of(any_number()),
    )
        .prop_map(|(low, high)| Range::new(low, high))
}

proptest! {
    #[test]
    fn everything_lies_on_the_line_where_its_value_says(value in proptest::option::of(any_number()), range in any_range()) {
        let line = layout(value, &range);
        let value = value.filter(|value| value.is_finite());
        prop_assert_eq!(line.marker.is_some(), value.is_some() && range.is_drawable());
        let mut at = 0.0;
        for segment in &line.segments {
            prop_assert_eq!(segment.start, at);
            prop_assert!(segment.end >= segment.start && segment.end <= 1.0);
            at = segment.end;
        }
        prop_assert!(line.segments.is_empty() || at == 1.0);
        for &(end, place) in &line.ends {
            prop_assert!((0.0..=1.0).contains(&place));
            let expected = (end * line.unit - line.min) / (line.max - line.min);
            prop_assert!((place - expected).abs() < 1e-6, "{} {} {:?}", end, place, line);
        }
        if let (Some(Marker::At(place)), Some(value)) = (line.marker, value) {
            prop_assert!((0.0..=1.0).contains(&place));
            let expected = (value * line.unit - line.min) / (line.max - line.min);
            prop_assert!((place - expected).abs() < 1e-6, "{} {} {:?}", value, place, line);
        }
    }

    #[test]
    fn the_marker_is_on_the_side_of_the_range_that_the_numbers_say(value in -1e6..1e6f64, low in -1e6..1e6f64, span in 1e-3..1e6f64) {
        let high = low + span;
        let line = layout(Some(value), &Range::Between(low, high));
        let place = line.marker.map_or(-1.0, Marker::place);
        let (start, end) = (line.ends[0].1, line.ends[1].1);
        prop_assert!(end - start >= LEAST_RANGE * 0.85, "the range stays visible: {:?}", line);
        if value < low { prop_assert!(place <= start) } else if value > high { prop_assert!(place >= end) } else { prop_assert!(place >= start && place <= end) }
    }

    #[test]
    fn labels_never_touch_and_stay_on_the_line(value in any_number(), range in any_range(), width in LEAST_WIDTH..1000.0) {
        let line = layout(Some(value), &range);
        let labels = labels(&line.ends, crate::views::words::bound);
        prop_assert!(line.ends.is_empty() == labels.is_empty());
        for label in &labels {
            let (from, to) = label.reach(width);
            prop_assert!(to - from > LEAST_WIDTH || (from >= -1e-6 && to <= width + 1e-6), "{:?}", label);
        }
        if let [a, b] = labels.as_slice() {
            prop_assert!(a.reach(width).1 <= b.reach(width).0, "{:?} {:?}", a, b);
        }
    }
}
