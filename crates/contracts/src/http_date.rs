//! Dates as HTTP headers write them: `Date`, and `Retry-After` where it is no number.

use crate::time::{DAY, Timestamp, civil_from_days, digits, midnight, time_of_day};

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// Reads an HTTP date in the form of today and in the two obsolete ones, which a recipient must read too:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
///
/// Two digits of a year mean the one that is less than 50 years before `now`, or at most 50 after. The name of the day is
/// not compared with the date.
///
/// # Specification
/// RFC 9110 §5.6.7
pub fn parse_http_date(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.as_bytes();
    let day_name = DAYS
        .iter()
        .find(|name| text.starts_with(&name.as_bytes()[..3]))?;
    let (day, month, year, time) = if fits(&text[3..], b", 00 aaa 0000 00:00:00 GMT") {
        (5, 8, digits(text, 12, 4)?, 17)
    } else if fits(&text[3..], b" aaa _0 00:00:00 0000") {
        (8, 4, digits(text, 20, 4)?, 11)
    } else {
        let rest = text.strip_prefix(day_name.as_bytes())?;
        if !fits(rest, b", 00-aaa-00 00:00:00 GMT") {
            return None;
        }
        let at = day_name.len();
        let latest = civil_from_days(now.0.div_euclid(DAY)).0 + 50;
        let year = latest - (latest - digits(text, at + 9, 2)?).rem_euclid(100);
        (at + 2, at + 5, year, at + 12)
    };
    let month = MONTHS
        .chunks(3)
        .zip(1..)
        .find(|(name, _)| text[month..].starts_with(name))?
        .1;
    let day = match text[day] {
        b' ' => digits(text, day + 1, 1),
        _ => digits(text, day, 2),
    }?;
    Some(Timestamp(
        midnight(year, month, day)? + time_of_day(text, time)?,
    ))
}

/// Whether the text has this form: `0` stands for a digit, `_` for a digit or a space, `a` for a letter.
fn fits(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'_' => byte.is_ascii_digit() || *byte == b' ',
            b'a' => byte.is_ascii_alphabetic(),
            form => byte == form,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_three_forms_and_nothing_else() {
        const NOW: Timestamp = Timestamp(1_772_526_600_000);
        for (text, expected) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("Sun Nov 16 08:49:37 1994", Some(784_975_777)),
            ("Tue, 03 Mar 2026 08:30:00 GMT", Some(1_772_526_600)),
            ("Thu, 29 Feb 2024 23:59:60 GMT", Some(1_709_251_199)),
            // 2026 + 50 is still ahead, one more is long ago.
            ("Friday, 03-Jan-76 00:00:00 GMT", Some(3_345_235_200)),
            ("Friday, 03-Jan-77 00:00:00 GMT", Some(221_097_600)),
            ("Sun, 29 Feb 2026 08:49:37 GMT", None),
            ("Sun, 00 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 24:00:00 GMT", None),
            ("Sun, 06 Nov 1994 08:49:61 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 UTC", None),
            ("Sun, 06 Nov 1994 08:49:37 +0000", None),
            ("Sun, 06 nov 1994 08:49:37 GMT", None),
            ("Sun, 06 anF 1994 08:49:37 GMT", None),
            ("sun, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun, 6 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06-Nov-94 08:49:37 GMT", None),
            ("Sundae, 06-Nov-94 08:49:37 GMT", None),
            ("Sunday, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun Nov 06 08:49:37 1994 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 GMT ", None),
            ("2026-03-03T08:30:00Z", None),
            ("Sün, 06 Nov 1994 08:49:37 GMT", None),
            ("Sun", None),
            ("7", None),
            ("", None),
        ] {
            let read = parse_http_date(text, NOW);
            assert_eq!(read.map(|at| at.0), expected.map(|s| s * 1000), "{text}");
        }
    }
}
