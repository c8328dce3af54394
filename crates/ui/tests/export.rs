//! A copy of anything that may come is whole, can be read, and harms nobody who opens it.

#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests by their attribute, and `proptest!` hides it"
)]

use std::sync::OnceLock;

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_contracts::time::Timestamp;
use loop_ui::catalogue::Catalogue;
use loop_ui::export::{Contents, Kind};
use loop_ui::views::series::Results;
use proptest::prelude::*;
use serde_json::{Value, json};

#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;

use hostile::{Dice, many_dice, written};

const COLUMNS: usize = 10;
/// What stands in the file as a number and not as itself.
const VISIBLE_ONLY: [char; 6] = ['<', '>', '&', '\u{202e}', '\u{2028}', '\u{feff}'];
/// Each is three files.
const CASES: u32 = 20_000;

/// The shipped catalogue.
fn catalogue() -> &'static Catalogue {
    static READ: OnceLock<&Catalogue> = OnceLock::new();
    READ.get_or_init(|| Catalogue::read(include_bytes!("../catalogue.json")).unwrap())
}

/// RFC 4180, read character by character; knows nothing of how the file was written.
fn read_csv(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}')?;
    while !rest.is_empty() {
        let mut cell = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let end = rest.find('"')?;
                cell.push_str(&rest[..end]);
                rest = &rest[end + 1..];
                match rest.strip_prefix('"') {
                    Some(more) => rest = more,
                    None => break,
                }
                cell.push('"');
            }
        } else {
            let end = rest.find([',', '"', '\r', '\n'])?;
            cell.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        row.push(cell);
        if let Some(next) = rest.strip_prefix(',') {
            rest = next;
        } else {
            rest = rest.strip_prefix("\r\n")?;
            rows.push(std::mem::take(&mut row));
        }
    }
    row.is_empty().then_some(rows)
}

/// A result as it might come, with texts that somebody chose with care.
fn entry(dice: &mut Dice) -> Value {
    const TEXTS: [&str; 12] = [
        "=HYPERLINK(\"http://evil.example\";\"x\")",
        "+1;=2",
        "@SUM(A1:A9)",
        "-3\t=1",
        "a,\"b\r\n=c",
        "</script><script>alert(1)</script>",
        "\u{202e}=1\u{2066}",
        "\\\"},{\"",
        "13457-7",
        "<0.3",
        "\u{0}\u{1b}[31m",
        "\u{feff}\u{2028}",
    ];
    let text = |dice: &mut Dice| {
        if dice.below(3) == 0 {
            return dice.text();
        }
        let valid = *dice.one(&TEXTS);
        dice.near(valid, &['=', '"', ',', ';', '\n', '\''])
    };
    let value = match dice.below(3) {
        0 => json!(dice.float()),
        1 => json!(text(dice)),
        _ => Value::Null,
    };
    let end = |dice: &mut Dice| (dice.below(2) == 1).then(|| dice.float());
    json!({
        "id": text(dice), "patient_id": text(dice), "biomarker_code": text(dice), "biomarker_name": text(dice),
        "value": value, "unit": text(dice), "reference_low": end(dice), "reference_high": end(dice),
        "status": text(dice), "collected_at": text(dice), "parsed_at": "2026-03-04",
    })
}

/// Whether a spreadsheet would calculate, where `;` parts cells as well as where it does not.
fn calculates(cell: &str) -> bool {
    let is_number = cell.parse::<f64>().is_ok();
    let starts = |part: &str| {
        part.trim_start_matches([' ', '"'])
            .starts_with(['=', '+', '-', '@', '\t', '\r'])
    };
    !is_number && cell.split(';').any(starts)
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

/// Every text of a document passes.
fn all_texts(value: &Value, passes: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => passes(text),
        Value::Array(entries) => entries.iter().all(|entry| all_texts(entry, passes)),
        Value::Object(members) => members.values().all(|member| all_texts(member, passes)),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn whatever_came_can_be_copied_and_opened(mut dice in many_dice()) {
        let entries: Vec<Value> = (0..dice.below(6)).map(|_| entry(&mut dice)).collect();
        let Ok(page) = Page::<BiomarkerResult>::parse(&written(&json!({"results": entries})), "results") else { return Ok(()) };
        let came = page.items.clone();
        let results = Results::new(page.items, catalogue());
        let shown: usize = results.iter().map(|series| series.points.len()).sum();
        let contents = Contents {
            results: &results,
            unreadable: page.unreadable,
            more: false,
            source: "https://clinical.example",
            loaded_at: Timestamp(0),
            exported_at: Timestamp(1),
        };

        let csv = Kind::Csv.write(&contents);
        let rows = read_csv(&csv);
        prop_assert!(rows.is_some(), "{:?}", csv);
        let rows = rows.unwrap_or_default();
        prop_assert_eq!(rows.len(), shown + 1);
        for cell in rows.iter().flatten() {
            prop_assert!(is_clean(cell), "{:?}", cell);
            prop_assert!(!calculates(cell), "{:?}", cell);
        }
        prop_assert!(rows.iter().all(|row| row.len() == COLUMNS));

        let json = Kind::Json.write(&contents);
        let read: Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read["unreadable"], &json!(page.unreadable));
        let again = Page::<BiomarkerResult>::parse(json.as_bytes(), "results").unwrap().items;
        prop_assert_eq!(again, came, "{}", json);
        prop_assert!(!json.contains(VISIBLE_ONLY));

        let fhir = Kind::Fhir.write(&contents);
        let read: Value = serde_json::from_str(&fhir).unwrap();
        prop_assert_eq!(read["entry"].as_array().map_or(0, Vec::len), shown);
        let is_fhir = |text: &str| is_clean(text) && !text.trim().is_empty();
        prop_assert!(all_texts(&read, &is_fhir), "{}", fhir);
        let mut urls: Vec<&str> = read["entry"].as_array().into_iter().flatten().filter_map(|entry| entry["fullUrl"].as_str()).collect();
        urls.sort_unstable();
        urls.dedup();
        prop_assert_eq!(urls.len(), shown, "each entry has a name of its own: {}", json);
        for entry in read["entry"].as_array().into_iter().flatten() {
            let one = &entry["resource"];
            let said = ["valueQuantity", "valueString", "dataAbsentReason"];
            prop_assert_eq!(said.iter().filter(|name| one.get(name).is_some()).count(), 1, "{}", one);
        }
    }
}

#[test]
fn the_reader_of_this_test_reads_what_rfc_4180_says() {
    assert_eq!(
        read_csv("\u{feff}a,\"b \"\"c\"\",\r\n\"\r\n,\r\n"),
        Some(vec![
            vec!["a".to_owned(), "b \"c\",\r\n".to_owned()],
            vec![String::new(), String::new()]
        ])
    );
    for broken in [
        "a\r\n",
        "\u{feff}a",
        "\u{feff}a\"b\r\n",
        "\u{feff}\"a\r\n",
        "\u{feff}a\n",
    ] {
        assert_eq!(read_csv(broken), None, "{broken:?}");
    }
}
