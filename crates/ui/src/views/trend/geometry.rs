//! Where everything of the chart stands: pure numbers in CSS pixels, the same for the same data and width.

use super::log;
use super::scale::{Linear, Point, log_domain, moment, safe_unit, time_domain, value_domain};
use super::ticks::{self, TimeTick};
use crate::views::series::Range;
use crate::views::{within, words};

/// The least width that is drawn; below it the picture is scaled down by the browser.
pub const LEAST_WIDTH: f64 = 240.0;
const LANE: f64 = 22.0;
const BELOW: f64 = 30.0;
const RIGHT: f64 = 16.0;

/// A box inside the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Pixels.
    pub left: f64,
    /// Pixels.
    pub right: f64,
    /// Pixels.
    pub top: f64,
    /// Pixels.
    pub bottom: f64,
}

/// Where a measurement stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// From the left.
    pub x: f64,
    /// From the top; `None` for one that has no number in the chart's unit. It is marked on the time axis.
    pub y: Option<f64>,
}

/// The range of one or more neighbouring measurements: a part of the band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// From the left.
    pub left: f64,
    /// To the right.
    pub right: f64,
    /// The upper edge of the fill.
    pub top: f64,
    /// The lower edge of the fill.
    pub bottom: f64,
    /// Whether the upper edge is the printed end of the range, and not just the edge of the picture.
    pub has_top: bool,
    /// Whether the lower edge is the printed end of the range.
    pub has_bottom: bool,
}

/// What is drawn of the data itself, shared by the chart and the sparkline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// One for each measurement, in order.
    pub points: Vec<Placed>,
    /// Lines between measurements; a new one begins after each gap.
    pub lines: Vec<Vec<(f64, f64)>>,
    /// The band, step by step.
    pub bands: Vec<Band>,
    /// Where the printed range changes: from the left, and the place of the first measurement with the next range.
    pub steps: Vec<(f64, usize)>,
}

/// Places measurements in a box. The band of the first and that of the last measurement reach `edges`, from the left and to
/// the right.
pub fn draw(points: &[Point], unit: f64, x: &Linear, y: &Linear, edges: (f64, f64)) -> Drawing {
    let placed: Vec<Placed> = points
        .iter()
        .map(|point| Placed {
            x: x.clamped(moment(point.at)),
            y: point.value.map(|value| y.clamped(value * unit)),
        })
        .collect();
    let (left, right) = edges;
    let mut out = Drawing::default();
    let mut line = Vec::new();
    let mut before: Option<Range> = None;
    for (place, point) in points.iter().enumerate() {
        match placed[place].y {
            Some(y) => line.push((placed[place].x, y)),
            None if line.is_empty() => {}
            None => out.lines.push(std::mem::take(&mut line)),
        }
        let from = if place == 0 {
            left
        } else {
            f64::midpoint(placed[place - 1].x, placed[place].x)
        };
        let to = placed
            .get(place + 1)
            .map_or(right, |next| f64::midpoint(placed[place].x, next.x));
        match before {
            Some(range) if range == point.range => {
                if let Some(band) = out.bands.last_mut().filter(|_| range.is_drawable()) {
                    band.right = to;
                }
            }
            _ => {
                out.bands.extend(band(&point.range, unit, from, to, y));
                // A measurement without a range says nothing about a change of it.
                if point.range.is_drawable()
                    && last_drawable(&points[..place]).is_some_and(|range| range != point.range)
                {
                    out.steps.push((from, place));
                }
            }
        }
        before = Some(point.range);
    }
    if !line.is_empty() {
        out.lines.push(line);
    }
    for line in &mut out.lines {
        *line = thin(std::mem::take(line));
    }
    out.points = placed;
    out
}

fn last_drawable(points: &[Point]) -> Option<Range> {
    points
        .iter()
        .rev()
        .map(|point| point.range)
        .find(Range::is_drawable)
}

/// Where an end of a band is drawn, and whether that is where it is: at the edge of the picture it may be beyond.
fn edge(end: f64, y: &Linear) -> (f64, bool) {
    let place = y.place(end);
    (y.clamped(end), place >= y.end && place <= y.start)
}

fn band(range: &Range, unit: f64, left: f64, right: f64, y: &Linear) -> Option<Band> {
    let (low, high) = range.ends();
    let edge = |end: f64| edge(end * unit, y);
    let (top, has_top) = high.map_or((y.end, false), edge);
    let (bottom, has_bottom) = low.map_or((y.start, false), edge);
    range.is_drawable().then_some(Band {
        left,
        right,
        top,
        bottom,
        has_top,
        has_bottom,
    })
}

/// At most four points a pixel: the first, the extremes and the last of each column, so that thousands of measurements
/// draw the same picture as all of them would.
fn thin(line: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if line.len() < 600 {
        return line;
    }
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut start = 0;
    while start < line.len() {
        let column = line[start].0.floor();
        let end = line[start..]
            .iter()
            .position(|point| point.0.floor() > column)
            .map_or(line.len(), |length| start + length);
        let part = &line[start..end];
        let by_height = |a: &usize, b: &usize| part[*a].1.total_cmp(&part[*b].1);
        let lowest = (0..part.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..part.len()).max_by(by_height).unwrap_or(0);
        let mut before = usize::MAX;
        for place in [0, lowest.min(highest), lowest.max(highest), part.len() - 1] {
            if place != before {
                out.push(part[place]);
                before = place;
            }
        }
        start = end;
    }
    out
}

