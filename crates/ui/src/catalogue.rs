//! What is known about common biomarkers: plain name, body system, one sentence. Data, in `catalogue.json`.

use std::sync::OnceLock;

use loop_contracts::json::{self, FromJson, Object, RawValue};

/// The file as it is shipped.
const FILE: &str = include_str!("../catalogue.json");

/// One biomarker in plain words.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The platform's code.
    pub code: &'static str,
    /// Other codes that mean the same measurement, LOINC among them.
    pub aliases: Vec<&'static str>,
    /// The name a person knows it by.
    pub name: &'static str,
    /// The `id` of its body system.
    pub system: &'static str,
    /// A subtitle of at most eight words.
    pub about: &'static str,
    /// What it is, in one sentence.
    pub explanation: &'static str,
    /// Decimals that labs usually print.
    pub decimals: u8,
}

/// A body system: a group of the results list.
#[derive(Debug, PartialEq, Eq)]
pub struct System {
    /// The name used in [`Entry::system`].
    pub id: &'static str,
    /// The heading of the group.
    pub title: &'static str,
}

/// All entries, in the order in which they are shown.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Body systems in the order of the list.
    pub systems: Vec<System>,
    /// Biomarkers in the order of their group.
    pub biomarkers: Vec<Entry>,
}

impl FromJson<'static> for Entry {
    fn from_json(json: &'static RawValue) -> Option<Self> {
        let object = Object::from_json(json)?;
        Some(Self {
            code: object.get("code")?,
            aliases: object.get("aliases")?,
            name: object.get("name")?,
            system: object.get("system")?,
            about: object.get("about")?,
            explanation: object.get("explanation")?,
            decimals: object.get("decimals")?,
        })
    }
}

impl FromJson<'static> for System {
    fn from_json(json: &'static RawValue) -> Option<Self> {
        let object = Object::from_json(json)?;
        Some(Self {
            id: object.get("id")?,
            title: object.get("title")?,
        })
    }
}

impl FromJson<'static> for Catalogue {
    fn from_json(json: &'static RawValue) -> Option<Self> {
        let object = Object::from_json(json)?;
        Some(Self {
            systems: object.get("systems")?,
            biomarkers: object.get("biomarkers")?,
        })
    }
}

impl Catalogue {
    /// The entry for a code or an alias, in any case of letters.
    pub fn find(&'static self, code: &str) -> Option<&'static Entry> {
        self.place(code).map(|place| &self.biomarkers[place])
    }

    /// Where in the file the entry stands: the order of the list.
    pub fn place(&self, code: &str) -> Option<usize> {
        let code = code.trim();
        self.biomarkers.iter().position(|entry| {
            entry.code.eq_ignore_ascii_case(code)
                || entry
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(code))
        })
    }

    /// Where in the list the body system stands.
    pub fn system_place(&self, id: &str) -> Option<usize> {
        self.systems.iter().position(|system| system.id == id)
    }
}

/// The catalogue, read once. A file that cannot be read gives an empty catalogue: every result is then shown as the
/// platform named it. The tests read the shipped file.
pub fn catalogue() -> &'static Catalogue {
    static READ: OnceLock<Catalogue> = OnceLock::new();
    READ.get_or_init(|| json::parse(FILE.as_bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_is_complete() {
        let file: Catalogue = json::parse(FILE.as_bytes()).expect("the file reads");
        assert_eq!(file.systems.len(), 13);
        assert_eq!(file.biomarkers.len(), 81);
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
        for code in ["", "ldl cholesterol ratio", "2345-7"] {
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
}
