//! What the files say, case by case. `tests/export.rs` throws anything at them.

use loop_contracts::clinical::{BiomarkerStatus, Measured};
use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::views::series::tests::{grouped, result};

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
fn a_result_sent_twice_stands_once_in_fhir_and_keeps_its_name() {
    let mut old = result("ferritin", "2026-03-03", 80.0, "high");
    old.id = "r1".to_owned();
    let mut corrected = old.clone();
    corrected.value = Measured::Number(8.0);
    corrected.parsed_at = DateTime("2026-03-05".to_owned());
    let read = |results| serde_json::from_str::<Value>(&written(Kind::Fhir, results)).unwrap();
    let alone = read(vec![corrected.clone()]);
    let both = read(vec![corrected, old]);
    assert_eq!(both["entry"].as_array().unwrap().len(), 1);
    assert_eq!(both["entry"][0]["resource"]["valueQuantity"]["value"], 8);
    assert_eq!(both["entry"][0]["fullUrl"], alone["entry"][0]["fullUrl"]);
    assert_eq!(
        (&both["resourceType"], &both["type"], &both["timestamp"]),
        (
            &json!("Bundle"),
            &json!("collection"),
            &json!("2026-11-26T00:01:00.000Z")
        )
    );
    assert_eq!(
        read(vec![]),
        json!({"resourceType": "Bundle", "type": "collection", "timestamp": "2026-11-26T00:01:00.000Z"})
    );
}

#[test]
fn an_observation_says_what_the_platform_said() {
    let source = "https://clinical.example";
    assert_eq!(
        observation(|one| {
            one.biomarker_name = "Ferritin".to_owned();
            one.unit = "µg/L".to_owned();
            one.reference_low = Some(15.0);
            one.reference_high = Some(150.0);
        }),
        json!({
            "resourceType": "Observation",
            "identifier": [{"system": source, "value": "ferritin-2026-03-03T08:30:00Z"}],
            "status": "final",
            "category": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory", "display": "Laboratory",
            }]}],
            "code": {"coding": [{"code": "ferritin"}], "text": "Ferritin"},
            "subject": {"type": "Patient", "identifier": {"system": source, "value": "p"}},
            "effectiveDateTime": "2026-03-03T08:30:00Z",
            "valueQuantity": {"value": 8, "unit": "µg/L", "system": "http://unitsofmeasure.org", "code": "ug/L"},
            "interpretation": [{"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "AA", "display": "Critical abnormal",
            }]}],
            "referenceRange": [{
                "low": {"value": 15, "unit": "µg/L", "system": "http://unitsofmeasure.org", "code": "ug/L"},
                "high": {"value": 150, "unit": "µg/L", "system": "http://unitsofmeasure.org", "code": "ug/L"},
            }],
        })
    );
}

