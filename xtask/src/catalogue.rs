//! What the app loads of `crates/ui/catalogue.json`, and its translations: without what only a review needs, and in the form that
//! compresses best.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::languages::FOLDER;
use crate::term::{Failure, Outcome, Tried};

const FILE: &str = "crates/ui/catalogue.json";

/// Members of an entry that are for whoever reviews it, and for the tests.
const FOR_REVIEW: [&str; 3] = ["loinc", "note", "molar_mass"];

/// The order of members: texts side by side, then what looks alike. Others follow by name.
const ORDER: [&str; 16] = [
    "code",
    "name",
    "about",
    "explanation",
    "aliases",
    "system",
    "decimals",
    "unit",
    "si",
    "units",
    "cvi",
    "cva",
    "cvi_source",
    "source",
    "harm_anchor",
    "related",
];

/// The catalogue as the app loads it.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue(Value);

impl Catalogue {
    /// Reads the file, and leaves out what the app does not read.
    pub(crate) fn read(root: &Path) -> Outcome<Self> {
        let text = fs::read_to_string(root.join(FILE)).tried(format_args!("read {FILE}"))?;
        let all: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("{FILE} is no JSON: {error}.")))?;
        Ok(Self::new(all))
    }

    fn new(mut all: Value) -> Self {
        if let Some(all) = all.as_object_mut() {
            all.remove("loinc_checked_against");
        }
        let names = short_names(&mut all);
        for entry in entries(&mut all, "biomarkers") {
            entry.retain(|name, _| !FOR_REVIEW.contains(&name.as_str()));
            refer(entry, &names);
            let anchors = entry.get_mut("harm_anchor").and_then(Value::as_array_mut);
            for anchor in anchors.into_iter().flatten() {
                if let Some(anchor) = anchor.as_object_mut() {
                    refer(anchor, &names);
                }
            }
        }
        Self(all)
    }

    /// With names and explanations in another language, from its own file; `None` when there is none.
    pub(crate) fn translated(&self, root: &Path, tag: &str) -> Outcome<Option<Self>> {
        let file = format!("{FOLDER}/catalogue.{tag}.json");
        let Ok(text) = fs::read_to_string(root.join(&file)) else {
            return Ok(None);
        };
        let words: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("{file} is no JSON: {error}.")))?;
        let translated = self.with_words(&words);
        let missing = |what| Failure::new(format!("{file} says nothing of {what}."));
        translated.map(Some).map_err(missing)
    }

    /// `Err` names the first thing that there are no words for.
    fn with_words(&self, words: &Value) -> Result<Self, String> {
        let mut all = self.0.clone();
        for (list, key) in [("systems", "id"), ("biomarkers", "code")] {
            for entry in entries(&mut all, list) {
                let id = entry.get(key).and_then(Value::as_str).unwrap_or_default();
                let own = words[list].get(id).ok_or_else(|| id.to_owned())?;
                match own {
                    Value::Object(own) => entry.extend(own.clone()),
                    title => {
                        entry.insert("title".to_owned(), title.clone());
                    }
                }
            }
        }
        Ok(Self(all))
    }

    /// As text, in the order that compresses best.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        write(&self.0, &mut out);
        out
    }
}

/// The entries of a list.
fn entries<'a>(all: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    let list = all.get_mut(list).and_then(Value::as_array_mut);
    list.into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Numbers the sources, which have long names for whoever edits the file, and says which number stands for which name.
fn short_names(all: &mut Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (number, source) in entries(all, "sources").enumerate() {
        if let Some(Value::String(id)) = source.get_mut("id") {
            let long = std::mem::replace(id, number.to_string());
            names.insert(long, number.to_string());
        }
    }
    names
}

fn refer(object: &mut Map<String, Value>, names: &BTreeMap<String, String>) {
    for member in ["source", "cvi_source"] {
        if let Some(Value::String(name)) = object.get_mut(member)
            && let Some(short) = names.get(name)
        {
            name.clone_from(short);
        }
    }
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            let place = |name: &str| ORDER.iter().position(|known| *known == name);
            members.sort_by_key(|(name, _)| (place(name).unwrap_or(ORDER.len()), *name));
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(value, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::new(json!({
            "loinc_checked_against": "2.81",
            "sources": [{"id": "ml_iron", "title": "Iron"}, {"id": "who", "title": "WHO"}],
            "systems": [{"id": "iron", "title": "Iron"}],
            "biomarkers": [{
                "source": "ml_iron", "code": "ferritin", "name": "Ferritin", "note": "x", "loinc": {}, "molar_mass": 1,
                "cvi_source": "who", "harm_anchor": [{"at": 15, "source": "who"}], "zinc": [1.5, "a\"b"],
            }],
        }))
    }

    #[test]
    fn the_app_loads_what_it_reads_in_a_good_order() {
        assert_eq!(
            catalogue().to_json(),
            r#"{"biomarkers":[{"code":"ferritin","name":"Ferritin","cvi_source":"1","source":"0","harm_anchor":[{"source":"1","at":15}],"zinc":[1.5,"a\"b"]}],"sources":[{"id":"0","title":"Iron"},{"id":"1","title":"WHO"}],"systems":[{"id":"iron","title":"Iron"}]}"#
        );
        let read: Value = serde_json::from_str(&catalogue().to_json()).unwrap();
        assert_eq!(read, catalogue().0);
    }

    #[test]
    fn a_translation_has_words_for_everything() {
        let words = json!({"systems": {"iron": "Eisen"}, "biomarkers": {"ferritin": {"name": "Speichereisen"}}});
        let german = catalogue().with_words(&words).unwrap().0;
        assert_eq!(german["systems"][0]["title"], "Eisen");
        assert_eq!(german["biomarkers"][0]["name"], "Speichereisen");
        assert_eq!(german["biomarkers"][0]["source"], "0");
        let words = json!({"systems": {"iron": "Eisen"}, "biomarkers": {}});
        assert_eq!(catalogue().with_words(&words).unwrap_err(), "ferritin");
    }
}
