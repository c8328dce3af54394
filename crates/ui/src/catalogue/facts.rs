//! What the catalogue says with a source: where a sentence is from, which units there are, how much a value moves by itself,
//! from where doctors act.
//!
//! Whoever deploys an app may replace the file. What is wrong in it is passed over here, so that nothing behind this room ever
//! meets a factor that is no factor, or a claim without its source.

use std::borrow::Cow;

use loop_contracts::json::{FromJson, Json, Object};

/// Where something is from. It is shown as text and never as a link: no link leads out of the app.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// How entries refer to it.
    pub id: &'static str,
    /// Of the page or the paper.
    pub title: &'static str,
    /// Who says it; may be empty.
    pub publisher: &'static str,
    /// Where it can be read; may be empty.
    pub url: &'static str,
}

/// A unit of one biomarker: `value × factor + offset` brings a value of the conventional unit to this one.
#[derive(Debug, PartialEq)]
pub struct Unit {
    /// As the catalogue writes it.
    pub unit: &'static str,
    /// Finite and above zero.
    pub factor: f64,
    /// Finite; 0 for nearly all.
    pub offset: f64,
    /// What all of its spellings have in common.
    pub name: Cow<'static, str>,
}

/// How much a value moves while nothing changes, as coefficients of variation in percent of the conventional unit.
#[derive(Debug, PartialEq)]
pub struct Variation {
    /// Within one person.
    pub cvi: f64,
    /// In the lab.
    pub cva: f64,
    /// Where that was measured.
    pub source: &'static Source,
}

/// On which side of a harm anchor doctors act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// A value from which many doctors act, in the conventional unit.
#[derive(Debug, PartialEq)]
pub struct HarmAnchor {
    /// The value.
    pub at: f64,
    /// On which side of it.
    pub side: Side,
    /// Who says so.
    pub source: &'static Source,
}

impl FromJson<'static> for Source {
    fn from_json(json: Json<'static>) -> Option<Self> {
        let object = Object::from_json(json)?;
        let title: &str = object.get("title")?;
        (!title.is_empty()).then_some(Self {
            id: object.get("id")?,
            title,
            publisher: object.get("publisher").unwrap_or_default(),
            url: object.get("url").unwrap_or_default(),
        })
    }
}

/// The entries of a list that can be read; `None` when there is no list.
pub(super) fn list<T: FromJson<'static>>(object: &Object<'static>, name: &str) -> Option<Vec<T>> {
    let entries: Vec<Json<'static>> = object.get(name)?;
    Some(entries.into_iter().filter_map(T::from_json).collect())
}

/// The source that a member names.
pub(super) fn cited(
    object: &Object<'static>,
    member: &str,
    sources: &'static [Source],
) -> Option<&'static Source> {
    let id: &str = object.get(member)?;
    sources.iter().find(|source| source.id == id)
}

/// The conventional unit, then the others. One that stands there twice with two meanings is left out: nobody knows which is
/// right.
pub(super) fn units(object: &Object<'static>, names: &UnitNames) -> Vec<Unit> {
    let Some(unit) = object.get::<&'static str>("unit") else {
        return Vec::new();
    };
    let conventional = Unit {
        unit,
        factor: 1.0,
        offset: 0.0,
        name: names.name(unit),
    };
    let mut others: Vec<Unit> = list::<Object<'static>>(object, "units")
        .unwrap_or_default()
        .iter()
        .filter_map(|other| {
            let unit: &str = other.get("unit")?;
            let factor: f64 = other.get("factor")?;
            let offset = other.get::<Option<f64>>("offset")?.unwrap_or(0.0);
            // A factor next to nothing would take the digits away that make a number.
            let is_right = factor.is_normal() && factor > 0.0 && offset.is_finite();
            (is_right && !unit.is_empty()).then(|| Unit {
                unit,
                factor,
                offset,
                name: names.name(unit),
            })
        })
        .collect();
    let is_once: Vec<bool> = others
        .iter()
        .map(|unit| {
            unit.name != conventional.name
                && others
                    .iter()
                    .filter(|other| other.name == unit.name)
                    .count()
                    == 1
        })
        .collect();
    let mut is_once = is_once.into_iter();
    others.retain(|_| is_once.next() == Some(true));
    others.insert(0, conventional);
    others
}

/// The variation, when all of it is there: without a citation it is no more than a claim.
pub(super) fn variation(object: &Object<'static>, sources: &'static [Source]) -> Option<Variation> {
    let (cvi, cva): (f64, f64) = (object.get("cvi")?, object.get("cva")?);
    // Nothing that could be measured varies by more than ten times its size.
    let is_right = cvi > 0.0 && (0.0..=1000.0).contains(&cva) && cvi <= 1000.0;
    let source = cited(object, "cvi_source", sources)?;
    is_right.then_some(Variation { cvi, cva, source })
}

/// The harm anchors whose source is known.
pub(super) fn harm_anchors(
    object: &Object<'static>,
    sources: &'static [Source],
) -> Vec<HarmAnchor> {
    list::<Object<'static>>(object, "harm_anchor")
        .unwrap_or_default()
        .iter()
        .filter_map(|anchor| {
            let at: f64 = anchor.get("at")?;
            let side = match anchor.get::<&str>("side")? {
                "above" => Side::Above,
                "below" => Side::Below,
                _ => return None,
            };
            let source = cited(anchor, "source", sources)?;
            (at.is_finite() && at > 0.0).then_some(HarmAnchor { at, side, source })
        })
        .collect()
}

/// Which spellings mean one unit.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UnitNames(Vec<(String, &'static str)>);

impl UnitNames {
    /// Knows no spelling.
    pub(super) const EMPTY: Self = Self(Vec::new());

    /// Reads `{"mg/dL": ["mg/dl", "mg%"]}`.
    pub(super) fn read(object: &Object<'static>) -> Self {
        let Some(spelled) = object.get::<Object<'static>>("unit_spellings") else {
            return Self::EMPTY;
        };
        // The names of the members have to live as long as the file.
        let spelled: &'static Object<'static> = Box::leak(Box::new(spelled));
        let mut names = Vec::new();
        for unit in spelled.names() {
            names.push((fold(unit), unit));
            for other in list::<&'static str>(spelled, unit).unwrap_or_default() {
                names.push((fold(other), unit));
            }
        }
        Self(names)
    }

    /// What all spellings of a unit have in common. One that the file gives to two units keeps its own name.
    pub(super) fn name(&self, unit: &str) -> Cow<'static, str> {
        let own = fold(unit);
        let mut units = self.0.iter().filter(|(name, _)| *name == own);
        match units.next() {
            Some((_, unit)) if units.all(|(_, other)| other == unit) => Cow::Borrowed(*unit),
            _ => Cow::Owned(own),
        }
    }
}

/// A unit with what is only typing folded: space, `l` for `L`, the two micro signs, `u` and `mc` before `g`.
fn fold(unit: &str) -> String {
    let mut name: String = unit
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{3bc}' => '\u{b5}',
            'l' => 'L',
            other => other,
        })
        .collect();
    if let Some(rest) = name.strip_prefix("mcg").or_else(|| name.strip_prefix("ug")) {
        name = format!("\u{b5}g{rest}");
    }
    name
}

#[cfg(test)]
mod tests;
