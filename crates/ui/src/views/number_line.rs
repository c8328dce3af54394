//! A value on its range: the hero of every result. Segments below, in and above the range, a marker whose shape is the
//! status, the ends of the range labelled.

pub mod geometry;

use self::geometry::{Anchor, Label, Marker, Zone, anchor_label, labels, layout_with};
use super::series::Measurement;
use super::states::{status_class, status_shape};
use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, classed, fixed};

fn percent(place: f64) -> String {
    format!("{}%", fixed(place * 100.0, 3))
}

/// A harm anchor on the line: where it is, in the unit of the measurement, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value.
    pub at: f64,
    /// The value as it is printed.
    pub number: String,
    /// What it means, one sentence.
    pub words: String,
}

/// The number line of one measurement; `large` on the page of one biomarker. `decimals` is what labs usually print.
///
/// # Accessibility
/// One image (`role="img"`) whose name says everything the picture shows: name, value, unit, status, range.
pub fn number_line(name: &str, point: &Measurement, decimals: u8, large: bool) -> Markup {
    drawn(name, point, decimals, large, None).0
}

/// The large number line with a harm anchor, and whether the line reaches as far as that.
pub fn number_line_with(
    name: &str,
    point: &Measurement,
    decimals: u8,
    tick: &Tick,
) -> (Markup, bool) {
    drawn(name, point, decimals, true, Some(tick))
}

fn label(class: &'static str, label: Label) -> Markup {
    let anchor = match label.anchor {
        Anchor::Start => " number-line__label--start",
        Anchor::Middle => "",
        Anchor::End => " number-line__label--end",
    };
    classed("span", format!("{class}{anchor}"))
        .style("left", percent(label.place))
        .text(label.text)
}

fn drawn(
    name: &str,
    point: &Measurement,
    decimals: u8,
    large: bool,
    tick: Option<&Tick>,
) -> (Markup, bool) {
    let line = layout_with(point.value.number(), &point.range, tick.map(|tick| tick.at));
    let segments = line.segments.iter().map(|segment| {
        let class = match segment.zone {
            Zone::Below => "number-line__segment number-line__segment--below",
            Zone::In => "number-line__segment number-line__segment--in",
            Zone::Above => "number-line__segment number-line__segment--above",
        };
        classed("span", class)
            .style("left", percent(segment.start))
            .style("width", percent(segment.end - segment.start))
    });
    let ends = line
        .ends
        .iter()
        .map(|(_, place)| classed("span", "number-line__end").style("left", percent(*place)));
    let track = classed("div", "number-line__track")
        .with_all(segments)
        .with_all(ends)
        .with_all(
            line.anchor
                .map(|place| classed("span", "number-line__anchor").style("left", percent(place))),
        )
        .with_all(line.marker.map(|marker| {
            let off = match marker {
                Marker::At(_) => "",
                Marker::OffLow => " number-line__marker--off-low",
                Marker::OffHigh => " number-line__marker--off-high",
            };
            classed(
                "span",
                format!("number-line__marker {}{off}", status_class(&point.status)),
            )
            .style("left", percent(marker.place()))
            .with(status_shape(&point.status))
            .with(classed("span", "number-line__stem"))
        }));

    let labels = labels(&line.ends, |end| words::bound_of(point, end));
    let tick_label = line.anchor.zip(tick).and_then(|(place, tick)| {
        // At the end of the range its number stands there already.
        let is_said = labels.iter().any(|label| label.text == tick.number);
        (!is_said).then(|| anchor_label(&labels, place, tick.number.clone()))?
    });
    let mut below = classed("div", "number-line__labels")
        .with_all(
            labels
                .into_iter()
                .map(|end| label("number-line__label", end)),
        )
        .with_all(
            tick_label.map(|tick| label("number-line__label number-line__label--anchor", tick)),
        );
    below = match line.marker {
        Some(Marker::OffLow) => {
            below.with(classed("span", "number-line__off").text(Phrase::NumberLineOffLow))
        }
        Some(Marker::OffHigh) => below.with(
            classed("span", "number-line__off number-line__off--high")
                .text(Phrase::NumberLineOffHigh),
        ),
        _ => below,
    };
    let mut class = "number-line".to_owned();
    if large {
        class.push_str(" number-line--large");
    }
    if !point.range.is_drawable() {
        class.push_str(" number-line--plain");
        let text = if large {
            words::no_range(point)
        } else {
            words::short_no_range(point)
        };
        below = below.with(classed("span", "number-line__none").text(text));
    }
    let mut said = words::number_line(name, point, decimals);
    if let Some(tick) = tick.filter(|_| line.anchor.is_some()) {
        said = Phrase::NumberLineAnchor.fill(&[&said, &tick.words]);
    }
    let picture = classed("div", class)
        .attr("role", "img")
        .attr("aria-label", said)
        .with(track)
        .with(below);
    (picture, line.anchor.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::series::tests::{grouped, result};

    #[test]
    fn a_value_above_a_one_sided_range() {
        let results = grouped(vec![result("ldl", "2026-03-03", 128.0, "high")]);
        let series = results.find("ldl").expect("there");
        assert_eq!(
            number_line(&series.name, series.latest(), 0, false).to_string(),
            concat!(
                r#"<div class="number-line" role="img" aria-label="LDL cholesterol: 128 mg/dL, above range; range below 100 mg/dL">"#,
                r#"<div class="number-line__track">"#,
                r#"<span class="number-line__segment number-line__segment--in" style="left:0%;width:45.455%;"></span>"#,
                r#"<span class="number-line__segment number-line__segment--above" style="left:45.455%;width:54.545%;"></span>"#,
                r#"<span class="number-line__end" style="left:45.455%;"></span>"#,
                r#"<span class="number-line__marker status--high" style="left:58.182%;">"#,
                r#"<svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">"#,
                r#"<path d="M6 1 11.5 10.5H.5z" fill-rule="evenodd"></path></svg>"#,
                r#"<span class="number-line__stem"></span></span></div>"#,
                r#"<div class="number-line__labels"><span class="number-line__label" style="left:45.455%;">100</span></div></div>"#,
            )
        );
    }

    #[test]
    fn without_a_range_there_is_no_marker_and_a_word_says_why() {
        let mut one = result("ldl", "2026-03-03", 128.0, "high");
        one.reference_high = None;
        let results = grouped(vec![one]);
        let series = results.find("ldl").expect("there");
        let picture = number_line(&series.name, series.latest(), 0, true).to_string();
        assert!(
            !picture.contains("marker")
                && picture.contains("No range was printed with this result."),
            "{picture}"
        );
    }
}
