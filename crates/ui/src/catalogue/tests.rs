//! The shipped file keeps what the rest of the app relies on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

use super::*;
use crate::loinc;

mod translations;
mod units;

/// The file as it is shipped.
const FILE: &str = include_str!("../../catalogue.json");

/// The shipped catalogue, read once.
pub(crate) fn catalogue() -> &'static Catalogue {
    static READ: OnceLock<&Catalogue> = OnceLock::new();
    READ.get_or_init(|| Catalogue::read(FILE.as_bytes()).expect("the file reads"))
}

#[test]
fn the_file_is_complete() {
    let file: Catalogue = json::parse(FILE.as_bytes()).expect("the file reads");
    assert_eq!(file.systems.len(), 15);
    assert_eq!(file.biomarkers.len(), 171);
    let mut codes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for entry in &file.biomarkers {
        for code in entry.aliases.iter().chain([&entry.code]) {
            assert!(
                !code.is_empty() && code.to_ascii_lowercase() == *code,
                "{code}"
            );
            assert!(codes.insert(*code), "{code} means two things");
        }
        assert!(names.insert(entry.name), "{} is named twice", entry.name);
        assert!(
            file.system_place(entry.system).is_some(),
            "{} has no system",
            entry.code
        );
        assert!(
            !entry.about.is_empty() && entry.about.split_whitespace().count() <= 8,
            "{}",
            entry.about
        );
        assert!(!entry.about.ends_with('.'), "{}", entry.about);
        assert!(
            entry.explanation.ends_with('.') && entry.explanation.len() > 20,
            "{}",
            entry.explanation
        );
        assert!(
            !entry.explanation.trim_end_matches('.').contains(". "),
            "one sentence: {}",
            entry.explanation
        );
        assert!(entry.decimals <= 3, "{}", entry.code);
    }
}

#[test]
fn every_system_has_biomarkers_and_they_stand_together() {
    let file = catalogue();
    let mut order: Vec<&str> = file.biomarkers.iter().map(|entry| entry.system).collect();
    order.dedup();
    assert_eq!(
        order,
        file.systems
            .iter()
            .map(|system| system.id)
            .collect::<Vec<_>>()
    );
}

#[test]
fn finds_by_code_alias_and_loinc_in_any_case() {
    for code in ["ldl_cholesterol", "LDL", " 13457-7 ", "Ldl_C"] {
        assert_eq!(
            catalogue().find(code).map(|entry| entry.code),
            Some("ldl_cholesterol"),
            "{code}"
        );
    }
    for code in ["", "ldl cholesterol ratio", "1234-4"] {
        assert_eq!(catalogue().find(code), None, "{code}");
    }
}

/// The last digit of a LOINC code is a check digit (modulus 10), so a slip of the finger is found.
#[test]
fn loinc_codes_have_their_check_digit() {
    let codes: Vec<&str> = catalogue()
        .biomarkers
        .iter()
        .flat_map(|entry| entry.aliases.iter().copied())
        .filter(|code| is_loinc(code))
        .collect();
    assert!(codes.len() > 280, "{}", codes.len());
    for code in codes {
        assert!(loinc::has_check_digit(code), "{code}");
    }
}

/// The file with the members that the reader does not take.
fn whole() -> Value {
    serde_json::from_str(FILE).expect("the file is JSON")
}

