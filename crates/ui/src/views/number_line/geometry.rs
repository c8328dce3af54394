//! Where things stand on a number line: pure numbers, fractions of its width.

use crate::language::Phrase;
use crate::views::series::Range;
use crate::views::within;

/// The least part of the line that the range keeps when the line stretches for a value far outside.
const LEAST_RANGE: f64 = 0.14;
/// The narrowest line that is drawn, in CSS pixels, and the room a label takes there. Labels that fit here fit everywhere.
pub const LEAST_WIDTH: f64 = 200.0;
/// An upper bound of the width of a character of a label.
pub const LABEL_CHARACTER: f64 = 8.2;
const LABEL_GAP: f64 = 8.0;

/// What a part of the line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Below the range.
    Below,
    /// In range.
    In,
    /// Above the range.
    Above,
}

/// A part of the line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// What it means.
    pub zone: Zone,
    /// Where it begins, 0 to 1.
    pub start: f64,
    /// Where it ends, 0 to 1.
    pub end: f64,
}

/// Where the value stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Marker {
    /// On the scale, 0 to 1.
    At(f64),
    /// Lower than the line can show without squeezing the range: the marker stands at the start, with a break.
    OffLow,
    /// Higher than the line can show: the marker stands at the end, with a break.
    OffHigh,
}

impl Marker {
    /// Where the marker is drawn, 0 to 1.
    pub fn place(self) -> f64 {
        match self {
            Self::At(place) => place,
            Self::OffLow => 0.0,
            Self::OffHigh => 1.0,
        }
    }
}

/// A number line. Without a range there are no segments and no marker: a place on a line without a scale would be invented.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberLine {
    /// The value at the start of the line, multiplied by `unit`.
    pub min: f64,
    /// The value at its end, multiplied by `unit`.
    pub max: f64,
    /// 1 for every real lab value; another factor keeps the arithmetic of absurd ones from overflowing.
    pub unit: f64,
    /// From left to right, without gaps.
    pub segments: Vec<Segment>,
    /// The ends of the range: value and place.
    pub ends: Vec<(f64, f64)>,
    /// Where the value stands, when there is a number.
    pub marker: Option<Marker>,
    /// Where the harm anchor stands, when there is one and the line reaches so far.
    pub anchor: Option<f64>,
}

/// A factor that brings numbers to where their differences neither overflow nor vanish; 1 for every real lab value.
pub(crate) fn safe_factor(numbers: impl Iterator<Item = f64>) -> f64 {
    let largest = numbers.fold(0.0, |largest: f64, number| largest.max(number.abs()));
    if largest > 1e290 {
        1e-20
    } else if largest > 0.0 && largest < 1e-290 {
        1e20
    } else {
        1.0
    }
}

/// The ends of the line when the value lies near the range, and how far each may move for a value that does not: the
/// range keeps [`LEAST_RANGE`] of the line.
fn extent(low: Option<f64>, high: Option<f64>) -> (f64, f64, f64, f64) {
    let size_of = |end: f64| if end == 0.0 { 1.0 } else { end.abs() };
    match (low, high) {
        (Some(low), Some(high)) => {
            // A range of a single number still needs a width.
            let span = if high > low {
                high - low
            } else {
                low.abs().max(1.0) * 0.5
            };
            let room = span / LEAST_RANGE - span;
            (low - 0.6 * span, high + 0.6 * span, low - room, high + room)
        }
        (Some(low), None) => {
            let (size, room) = (size_of(low), size_of(low) / LEAST_RANGE);
            (low - size, low + 1.6 * size, low - room, low + room - size)
        }
        (None, Some(high)) => {
            let (size, room) = (size_of(high), size_of(high) / LEAST_RANGE);
            (
                high - size,
                high + 1.2 * size,
                high - room,
                high + room - size,
            )
        }
        (None, None) => (0.0, 1.0, 0.0, 1.0),
    }
}

/// Lays out a value on its range.
pub fn layout(value: Option<f64>, range: &Range) -> NumberLine {
    layout_with(value, range, None)
}

