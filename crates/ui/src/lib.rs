//! Loop in a Leptos app. [`views`] are data in, events out: they know only `loop_contracts` types, so the app, other
//! Leptos apps and the custom elements show the same thing.
//!
//! | module | what it holds |
//! |---|---|
//! | [`views`] | lab results: list, one biomarker, number line, sparkline, trend, states |
//! | [`markup`] | what every view is made of: the page as data |
//! | [`catalogue`] | plain names, body systems and one-sentence explanations of common biomarkers |
//! | [`export`] | a copy of the results: CSV, JSON, FHIR, paper |
//! | [`language`] | what is said, a text for each phrase, in the person's language |
//! | [`session`] | components and hooks: connect, disconnect, presence, guards, results |
//! | [`style`] | the style of all of it, for an app of one's own |
//! | [`format`](mod@format) | numbers and dates in the person's locale, and the cleaning of untrusted text |

pub mod catalogue;
pub mod export;
pub mod format;
pub mod language;
#[cfg(test)]
#[path = "../../contracts/tests/support/loinc.rs"]
mod loinc;
pub mod markup;
pub mod session;
pub mod style;
pub mod views;