#[test]
fn a_value_is_a_quantity_only_where_it_is_exactly_one() {
    let mg = |value: Value| json!({"value": value, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"});
    let with = |comparator: &str, value: Value| {
        let mut quantity = mg(value);
        quantity["comparator"] = comparator.into();
        quantity
    };
    for (text, quantity) in [
        ("<0.3", Some(with("<", json!(0.3)))),
        ("< 0.3", Some(with("<", json!(0.3)))),
        (">=60", Some(with(">=", json!(60)))),
        ("≥ 60", Some(with(">=", json!(60)))),
        ("≤5", Some(with("<=", json!(5)))),
        ("> -1.5", Some(with(">", json!(-1.5)))),
        ("5.25", Some(mg(json!(5.25)))),
        ("<0,3", None),
        ("<1,000", None),
        ("<.3", None),
        ("<0.3 mg", None),
        ("<007", None),
        ("<1e5", None),
        ("<<1", None),
        ("<", None),
        ("~5", None),
        ("0.1234567890123456789", None),
        ("negative", None),
    ] {
        let one = observation(|one| one.value = Measured::Text(text.to_owned()));
        match quantity {
            Some(quantity) => assert_eq!(one["valueQuantity"], quantity, "{text}"),
            None => assert_eq!(one["valueString"], text),
        }
    }
    for value in [Measured::Missing, Measured::Text("\u{202e}".to_owned())] {
        let one = observation(|one| one.value = value.clone());
        assert_eq!(one["dataAbsentReason"]["coding"][0]["code"], "unknown");
        assert!(one.get("valueQuantity").is_none() && one.get("valueString").is_none());
    }
    let file = |value: f64| written(Kind::Fhir, vec![result("zzz", "2026-03-03", value, "low")]);
    assert!(file(0.3).contains("\"value\":0.3,"));
    assert!(
        file(0.1 + 0.2).contains("\"value\":0.30000000000000004,"),
        "as it came"
    );
    assert!(file(1e21).contains("\"value\":1e+21,"));
    let kept = observation(|one| one.value = Measured::Text("<0.30".to_owned())).to_string();
    assert!(kept.contains("0.3"));
}

#[test]
fn a_status_keeps_its_word() {
    for (word, code) in [
        ("normal", "N"),
        ("low", "L"),
        ("high", "H"),
        ("critical", "AA"),
    ] {
        let one = observation(|one| one.status = BiomarkerStatus::from(word));
        assert_eq!(one["interpretation"][0]["coding"][0]["code"], code);
    }
    let one = observation(|one| one.status = BiomarkerStatus::from("border\u{202e}line"));
    assert_eq!(one["interpretation"], json!([{"text": "borderline"}]));
    let one = observation(|one| one.status = BiomarkerStatus::from(" "));
    assert!(one.get("interpretation").is_none());
}

#[test]
fn a_range_is_what_was_printed() {
    let range = |low, high| {
        observation(|one| {
            one.unit.clear();
            (one.reference_low, one.reference_high) = (low, high);
        })
    };
    assert!(range(None, None).get("referenceRange").is_none());
    for (low, high, expected) in [
        (Some(1.5), None, json!([{"low": {"value": 1.5}}])),
        (None, Some(9.0), json!([{"high": {"value": 9}}])),
        (
            Some(9.0),
            Some(1.0),
            json!([{"text": "9 to 1, as printed"}]),
        ),
    ] {
        assert_eq!(range(low, high)["referenceRange"], expected);
    }
}

#[test]
fn a_date_is_one_that_fhir_reads_or_a_note() {
    for (text, is_date) in [
        ("2026-03-03T08:30:00Z", true),
        ("2026-03-03T08:30:00.250+01:00", true),
        ("2026-03-03T08:30:00-14:00", true),
        ("2026-03-03", true),
        ("2026-03", true),
        ("2026", true),
        ("2026-03-03T08:30:00+14:30", false),
        ("2026-03-03T08:30:00z", false),
        ("2026-03-03 08:30:00Z", false),
        ("2026-03-03t08:30:00Z", false),
        ("2026-02-30", false),
        ("2026-13", false),
        ("0000-01-01", false),
        ("last spring", false),
    ] {
        let one = observation(|one| one.collected_at = DateTime(text.to_owned()));
        if is_date {
            assert_eq!(one["effectiveDateTime"], text);
            assert!(one.get("note").is_none());
        } else {
            assert!(one.get("effectiveDateTime").is_none(), "{text}");
            assert_eq!(
                one["note"][0]["text"],
                format!("Collected, as written: {text}")
            );
        }
    }
}

#[test]
fn a_loinc_code_is_never_invented() {
    for (code, is_loinc) in [
        ("13457-7", true),
        ("2093-3", true),
        ("718-7", true),
        ("100000-9", true),
        ("100000-8", false),
        ("13457-6", false),
        ("ldl_cholesterol", false),
        ("ldl", false),
        ("1-8", false),
        ("13457-", false),
        ("13457-77", false),
        ("１３４５７-7", false),
        ("-7", false),
    ] {
        let one = observation(|one| one.biomarker_code = code.to_owned());
        let coding = &one["code"]["coding"][0];
        assert_eq!(coding["code"], code);
        assert_eq!(coding.get("system").is_some(), is_loinc, "{code}");
    }
}

#[test]
fn every_loinc_code_of_the_catalogue_has_the_right_check_digit() {
    let catalogue = crate::catalogue::tests::catalogue();
    let codes = catalogue.biomarkers.iter().flat_map(|entry| &entry.aliases);
    let codes: Vec<_> = codes
        .filter(|alias| alias.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
        .collect();
    assert!(codes.len() > 150);
    for code in codes {
        let one = observation(|one| one.biomarker_code = (*code).to_owned());
        assert_eq!(
            one["code"]["coding"][0]["system"], "http://loinc.org",
            "{code}"
        );
    }
}

#[test]
fn a_unit_has_a_code_only_where_it_surely_means_it() {
    for (unit, code) in [
        ("mg/dL", Some("mg/dL")),
        ("mg/dl", Some("mg/dL")),
        ("µg/L", Some("ug/L")),
        ("μg/l", Some("ug/L")),
        ("mcg/dL", Some("ug/dL")),
        ("10³/µL", Some("10*3/uL")),
        ("10^9/L", Some("10*9/L")),
        ("mIU/L", Some("m[IU]/L")),
        ("µIU/mL", Some("u[IU]/mL")),
        ("mL/min/1.73m²", Some("mL/min/{1.73_m2}")),
        ("mEq/L", Some("meq/L")),
        ("%", Some("%")),
        ("K/uL", None),
        ("G/L", None),
        ("T/L", None),
        ("M/uL", None),
        ("mU/L", None),
        ("MG/DL", None),
        ("mg%", None),
        ("fl", None),
        ("l", None),
        ("", None),
        ("units", None),
    ] {
        assert_eq!(ucum::code(unit), code, "{unit}");
    }
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
