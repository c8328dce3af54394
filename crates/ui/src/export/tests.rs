//! What the files say, case by case. `tests/export.rs` throws anything at them.

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::views::series::tests::{grouped, result};

mod fhir;

const NOW: Timestamp = Timestamp(1_795_651_200_000);

fn written(kind: Kind, results: Vec<BiomarkerResult>) -> String {
    kind.write(&Contents {
        results: &grouped(results),
        unreadable: 2,
        more: true,
        source: "https://clinical.example",
        loaded_at: NOW,
        exported_at: NOW.plus(60_000),
    })
}

/// The first Observation of a Bundle of one result.
fn observation(change: impl Fn(&mut BiomarkerResult)) -> Value {
    let mut one = result("ferritin", "2026-03-03T08:30:00Z", 8.0, "critical");
    one.reference_high = None;
    change(&mut one);
    let bundle: Value = serde_json::from_str(&written(Kind::Fhir, vec![one])).unwrap();
    bundle["entry"][0]["resource"].clone()
}

#[test]
fn a_spreadsheet_has_one_row_a_measurement_in_the_order_of_the_list() {
    let mut ldl = result("ldl", "2026-03-03T08:30:00Z", 128.0, "high");
    ldl.biomarker_name = "LDL, \"direct\"".to_owned();
    ldl.unit = "µg/L".to_owned();
    let mut text = result("hs_crp", "2026-03-03", 0.0, "normal");
    text.value = Measured::Text("<0.3".to_owned());
    text.reference_low = Some(0.1);
    let mut missing = result("hs_crp", "2025-03-03", 0.0, "odd\u{202e}word");
    missing.value = Measured::Missing;
    assert_eq!(
        written(Kind::Csv, vec![text, ldl, missing]),
        "\u{feff}biomarker,lab_name,code,value,unit,reference_low,reference_high,status,collected_at,id\r\n\
         LDL cholesterol,\"LDL, \"\"direct\"\"\",ldl,128,µg/L,,100,high,2026-03-03T08:30:00Z,ldl-2026-03-03T08:30:00Z\r\n\
         hs-CRP,,hs_crp,,mg/dL,,100,oddword,2025-03-03,hs_crp-2025-03-03\r\n\
         hs-CRP,,hs_crp,<0.3,mg/dL,0.1,100,normal,2026-03-03,hs_crp-2026-03-03\r\n"
    );
}

#[test]
fn a_cell_never_calculates() {
    for (name, cell) in [
        ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
        ("+1+1", "'+1+1"),
        ("-1-1", "'-1-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\u{200b}=1", "'=1"),
        ("＝1", "'＝1"),
        ("\"=1", "\"\"\"'=1\""),
        ("a;=1", "\"a;'=1\""),
        ("a; \"-1", "\"a; \"\"'-1\""),
        ("Vitamin D-3", "Vitamin D-3"),
        ("25-OH", "25-OH"),
        ("-12.5", "-12.5"),
        ("+3e-7", "+3e-7"),
        ("-", "'-"),
        ("-1.", "'-1."),
        ("-1e", "'-1e"),
        ("+-1", "'+-1"),
        ("-{}", "'-{}"),
        ("＋1+1", "'＋1+1"),
        ("－1", "'－1"),
        ("＠SUM", "'＠SUM"),
        ("\u{202e}\u{2066}=1", "'=1"),
        ("\u{a0}\u{3000}@a", "'@a"),
        ("a;;=1", "\"a;;'=1\""),
        ("=;=", "\"'=;'=\""),
        ("1e5", "1e5"),
    ] {
        let mut one = result("zzz", "2026-03-03", 1.0, "normal");
        one.biomarker_name = name.to_owned();
        let text = written(Kind::Csv, vec![one]);
        let row = text.lines().nth(1).unwrap();
        assert!(
            row.contains(&format!(",{cell},zzz,")),
            "{name:?} became {row}"
        );
    }
}

#[test]
fn json_has_everything_as_it_came() {
    let mut first = result("ldl", "2026-03-03T08:30:00Z", 0.1, "high");
    first.biomarker_name = "</script>\u{202e}\u{1f600}\n\"\\".to_owned();
    let mut again = first.clone();
    again.value = Measured::Text("<0.3 ".to_owned());
    again.reference_low = Some(1e-7);
    let came = vec![first, again, result("tsh", "someday", 1e21, "odd")];
    let text = written(Kind::Json, came.clone());
    let read: Value = serde_json::from_str(&text).unwrap();
    let again: Vec<BiomarkerResult> = serde_json::from_value(read["results"].clone()).unwrap();
    assert_eq!(again, came, "{text}");
    let mut envelope = read;
    envelope["results"].take();
    assert_eq!(
        envelope,
        json!({
            "format": "loop-results", "version": 1, "source": "https://clinical.example", "unreadable": 2, "more": true,
            "loaded_at": "2026-11-26T00:00:00.000Z", "exported_at": "2026-11-26T00:01:00.000Z", "results": null,
        })
    );
    assert!(
        !text.contains('\u{202e}'),
        "what turns a line round is visible"
    );
    assert!(!text.contains("</script>"));
    assert_eq!(
        text.lines().count(),
        14,
        "an entry stands on a line: {text}"
    );
}

