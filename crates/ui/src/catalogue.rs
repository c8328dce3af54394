//! What is known about common biomarkers: plain name, body system, one sentence, and with a source each: units, variation,
//! from where doctors act. Data, in `catalogue.json`.
//!
//! The file is loaded on its own and is no part of the download, so that whoever deploys an app can replace it. What is
//! wrong in such a file is passed over. It says more than is read here, for the tests and for whoever reviews it: the long
//! names of the LOINC codes, molar masses, notes.

use std::borrow::Cow;

use loop_contracts::json::{self, FromJson, Json, Object};

mod facts;

use self::facts::UnitNames;
pub use self::facts::{HarmAnchor, Side, Source, Unit, Variation};

/// One biomarker in plain words.
#[derive(Debug, PartialEq)]
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
    /// Where the explanation is from.
    pub source: Option<&'static Source>,
    /// The conventional unit first, then the others; empty when the file names none.
    pub units: Vec<Unit>,
    /// The place in `units` of the one that labs with SI units print; the conventional one where the file names none.
    pub si: usize,
    /// How much it moves while nothing changes.
    pub variation: Option<Variation>,
    /// From where many doctors act.
    pub harm_anchors: Vec<HarmAnchor>,
    /// Codes of what is worth looking at together with it.
    pub related: Vec<&'static str>,
}

impl Entry {
    fn read(
        object: &Object<'static>,
        names: &UnitNames,
        sources: &'static [Source],
    ) -> Option<Self> {
        let units = facts::units(object, names);
        let si: Option<&str> = object.get("si");
        let si = units.iter().position(|unit| Some(unit.unit) == si);
        Some(Self {
            code: object.get("code")?,
            aliases: object.get("aliases")?,
            name: object.get("name")?,
            system: object.get("system")?,
            about: object.get("about")?,
            explanation: object.get("explanation")?,
            decimals: object.get("decimals")?,
            source: facts::cited(object, "source", sources),
            units,
            si: si.unwrap_or(0),
            variation: facts::variation(object, sources),
            harm_anchors: facts::harm_anchors(object, sources),
            related: facts::list(object, "related").unwrap_or_default(),
        })
    }

    /// The unit of that name, as [`Catalogue::unit_name`] gives it.
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.name == name)
    }
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
#[derive(Debug, Default, PartialEq)]
pub struct Catalogue {
    /// Body systems in the order of the list.
    pub systems: Vec<System>,
    /// Biomarkers in the order of their group.
    pub biomarkers: Vec<Entry>,
    /// Which spellings mean one unit.
    unit_names: UnitNames,
    /// Places of the entries by [`bucket`] of their codes and aliases: a record may have thousands of codes.
    by_code: Vec<Vec<usize>>,
}

/// How many parts the codes are divided into.
const BUCKETS: usize = 64;

/// In which part a code stands, in any case of letters.
fn bucket(code: &str) -> usize {
    let bytes = code.bytes();
    bytes.fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31)
            .wrapping_add(usize::from(byte.to_ascii_lowercase()))
    }) % BUCKETS
}

impl FromJson<'static> for System {
    fn from_json(json: Json<'static>) -> Option<Self> {
        let object = Object::from_json(json)?;
        Some(Self {
            id: object.get("id")?,
            title: object.get("title")?,
        })
    }
}

impl FromJson<'static> for Catalogue {
    fn from_json(json: Json<'static>) -> Option<Self> {
        let object = Object::from_json(json)?;
        // Entries refer to these for as long as the page lives.
        let sources: &'static [Source] =
            Box::leak(facts::list(&object, "sources").unwrap_or_default().into());
        let unit_names = UnitNames::read(&object);
        let entries: Vec<Object<'static>> = facts::list(&object, "biomarkers")?;
        let biomarkers: Vec<Entry> = entries
            .iter()
            .filter_map(|entry| Entry::read(entry, &unit_names, sources))
            .collect();
        let mut by_code = vec![Vec::new(); BUCKETS];
        for (place, entry) in biomarkers.iter().enumerate() {
            for code in [entry.code].iter().chain(&entry.aliases) {
                by_code[bucket(code)].push(place);
            }
        }
        Some(Self {
            systems: facts::list(&object, "systems")?,
            biomarkers,
            unit_names,
            by_code,
        })
    }
}

impl Catalogue {
    /// Reads a file. It stays for the life of the page, because what is shown refers to it.
    pub fn read(file: &[u8]) -> Option<&'static Self> {
        let file: &'static [u8] = Box::leak(file.into());
        json::parse(file).map(|catalogue: Self| &*Box::leak(Box::new(catalogue)))
    }

    /// A catalogue that knows nothing: every result is shown as the platform named it.
    pub fn empty() -> &'static Self {
        static EMPTY: Catalogue = Catalogue {
            systems: Vec::new(),
            biomarkers: Vec::new(),
            unit_names: UnitNames::EMPTY,
            by_code: Vec::new(),
        };
        &EMPTY
    }

    /// What all spellings of a unit have in common: `mg/dl`, `mg%` and `mg/dL` are one. A unit the file does not know has its
    /// own name.
    pub fn unit_name(&self, unit: &str) -> Cow<'static, str> {
        self.unit_names.name(unit)
    }

    /// The entry for a code or an alias, in any case of letters.
    pub fn find(&'static self, code: &str) -> Option<&'static Entry> {
        self.place(code).map(|place| &self.biomarkers[place])
    }

    /// Where in the file the entry stands: the order of the list.
    pub fn place(&self, code: &str) -> Option<usize> {
        let code = code.trim();
        let places = self.by_code.get(bucket(code))?.iter().copied();
        let mut found = places.filter(|place| {
            let entry = &self.biomarkers[*place];
            entry.code.eq_ignore_ascii_case(code)
                || entry
                    .aliases
                    .iter()
                    .any(|alias| alias.eq_ignore_ascii_case(code))
        });
        found.next()
    }

    /// Where in the list the body system stands.
    pub fn system_place(&self, id: &str) -> Option<usize> {
        self.systems.iter().position(|system| system.id == id)
    }
}

#[cfg(test)]
pub(crate) mod tests;
