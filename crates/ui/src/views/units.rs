//! A whole series told in another unit, with a known factor and never without one: value, range and harm anchor together.
//!
//! What cannot be converted stays as the lab printed it, and keeps its unit, so that it is never compared or drawn with the
//! others. Nothing is rounded here: a measurement says with how many decimals it is printed ([`Told::Converted`]).

use std::borrow::Cow;
use std::sync::Arc;

use loop_contracts::clinical::Measured;

use super::series::{Measurement, Series, Told};
use crate::catalogue::{Entry, HarmAnchor, Unit};
use crate::format;

/// From one unit to another: `value × factor + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conversion {
    /// Above zero, so that what is larger stays larger.
    pub factor: f64,
    /// 0 for nearly all.
    pub offset: f64,
}

impl Conversion {
    /// Between two units of one biomarker; `None` where the factor would be no number.
    pub fn between(from: &Unit, to: &Unit) -> Option<Self> {
        if from.name == to.name {
            return Some(Self {
                factor: 1.0,
                offset: 0.0,
            });
        }
        let factor = to.factor / from.factor;
        let offset = to.offset - from.offset * factor;
        (factor.is_normal() && offset.is_finite()).then_some(Self { factor, offset })
    }

    /// A number in the other unit. `None` where that is no number any more, has lost its digits, or would be less than
    /// nothing.
    pub fn apply(self, value: f64) -> Option<f64> {
        let told = value * self.factor + self.offset;
        let is_zero = told == 0.0 && (value == 0.0 || self.offset != 0.0);
        let is_right = (told.is_normal() || is_zero) && (told >= 0.0 || value < 0.0);
        is_right.then_some(told)
    }

    /// With how many decimals a converted number is printed, when it was printed with `places`. The last digit is worth
    /// no more than the lab's last digit was: nothing that was told apart becomes one, and hardly a digit is invented.
    pub fn places(self, places: u8) -> u8 {
        let worth = 10f64.powi(-i32::from(places)) * self.factor * (1.0 + 1e-9);
        let mut step = 1.0;
        let mut out = 0;
        while step > worth && out < 6 {
            step /= 10.0;
            out += 1;
        }
        out
    }
}

/// The units a person can choose, beside what the lab printed: those into which at least one of the numbers can be converted.
/// Where all are printed in one unit, that one is no choice.
pub fn choices(series: &Series) -> Vec<&'static Unit> {
    let Some(entry) = series.entry else {
        return Vec::new();
    };
    let is_convertible = |unit: &&Unit| {
        series.points.iter().any(|point| {
            point.unit_name != unit.name
                && point.value.number().is_some_and(|value| {
                    conversion(entry, point, unit).is_some_and(|way| way.apply(value).is_some())
                })
        })
    };
    entry.units.iter().filter(is_convertible).collect()
}

/// The units in which a person prefers to read all results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitSystem {
    /// Each as its lab printed it.
    #[default]
    Printed,
    /// Conventional ones, such as mg/dL.
    Conventional,
    /// Those of the International System, such as mmol/L.
    Si,
}

impl UnitSystem {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::Printed, Self::Conventional, Self::Si];

    /// A short name, to keep the choice; none for the default.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "",
            Self::Conventional => "conventional",
            Self::Si => "si",
        }
    }

    /// From its short name. Whatever else stands there is no choice.
    pub fn from_text(text: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|units| units.as_str() == text).unwrap_or_default()
    }

    /// The place of the unit among those of a biomarker.
    fn place(self, entry: &Entry) -> Option<usize> {
        match self {
            Self::Printed => None,
            Self::Conventional => Some(0),
            Self::Si => Some(entry.si),
        }
    }
}

/// A series in the unit that a person prefers; as it was printed, where no number of it can be converted to that one.
pub fn preferred(series: &Arc<Series>, units: UnitSystem) -> Arc<Series> {
    let printed = series.as_printed();
    let told = printed.entry.and_then(|entry| {
        let place = units.place(entry)?;
        let unit = choices(printed).into_iter().find(|unit| {
            entry
                .units
                .get(place)
                .is_some_and(|wanted| unit.name == wanted.name)
        })?;
        let mut told = converted(printed, unit);
        told.printed = Some((Arc::clone(printed), place));
        Some(Arc::new(told))
    });
    told.unwrap_or_else(|| Arc::clone(printed))
}

/// Whether all measurements that name a unit name the same.
pub fn is_in_one_unit(series: &Series) -> bool {
    let mut named = series.points.iter().filter(|point| !point.unit.is_empty());
    named
        .next()
        .is_none_or(|first| named.all(|point| point.same_unit(first)))
}