fn list<'a>(json: &'a Value, member: &str) -> &'a [Value] {
    json[member].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(json: &'a Value, member: &str) -> &'a str {
    json[member]
        .as_str()
        .unwrap_or_else(|| panic!("{member} is missing in {json}"))
}

fn number(json: &Value, member: &str) -> f64 {
    json[member]
        .as_f64()
        .unwrap_or_else(|| panic!("{member} is missing in {json}"))
}

/// A LOINC code: digits, a hyphen, one check digit.
fn is_loinc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(number, check)| {
        check.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The one unit that all spellings of a unit stand for.
fn spellings(file: &Value) -> BTreeMap<&str, &str> {
    let mut spellings = BTreeMap::new();
    for (unit, others) in file["unit_spellings"].as_object().expect("an object") {
        let others = others.as_array().expect("a list");
        for spelling in others.iter().map(|other| other.as_str().expect("a text")) {
            assert_eq!(
                spellings.insert(spelling, unit.as_str()),
                None,
                "{spelling}"
            );
        }
        assert_eq!(spellings.insert(unit, unit), None, "{unit}");
    }
    spellings
}

#[test]
fn the_shipped_file_is_read_whole() {
    let file = whole();
    for json in list(&file, "biomarkers") {
        let code = text(json, "code");
        let entry = catalogue().find(code).expect("every entry is read");
        let source = entry.source.expect("every entry has a source");
        assert_eq!(source.id, text(json, "source"), "{code}");
        assert!(!source.title.is_empty() && source.url.starts_with("https://"));
        assert_eq!(entry.units.len(), list(json, "units").len() + 1, "{code}");
        assert_eq!(entry.units[0].unit, text(json, "unit"), "{code}");
        for (unit, json) in entry.units[1..].iter().zip(list(json, "units")) {
            assert_eq!(unit.unit, text(json, "unit"));
            assert_eq!(
                unit.factor.to_bits(),
                number(json, "factor").to_bits(),
                "{code}"
            );
        }
        let cvi = entry.variation.as_ref().map(|variation| variation.cvi);
        assert_eq!(cvi, json["cvi"].as_f64(), "{code}");
        let anchors: Vec<f64> = entry.harm_anchors.iter().map(|anchor| anchor.at).collect();
        let expected: Vec<f64> = list(json, "harm_anchor")
            .iter()
            .map(|anchor| number(anchor, "at"))
            .collect();
        assert_eq!(anchors, expected, "{code}");
        assert_eq!(entry.related, list(json, "related"), "{code}");
    }
}

#[test]
fn one_unit_has_one_name_however_it_is_spelled() {
    let file = whole();
    let spellings = spellings(&file);
    for (spelling, unit) in &spellings {
        assert_eq!(catalogue().unit_name(spelling), *unit, "{spelling}");
    }
    for (spelling, unit) in [
        ("mg/dl", "mg/dL"),
        (" mg / dL ", "mg/dL"),
        ("mcg/L", "µg/L"),
        ("\u{3bc}g/L", "\u{b5}g/L"),
        ("x10^9/L", "10^9/L"),
        ("bananas", "bananas"),
        ("", ""),
    ] {
        assert_eq!(catalogue().unit_name(spelling), unit, "{spelling}");
    }
}

#[test]
fn every_entry_says_where_it_is_from() {
    let file = whole();
    let mut unused = BTreeSet::new();
    for source in list(&file, "sources") {
        assert!(unused.insert(text(source, "id")), "{source} stands twice");
        assert!(text(source, "url").starts_with("https://"), "{source}");
        assert!(!text(source, "title").is_empty(), "{source}");
        assert!(!text(source, "publisher").is_empty(), "{source}");
    }
    let sources = unused.clone();
    for entry in list(&file, "biomarkers") {
        let cited = ["source", "cvi_source"]
            .into_iter()
            .filter_map(|member| entry[member].as_str())
            .chain(
                list(entry, "harm_anchor")
                    .iter()
                    .map(|anchor| text(anchor, "source")),
            );
        for id in cited {
            assert!(sources.contains(id), "{} cites {id}", text(entry, "code"));
            unused.remove(id);
        }
        text(entry, "source");
    }
    assert_eq!(unused, BTreeSet::new(), "cited by nobody");
}

/// The long names let a reviewer compare what a code means; two biomarkers have no code that could be verified.
#[test]
fn every_loinc_code_has_its_long_name() {
    let file = whole();
    assert!(text(&file, "loinc_checked_against").len() > 100);
    let mut without = Vec::new();
    for entry in list(&file, "biomarkers") {
        let aliases: BTreeSet<&str> = list(entry, "aliases")
            .iter()
            .filter_map(Value::as_str)
            .filter(|alias| is_loinc(alias))
            .collect();
        let named = entry["loinc"].as_object().expect("a map");
        assert_eq!(
            aliases,
            named.keys().map(String::as_str).collect(),
            "{}",
            text(entry, "code")
        );
        for name in named.values() {
            assert!(name.as_str().is_some_and(|name| name.len() > 10), "{name}");
        }
        if aliases.is_empty() {
            without.push(text(entry, "code"));
        }
    }
    assert_eq!(without, ["homa_ir", "omega3_index"]);
}

#[test]
fn variation_is_a_percentage_with_a_citation() {
    let file = whole();
    let mut count = 0;
    for entry in list(&file, "biomarkers") {
        let code = text(entry, "code");
        let members = ["cvi", "cva", "cvi_source"].map(|member| !entry[member].is_null());
        assert!(members == [true; 3] || members == [false; 3], "{code}");
        if members[0] {
            count += 1;
            let cvi = number(entry, "cvi");
            assert!((0.1..=100.0).contains(&cvi), "{code}: {cvi}");
            // The desirable imprecision is half of the biological variation; a worse one is one that was measured.
            let cva = number(entry, "cva");
            assert!(cva >= cvi / 2.0 - 0.005 && cva < 3.0 * cvi, "{code}: {cva}");
        }
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn related_biomarkers_exist() {
    let file = whole();
    let codes: BTreeSet<&str> = list(&file, "biomarkers")
        .iter()
        .map(|entry| text(entry, "code"))
        .collect();
    for entry in list(&file, "biomarkers") {
        let code = text(entry, "code");
        let related: Vec<&str> = list(entry, "related")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert!(entry["related"].is_array() && related.len() <= 4, "{code}");
        assert_eq!(
            related.iter().collect::<BTreeSet<_>>().len(),
            related.len(),
            "{code}"
        );
        for other in related {
            assert!(other != code && codes.contains(other), "{code}: {other}");
        }
    }
}

#[test]
fn harm_anchors_are_few_and_say_which_side() {
    let file = whole();
    let mut count = 0;
    for entry in list(&file, "biomarkers") {
        for anchor in list(entry, "harm_anchor") {
            count += 1;
            assert!(number(anchor, "at") > 0.0, "{anchor}");
            assert!(
                ["above", "below"].contains(&text(anchor, "side")),
                "{anchor}"
            );
        }
    }
    assert!((1..=20).contains(&count), "{count}");
}
