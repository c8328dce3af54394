//! A drawing as SVG paths: one path for all of a kind, so that thousands of measurements are a handful of elements.

use super::trend::geometry::{Band, Drawing};
use crate::markup::pixels;

/// Adds commands to the path of an SVG: a letter, then numbers.
fn command(path: &mut String, letter: char, numbers: &[f64]) {
    path.push(letter);
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 {
            path.push(' ');
        }
        path.push_str(&pixels(*number));
    }
}

/// The lines of a drawing as one SVG path.
pub(crate) fn lines_path(drawing: &Drawing) -> String {
    let mut path = String::new();
    for line in &drawing.lines {
        for (place, (x, y)) in line.iter().enumerate() {
            command(&mut path, if place == 0 { 'M' } else { 'L' }, &[*x, *y]);
        }
    }
    path
}

/// The fill of the band as one SVG path.
pub(crate) fn band_path(drawing: &Drawing) -> String {
    let mut path = String::new();
    for band in &drawing.bands {
        path.push_str(&box_path(band));
    }
    path
}

/// The outline of one part of a band.
pub(crate) fn box_path(band: &Band) -> String {
    let mut path = String::new();
    command(&mut path, 'M', &[band.left, band.top]);
    command(&mut path, 'H', &[band.right]);
    command(&mut path, 'V', &[band.bottom]);
    command(&mut path, 'H', &[band.left]);
    path.push('z');
    path
}

/// The printed ends of the range as one SVG path.
pub(crate) fn edges_path(drawing: &Drawing) -> String {
    let mut path = String::new();
    for band in &drawing.bands {
        for (has_edge, y) in [(band.has_top, band.top), (band.has_bottom, band.bottom)] {
            if has_edge {
                command(&mut path, 'M', &[band.left, y]);
                command(&mut path, 'H', &[band.right]);
            }
        }
    }
    path
}

/// The sides of one part of a band, and those of its ends that are in the picture.
pub(crate) fn outline_path(band: &Band) -> String {
    let mut path = uprights_path([band.left, band.right].into_iter(), band.top, band.bottom);
    for (has_edge, y) in [(band.has_top, band.top), (band.has_bottom, band.bottom)] {
        if has_edge {
            path.push_str(&levels_path(std::iter::once(y), band.left, band.right));
        }
    }
    path
}

/// Upright lines from `top` to `bottom` as one SVG path.
pub(crate) fn uprights_path(places: impl Iterator<Item = f64>, top: f64, bottom: f64) -> String {
    let mut path = String::new();
    for x in places {
        command(&mut path, 'M', &[x, top]);
        command(&mut path, 'V', &[bottom]);
    }
    path
}

/// Level lines from `left` to `right` as one SVG path.
pub(crate) fn levels_path(places: impl Iterator<Item = f64>, left: f64, right: f64) -> String {
    let mut path = String::new();
    for y in places {
        command(&mut path, 'M', &[left, y]);
        command(&mut path, 'H', &[right]);
    }
    path
}
