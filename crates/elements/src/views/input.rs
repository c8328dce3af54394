//! What an element was given, read from one JSON text: the platform's results, and what to show of them.

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::json::{self, Object};
use loop_contracts::page::Page;
use loop_contracts::time::Timestamp;

/// An element, by what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A value on its range.
    NumberLine,
    /// Measurements over time.
    Trend,
    /// All results.
    Biomarkers,
    /// One biomarker.
    Biomarker,
    /// The session's warning before it ends.
    #[cfg(feature = "session")]
    Provider,
    /// The way to Loop.
    #[cfg(feature = "session")]
    Connect,
    /// Who is connected, and the way out.
    #[cfg(feature = "session")]
    Account,
}

impl Kind {
    /// From the name of the element without its prefix.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "number-line" => Self::NumberLine,
            "trend" => Self::Trend,
            "biomarkers" => Self::Biomarkers,
            "biomarker" => Self::Biomarker,
            #[cfg(feature = "session")]
            "provider" => Self::Provider,
            #[cfg(feature = "session")]
            "connect" => Self::Connect,
            #[cfg(feature = "session")]
            "account" => Self::Account,
            _ => return None,
        })
    }
}

/// What there is to draw.
#[derive(Debug, Default, PartialEq)]
pub struct Input {
    /// What could be read, in the order it came.
    pub results: Vec<BiomarkerResult>,
    /// How many entries could not be read.
    pub unreadable: usize,
    /// Which biomarker; empty where none is named.
    pub code: String,
    /// Without the words beside a number line, for a page that has them.
    pub bare: bool,
    /// The time now.
    pub now: Timestamp,
    /// Whether it draws of the session of the page, instead of `results`.
    #[cfg(feature = "session")]
    pub of_session: bool,
    /// What a button says; empty for what it says by itself.
    #[cfg(feature = "session")]
    pub label: String,
    /// Where to come back to from Loop; empty for where the person is.
    #[cfg(feature = "session")]
    pub return_to: String,
    /// What to ask for beyond the configuration.
    #[cfg(feature = "session")]
    pub scopes: String,
}

impl Input {
    /// Reads `{ "results": […], "code": "", "bare": false, "now": 0 }`, of which only `results` has to be there; `now` is in
    /// milliseconds since 1970. With a session there are `of_session`, `label`, `return_to` and `scopes` as well. `None` when the text
    /// is no such object.
    pub fn read(text: &str) -> Option<Self> {
        let object: Object<'_> = json::parse(text.as_bytes())?;
        let page = Page::parse(text.as_bytes(), "results").ok()?;
        let now: Option<f64> = object.get("now");
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is out of reach saturates"
        )]
        let now = now.unwrap_or_default() as i64;
        Some(Self {
            results: page.items,
            unreadable: page.unreadable,
            code: object.get("code").unwrap_or_default(),
            bare: object.get("bare").unwrap_or_default(),
            now: Timestamp(now),
            #[cfg(feature = "session")]
            of_session: object.get("of_session").unwrap_or_default(),
            #[cfg(feature = "session")]
            label: object.get("label").unwrap_or_default(),
            #[cfg(feature = "session")]
            return_to: object.get("return_to").unwrap_or_default(),
            #[cfg(feature = "session")]
            scopes: object.get("scopes").unwrap_or_default(),
        })
    }

    /// Whether entries came and none of them says anything.
    pub fn is_lost(&self) -> bool {
        self.results.is_empty() && self.unreadable > 0
    }
}

#[cfg(test)]
mod tests;
