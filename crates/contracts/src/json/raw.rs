//! JSON that stays text: what nobody has documented the shape of, and numbers that are written as they were typed.

use std::fmt;

#[cfg(feature = "serde")]
use serde::{Serialize, Serializer};

#[cfg(feature = "serde")]
use super::RawValue;
use super::{FromJson, Json, Object, ToJson, entries, number, read};
use crate::json_object;

/// Objects and arrays in each other that are told; what is deeper becomes `…`.
const DEPTH: u8 = 4;
/// Lines that are told, and about how many bytes of each.
const LINES: usize = 50;
const LINE: usize = 600;

/// A value whose shape is not documented, as the text it came as; `null` when it did not come.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(String);

/// Without the value, which may be anybody's.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawJson(..)")
    }
}

impl RawJson {
    /// Keeps a text; `None` when it is no JSON.
    pub fn new(text: &str) -> Option<Self> {
        Json::new(text).ok().and_then(Self::from_json)
    }

    /// The JSON text.
    pub fn get(&self) -> &str {
        &self.0
    }

    /// What it says, for a person: one line a member of an object (`name: value`), one an entry of an array, one for anything
    /// else, none for `null`. What is nested stands in its line, in round brackets. At most 50 lines of about 600 bytes, four
    /// levels deep; what is left out leaves a `…`. The text is as it came, and untrusted.
    pub fn lines(&self) -> Vec<String> {
        let json = Json(&self.0);
        let mut lines = Vec::new();
        let mut add = |name: &str, json: Json<'_>| {
            if lines.len() > LINES {
                return;
            }
            let mut line = String::new();
            if lines.len() == LINES {
                line.push('…');
            } else {
                named(name, json, DEPTH, &mut line);
            }
            if !line.is_empty() {
                lines.push(line);
            }
        };
        if let Some(Object(members)) = Object::from_json(json) {
            for (name, json) in members {
                add(&name, json);
            }
        } else if let Some(entries) = entries(json) {
            for json in entries {
                add("", json);
            }
        } else {
            add("", json);
        }
        lines
    }
}

/// Appends what a value says, behind its name.
fn named(name: &str, json: Json<'_>, depth: u8, line: &mut String) {
    if !name.is_empty() {
        line.push_str(name);
        line.push_str(": ");
    }
    if let Some(text) = read::text(json) {
        line.push_str(&text);
    } else if json.0.starts_with(['{', '[']) {
        nested(json, depth, line);
    } else if json.0 != "null" {
        line.push_str(json.0);
    } else if !name.is_empty() {
        line.push('–');
    }
}

fn nested(json: Json<'_>, depth: u8, line: &mut String) {
    let Some(depth) = depth.checked_sub(1) else {
        line.push('…');
        return;
    };
    let members = if let Some(Object(members)) = Object::from_json(json) {
        members
    } else {
        let entries = entries(json).unwrap_or_default();
        entries.into_iter().map(|json| ("".into(), json)).collect()
    };
    line.push('(');
    for (place, (name, json)) in members.iter().enumerate() {
        if place > 0 {
            line.push_str(", ");
        }
        if line.len() > LINE {
            line.push('…');
            break;
        }
        named(name, *json, depth, line);
    }
    line.push(')');
}

impl Default for RawJson {
    fn default() -> Self {
        Self("null".to_owned())
    }
}

impl FromJson<'_> for RawJson {
    fn from_json(json: Json<'_>) -> Option<Self> {
        Some(Self(json.0.to_owned()))
    }
}
json_object!(@serde RawJson);

impl ToJson for RawJson {
    fn to_json(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

#[cfg(feature = "serde")]
impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

/// A number as it is written in JSON. It is sent as it was typed: printing a float would round it, and weighs 10 kB in a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Reads a number of JSON, such as `71.5`; `None` for anything else, and for what is too large for a float.
    ///
    /// ```
    /// # use loop_contracts::json::Decimal;
    /// assert_eq!(Decimal::new("71.50").unwrap().value(), 71.5);
    /// assert_eq!(Decimal::new("071"), None);
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        Json::new(text).ok().and_then(Self::from_json)
    }

    /// The float that is nearest to it.
    pub fn value(&self) -> f64 {
        number::nearest(&self.0).unwrap_or_default()
    }
}

impl FromJson<'_> for Decimal {
    fn from_json(json: Json<'_>) -> Option<Self> {
        number::nearest(json.0)?;
        Some(Self(json.0.to_owned()))
    }
}
json_object!(@serde Decimal);

#[cfg(feature = "serde")]
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

impl ToJson for Decimal {
    fn to_json(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

#[cfg(test)]
mod tests;
