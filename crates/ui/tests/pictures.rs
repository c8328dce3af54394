//! Six fixed series, drawn: number line, sparkline and trend as text, compared with what is kept in `pictures/`. Look at
//! each difference; `UPDATE_PICTURES=1` keeps the new ones.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::sync::Arc;
use std::{env, fs};

use leptos::prelude::Owner;
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_ui::catalogue::Catalogue;
use loop_ui::views::number_line::number_line;
use loop_ui::views::series::{Results, Series};
use loop_ui::views::sparkline::sparkline;
use loop_ui::views::trend::trend;
use serde_json::{Value, json};

/// The value, the range, and the status of a measurement; one every three months.
type Row = (Value, Option<f64>, Option<f64>, &'static str);

fn series(rows: &[Row]) -> Arc<Series> {
    let dates = [
        "2024-12-03",
        "2025-03-03",
        "2025-06-03",
        "2025-09-03",
        "2025-12-03",
        "2026-03-03",
    ];
    let entry = |(place, (value, low, high, status)): (usize, &Row)| {
        json!({
            "id": place.to_string(),
            "patient_id": "usr_1",
            "biomarker_code": "zzz",
            "biomarker_name": "Zzz",
            "value": value,
            "unit": "mg/dL",
            "reference_low": low,
            "reference_high": high,
            "status": status,
            "collected_at": dates[place],
            "parsed_at": "2026-03-04",
        })
    };
    let entries: Vec<Value> = rows.iter().enumerate().map(entry).collect();
    let body = json!({ "results": entries }).to_string();
    let page = Page::<BiomarkerResult>::parse(body.as_bytes(), "results").unwrap();
    let results = Results::new(page.items, Box::leak(Box::new(Catalogue::default())));
    let series = results.iter().next().unwrap();
    Arc::new(series.as_ref().clone())
}

fn check(name: &str, rows: &[Row]) {
    let owner = Owner::new();
    owner.set();
    let series = series(rows);
    let line = number_line(&series.name, series.latest(), series.decimals(), true).to_string();
    let small = sparkline(&series)
        .map(|picture| picture.to_string())
        .unwrap_or_default();
    let chart = trend(&series, &[]).to_string();
    let drawn = format!("{line}\n\n{small}\n\n{chart}\n").replace("><", ">\n<");
    let file = format!("{}/tests/pictures/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if env::var_os("UPDATE_PICTURES").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    let changed = drawn
        .lines()
        .zip(kept.lines())
        .find(|(now, then)| now != then);
    assert!(
        drawn == kept,
        "{name} is drawn otherwise than it was, first here: {changed:?}"
    );
}

#[test]
fn a_lowered_upper_end() {
    let row = |value: f64, high| (json!(value), None, Some(high), "high");
    check(
        "lowered",
        &[
            row(160.0, 130.0),
            row(151.0, 130.0),
            row(149.0, 130.0),
            row(139.0, 100.0),
            row(128.0, 100.0),
        ],
    );
}

#[test]
fn a_lower_end_alone() {
    let row = |value: f64, status| (json!(value), Some(40.0), None, status);
    check(
        "above",
        &[row(36.0, "low"), row(41.5, "normal"), row(58.0, "normal")],
    );
}

#[test]
fn a_text_between_two_numbers() {
    let row = |value: Value| (value, Some(0.3), Some(3.0), "normal");
    check(
        "gap",
        &[
            row(json!(1.25)),
            row(json!("<0.3")),
            row(json!(0.8)),
            row(json!(2.4)),
        ],
    );
}

#[test]
fn no_range_at_all() {
    let row = |value: f64| (json!(value), None, None, "normal");
    check("no-range", &[row(7.0), row(7.5), row(6.5)]);
}

#[test]
fn one_measurement() {
    check("one", &[(json!(5.4), Some(4.0), Some(5.6), "normal")]);
}

#[test]
fn values_that_span_a_thousandfold() {
    let row = |value: f64, status| (json!(value), Some(30.0), Some(400.0), status);
    check(
        "wide",
        &[
            row(12.0, "low"),
            row(11_000.0, "critical"),
            row(950.0, "high"),
            row(210.0, "normal"),
        ],
    );
}
