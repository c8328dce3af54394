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

/// Characters that change the direction of a line, or take no room in it.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The browser's `Intl`, with each formatter made once: making one costs far more than using it.
#[cfg(target_arch = "wasm32")]
mod provider {
    use std::cell::RefCell;

    use js_sys::{Array, Function, Intl, Object, Reflect};
    use loop_contracts::time::Timestamp;
    use wasm_bindgen::JsValue;

    use super::{DateStyle, PERCENT, SCIENTIFIC};
    use crate::language::Language;

    thread_local! {
        static NUMBERS: RefCell<[Option<Function>; PERCENT + 1]> = const { RefCell::new([const { None }; PERCENT + 1]) };
        static DATES: RefCell<[Option<Function>; 8]> = const { RefCell::new([const { None }; 8]) };
        static AGO: RefCell<Option<Intl::RelativeTimeFormat>> = const { RefCell::new(None) };
    }

    /// The language, in the form that the page or the browser names for the person's country: `de-AT` for `de`. What is no
    /// language tag would make the browser throw, so only language and country count.
    fn locales() -> Array {
        let tag = Language::current().tag;
        let page = leptos::prelude::document().document_element();
        let page = page
            .and_then(|root| root.get_attribute("lang"))
            .unwrap_or_default();
        let region = page
            .strip_prefix(tag)
            .and_then(|rest| rest.strip_prefix('-'));
        let is_region =
            |region: &&str| region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic());
        let locale = match region.filter(is_region) {
            Some(_) => page.as_str(),
            None => tag,
        };
        Array::of1(&JsValue::from_str(locale))
    }

    pub(super) fn forget() {
        NUMBERS.set([const { None }; PERCENT + 1]);
        DATES.set([const { None }; 8]);
        AGO.set(None);
    }

    pub(super) fn plural(count: usize) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a count is far below 2^53")]
        let count = count as f64;
        let category = Intl::PluralRules::new(&locales(), &Object::new()).select(count);
        category.as_string().unwrap_or_default()
    }

    pub(super) fn lowercase(text: &str) -> String {
        js_sys::JsString::from(text).to_lower_case().into()
    }

    pub(super) fn exact(value: f64) -> String {
        js_sys::JsString::from("")
            .concat(&JsValue::from_f64(value))
            .into()
    }

    fn options(pairs: &[(&str, JsValue)]) -> Object {
        let object = Object::new();
        for (key, value) in pairs {
            // Setting a property of an object made here cannot fail.
            let _ = Reflect::set(&object, &JsValue::from_str(key), value);
        }
        object
    }

    fn written(format: &Function, value: &JsValue) -> String {
        format
            .call1(&JsValue::UNDEFINED, value)
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    }

    pub(super) fn number(value: f64, kind: usize) -> String {
        NUMBERS.with_borrow_mut(|formats| {
            let format = formats[kind].get_or_insert_with(|| {
                let options = match kind {
                    SCIENTIFIC => options(&[
                        ("notation", "scientific".into()),
                        ("maximumFractionDigits", 3.into()),
                    ]),
                    PERCENT => options(&[
                        ("style", "percent".into()),
                        ("maximumFractionDigits", 0.into()),
                    ]),
                    decimals => {
                        let decimals = JsValue::from(u32::try_from(decimals).unwrap_or(0));
                        options(&[
                            ("minimumFractionDigits", decimals.clone()),
                            ("maximumFractionDigits", decimals),
                        ])
                    }
                };
                Intl::NumberFormat::new(&locales(), &options).format()
            });
            written(format, &JsValue::from_f64(value))
        })
    }

    pub(super) fn date(at: Timestamp, style: DateStyle) -> String {
        DATES.with_borrow_mut(|formats| {
            let format = formats[style as usize].get_or_insert_with(|| {
                let numeric = || JsValue::from("numeric");
                let month = |style: DateStyle| {
                    JsValue::from(if style == DateStyle::Long {
                        "long"
                    } else {
                        "short"
                    })
                };
                let mut pairs = Vec::with_capacity(4);
                if matches!(
                    style,
                    DateStyle::Long
                        | DateStyle::Short
                        | DateStyle::TickDay
                        | DateStyle::TickDayYear
                ) {
                    pairs.push(("day", numeric()));
                }
                if style != DateStyle::TickYear {
                    pairs.push(("month", month(style)));
                }
                if !matches!(style, DateStyle::TickMonth | DateStyle::TickDay) {
                    pairs.push(("year", numeric()));
                }
                if !matches!(
                    style,
                    DateStyle::Long | DateStyle::Short | DateStyle::MonthYear
                ) {
                    pairs.push(("timeZone", JsValue::from("UTC")));
                }
                Intl::DateTimeFormat::new(&locales(), &options(&pairs)).format()
            });
            #[expect(
                clippy::cast_precision_loss,
                reason = "every readable date is far below 2^53 milliseconds"
            )]
            let milliseconds = JsValue::from_f64(at.0 as f64);
            written(format, &milliseconds)
        })
    }

    pub(super) fn ago(amount: i64, unit: &str) -> String {
        AGO.with_borrow_mut(|format| {
            let format = format.get_or_insert_with(|| {
                Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto".into())]))
            });
            #[expect(
                clippy::cast_precision_loss,
                reason = "an amount of minutes, hours or days"
            )]
            format.format(-(amount as f64), unit).into()
        })
    }
}

