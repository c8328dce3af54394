//! What changed in how a biomarker was measured, from its results alone: the printed range, the unit, the lab's name for it.
//! A lab that changes its method seldom says so; it changes one of these.

use std::sync::Arc;

use super::series::{Measurement, Series};
use super::words;

/// Notes that stand below the chart; what is older is in the table.
const MOST: usize = 5;

/// One sentence for each change, the newest first. `series` is as the lab printed it: a conversion is no change.
pub fn notes(series: &Series) -> Vec<String> {
    let mut out = Vec::new();
    let (mut ranged, mut united, mut named): (
        Option<&Measurement>,
        Option<&Measurement>,
        Option<&Measurement>,
    ) = (None, None, None);
    for point in series.dated() {
        // A result that says nothing about its unit, range or name says nothing about a change of it.
        if !point.unit.is_empty() {
            if let Some(before) = united.filter(|before| !before.same_unit(point)) {
                out.push(words::unit_changed(before, point));
            }
            united = Some(point);
        }
        if point.range.is_drawable() {
            // In another unit the same range has other numbers.
            if let Some(before) =
                ranged.filter(|before| before.same_unit(point) && before.range != point.range)
            {
                out.push(words::range_changed(before, point));
            }
            ranged = Some(point);
        }
        if !point.lab_name.is_empty() {
            let is_other = |before: &&Measurement| {
                !Arc::ptr_eq(&before.lab_name, &point.lab_name)
                    && !before.lab_name.eq_ignore_ascii_case(&point.lab_name)
            };
            if let Some(before) = named.filter(is_other) {
                out.push(words::name_changed(before, point));
            }
            named = Some(point);
        }
    }
    out.reverse();
    out.truncate(MOST);
    out
}

#[cfg(test)]
mod tests;
