//! The sentences of the newest draw: what is new, and what to do about what is critical.

use super::{CRITICAL_TITLE, amount, summary::moved, whole};
use crate::format::{self, DateStyle};
use crate::views::draw::{Draw, Movement};
use crate::views::series::Series;

/// The heading: `Draw of 3 March 2026`.
pub fn draw_title(draw: &Draw) -> String {
    format!("Draw of {}", format::date(draw.at, DateStyle::Long))
}

/// What stands in place of changes when there are none.
pub fn nothing_new(draw: &Draw) -> &'static str {
    if draw.compared == 0 {
        "Measured for the first time: there is nothing to compare with yet."
    } else {
        "Nothing new since the measurements before: every status is the same, and no change is larger than normal variation, \
         where that is known."
    }
}

/// What is new, in front of the names.
pub fn movement(movement: Movement) -> &'static str {
    match movement {
        Movement::Critical => "Now critical",
        Movement::Outside => "Now out of range",
        Movement::Inside => "Back in range",
        Movement::Status => "Another status",
        Movement::Value => "More than normal variation",
    }
}

/// How far a value moved, behind its name: `up 12%`. Empty where there are no two numbers.
pub fn moved_by(series: &Series) -> String {
    let change = series.change();
    change.map_or(String::new(), |change| moved(&change, series.latest()))
}

/// What stands behind the first names of many.
pub fn and_more(count: usize) -> String {
    format!("and {} more", whole(count))
}

/// Above the names of critical results.
pub fn critical_title(count: usize) -> &'static str {
    if count == 1 {
        CRITICAL_TITLE
    } else {
        "Please talk to a clinician about these results."
    }
}

/// Under the names of critical results, when there are several: what to do.
pub fn critical_words(count: usize) -> String {
    if count == 1 {
        return super::CRITICAL_WORDS.to_owned();
    }
    format!(
        "{} results were marked critical, which means they may need attention soon. Call your doctor or the clinic that ordered \
         the tests, and have this page at hand. If you feel very unwell, call your local emergency number.",
        amount(count)
    )
}
