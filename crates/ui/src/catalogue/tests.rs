//! The shipped file keeps what the rest of the app relies on.

use std::collections::BTreeSet;

use super::*;

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
    let is_loinc = |code: &&str| {
        code.split_once('-').is_some_and(|(number, check)| {
            check.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    let codes: Vec<&str> = catalogue()
        .biomarkers
        .iter()
        .flat_map(|entry| entry.aliases.iter().copied())
        .filter(is_loinc)
        .collect();
    assert!(codes.len() > 70, "{}", codes.len());
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
