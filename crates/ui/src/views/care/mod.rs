//! What stands beside the lab results: safety flags, recommendations, check-ins, protocols.
//!
//! Each is a list that shows what the platform said, the most important first. Nothing is judged anew, and all text of the
//! platform is untrusted: it is cleaned, cut and isolated.

use loop_contracts::clinical::BiomarkerStatus;
use loop_contracts::time::DateTime;

use super::sorting::sort;
use super::states::{status_class, status_shape};
use super::words;
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::{Markup, Text, classed, element, isolated, link};

mod check_in_form;
mod check_ins;
mod draft;
mod protocols;
mod recommendations;
mod red_flags;
#[cfg(test)]
mod tests;

pub use check_in_form::{CheckInForm, check_in_form, enrolment};
pub use check_ins::{check_ins, next_check_in};
pub use draft::{Draft, Field};
pub use protocols::protocols;
pub use recommendations::recommendations;
pub use red_flags::red_flags;

/// The most entries of a list that are shown.
pub const MOST: usize = 200;
/// The most letters of a name, and of a longer text.
const NAME: usize = 160;
const TEXT: usize = 2000;

/// Name and address of something that has a page in the app, by its code; `None` when there is no such page. May read signals:
/// it is asked anew when they change.
pub type Find = fn(&str) -> Option<(String, String)>;

/// A part of the page with its heading, whose id is `id`.
pub fn part(id: &'static str, title: Phrase, body: Markup) -> Markup {
    classed("section", "care__part")
        .attr("aria-labelledby", id)
        .with(classed("h2", "care__title").attr("id", id).text(title))
        .with(body)
}

/// What is missing in a list of `shown` entries; `None` when nothing is.
pub fn gaps(shown: usize, unreadable: usize, more: bool) -> Option<Markup> {
    let unread = (unreadable > 0)
        .then(|| Phrase::CareUnread.count(unreadable, &[&words::whole(unreadable)]));
    let more = more || shown > MOST;
    if unread.is_none() && !more {
        return None;
    }
    let note = classed("p", "results__unreadable").attr("role", "note");
    let note = note.text(unread.unwrap_or_default());
    Some(if more {
        note.text(" ").text(Phrase::CareMore)
    } else {
        note
    })
}

/// A quiet sentence in place of a list.
pub fn quiet(words: Phrase) -> Markup {
    classed("p", "care__quiet").text(words)
}

/// A list: of what stands at each place, the lowest rank first.
fn list(ranks: Vec<i64>, row: &dyn Fn(usize) -> Markup) -> Markup {
    let mut places: Vec<usize> = (0..ranks.len()).collect();
    sort(&mut places, &mut |a, b| ranks[a].cmp(&ranks[b]));
    places.truncate(MOST);
    let mut list = classed("ul", "care__list").attr("role", "list");
    for place in places {
        list = list.with(row(place));
    }
    list
}

/// An entry, begun with its name.
fn entry(name: &str, otherwise: Phrase) -> Markup {
    let name = match format::clean(name, NAME) {
        name if name.is_empty() => otherwise.text().to_owned(),
        name => name,
    };
    classed("li", "care__entry").with(classed("h3", "care__name").with(isolated(name)))
}

/// One of the platform's words as we say it; one that is not known as it came.
fn word(known: Option<Phrase>, came: &str) -> Text {
    match known {
        Some(phrase) => phrase.into(),
        None => format::clean(came, 40).into(),
    }
}

/// A word with the colour and the shape of a status.
fn badge(like: &BiomarkerStatus, word: Text) -> Markup {
    classed("span", format!("status {}", status_class(like)))
        .with(status_shape(like))
        .with(isolated(word))
}

/// A paragraph of the platform's text, behind a label of our own; `None` where it says nothing.
fn said(label: Option<Phrase>, text: &str) -> Option<Markup> {
    let text = format::clean(text, TEXT);
    let label = label.map(|label| classed("span", "care__label").text(label).text(" "));
    (!text.is_empty()).then(|| {
        classed("p", "care__words")
            .with_all(label)
            .with(isolated(text))
    })
}

/// Short facts in a line.
fn facts(facts: [Option<Markup>; 3]) -> Markup {
    let mut line = classed("p", "care__facts");
    for fact in facts {
        line = line.with_all(fact);
    }
    line
}

/// A short fact of our own words.
fn fact(words: impl Into<Text>) -> Markup {
    element("span").text(words)
}

/// A short fact around a part of its own, which stands in its place.
fn around(fact: Phrase, part: impl Fn() -> Markup + Send + 'static) -> Markup {
    let (before, after) = fact.around();
    let fact = element("span").text(before);
    fact.live(move || Some(part())).text(after)
}

/// What something is about: a link where there is a page, else `otherwise`.
fn about(fact: Phrase, code: String, find: Find, otherwise: String) -> Markup {
    around(fact, move || match find(&code) {
        Some((name, href)) => link("care__link", href).with(isolated(name)),
        None => isolated(otherwise.clone()),
    })
}

/// A day, or the text that was to be one; `None` where there is none.
fn day(at: &DateTime) -> Option<String> {
    match at.timestamp() {
        Some(at) => Some(format::date(at, DateStyle::Short)),
        None if at.0.trim().is_empty() => None,
        None => Some(Phrase::AsWritten.fill(&[&format::clean(&at.0, 40)])),
    }
}

/// Lines of the platform's text, each an entry of a list.
fn lines(lines: &[String]) -> Option<Markup> {
    let mut list = classed("ul", "care__lines").attr("role", "list");
    let mut is_empty = true;
    for line in lines.iter().take(MOST) {
        let line = format::clean(line, 600);
        if !line.is_empty() {
            is_empty = false;
            list = list.with(element("li").with(isolated(line)));
        }
    }
    (!is_empty).then_some(list)
}
