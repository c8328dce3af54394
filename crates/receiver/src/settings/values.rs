//! How the text of a setting is read. Pure.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

/// What should have been written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted(pub(crate) String);

/// A number and what follows it.
fn split(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    Some((number.parse().ok()?, unit))
}

/// `500ms`, `10s`, `5m`, `12h`, `90d`.
pub(crate) fn duration(text: &str, range: RangeInclusive<Duration>) -> Result<Duration, Wanted> {
    let read = || {
        let (number, unit) = split(text)?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        Some(Duration::from_millis(number.checked_mul(milliseconds)?))
    };
    read().filter(|read| range.contains(read)).ok_or_else(|| {
        let (least, most) = (span(*range.start()), span(*range.end()));
        Wanted(format!(
            "a number and ms, s, m, h or d, such as 10s, from {least} to {most}"
        ))
    })
}

/// As [`duration`] reads it.
pub(crate) fn span(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let units = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
    ];
    let fits = |(unit, _): &(u128, &str)| {
        milliseconds >= *unit && (milliseconds.is_multiple_of(*unit) || milliseconds > 10 * unit)
    };
    match units.into_iter().find(fits) {
        Some((unit, name)) => format!("{}{name}", milliseconds / unit),
        None if milliseconds == 0 => "0s".to_owned(),
        None => format!("{milliseconds}ms"),
    }
}

/// Bytes: `262144`, `256k`, `1m`.
pub(crate) fn size(text: &str, range: RangeInclusive<usize>) -> Result<usize, Wanted> {
    let read = || {
        let (number, unit) = split(text)?;
        let bytes = match unit {
            "" => 1,
            "k" => 1024,
            "m" => 1024 * 1024,
            _ => return None,
        };
        usize::try_from(number.checked_mul(bytes)?).ok()
    };
    read().filter(|read| range.contains(read)).ok_or_else(|| {
        let (least, most) = (range.start() / 1024, range.end() / (1024 * 1024));
        Wanted(format!(
            "bytes, such as 262144, 256k or 1m, from {least}k to {most}m"
        ))
    })
}

pub(crate) fn count<T>(text: &str, range: RangeInclusive<T>) -> Result<T, Wanted>
where
    T: FromStr + PartialOrd + Display,
{
    let read = text.parse().ok().filter(|read| range.contains(read));
    read.ok_or_else(|| {
        Wanted(format!(
            "a number from {} to {}",
            range.start(),
            range.end()
        ))
    })
}

pub(crate) fn address(text: &str) -> Result<SocketAddr, Wanted> {
    let wanted =
        || Wanted("an IP address and a port, such as 127.0.0.1:8787 or [::1]:8787".to_owned());
    text.parse().map_err(|_| wanted())
}

/// As it stands in a request, so without a query.
pub(crate) fn path(text: &str) -> Result<String, Wanted> {
    let is_plain = |letter: u8| letter.is_ascii_graphic() && !b"?#%{}\\\"<>^`|".contains(&letter);
    if text.starts_with('/') && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        let wanted = "a path that begins with /, such as /webhooks/loop, without ?, # and %";
        Err(Wanted(wanted.to_owned()))
    }
}

/// One of two words.
pub(crate) fn choice<T>(text: &str, choices: [(&str, T); 2]) -> Result<T, Wanted> {
    let wanted = format!("{} or {}", choices[0].0, choices[1].0);
    let chosen = choices.into_iter().find(|(word, _)| *word == text);
    chosen.map(|(_, value)| value).ok_or(Wanted(wanted))
}
