//! Units and their factors, worked out a second time: from prefixes, molar masses and known figures.

use super::*;

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

/// Amounts of substance wherever they are known, else something a litre; never for what is counted in its own units.
#[test]
fn the_si_unit_of_a_biomarker_is_one_of_its_units() {
    let file = whole();
    let mut named = 0;
    for entry in list(&file, "biomarkers") {
        let (code, unit) = (text(entry, "code"), text(entry, "unit"));
        let Some(si) = entry["si"].as_str() else {
            continue;
        };
        named += 1;
        assert!(!unit.contains("mol"), "{code}: {unit} is one already");
        let units: Vec<&str> = list(entry, "units")
            .iter()
            .map(|other| text(other, "unit"))
            .collect();
        assert!(units.contains(&si), "{code}: {si}");
        assert!(
            si.contains("mol") || si.ends_with("/L") || si.ends_with("/L FEU"),
            "{code}: {si}"
        );
        // Hemoglobin and what is made of it are told in grams.
        let amount = units.iter().any(|unit| unit.contains("mol"));
        assert!(si.contains("mol") || !amount || si == "g/L", "{code}: {si}");
        let entry = catalogue().find(code).expect("known");
        assert_eq!(entry.units[entry.si].unit, si, "{code}");
    }
    assert!(named >= 115, "{named}");
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
