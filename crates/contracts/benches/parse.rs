//! `cargo bench -p loop-contracts --bench parse`: 10,000 results from the text of an answer to what the app works with.
//!
//! Beside it `serde_json`, in the same run: into a tree, into a struct whose texts are borrowed from the answer, which is the least
//! that a reader can do, and into one with texts of its own, as ours has them.

#![allow(clippy::unwrap_used, reason = "a tool that prints figures")]

use std::fmt::{self, Write as _};
use std::hint::black_box;
use std::marker::PhantomData;

use criterion::{BatchSize, Criterion, Throughput};
use loop_contracts::clinical::{BiomarkerResult, Measured};
use loop_contracts::page::Page;
use serde::Deserialize;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

const COUNT: usize = 10_000;

/// What can be measured: code, name, unit, the ends of its range.
const KINDS: [(&str, &str, &str, &str, &str); 4] = [
    ("ldl_cholesterol", "LDL Cholesterol", "mg/dL", "null", "100"),
    ("hdl_cholesterol", "HDL Cholesterol", "mg/dL", "40", "null"),
    ("tsh", "Thyroid-stimulating hormone", "mIU/L", "0.4", "4.5"),
    ("hs_crp", "hs-CRP, µ-method", "mg/L", "null", "3.0"),
];

/// An answer of the platform. No text has an escape, or none could be borrowed.
fn answer() -> String {
    let mut body = String::from("{\"results\":[");
    for number in 0..COUNT {
        let (code, name, unit, low, high) = KINDS[number % KINDS.len()];
        let (whole, tenth, day) = (number * 7 % 190, number * 3 % 10, number % 28 + 1);
        let separator = if number > 0 { "," } else { "" };
        let value = match number % 50 {
            // Some are printed as a text.
            49 => "\"<0.3\"".to_owned(),
            _ => format!("{whole}.{tenth}"),
        };
        let status = ["normal", "low", "high"][number % 3];
        write!(
            body,
            "{separator}{{\"id\":\"res_{number:08}\",\"patient_id\":\"usr_01HZX3V9\",\"biomarker_code\":\"{code}\",\
             \"biomarker_name\":\"{name}\",\"value\":{value},\"unit\":\"{unit}\",\"reference_low\":{low},\"reference_high\":{high},\
             \"status\":\"{status}\",\"collected_at\":\"2026-03-{day:02}T08:30:00Z\",\"parsed_at\":\"2026-03-{day:02}T17:05:12.250Z\"}}"
        )
        .unwrap();
    }
    write!(body, "],\"count\":{COUNT}}}").unwrap();
    body
}

fn ours(body: &str) -> Option<Page<BiomarkerResult>> {
    Page::parse(body.as_bytes(), "results").ok()
}

fn tree(body: &str) -> Option<Value> {
    serde_json::from_slice(body.as_bytes()).ok()
}

/// The same members for `serde`; `Text` is borrowed or owned.
#[derive(Deserialize)]
struct Row<Text> {
    id: Text,
    patient_id: Text,
    biomarker_code: Text,
    biomarker_name: Text,
    value: Cell<Text>,
    unit: Text,
    reference_low: Option<f64>,
    reference_high: Option<f64>,
    status: Text,
    collected_at: Text,
    parsed_at: Text,
}

#[derive(Deserialize)]
struct Rows<Text> {
    results: Vec<Row<Text>>,
    count: u64,
}

/// A number, or what the lab printed instead.
#[derive(Debug, PartialEq)]
enum Cell<Text> {
    Number(f64),
    Text(Text),
}

impl<'de, Text: Deserialize<'de>> Deserialize<'de> for Cell<Text> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfCell(PhantomData))
    }
}

struct OfCell<Text>(PhantomData<Text>);

impl<'de, Text: Deserialize<'de>> Visitor<'de> for OfCell<Text> {
    type Value = Cell<Text>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cell::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Text::deserialize(BorrowedStrDeserializer::new(text)).map(Cell::Text)
    }
}

fn borrowed(body: &str) -> Option<Rows<&str>> {
    serde_json::from_slice(body.as_bytes()).ok()
}

