//! What a person sees of a sparkline: no words, so the lowest and the highest value are its scale.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_contracts::time::DateTime;
use loop_ui::catalogue::Catalogue;
use loop_ui::views::series::Results;
use loop_ui::views::sparkline::{layout, sparkline};
use loop_ui::views::trend::scale::{Point, points};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::axis::{Scale, milliseconds};
use crate::{Checked, PIXEL};

/// Points as the results of a platform.
fn results(points: &[Point]) -> Results {
    let entry = |(place, point): (usize, &Point)| {
        let (low, high) = point.range.ends();
        json!({
            "id": place.to_string(),
            "patient_id": "usr_1",
            "biomarker_code": "zzz",
            "biomarker_name": "Zzz",
            "value": point.value,
            "unit": "mg/dL",
            "reference_low": low,
            "reference_high": high,
            "status": "normal",
            "collected_at": DateTime::from(point.at).0,
            "parsed_at": "2026-03-04",
        })
    };
    let entries: Vec<Value> = points.iter().enumerate().map(entry).collect();
    let body = json!({ "results": entries }).to_string();
    let page = Page::<BiomarkerResult>::parse(body.as_bytes(), "results").unwrap();
    Results::new(page.items, Box::leak(Box::new(Catalogue::default())))
}

pub fn check(all: &[Point]) -> Checked {
    let results = results(all);
    let Some(series) = results.iter().next() else {
        return Ok(());
    };
    let Some(drawing) = layout(series) else {
        return Ok(());
    };
    let all = points(series);
    let all = &all[all.len().saturating_sub(60)..];
    prop_assert_eq!(drawing.points.len(), all.len());
    let picture = sparkline(series).unwrap().to_string();
    prop_assert!(!picture.contains("<text") && picture == sparkline(series).unwrap().to_string());

    let drawn = drawing.points.iter().zip(all);
    let mut known: Vec<(f64, f64)> = drawn
        .clone()
        .filter_map(|(placed, point)| point.value.zip(placed.y))
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (lowest, highest) = (known[0], known[known.len() - 1]);
    let times = Scale::new(
        (milliseconds(all[0].at), drawing.points[0].x),
        (
            milliseconds(all[all.len() - 1].at),
            drawing.points[all.len() - 1].x,
        ),
    );
    for (placed, point) in drawn {
        if all[0].at != all[all.len() - 1].at {
            prop_assert!((placed.x - times.place(milliseconds(point.at))).abs() <= PIXEL);
        }
    }
    // Where the line is nearly level, the scale cannot be read from it.
    if lowest.1 - highest.1 < 4.0 {
        return Ok(());
    }
    let scale = Scale::new(lowest, highest);
    for (value, y) in &known {
        prop_assert!(
            (y - scale.place(*value)).abs() <= PIXEL,
            "{} at {}: {:?}",
            value,
            y,
            known
        );
    }
    for (place, point) in all.iter().enumerate() {
        let x = drawing.points[place].x;
        let around = drawing
            .bands
            .iter()
            .filter(|band| band.left < x - 1e-6 && x + 1e-6 < band.right);
        for band in around {
            let (low, high) = point.range.ends();
            for (end, y, has_edge) in [
                (high, band.top, band.has_top),
                (low, band.bottom, band.has_bottom),
            ] {
                prop_assert!(
                    !has_edge || end.is_some_and(|end| (scale.place(end) - y).abs() <= PIXEL),
                    "{:?} {:?}",
                    point,
                    band
                );
            }
        }
    }
    Ok(())
}