/// Lays out a value on its range, with a harm anchor: the line stretches for it as it does for a value, and no further.
pub fn layout_with(value: Option<f64>, range: &Range, anchor: Option<f64>) -> NumberLine {
    let value = value.filter(|value| value.is_finite());
    let (low, high) = range.ends();
    if (low, high) == (None, None) {
        return NumberLine::default();
    }
    let unit = safe_factor([low, high, value].into_iter().flatten());
    let (low, high, value) = (
        low.map(|end| end * unit),
        high.map(|end| end * unit),
        value.map(|value| value * unit),
    );
    let signed = [low, high, value]
        .into_iter()
        .flatten()
        .any(|number| number < 0.0);

    let (natural_min, natural_max, least_min, most_max) = extent(low, high);
    let (mut min, mut max) = (natural_min, natural_max);
    if let Some(value) = value {
        let margin = 0.06 * (max - min);
        if value > max - margin {
            let wanted = value + 0.08 * (value - min);
            if wanted <= most_max {
                max = wanted;
            }
        } else if value < min + margin {
            let wanted = value - 0.08 * (max - value);
            if wanted >= least_min {
                min = wanted;
            }
        }
    }
    let anchor = anchor.map(|anchor| anchor * unit);
    if let Some(anchor) = anchor {
        let margin = 0.05 * (max - min);
        let (wanted_max, wanted_min) = (
            anchor + 0.08 * (anchor - min),
            anchor - 0.08 * (max - anchor),
        );
        if anchor > max - margin && wanted_max <= most_max {
            max = wanted_max.max(max);
        } else if anchor < min + margin && wanted_min >= least_min {
            min = wanted_min.min(min);
        }
    }
    // What cannot be negative starts at zero.
    if !signed {
        min = min.max(0.0);
    }
    let place = |number: f64| within((number - min) / (max - min), 0.0, 1.0);
    let (start, end) = (low.map_or(0.0, place), high.map_or(1.0, place));
    let segments = [
        (Zone::Below, 0.0, start),
        (Zone::In, start, end),
        (Zone::Above, end, 1.0),
    ]
    .into_iter()
    .filter(|(zone, from, to)| to > from || *zone == Zone::In)
    .map(|(zone, start, end)| Segment { zone, start, end })
    .collect();
    NumberLine {
        min,
        max,
        unit,
        segments,
        ends: [low, high]
            .into_iter()
            .flatten()
            .map(|end| (end / unit, place(end)))
            .collect(),
        // Whether it is off the scale is said last: the line may have been stretched far enough for the anchor.
        marker: value.map(|value| {
            if value > max {
                Marker::OffHigh
            } else if value < min {
                Marker::OffLow
            } else {
                Marker::At(place(value))
            }
        }),
        anchor: anchor
            .filter(|anchor| (min..=max).contains(anchor))
            .map(place),
    }
}

/// How a label hangs on its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The label begins at its place.
    Start,
    /// The label's middle is at its place.
    Middle,
    /// The label ends at its place.
    End,
}

/// A label under the line.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Where it hangs, 0 to 1.
    pub place: f64,
    /// How it hangs there.
    pub anchor: Anchor,
}

impl Label {
    /// From where to where it reaches on a line of this width, in pixels.
    pub fn reach(&self, width: f64) -> (f64, f64) {
        #[expect(clippy::cast_precision_loss, reason = "a label has a few characters")]
        let length = self.text.chars().count() as f64 * LABEL_CHARACTER;
        let at = self.place * width;
        match self.anchor {
            Anchor::Start => (at, at + length),
            Anchor::Middle => (at - length / 2.0, at + length / 2.0),
            Anchor::End => (at - length, at),
        }
    }

    fn fits(&self) -> bool {
        let (from, to) = self.reach(LEAST_WIDTH);
        from >= 0.0 && to <= LEAST_WIDTH
    }
}

/// The label of a harm anchor, when it has room beside the labels that are there: the sentence below says the number anyway.
pub fn anchor_label(labels: &[Label], place: f64, text: String) -> Option<Label> {
    [Anchor::Middle, Anchor::Start, Anchor::End]
        .into_iter()
        .map(|anchor| Label {
            text: text.clone(),
            place,
            anchor,
        })
        .find(|label| {
            let (from, to) = label.reach(LEAST_WIDTH);
            label.fits()
                && labels.iter().all(|other| {
                    let (start, end) = other.reach(LEAST_WIDTH);
                    to + LABEL_GAP <= start || end + LABEL_GAP <= from
                })
        })
}

/// Labels for the ends of a range that do not touch each other and stay on the line, at [`LEAST_WIDTH`] and wider. Two
/// that cannot stand apart become one: `1,000 to 1,010`.
pub fn labels(ends: &[(f64, f64)], text: impl Fn(f64) -> String) -> Vec<Label> {
    let hang = |end: &(f64, f64), anchors: [Anchor; 3]| {
        let label = |anchor| Label {
            text: text(end.0),
            place: end.1,
            anchor,
        };
        anchors.into_iter().map(label).find(Label::fits)
    };
    let edge = |at: f64| {
        if at < 0.5 {
            (0.0, Anchor::Start)
        } else {
            (1.0, Anchor::End)
        }
    };
    let single = |end: &(f64, f64)| {
        hang(end, [Anchor::Middle, Anchor::Start, Anchor::End]).unwrap_or_else(|| {
            let (place, anchor) = edge(end.1);
            Label {
                text: text(end.0),
                place,
                anchor,
            }
        })
    };
    let (low, high) = match ends {
        [] => return Vec::new(),
        [one] => return vec![single(one)],
        [low, high, ..] => (low, high),
    };
    let apart = |a: &Label, b: &Label| a.reach(LEAST_WIDTH).1 + LABEL_GAP <= b.reach(LEAST_WIDTH).0;
    let tries = [
        [Anchor::Middle, Anchor::Start, Anchor::End],
        [Anchor::End, Anchor::Middle, Anchor::Start],
    ];
    for low_anchors in tries {
        for high_anchors in [
            [Anchor::Middle, Anchor::End, Anchor::Start],
            [Anchor::Start, Anchor::Middle, Anchor::End],
        ] {
            if let (Some(a), Some(b)) = (hang(low, low_anchors), hang(high, high_anchors))
                && apart(&a, &b)
            {
                return vec![a, b];
            }
        }
    }
    let both = Phrase::RangeBetween.fill(&[&text(low.0), &text(high.0)]);
    let middle = f64::midpoint(low.1, high.1);
    let label = Label {
        text: both,
        place: middle,
        anchor: Anchor::Middle,
    };
    if label.fits() {
        return vec![label];
    }
    let (place, anchor) = edge(middle);
    vec![Label {
        place,
        anchor,
        ..label
    }]
}

#[cfg(test)]
mod tests;
