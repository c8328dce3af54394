//! `cargo bench -p loop-ui --bench pictures`: a number line, and a trend of 10, 500 and 5,000 measurements, from grouped results to the
//! text of the picture. In a browser the last step makes elements instead of text.

#![allow(clippy::unwrap_used, reason = "a tool that prints figures")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput};
use leptos::prelude::Owner;
use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::{DateTime, Timestamp};
use loop_ui::catalogue::Catalogue;
use loop_ui::views::number_line::number_line;
use loop_ui::views::series::{Results, Series};
use loop_ui::views::trend::trend;

const COUNTS: [u32; 3] = [10, 500, 5_000];
/// 2015-01-01, in milliseconds.
const START: i64 = 1_420_070_400_000;
const DAY: i64 = 86_400_000;

/// So many measurements of one biomarker in ten years. The lab lowers the upper end of the range on the way.
fn series(catalogue: &'static Catalogue, count: u32) -> Arc<Series> {
    let result = |number: u32| {
        let at = START + i64::from(number) * (3650 * DAY / i64::from(count));
        // A slow wave, with what happens by itself on top of it.
        let value = 118.0 + 20.0 * f64::from(number % 97) / 97.0 + f64::from(number * 37 % 23);
        let high = if number < count / 2 { 130.0 } else { 100.0 };
        BiomarkerResult {
            id: format!("res_{number:08}"),
            patient_id: "usr_1".to_owned(),
            biomarker_code: "ldl_cholesterol".to_owned(),
            biomarker_name: "LDL Cholesterol".to_owned(),
            value: Measured::Number((value * 10.0).round() / 10.0),
            unit: "mg/dL".to_owned(),
            reference_low: None,
            reference_high: Some(high),
            status: if value > high {
                BiomarkerStatus::High
            } else {
                BiomarkerStatus::Normal
            },
            collected_at: DateTime::from(Timestamp(at)),
            parsed_at: DateTime::from(Timestamp(at + DAY)),
        }
    };
    let results = Results::new((0..count).map(result).collect(), catalogue);
    Arc::clone(results.find("ldl_cholesterol").unwrap())
}

fn line(series: &Series) -> String {
    let decimals = series.decimals();
    number_line(&series.name, series.latest(), decimals, true).to_string()
}

/// With the signals that the chart has, which end with their owner.
fn chart(series: &Arc<Series>) -> String {
    let owner = Owner::new();
    owner.with(|| trend(series, &[]).to_string())
}

/// What is drawn is there: the marker and its number, the line with enough of its points, and the marks where they have room.
fn check(series: &Arc<Series>, count: u32) {
    let latest = series.latest().value.number().unwrap();
    let line = line(series);
    assert!(line.contains("number-line__marker status--") && line.contains("role=\"img\""));
    assert!(line.contains(&format!(": {latest} mg/dL")), "{line}");
    let chart = chart(series);
    let (_, path) = chart.split_once("class=\"trend__line").unwrap();
    let (_, path) = path.split_once(" d=\"").unwrap();
    let (path, _) = path.split_once('"').unwrap();
    let drawn = path.matches(['M', 'L']).count();
    let count = usize::try_from(count).unwrap();
    // Thousands are thinned to what the width can show, without losing a column of it.
    assert!(
        drawn == count || count > 600 && (600..count).contains(&drawn),
        "{drawn}"
    );
    let marks = chart.matches("class=\"trend__mark status--").count();
    assert_eq!(marks, if count > 150 { 0 } else { count });
    // Another value is another picture.
    let mut other = series.as_ref().clone();
    let last = other.points.last_mut().unwrap();
    last.value = Measured::Number(latest + 50.0);
    let other = Arc::new(other);
    assert_ne!(self::line(&other), line);
    assert_ne!(self::chart(&other), chart);
}

fn main() {
    let catalogue = Catalogue::read(include_bytes!("../catalogue.json")).unwrap();
    let all = COUNTS.map(|count| (count, series(catalogue, count)));
    for (count, series) in &all {
        check(series, *count);
    }
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("number line");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| line(black_box(&all[0].1)));
    });
    group.finish();
    let mut group = criterion.benchmark_group("trend");
    for (count, series) in &all {
        group.throughput(Throughput::Elements((*count).into()));
        group.bench_with_input(
            BenchmarkId::new("ours", count),
            series,
            |bencher, series| {
                bencher.iter(|| chart(black_box(series)));
            },
        );
    }
    group.finish();
    criterion.final_summary();
}
