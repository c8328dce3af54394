//! What is said, in the person's language. Every text is a line of `languages/en.txt`, and a [`Phrase`] is its place; English
//! is part of the program, another language is read from a file before anything is drawn.
//!
//! ```
//! use loop_ui::language::Phrase;
//!
//! assert_eq!(Phrase::ListLast.fill(&["ferritin", "TSH"]), "ferritin and TSH");
//! ```
//!
//! Numbers and dates are [`format`](mod@crate::format)'s, by the browser's `Intl`. What the platform and its labs say is shown as it came.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::format;
use crate::markup::Text;

include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

/// The head, and each [`Phrase`] in order.
const ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/en.txt"));

thread_local! {
    static CURRENT: Cell<Option<&'static Language>> = const { Cell::new(None) };
}

/// A language: its texts, and what has to be known of it to use them.
#[derive(Debug)]
pub struct Language {
    /// The language tag, such as `de` (BCP 47).
    pub tag: &'static str,
    /// Its name for itself.
    pub name: &'static str,
    /// Whether it is written from right to left.
    pub is_rtl: bool,
    /// Whether names lose their capital inside a sentence.
    pub(crate) has_small_names: bool,
    /// The plural categories (Unicode CLDR) in the order of the forms in a text.
    plurals: Vec<&'static str>,
    /// By [`Phrase`].
    texts: Vec<&'static str>,
}

impl Language {
    /// Reads a built language file: a head, what the page says before there is a program, and each [`Phrase`] in order. `None` for a
    /// file of another version, which would say one thing for another. It stays for the life of the page.
    pub fn read(file: &str) -> Option<&'static Self> {
        let file: &'static str = Box::leak(file.into());
        let mut lines = file.trim_end_matches('\n').split('\n');
        let head = lines.next()?;
        Self::new(head, lines.skip(LINES_BEFORE - 1))
    }

    fn new(head: &'static str, texts: impl Iterator<Item = &'static str>) -> Option<&'static Self> {
        let mut head = head.split('\t');
        let language = Self {
            tag: head.next()?,
            name: head.next()?,
            is_rtl: head.next()? == "rtl",
            plurals: head.next()?.split(' ').collect(),
            has_small_names: head.next()? == "yes",
            texts: texts.collect(),
        };
        (language.texts.len() == PHRASES).then(|| &*Box::leak(Box::new(language)))
    }

    /// The language that the page has loaded before the program, if it has: the text of its file is a property of the window.
    pub fn of_page() -> Option<&'static Self> {
        let name = JsValue::from_str("loopLanguage");
        let file = Reflect::get(&js_sys::global(), &name).ok()?.as_string()?;
        Self::read(&file)
    }

    /// Says everything in this language from now on.
    pub fn choose(&'static self) {
        CURRENT.set(Some(self));
        format::forget();
    }

    /// The language in which everything is said.
    pub fn current() -> &'static Self {
        CURRENT.get().unwrap_or_else(|| {
            let mut lines = ENGLISH.lines();
            let english = Self::new(lines.next().unwrap_or_default(), lines)
                .unwrap_or_else(|| unreachable!("names and texts are made of one file"));
            CURRENT.set(Some(english));
            english
        })
    }
}

impl Phrase {
    /// The text, with its places and forms as they stand in the file.
    // Once in the download, and not at each of its five hundred calls; the same below.
    #[inline(never)]
    pub fn text(self) -> &'static str {
        Language::current().texts[self as usize]
    }

    /// The text with its places filled in.
    pub fn fill(self, values: &[&str]) -> String {
        filled(self.text(), values)
    }

    /// What stands before and after the only place of the text, for a part of the page that stands there.
    pub(crate) fn around(self) -> (&'static str, &'static str) {
        let (before, place) = self.text().split_once('{').unwrap_or_default();
        (before, place.split_once('}').unwrap_or_default().1)
    }

    /// The form for a count, with its places filled in. The count itself is one of the values, if the text names it.
    pub fn count(self, count: usize, values: &[&str]) -> String {
        let category = format::plural(count);
        let plurals = &Language::current().plurals;
        let place = plurals.iter().position(|plural| *plural == category);
        let mut forms = self.text().split('|');
        let form = forms.clone().nth(place.unwrap_or(usize::MAX));
        filled(
            form.or_else(|| forms.next_back()).unwrap_or_default(),
            values,
        )
    }
}

impl From<Phrase> for Text {
    #[inline(never)]
    fn from(phrase: Phrase) -> Self {
        Self::Borrowed(phrase.text())
    }
}

/// Puts each value in its place. From right to left each is isolated, so that numbers and names keep their order.
fn filled(text: &str, values: &[&str]) -> String {
    let is_rtl = Language::current().is_rtl;
    let mut pieces = text.split('{');
    let mut out = String::from(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (place, after) = piece.split_once('}').unwrap_or(("", piece));
        let place = place
            .bytes()
            .next()
            .map_or(0, |digit| digit.wrapping_sub(b'0'));
        let value = values.get(usize::from(place)).copied().unwrap_or_default();
        if is_rtl {
            out.push('\u{2068}');
        }
        out.push_str(value);
        if is_rtl {
            out.push('\u{2069}');
        }
        out.push_str(after);
    }
    out
}

#[cfg(test)]
mod tests;
