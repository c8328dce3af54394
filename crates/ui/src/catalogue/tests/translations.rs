//! The shipped catalogue in other languages: everything is translated, in the same form.

use super::*;

const GERMAN: &str = include_str!("../../../languages/catalogue.de.json");

#[test]
fn a_translation_says_everything_that_the_catalogue_says() {
    let english = catalogue();
    let words: Value = serde_json::from_str(GERMAN).expect("JSON");
    let keys = |list: &str| -> BTreeSet<String> {
        let list = words[list].as_object().expect("an object");
        list.keys().cloned().collect()
    };
    let systems = english.systems.iter().map(|system| system.id.to_owned());
    let codes = english.biomarkers.iter().map(|entry| entry.code.to_owned());
    assert_eq!(keys("systems"), systems.collect());
    assert_eq!(keys("biomarkers"), codes.collect());
}

#[test]
fn a_translation_keeps_the_form_of_each_text() {
    let words: Value = serde_json::from_str(GERMAN).expect("JSON");
    let mut names = BTreeSet::new();
    for entry in &catalogue().biomarkers {
        let own = &words["biomarkers"][entry.code];
        let [name, about, explanation] =
            ["name", "about", "explanation"].map(|text| own[text].as_str().unwrap_or_default());
        assert!(names.insert(name), "{name} is named twice");
        assert!(!name.is_empty() && name.chars().count() <= 40, "{name}");
        assert!(
            !about.is_empty() && about.split_whitespace().count() <= 8 && !about.ends_with('.'),
            "{about}"
        );
        assert!(
            explanation.ends_with('.')
                && explanation.len() > 20
                && !explanation.trim_end_matches('.').contains(". "),
            "one sentence: {explanation}"
        );
        for text in [name, about, explanation] {
            assert!(
                text.trim() == text && !text.contains(|c: char| c.is_control() || c == '"'),
                "{text}"
            );
        }
    }
}
