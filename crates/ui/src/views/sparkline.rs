//! The last measurements of a biomarker in a row of the list: line, range band, last point. Decoration beside words: the
//! sentence under it says the same.

use super::paths::{band_path, edges_path, lines_path};
use super::series::Series;
use super::states::{status_class, status_path};
use super::trend::geometry::{Drawing, draw};
use super::trend::scale::{Linear, moment, points, safe_unit, time_domain, value_domain};
use crate::markup::{Markup, classed, pixels};

/// Size of the picture in CSS pixels.
const WIDTH: f64 = 160.0;
const HEIGHT: f64 = 34.0;
const MARGIN: f64 = 7.0;
/// More measurements than this say nothing more at this size.
const MOST: usize = 60;

/// What a sparkline draws; `None` for fewer than two numbers: one point is no line.
pub fn layout(series: &Series) -> Option<Drawing> {
    let mut points = points(series);
    points.drain(..points.len().saturating_sub(MOST));
    if points.iter().filter(|point| point.value.is_some()).count() < 2 {
        return None;
    }
    let unit = safe_unit(&points);
    let (low, high) = value_domain(&points, unit)?;
    let (first, last) = time_domain(&points)?;
    let x = Linear {
        from: moment(first),
        to: moment(last),
        start: MARGIN,
        end: WIDTH - MARGIN,
        is_log: false,
    };
    let y = Linear {
        from: low,
        to: high,
        start: HEIGHT - 3.0,
        end: 3.0,
        is_log: false,
    };
    let mut drawing = draw(&points, unit, &x, &y, (0.0, WIDTH));
    for band in &mut drawing.bands {
        // An open side, or one that goes on outside, reaches the edge of the picture: a sliver remains to be seen. A printed
        // end stays where it is.
        if !band.has_top && band.top <= y.end {
            band.top = 0.0;
        }
        if !band.has_bottom && band.bottom >= y.start {
            band.bottom = HEIGHT;
        }
    }
    Some(drawing)
}

/// The line of the last measurements, with the range band of each. Nothing for fewer than two numbers.
pub fn sparkline(series: &Series) -> Option<Markup> {
    let drawing = layout(series)?;
    let status = &series.latest().status;
    let last = drawing
        .points
        .iter()
        .rev()
        .find_map(|point| Some((point.x, point.y?)));
    let mark = last.map(|(x, y)| {
        classed("path", status_class(status))
            .attr("d", status_path(status))
            .attr("fill-rule", "evenodd")
            .attr(
                "transform",
                format!(
                    "translate({} {}) scale(.75)",
                    pixels(x - 4.5),
                    pixels(y - 4.5)
                ),
            )
    });
    Some(
        classed("svg", "sparkline")
            .attr(
                "viewBox",
                format!("0 0 {} {}", pixels(WIDTH), pixels(HEIGHT)),
            )
            .attr("width", pixels(WIDTH))
            .attr("height", pixels(HEIGHT))
            .attr("aria-hidden", "true")
            .with(classed("path", "band").attr("d", band_path(&drawing)))
            .with(classed("path", "band-edge").attr("d", edges_path(&drawing)))
            .with(classed("path", "sparkline__line").attr("d", lines_path(&drawing)))
            .with_all(mark),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::series::tests::{grouped, result};

    #[test]
    fn one_point_is_no_line() {
        let results = grouped(vec![result("ldl", "2026-01-01", 1.0, "normal")]);
        assert_eq!(layout(results.find("ldl").expect("there")), None);
    }

    #[test]
    fn a_narrow_range_is_not_drawn_wider_than_it_is() {
        let narrow = |date, value| {
            let mut one = result("ldl", date, value, "high");
            (one.reference_low, one.reference_high) = (Some(99.0), Some(100.0));
            one
        };
        let results = grouped(vec![
            narrow("2025-01-01", 90.0),
            narrow("2026-01-01", 130.0),
        ]);
        let drawing = layout(results.find("ldl").expect("there")).expect("a line");
        let (low, high) = (drawing.points[0].y, drawing.points[1].y);
        let pixel = (low.unwrap_or_default() - high.unwrap_or_default()) / 40.0;
        let band = drawing.bands[0];
        assert!(((band.bottom - band.top) - pixel).abs() < 0.01, "{band:?}");
    }

    #[test]
    fn the_band_never_vanishes_and_nothing_leaves_the_picture() {
        for (from, to) in [
            (160.0, 128.0),
            (8.0, 9.0),
            (99.0, 101.0),
            (1e300, 5.0),
            (5.0, 5.0),
        ] {
            let results = grouped(vec![
                result("ldl", "2025-01-01", from, "high"),
                result("ldl", "2026-01-01", to, "high"),
            ]);
            let drawing = layout(results.find("ldl").expect("there")).expect("a line");
            for band in &drawing.bands {
                assert!(band.bottom - band.top >= 2.9, "{from} {to} {band:?}");
                assert!(
                    band.top >= 0.0 && band.bottom <= HEIGHT,
                    "{from} {to} {band:?}"
                );
            }
            for (x, y) in drawing.lines.concat() {
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y));
            }
        }
    }
}