/// A note at the place where the range changed.
#[derive(Clone, Debug, PartialEq)]
pub struct StepLabel {
    /// Where the text begins, from the left.
    pub x: f64,
    /// What it says.
    pub text: &'static str,
}

/// A tick of the value axis.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTick {
    /// From the top.
    pub y: f64,
    /// What it says.
    pub label: String,
}

/// The whole chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The picture's width.
    pub width: f64,
    /// The picture's height.
    pub height: f64,
    /// Where the data is drawn.
    pub frame: Frame,
    /// The data.
    pub drawing: Drawing,
    /// From bottom to top.
    pub values: Vec<ValueTick>,
    /// From left to right.
    pub times: Vec<TimeTick>,
    /// Notes in the lane above the data. One that would touch another is left out here: the note below the chart has it.
    pub notes: Vec<StepLabel>,
    /// From values, multiplied by `unit`, to pixels.
    y: Linear,
    unit: f64,
}

impl Layout {
    /// The band of what could be expected of the last measurement, from the one before it on. `None` where nothing of it is
    /// in the picture.
    pub fn expected(&self, low: f64, high: f64) -> Option<Band> {
        let [.., before, last] = &self.drawing.points[..] else {
            return None;
        };
        let edge = |end: f64| edge(end * self.unit, &self.y);
        let ((top, has_top), (bottom, has_bottom)) = (edge(high), edge(low));
        (bottom - top >= 1.0).then_some(Band {
            left: before.x,
            right: (last.x + 10.0).min(self.frame.right),
            top,
            bottom,
            has_top,
            has_bottom,
        })
    }
}

/// Lays out the chart for a width; `None` when there is no number to draw.
pub fn layout(points: &[Point], width: f64) -> Option<Layout> {
    layout_on(points, width, false)
}

/// The same on a logarithmic scale where that is wanted and [helps](log::helps).
pub fn layout_on(points: &[Point], width: f64, wants_log: bool) -> Option<Layout> {
    let width = if width.is_finite() {
        within(width, LEAST_WIDTH, 4000.0)
    } else {
        LEAST_WIDTH
    };
    let height = if width < 480.0 { 268.0 } else { 320.0 };
    let unit = safe_unit(points);
    let (first, last) = time_domain(points)?;
    let (top, bottom) = (LANE + 6.0, height - BELOW);
    let logarithmic = if wants_log {
        log_domain(points, unit)
    } else {
        None
    };
    let numbers = if let Some((low, high)) = logarithmic {
        log::ticks(low, high, bottom - top)
    } else {
        let (low, high) = value_domain(points, unit)?;
        ticks::values(low, high, ((bottom - top) / 56.0).floor())
    };
    let is_log = logarithmic.is_some();
    let end = |number: f64| if is_log { log::log2(number) } else { number };
    let (low, high) = (end(*numbers.first()?), end(*numbers.last()?));
    let labels: Vec<String> = numbers
        .iter()
        .map(|number| words::bound(number / unit))
        .collect();
    let widest = labels
        .iter()
        .map(|label| ticks::width(label))
        .fold(0.0, f64::max);
    let left = (widest + 12.0).min(width / 2.0);
    let frame = Frame {
        left,
        right: width - RIGHT,
        top,
        bottom,
    };
    // The first and the last mark keep clear of the edges.
    let x = Linear {
        from: moment(first),
        to: moment(last),
        start: left + 14.0,
        end: frame.right - 8.0,
        is_log: false,
    };
    let y = Linear {
        from: low,
        to: high,
        start: bottom,
        end: top,
        is_log,
    };
    let drawing = draw(points, unit, &x, &y, (frame.left, frame.right));
    let values = numbers
        .iter()
        .zip(labels)
        .map(|(number, label)| ValueTick {
            y: y.place(*number),
            label,
        })
        .collect();
    let times = ticks::times(first, last, &x, width);
    let notes = notes(points, &drawing, &frame);
    Some(Layout {
        width,
        height,
        frame,
        drawing,
        values,
        times,
        notes,
        y,
        unit,
    })
}

fn notes(points: &[Point], drawing: &Drawing, frame: &Frame) -> Vec<StepLabel> {
    let mut notes: Vec<StepLabel> = Vec::new();
    let mut taken = frame.left;
    for (x, place) in &drawing.steps {
        let Some(before) = last_drawable(&points[..*place]) else {
            continue;
        };
        let text = words::range_step(&before, &points[*place].range);
        let length = ticks::width(text);
        let after = x + 6.0;
        let x = if after + length <= frame.right {
            after
        } else {
            x - 6.0 - length
        };
        if x >= taken {
            taken = x + length + 10.0;
            notes.push(StepLabel { x, text });
        }
    }
    notes
}

/// Where the label of the selected measurement stands: the middle of the text and its baseline, inside the frame.
pub fn callout(layout: &Layout, place: usize, text: &str) -> Option<(f64, f64)> {
    let point = layout.drawing.points.get(place)?;
    let y = point.y?;
    // Half a character more than an axis label: the text is larger.
    let half = ticks::width(text) * 0.6;
    let (from, to) = (layout.frame.left + half, layout.frame.right - half);
    let x = if from <= to {
        within(point.x, from, to)
    } else {
        f64::midpoint(from, to)
    };
    let above = y - 17.0;
    Some((
        x,
        if above - 12.0 < layout.frame.top {
            y + 28.0
        } else {
            above
        },
    ))
}

/// The place of the measurement nearest to a position from the left.
pub fn nearest(drawing: &Drawing, x: f64) -> Option<usize> {
    let distance = |place: &usize| (drawing.points[*place].x - x).abs();
    (0..drawing.points.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests;
