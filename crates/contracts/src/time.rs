//! The platform's timestamps: RFC 3339 text, kept as it came, readable as a moment.

use std::fmt;

#[cfg(feature = "serde")]
use serde::Serialize;

use crate::json::{FromJson, Json, ToJson};
use crate::json_object;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Timestamp(pub i64);

impl FromJson<'_> for Timestamp {
    fn from_json(json: Json<'_>) -> Option<Self> {
        i64::from_json(json).map(Self)
    }
}
json_object!(@serde Timestamp);

impl ToJson for Timestamp {
    fn to_json(&self, out: &mut String) {
        self.0.to_json(out);
    }
}

impl Timestamp {
    /// Milliseconds from `earlier` to `self`; negative when `self` is the earlier one.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment so many milliseconds later.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// A moment as the platform wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct DateTime(pub String);

impl FromJson<'_> for DateTime {
    fn from_json(json: Json<'_>) -> Option<Self> {
        String::from_json(json).map(Self)
    }
}
json_object!(@serde DateTime);

impl ToJson for DateTime {
    fn to_json(&self, out: &mut String) {
        self.0.to_json(out);
    }
}

impl DateTime {
    /// The moment, or `None` when the text is not a date this version can read. Views then show the text itself.
    pub fn timestamp(&self) -> Option<Timestamp> {
        parse_rfc3339(&self.0)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Timestamp> for DateTime {
    /// `YYYY-MM-DDThh:mm:ss.mmmZ`
    fn from(at: Timestamp) -> Self {
        let days = at.0.div_euclid(DAY);
        let rest = at.0.rem_euclid(DAY);
        let (year, month, day) = civil_from_days(days);
        let (hour, minute, second, milli) = (
            rest / 3_600_000,
            rest / 60_000 % 60,
            rest / 1000 % 60,
            rest % 1000,
        );
        Self(format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        ))
    }
}

pub(crate) const DAY: i64 = 86_400_000;
/// From the first moment of the year 0 to the last of the year 9999.
const YEARS: std::ops::Range<i64> = -62_167_219_200_000..253_402_300_800_000;

/// Reads `YYYY-MM-DD`, alone or with `Thh:mm:ss[.fraction](Z|±hh:mm)`. A date alone is noon UTC, so that it is the same
/// calendar day in nearly every time zone. What is read can be written: a moment before the year 0 or after 9999 is `None`.
///
/// # Specification
/// RFC 3339 §5.6; FHIR R4 `dateTime` for the date alone
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let midnight = midnight(
        digits(bytes, 0, 4)?,
        digits(bytes, 5, 2)?,
        digits(bytes, 8, 2)?,
    )?;
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    if bytes.len() == 10 {
        return Some(Timestamp(midnight + DAY / 2));
    }
    if !matches!(bytes.get(10)?, b'T' | b't' | b' ') {
        return None;
    }
    let time = time_of_day(bytes, 11)?;
    let mut rest = bytes.get(19..)?;
    let mut milli = 0;
    if rest.first() == Some(&b'.') {
        let length = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        for place in 0..3 {
            milli = milli * 10
                + if place < length {
                    i64::from(rest[1 + place] - b'0')
                } else {
                    0
                };
        }
        rest = &rest[1 + length..];
    }
    let offset = match rest {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), zone @ ..] if zone.len() == 5 && zone[2] == b':' => {
            let (hours, minutes) = (digits(zone, 0, 2)?, digits(zone, 3, 2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let minutes = hours * 60 + minutes;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let at = midnight + time - offset * 60_000 + milli;
    // An offset can lead out of the years that four digits can write.
    YEARS.contains(&at).then_some(Timestamp(at))
}

/// The first moment of a day; `None` when there is no such day.
pub(crate) fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_day = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    is_day.then(|| days_from_civil(year, month, day) * DAY)
}

/// Milliseconds of the `hh:mm:ss` that begins at `at`. 60 is a leap second; it reads as the last moment of its minute.
pub(crate) fn time_of_day(bytes: &[u8], at: usize) -> Option<i64> {
    let (hour, minute, second) = (
        digits(bytes, at, 2)?,
        digits(bytes, at + 3, 2)?,
        digits(bytes, at + 6, 2)?,
    );
    let is_time = bytes.get(at + 2) == Some(&b':')
        && bytes.get(at + 5) == Some(&b':')
        && hour <= 23
        && minute <= 59
        && second <= 60;
    is_time.then(|| (hour * 3600 + minute * 60 + second.min(59)) * 1000)
}

pub(crate) fn digits(bytes: &[u8], start: usize, length: usize) -> Option<i64> {
    bytes
        .get(start..start + length)?
        .iter()
        .try_fold(0, |number, b| {
            b.is_ascii_digit()
                .then(|| number * 10 + i64::from(b - b'0'))
        })
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01, in the proleptic Gregorian calendar. Years begin in March, so that the leap day is the last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_the_platform_and_fhir_write() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-03-03T08:30:00Z", Some(1_772_526_600_000)),
            ("2026-03-03T08:30:00.250Z", Some(1_772_526_600_250)),
            ("2026-03-03T10:30:00+02:00", Some(1_772_526_600_000)),
            ("2026-03-03", Some(1_772_496_000_000 + 43_200_000)),
            ("1900-01-01T00:00:00Z", Some(-2_208_988_800_000)),
            ("2016-12-31T23:59:60Z", Some(1_483_228_799_000)),
            ("0000-01-01T00:30:00Z", Some(-62_167_217_400_000)),
            ("0000-01-01T00:30:00+01:00", None),
            ("9999-12-31T23:59:59.999Z", Some(253_402_300_799_999)),
            ("9999-12-31T23:30:00-01:00", None),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-3-3", None),
            ("2026-03-03T08:30:00", None),
            ("2026-03-03T08:30Z", None),
            ("2026-03-03T08:30:00.Z", None),
            ("", None),
            ("gestern", None),
        ] {
            assert_eq!(parse_rfc3339(text).map(|at| at.0), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_give_the_same_moment(ms in -62_135_596_800_000_i64..253_402_300_800_000) {
            prop_assert_eq!(DateTime::from(Timestamp(ms)).timestamp(), Some(Timestamp(ms)));
        }
    }
}
