//! Plain English, for tests on the host.

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
