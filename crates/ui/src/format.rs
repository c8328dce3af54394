//! Numbers, dates and untrusted text as a person reads them. In the browser `Intl` decides, on the host (tests) a plain
//! English stand-in.

use loop_contracts::time::Timestamp;

use crate::language::Phrase;

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `3 March 2026`, in the person's time zone.
    Long,
    /// `3 Mar 2026`, in the person's time zone.
    Short,
    /// `Mar 2026`, in the person's time zone.
    MonthYear,
    /// `2026`, a tick of a time axis. Ticks stand on UTC boundaries and are written in UTC.
    TickYear,
    /// `Mar`, a tick.
    TickMonth,
    /// `Mar 2026`, a tick.
    TickMonthYear,
    /// `3 Mar`, a tick.
    TickDay,
    /// `3 Mar 2026`, a tick.
    TickDayYear,
}

/// The largest number of digits after the point.
const MOST_DECIMALS: u8 = 6;
/// The place of the scientific notation among the number formatters; the others stand at their number of decimals.
const SCIENTIFIC: usize = MOST_DECIMALS as usize + 1;
const PERCENT: usize = SCIENTIFIC + 1;

/// A number with at least `decimals` digits after the point, and more when the platform sent more: up to six
/// significant ones and always two after the point, so that nothing a lab printed is rounded away. Very large and very small numbers are written in
/// scientific notation. `None` for what is not a number.
pub fn number(value: f64, decimals: u8) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    // Minus zero is written as zero.
    let value = if value == 0.0 { 0.0 } else { value };
    let size = value.abs();
    if size >= 1e9 || (size > 0.0 && size < 1e-4) {
        return Some(provider::number(value, SCIENTIFIC));
    }
    Some(provider::number(value, usize::from(places(size, decimals))))
}

/// How many digits after the point [`number`] writes.
pub fn places(value: f64, decimals: u8) -> u8 {
    let size = value.abs();
    let decimals = decimals.min(MOST_DECIMALS);
    let mut whole_digits = 1;
    let mut limit = 10.0;
    // An integer that is longer than that has no room for decimals anyway.
    while size >= limit && whole_digits < 10 {
        whole_digits += 1;
        limit *= 10.0;
    }
    let most = (MOST_DECIMALS + u8::from(size < 1.0))
        .saturating_sub(whole_digits)
        .clamp(decimals.max(2), MOST_DECIMALS);
    let needed = (decimals..most).find(|&places| {
        let scaled = size * 10f64.powi(i32::from(places));
        (scaled - scaled.round()).abs() <= scaled * 1e-9
    });
    needed.unwrap_or(most)
}

/// A number with exactly that many digits after the point, rounded. What would become zero, or is very large, is written as
/// [`number`] does it.
pub fn rounded(value: f64, places: u8) -> Option<String> {
    let places = places.min(MOST_DECIMALS);
    let scaled = value.abs() * 10f64.powi(i32::from(places));
    if scaled > 0.5 && value.abs() < 1e9 {
        return Some(provider::number(value, usize::from(places)));
    }
    number(value, places)
}

/// A number rounded to that many digits after the point, to compare it as it is written. One that is too large for that stays.
pub fn round(value: f64, places: u8) -> f64 {
    let unit = 10f64.powi(i32::from(places.min(MOST_DECIMALS)));
    let scaled = value * unit;
    if scaled.is_finite() {
        scaled.round() / unit
    } else {
        value
    }
}

/// A number for a program, in no locale: the shortest text that reads as exactly this number, as ECMAScript and JSON write
/// it. `0` for what is not a number.
pub fn exact(value: f64) -> String {
    // Minus zero is written as zero.
    if !value.is_finite() || value == 0.0 {
        return "0".to_owned();
    }
    provider::exact(value)
}

/// A ratio as whole percent: `0.47` is `47%`.
pub fn percent(ratio: f64) -> String {
    provider::number(ratio, PERCENT)
}

/// A date in words.
pub fn date(at: Timestamp, style: DateStyle) -> String {
    provider::date(at, style)
}

/// How long ago something was: `2 minutes ago`. A moment in the future, or less than a minute ago, is `just now`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let minutes = now.since(at) / 60_000;
    let (amount, unit) = match minutes {
        ..=0 => return Phrase::JustNow.text().to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    provider::ago(amount, unit)
}

/// The plural category of a count in the person's language: `one`, `other` and so on (Unicode CLDR).
pub(crate) fn plural(count: usize) -> String {
    provider::plural(count)
}

/// Makes all formatters anew when they are next asked for: the language is another one.
pub(crate) fn forget() {
    provider::forget();
}

/// In small letters, for comparing. In the browser by its own tables: those of the standard library would be part of the
/// download.
pub fn lowercase(text: &str) -> String {
    let plain = text.is_ascii().then(|| text.to_ascii_lowercase());
    plain.unwrap_or_else(|| provider::lowercase(text))
}

/// Text from outside, made safe to set in a line: one line, no control, direction-changing or invisible characters, at
/// most three marks on one letter, at most `most` characters (then `…`).
pub fn clean(text: &str, most: usize) -> String {
    if is_plain(text, most) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(most * 4));
    let mut length = 0;
    let mut marks = 0;
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}') {
            space = length > 0;
            continue;
        }
        if !c.is_ascii_graphic() && (c.is_control() || is_invisible(c)) {
            continue;
        }
        marks = if matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
        {
            marks + 1
        } else {
            0
        };
        if marks > 3 {
            continue;
        }
        if length + usize::from(space) + 1 > most {
            while length + 1 > most && out.pop().is_some() {
                length -= 1;
            }
            out.push('…');
            return out;
        }
        if space {
            out.push(' ');
            length += 1;
            space = false;
        }
        out.push(c);
        length += 1;
    }
    out
}

/// Whether a text is short, of visible ASCII letters, with one space at a time between them: most are, and stay as they are.
fn is_plain(text: &str, most: usize) -> bool {
    let mut is_space = true;
    for byte in text.bytes() {
        if !byte.is_ascii_graphic() && (is_space || byte != b' ') {
            return false;
        }
        is_space = byte == b' ';
    }
    text.is_empty() || (!is_space && text.len() <= most)
}

/// Characters that change the direction of a line, or take no room in it.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(target_arch = "wasm32")]
#[path = "format/browser.rs"]
mod provider;
#[cfg(not(target_arch = "wasm32"))]
#[path = "format/plain.rs"]
mod provider;
#[cfg(test)]
mod tests;
