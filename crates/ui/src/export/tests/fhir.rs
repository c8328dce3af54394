//! What the FHIR file says, case by case.

use super::super::{fhir, ucum};
use super::*;

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
fn every_entry_has_a_name_of_its_own() {
    let mut results = Vec::new();
    // Without an id even what is the same stands there twice; one id may be given to two biomarkers.
    for code in ["ldl", "zzz", "zz"] {
        for id in ["", "", "one", "z", "\u{200b}", " "] {
            let mut one = result(code, "2026-03-03", 1.0, "low");
            one.id = id.to_owned();
            results.push(one);
        }
    }
    let bundle: Value = serde_json::from_str(&written(Kind::Fhir, results.clone())).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    assert_eq!(entries.len(), results.len());
    let mut urls: Vec<&str> = entries
        .iter()
        .map(|entry| entry["fullUrl"].as_str().unwrap())
        .collect();
    for url in &urls {
        let parts: Vec<&str> = url.strip_prefix("urn:uuid:").unwrap().split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{url}");
        assert!(parts[2].starts_with('8') && parts[3].starts_with(['8', '9', 'a', 'b']));
        let is_hex = |part: &&str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        assert!(parts.iter().all(is_hex), "{url}");
    }
    urls.sort_unstable();
    urls.dedup();
    assert_eq!(urls.len(), results.len());
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
fn a_loinc_code_has_the_check_digit_that_another_reckoning_finds() {
    for number in (100..10_000).chain(99_990..100_010) {
        for check in 0..10 {
            let code = format!("{number}-{check}");
            assert_eq!(
                fhir::is_loinc(&code),
                crate::loinc::has_check_digit(&code),
                "{code}"
            );
        }
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
        ("mcg/ml", Some("ug/mL")),
        ("fl", Some("fL")),
        ("IU/L", Some("[IU]/L")),
        ("mm/hr", Some("mm/h")),
        ("10³/µL", Some("10*3/uL")),
        ("10^9/L", Some("10*9/L")),
        ("10¹²/L", Some("10*12/L")),
        ("10^12/l", Some("10*12/L")),
        ("10*3/uL", Some("10*3/uL")),
        ("mIU/L", Some("m[IU]/L")),
        ("µIU/mL", Some("u[IU]/mL")),
        ("mL/min/1.73m²", Some("mL/min/{1.73_m2}")),
        ("mEq/L", Some("meq/L")),
        ("mg/L FEU", Some("mg/L{FEU}")),
        ("%", Some("%")),
        ("K/uL", None),
        ("G/L", None),
        ("T/L", None),
        ("M/uL", None),
        ("mU/L", None),
        ("U/mL", None),
        ("kU/L", None),
        ("MG/DL", None),
        ("mg%", None),
        ("l", None),
        ("", None),
        ("units", None),
        ("=", None),
        ("|", None),
        ("IU/L=[IU]/L", None),
        ("IU/L=[IU]/L|IU/mL", None),
        ("%=|/uL", None),
    ] {
        assert_eq!(ucum::code(unit), code.unwrap_or_default(), "{unit}");
    }
}
