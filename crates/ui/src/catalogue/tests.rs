//! The shipped file keeps what the rest of the app relies on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde_json::Value;

use super::*;

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
        let (number, check) = code.split_once('-').expect("a LOINC code");
        let sum: u32 = number
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| {
                let digit = u32::from(digit - b'0');
                let doubled = digit * 2;
                if place % 2 == 0 {
                    doubled / 10 + doubled % 10
                } else {
                    digit
                }
            })
            .sum();
        assert_eq!(check, ((10 - sum % 10) % 10).to_string(), "{code}");
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

/// A value in the conventional unit, told in another one.
fn convert(entry: &Value, value: f64, unit: &str) -> Option<f64> {
    let unit = list(entry, "units")
        .iter()
        .find(|other| text(other, "unit") == unit)?;
    Some(value * number(unit, "factor") + unit["offset"].as_f64().unwrap_or(0.0))
}

/// How much one of the unit is in grams, moles, units of activity or katals a litre (or in all, without a volume), and
/// of which of these. Nothing for a unit of another kind.
fn amount(unit: &str) -> Option<(f64, &'static str)> {
    let unit = unit.trim_end_matches(" FEU");
    let (mass, volume) = unit
        .split_once('/')
        .map_or((unit, None), |(mass, volume)| (mass, Some(volume)));
    let litres = match volume {
        None | Some("L") => 1.0,
        Some("dL") => 0.1,
        Some("mL") => 1e-3,
        Some(_) => return None,
    };
    let (prefix, kind) = ["mol", "kat", "IU", "U", "g"]
        .into_iter()
        .find_map(|kind| mass.strip_suffix(kind).map(|prefix| (prefix, kind)))?;
    let prefix = match prefix {
        "f" => 1e-15,
        "p" => 1e-12,
        "n" => 1e-9,
        "µ" => 1e-6,
        "m" => 1e-3,
        "" => 1.0,
        "k" => 1e3,
        _ => return None,
    };
    Some((prefix / litres, if kind == "IU" { "U" } else { kind }))
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
fn units_are_spelled_in_one_way_and_convert_there_and_back() {
    let file = whole();
    let spellings = spellings(&file);
    let mut converting = 0;
    for entry in list(&file, "biomarkers") {
        let code = text(entry, "code");
        let unit = text(entry, "unit");
        let mut units = BTreeSet::new();
        if unit.is_empty() {
            assert!(entry["note"].is_string(), "{code}: why has it no unit?");
        } else {
            let unit = spellings.get(unit);
            units.insert(unit.unwrap_or_else(|| panic!("{code}: {unit:?}")));
        }
        converting += usize::from(!list(entry, "units").is_empty());
        for other in list(entry, "units") {
            let name = text(other, "unit");
            let spelled = spellings
                .get(name)
                .unwrap_or_else(|| panic!("{code}: {name}"));
            assert!(units.insert(spelled), "{code}: {name} is told twice");
            let factor = number(other, "factor");
            assert!(factor.is_finite() && factor > 0.0, "{code}: {name}");
            let offset = other["offset"].as_f64().unwrap_or(0.0);
            for value in [0.1, 1.0, 5.7, 100.0, 2500.0] {
                let there = convert(entry, value, name).expect("a factor");
                let back = (there - offset) / factor;
                assert!(
                    (back - value).abs() < 1e-9 * value,
                    "{code}: {name} {value} {back}"
                );
            }
        }
    }
    assert!(converting >= 115, "{converting}");
}

/// A factor between two masses follows from the prefixes, and one between a mass and an amount from the molar mass too.
/// What is left is told in a short list.
#[test]
fn factors_follow_from_prefixes_and_molar_masses() {
    let file = whole();
    let mut others = BTreeSet::new();
    let mut checked = 0;
    for entry in list(&file, "biomarkers") {
        let code = text(entry, "code");
        let from = text(entry, "unit");
        let mut used = entry["molar_mass"].is_null();
        for other in list(entry, "units") {
            let to = text(other, "unit");
            let factor = number(other, "factor");
            let expected = match (amount(from), amount(to)) {
                (Some((from, kind)), Some((to, same))) if kind == same => from / to,
                (Some((from, "g")), Some((to, "mol"))) => {
                    used = true;
                    from / number(entry, "molar_mass") / to
                }
                (Some((from, "mol")), Some((to, "g"))) => {
                    used = true;
                    from * number(entry, "molar_mass") / to
                }
                // A katal turns over one mole a second, a unit one micromole a minute.
                (Some((from, "U")), Some((to, "kat"))) => from / 6e7 / to,
                _ => {
                    others.insert(format!("{from} -> {to}"));
                    continue;
                }
            };
            checked += 1;
            assert!(
                (factor / expected - 1.0).abs() < 5e-5,
                "{code}: {from} -> {to} is {factor}, not {expected}"
            );
            assert!(other["offset"].is_null(), "{code}: {to}");
        }
        assert!(used, "{code} has a molar mass that no unit needs");
    }
    assert!(checked > 150, "{checked}");
    assert_eq!(
        others.into_iter().collect::<Vec<_>>(),
        [
            "% -> L/L",
            "% -> mmol/mol",
            "10^3/µL -> /µL",
            "10^3/µL -> 10^9/L",
            "10^6/µL -> 10^12/L",
            "mg/dL -> mEq/L",
            "mg/g -> g/g",
            "mg/g -> mg/mmol",
            "mmol/L -> mEq/L",
            "µIU/mL -> pmol/L",
        ]
    );
}

/// Figures as guidelines, textbooks and lab reports print them; the last member is half of their last digit.
#[test]
fn conversions_give_the_figures_that_are_known() {
    const KNOWN: [(&str, f64, &str, f64, f64); 62] = [
        ("glucose", 100.0, "mmol/L", 5.55, 0.005),
        ("glucose_fasting", 126.0, "mmol/L", 7.0, 0.05),
        ("glucose_2h", 200.0, "mmol/L", 11.1, 0.05),
        ("hba1c", 5.7, "mmol/mol", 39.0, 0.5),
        ("hba1c", 6.5, "mmol/mol", 48.0, 0.5),
        ("hba1c", 7.0, "mmol/mol", 53.0, 0.5),
        ("hba1c", 10.0, "mmol/mol", 86.0, 0.5),
        ("insulin_fasting", 10.0, "pmol/L", 60.0, 0.5),
        ("c_peptide", 2.0, "nmol/L", 0.66, 0.005),
        ("total_cholesterol", 200.0, "mmol/L", 5.17, 0.005),
        ("ldl_cholesterol", 190.0, "mmol/L", 4.9, 0.05),
        ("hdl_cholesterol", 40.0, "mmol/L", 1.03, 0.005),
        ("triglycerides", 150.0, "mmol/L", 1.69, 0.005),
        ("triglycerides", 500.0, "mmol/L", 5.65, 0.005),
        ("apolipoprotein_b", 90.0, "g/L", 0.9, 0.005),
        ("nt_probnp", 125.0, "pmol/L", 14.8, 0.05),
        ("troponin_t", 14.0, "ng/mL", 0.014, 0.0005),
        ("creatinine", 1.0, "µmol/L", 88.4, 0.05),
        ("bun", 20.0, "mmol/L", 7.14, 0.005),
        ("urea", 60.0, "mmol/L", 10.0, 0.05),
        ("uric_acid", 6.0, "µmol/L", 357.0, 0.5),
        ("urine_albumin_creatinine", 30.0, "mg/mmol", 3.4, 0.05),
        ("urine_albumin_creatinine", 300.0, "mg/mmol", 34.0, 0.5),
        ("bilirubin_total", 1.0, "µmol/L", 17.1, 0.05),
        ("albumin", 4.2, "g/L", 42.0, 0.5),
        ("alt", 60.0, "µkat/L", 1.0, 0.005),
        ("sodium", 140.0, "mEq/L", 140.0, 0.5),
        ("calcium", 10.0, "mmol/L", 2.5, 0.05),
        ("calcium", 10.0, "mEq/L", 5.0, 0.05),
        ("magnesium", 2.0, "mmol/L", 0.82, 0.005),
        ("phosphate", 3.5, "mmol/L", 1.13, 0.005),
        ("lactate", 2.0, "mg/dL", 18.0, 0.05),
        ("ferritin", 30.0, "µg/L", 30.0, 0.5),
        ("iron", 100.0, "µmol/L", 17.9, 0.05),
        ("vitamin_d", 20.0, "nmol/L", 50.0, 0.5),
        ("vitamin_d", 30.0, "nmol/L", 75.0, 0.5),
        ("vitamin_b12", 200.0, "pmol/L", 148.0, 0.5),
        ("folate", 4.0, "nmol/L", 9.1, 0.05),
        ("zinc", 80.0, "µmol/L", 12.2, 0.05),
        ("copper", 100.0, "µmol/L", 15.7, 0.05),
        ("hemoglobin", 14.0, "g/L", 140.0, 0.5),
        ("hemoglobin", 14.0, "mmol/L", 8.7, 0.05),
        ("hematocrit", 45.0, "L/L", 0.45, 0.005),
        ("wbc", 6.5, "10^9/L", 6.5, 0.05),
        ("eosinophils", 0.5, "/µL", 500.0, 5.0),
        ("crp", 5.0, "mg/dL", 0.5, 0.05),
        ("fibrinogen", 300.0, "g/L", 3.0, 0.05),
        ("d_dimer", 500.0, "mg/L FEU", 0.5, 0.05),
        ("tsh", 2.5, "µIU/mL", 2.5, 0.05),
        ("free_t4", 1.0, "pmol/L", 12.9, 0.05),
        ("free_t3", 3.0, "pmol/L", 4.6, 0.05),
        ("total_t4", 8.0, "nmol/L", 103.0, 0.5),
        ("total_t3", 100.0, "nmol/L", 1.54, 0.005),
        ("testosterone_total", 300.0, "nmol/L", 10.4, 0.05),
        ("estradiol", 100.0, "pmol/L", 367.0, 0.5),
        ("progesterone", 5.0, "nmol/L", 15.9, 0.05),
        ("cortisol_am", 18.0, "nmol/L", 497.0, 0.5),
        ("dhea_s", 100.0, "µmol/L", 2.71, 0.005),
        ("amh", 1.0, "pmol/L", 7.14, 0.005),
        ("pth", 65.0, "pmol/L", 6.9, 0.05),
        ("psa", 4.0, "µg/L", 4.0, 0.05),
        ("lead", 10.0, "µmol/L", 0.48, 0.005),
    ];
    let file = whole();
    for (code, value, unit, expected, half_a_digit) in KNOWN {
        let entry = list(&file, "biomarkers")
            .iter()
            .find(|entry| text(entry, "code") == code)
            .unwrap_or_else(|| panic!("{code}"));
        let found = convert(entry, value, unit).unwrap_or_else(|| panic!("{code}: {unit}"));
        assert!(
            (found - expected).abs() <= half_a_digit,
            "{code}: {value} is {found} {unit}, not {expected}"
        );
    }
}

/// The size of the particle differs from person to person, so mass and number do not convert; a factor here would be a
/// wrong result.
#[test]
fn lipoprotein_a_has_no_factor() {
    let file = whole();
    let entry = list(&file, "biomarkers")
        .iter()
        .find(|entry| text(entry, "code") == "lipoprotein_a")
        .expect("an entry");
    assert_eq!(list(entry, "units"), [] as [Value; 0]);
    assert!(text(entry, "note").contains("mg/dL"));
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