/// A conversion, and with how many decimals what it gives is printed.
type Way = (Conversion, u8);

/// All measurements, in another unit where that is possible.
pub fn converted(series: &Series, to: &Unit) -> Series {
    let mut out = series.clone();
    let Some(entry) = series.entry else {
        return out;
    };
    // One way for each unit, found once: a series may have thousands of measurements in one or two of them.
    let mut ways: Vec<(Cow<'static, str>, Option<Way>)> = Vec::new();
    for point in &mut out.points {
        if point.unit_name == to.name {
            continue;
        }
        let known = ways.iter().position(|(name, _)| *name == point.unit_name);
        let place = known.unwrap_or_else(|| {
            let way = conversion(entry, point, to)
                .map(|way| (way, way.places(printed_places(series, point))));
            ways.push((point.unit_name.clone(), way));
            ways.len() - 1
        });
        match ways[place]
            .1
            .and_then(|(way, places)| tell(point, way, to, places))
        {
            Some(told) => *point = told,
            None => point.told = Told::NotConverted,
        }
    }
    out
}

/// A harm anchor in the unit of a measurement, and with how many decimals it is printed.
pub fn anchor_at(entry: &Entry, anchor: &HarmAnchor, point: &Measurement) -> Option<(f64, u8)> {
    let (usual, unit) = (entry.units.first()?, entry.unit(&point.unit_name)?);
    let places = format::places(anchor.at, 0);
    if usual.name == unit.name {
        return Some((anchor.at, places));
    }
    let way = Conversion::between(usual, unit)?;
    Some((way.apply(anchor.at)?, way.places(places)))
}

/// The ways that were gone from what the lab printed, each unit once: `1 mg/dL = 0.02586 mmol/L`.
pub fn equations(series: &Series, to: &Unit) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let Some(entry) = series.entry else {
        return out;
    };
    for point in series.points.iter().rev() {
        let from = entry
            .unit(&point.unit_name)
            .filter(|from| from.name != to.name);
        let equation = from.and_then(|from| equation(from, to));
        if let Some(equation) = equation.filter(|equation| !out.contains(equation)) {
            out.push(equation);
        }
    }
    out
}

fn equation(from: &Unit, to: &Unit) -> Option<String> {
    let way = Conversion::between(from, to)?;
    let factor = significant(way.factor)?;
    let (from, to) = (from.unit, to.unit);
    if way.offset == 0.0 {
        return Some(format!("1 {from} = {factor} {to}"));
    }
    let sign = if way.offset < 0.0 { '−' } else { '+' };
    let offset = significant(way.offset.abs())?;
    Some(format!("{to} = {factor} × {from} {sign} {offset}"))
}

/// Five digits, as many as a table of factors prints: an inverse has no end.
fn significant(value: f64) -> Option<String> {
    let mut places = 0;
    let mut scaled = value.abs();
    while scaled < 10_000.0 && places < 9 {
        scaled *= 10.0;
        places += 1;
    }
    let unit = 10f64.powi(places);
    format::number((value * unit).round() / unit, 0)
}

fn conversion(entry: &Entry, point: &Measurement, to: &Unit) -> Option<Conversion> {
    Conversion::between(entry.unit(&point.unit_name)?, to)
}

/// Decimals that the lab prints in the unit of this measurement: the most that any number in it has.
fn printed_places(series: &Series, point: &Measurement) -> u8 {
    let mut most = 0;
    for other in &series.points {
        if !other.same_unit(point) {
            continue;
        }
        let (low, high) = other.range.ends();
        for number in [other.value.number(), low, high].into_iter().flatten() {
            most = most.max(format::places(number, 0));
        }
    }
    // Zeros at the end do not reach us: `5.0` comes as 5.
    let is_usual = series
        .entry
        .and_then(|entry| entry.units.first())
        .is_some_and(|unit| unit.name == point.unit_name);
    if is_usual {
        most = most.max(series.decimals());
    }
    most
}

/// Value and range together, or nothing of it.
fn tell(point: &Measurement, way: Conversion, to: &Unit, places: u8) -> Option<Measurement> {
    let value = match &point.value {
        Measured::Number(number) => Measured::Number(way.apply(*number)?),
        Measured::Missing => Measured::Missing,
        // "<0.3" says what the lab can measure. That is no number to calculate with.
        Measured::Text(_) => return None,
    };
    Some(Measurement {
        value,
        range: point.range.map(|end| way.apply(end))?,
        unit: to.unit.into(),
        unit_name: to.name.clone(),
        told: Told::Converted { places },
        ..point.clone()
    })
}

#[cfg(test)]
mod tests;
