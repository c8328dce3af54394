//! What a person reads off a number line.

use loop_ui::views::number_line::geometry as line;
use loop_ui::views::series::Range;
use loop_ui::views::words::bound;
use proptest::prelude::*;

use crate::axis::{self, Scale};
use crate::{Checked, PIXEL};

/// The marker and the anchor stand where the numbers at the ends of the range put them; no labels touch.
pub fn check(value: f64, range: &Range, anchor: Option<f64>) -> Checked {
    let laid = line::layout_with(Some(value), range, anchor);
    prop_assert_eq!(&laid, &line::layout_with(Some(value), range, anchor));
    let labels = line::labels(&laid.ends, bound);
    let beside = anchor
        .zip(laid.anchor)
        .and_then(|(anchor, place)| line::anchor_label(&labels, place, bound(anchor)));
    let all: Vec<_> = labels.iter().chain(&beside).collect();
    for width in (200..=1200).step_by(50).map(f64::from) {
        for (place, one) in all.iter().enumerate() {
            let (from, to) = one.reach(width);
            prop_assert!(
                to - from > width || (from >= -1e-6 && to <= width + 1e-6),
                "{:?}",
                one
            );
            for other in &all[place + 1..] {
                let (start, end) = other.reach(width);
                prop_assert!(
                    to <= start || end <= from,
                    "{:?} {:?} at {}",
                    one,
                    other,
                    width
                );
            }
        }
        let [(low, start), (high, end)] = laid.ends[..] else {
            continue;
        };
        let texts: Vec<&str> = labels
            .iter()
            .flat_map(|label| label.text.split(" to "))
            .collect();
        let said: Vec<f64> = texts.iter().filter_map(|text| axis::number(text)).collect();
        // A range of one number has no length to read; a label that is rounded is not exact enough, and neither are floats
        // next to nothing.
        if low.abs().max(high.abs()) < 1e-300 || said != [low, high] || end - start < 1e-6 {
            continue;
        }
        let scale = Scale::new((low, start * width), (high, end * width));
        for label in labels.iter().filter(|_| labels.len() == 2) {
            let (from, to) = label.reach(width);
            let at = scale.place(axis::number(&label.text).unwrap());
            prop_assert!(
                from <= at + PIXEL && at <= to + PIXEL,
                "its own label at each end: {:?} {:?}",
                label,
                laid
            );
        }
        let read = scale.place(value);
        match laid.marker.unwrap() {
            line::Marker::At(place) => prop_assert!(
                (place * width - read).abs() <= PIXEL,
                "{} read at {}: {:?}",
                value,
                read,
                laid
            ),
            line::Marker::OffLow => prop_assert!(read < 0.0, "{:?}", laid),
            line::Marker::OffHigh => prop_assert!(read > width, "{:?}", laid),
        }
        if let Some((anchor, place)) = anchor.zip(laid.anchor) {
            prop_assert!(
                (place * width - scale.place(anchor)).abs() <= PIXEL,
                "{:?}",
                laid
            );
        }
    }
    Ok(())
}