/// Plain English, for tests on the host.
#[cfg(not(target_arch = "wasm32"))]
mod provider {
    use loop_contracts::time::{DateTime, Timestamp};

    use super::{DateStyle, PERCENT, SCIENTIFIC};

    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    pub(super) fn forget() {}

    pub(super) fn plural(count: usize) -> String {
        if count == 1 { "one" } else { "other" }.to_owned()
    }

    pub(super) fn lowercase(text: &str) -> String {
        text.to_lowercase()
    }

    pub(super) fn exact(value: f64) -> String {
        if (1e-6..1e21).contains(&value.abs()) {
            return format!("{value}");
        }
        let text = format!("{value:e}");
        if text.contains("e-") {
            text
        } else {
            text.replace('e', "e+")
        }
    }

    pub(super) fn number(value: f64, kind: usize) -> String {
        match kind {
            SCIENTIFIC => return format!("{value:e}"),
            PERCENT => return format!("{}%", number(value * 100.0, 0)),
            _ => {}
        }
        let text = format!("{:.kind$}", value.abs());
        let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{}{grouped}{rest}", if value < 0.0 { "-" } else { "" })
    }

    pub(super) fn date(at: Timestamp, style: DateStyle) -> String {
        let text = DateTime::from(at).0;
        let mut parts = text.split(['-', 'T']);
        let (year, month, day) = (
            parts.next().unwrap_or(""),
            parts.next().unwrap_or(""),
            parts.next().unwrap_or(""),
        );
        let month = month
            .parse()
            .ok()
            .and_then(|month: usize| MONTHS.get(month.wrapping_sub(1)))
            .copied()
            .unwrap_or("");
        let short = month.get(..3).unwrap_or("");
        let day = day.trim_start_matches('0');
        match style {
            DateStyle::Long => format!("{day} {month} {year}"),
            DateStyle::Short | DateStyle::TickDayYear => format!("{day} {short} {year}"),
            DateStyle::MonthYear | DateStyle::TickMonthYear => format!("{short} {year}"),
            DateStyle::TickYear => year.to_owned(),
            DateStyle::TickMonth => short.to_owned(),
            DateStyle::TickDay => format!("{day} {short}"),
        }
    }

    pub(super) fn ago(amount: i64, unit: &str) -> String {
        format!("{amount} {unit}{} ago", if amount == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests;