#[test]
fn what_is_no_number_is_written_nowhere() {
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut one = result("zzz", "2026-03-03", odd, "low");
        (one.reference_low, one.reference_high) = (Some(odd), Some(odd));
        let write = |kind| written(kind, vec![one.clone()]);
        assert!(write(Kind::Csv).contains(",zzz,,mg/dL,,,low,"));
        let json: Value = serde_json::from_str(&write(Kind::Json)).unwrap();
        for name in ["value", "reference_low", "reference_high"] {
            assert_eq!(json["results"][0][name], Value::Null);
        }
        let fhir: Value = serde_json::from_str(&write(Kind::Fhir)).unwrap();
        let one = &fhir["entry"][0]["resource"];
        assert_eq!(one["dataAbsentReason"]["coding"][0]["code"], "unknown");
        assert!(one.get("valueQuantity").is_none() && one.get("referenceRange").is_none());
    }
}

#[test]
fn a_long_text_is_whole_in_json_and_marked_as_cut_elsewhere() {
    let mut one = result("zzz", "2026-03-03", 1.0, "low");
    one.biomarker_name = "long ".repeat(100_000);
    one.value = Measured::Text("9".repeat(100_000));
    let write = |kind| written(kind, vec![one.clone()]);
    let json: Value = serde_json::from_str(&write(Kind::Json)).unwrap();
    assert_eq!(json["results"][0]["biomarker_name"], one.biomarker_name);
    assert!(write(Kind::Csv).len() < 4000);
    let fhir: Value = serde_json::from_str(&write(Kind::Fhir)).unwrap();
    let one = &fhir["entry"][0]["resource"];
    for text in [&one["code"]["text"], &one["valueString"]] {
        let text = text.as_str().unwrap();
        assert!(text.ends_with('…') && text.chars().count() <= TEXT_MAX);
    }
}

#[test]
fn a_value_means_nothing_to_the_pattern_it_stands_in() {
    let odd = "$@{}\\$\"@";
    let mut one = result("zzz", "$", 1.0, odd);
    for text in [
        &mut one.id,
        &mut one.patient_id,
        &mut one.biomarker_name,
        &mut one.unit,
    ] {
        odd.clone_into(text);
    }
    one.value = Measured::Text(odd.to_owned());
    let json: Value = serde_json::from_str(&written(Kind::Json, vec![one.clone()])).unwrap();
    let again: BiomarkerResult = serde_json::from_value(json["results"][0].clone()).unwrap();
    assert_eq!(again, one);
    let one = observation(|first| *first = one.clone());
    for place in [
        "/identifier/0/value",
        "/code/text",
        "/subject/identifier/value",
        "/valueString",
        "/interpretation/0/text",
    ] {
        assert_eq!(one.pointer(place), Some(&json!(odd)), "{place}");
    }
    assert_eq!(one["note"][0]["text"], "Collected, as written: $");
}

#[test]
fn a_file_is_named_after_the_day_and_nothing_else() {
    let names = [Kind::Csv, Kind::Json, Kind::Fhir].map(|kind| kind.file_name(NOW));
    assert_eq!(
        names,
        [
            "loop-results-2026-11-26.csv",
            "loop-results-2026-11-26.json",
            "loop-results-2026-11-26.fhir.json"
        ]
    );
}

#[test]
fn the_section_says_what_the_file_is_and_where_it_goes() {
    use leptos::prelude::*;
    let _owner = Owner::new();
    let section = |results: Vec<BiomarkerResult>, more| {
        export_section(Export {
            results: std::sync::Arc::new(grouped(results)),
            unreadable: 0,
            more,
            source: String::new(),
            loaded_at: NOW,
            now: RwSignal::new(NOW),
        })
        .map(|section| section.to_string())
    };
    assert_eq!(section(vec![], false), None, "nothing to copy");
    let one = || vec![result("ldl", "2026-01-01", 128.0, "high")];
    let whole = section(one(), false).unwrap();
    for words in [
        "holds health data",
        "sent nowhere",
        "CSV",
        "JSON",
        "FHIR",
        "Print",
    ] {
        assert!(whole.contains(words), "{words} is not in {whole}");
    }
    assert!(!whole.contains("could not load"));
    assert!(section(one(), true).unwrap().contains("could not load"));
    let head = print_head(NOW, RwSignal::new(NOW.plus(86_400_000))).to_string();
    assert!(
        head.contains(
            "Lab results from Loop, as of 26 November 2026. Printed on 27 November 2026."
        ),
        "{head}"
    );
}