fn owned(body: &str) -> Option<Rows<String>> {
    serde_json::from_slice(body.as_bytes()).ok()
}

/// All four read the same, and none reads what is no JSON.
fn check(body: &str) {
    let (ours, tree) = (ours(body).unwrap(), tree(body).unwrap());
    let (borrowed, owned) = (borrowed(body).unwrap(), owned(body).unwrap());
    let count = u64::try_from(COUNT).unwrap();
    assert_eq!((ours.items.len(), ours.unreadable), (COUNT, 0));
    assert_eq!(ours.total, Some(count));
    assert_eq!((borrowed.count, owned.count), (count, count));
    assert_eq!(
        (borrowed.results.len(), owned.results.len()),
        (COUNT, COUNT)
    );
    let entries = tree["results"].as_array().unwrap();
    assert_eq!(entries.len(), COUNT);
    for (((one, entry), row), own) in (ours.items.iter().zip(entries))
        .zip(&borrowed.results)
        .zip(&owned.results)
    {
        let texts = [
            ("id", &one.id, row.id, &own.id),
            (
                "patient_id",
                &one.patient_id,
                row.patient_id,
                &own.patient_id,
            ),
            (
                "biomarker_code",
                &one.biomarker_code,
                row.biomarker_code,
                &own.biomarker_code,
            ),
            (
                "biomarker_name",
                &one.biomarker_name,
                row.biomarker_name,
                &own.biomarker_name,
            ),
            ("unit", &one.unit, row.unit, &own.unit),
            (
                "status",
                &one.status.as_str().to_owned(),
                row.status,
                &own.status,
            ),
            (
                "collected_at",
                &one.collected_at.0,
                row.collected_at,
                &own.collected_at,
            ),
            ("parsed_at", &one.parsed_at.0, row.parsed_at, &own.parsed_at),
        ];
        for (name, ours, borrowed, owned) in texts {
            assert_eq!(entry[name].as_str(), Some(ours.as_str()), "{name}");
            assert_eq!((borrowed, owned.as_str()), (ours.as_str(), ours.as_str()));
        }
        for (name, ours, borrowed, owned) in [
            (
                "reference_low",
                one.reference_low,
                row.reference_low,
                own.reference_low,
            ),
            (
                "reference_high",
                one.reference_high,
                row.reference_high,
                own.reference_high,
            ),
        ] {
            assert_eq!(entry[name].as_f64(), ours, "{name}");
            assert_eq!((borrowed, owned), (ours, ours), "{name}");
        }
        match &one.value {
            Measured::Number(number) => {
                assert_eq!(entry["value"].as_f64(), Some(*number));
                assert_eq!(row.value, Cell::Number(*number));
                assert_eq!(own.value, Cell::Number(*number));
            }
            Measured::Text(text) => {
                assert_eq!(entry["value"].as_str(), Some(text.as_str()));
                assert_eq!(row.value, Cell::Text(text.as_str()));
                assert_eq!(own.value, Cell::Text(text.clone()));
            }
            Measured::Missing => unreachable!("every result has a value"),
        }
    }
    for broken in [
        &body[..body.len() - 1],
        &body.replacen("},{", "},,{", 1),
        &body.replacen("normal\",", "normal,", 1),
    ] {
        assert!(self::ours(broken).is_none() && self::tree(broken).is_none());
        assert!(self::borrowed(broken).is_none() && self::owned(broken).is_none());
    }
}

fn main() {
    let body = answer();
    check(&body);
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::BytesDecimal(body.len().try_into().unwrap()));
    // What was read is dropped afterwards, outside of the figure.
    macro_rules! measure {
        ($name:literal, $read:ident) => {
            group.bench_function($name, |bencher| {
                bencher.iter_batched(|| (), |()| $read(black_box(&body)), BatchSize::PerIteration);
            });
        };
    }
    measure!("ours", ours);
    measure!("serde_json, owned", owned);
    measure!("serde_json, borrowed", borrowed);
    measure!("serde_json, Value", tree);
    group.finish();
    criterion.final_summary();
}
