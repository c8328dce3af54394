//! What a person chose for this browser. Kept in the store that tabs share, for longer than a session; nothing of it is about
//! their health. After how long without anybody the session ends is the session's own to keep.

use leptos::prelude::{document, window};
use loop_sdk::env::Env;
use loop_ui::language::Language;
use loop_ui::views::units::UnitSystem;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The look. `boot.js` reads it as well, before anything is drawn.
const THEME: &str = "loop.theme.v1";
/// The language. `boot.js` reads it, and loads its file before anything is drawn.
const LANGUAGE: &str = "loop.language.v1";
/// The language that is part of the app.
const ENGLISH: (&str, &str) = ("en", "English");
/// The units.
const UNITS: &str = "loop.units.v1";
/// Where the style sheet looks for the look.
const ATTRIBUTE: &str = "data-theme";

/// A look that overrides the system's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// As it is kept.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Whatever else stands there is no choice.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        [Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.as_str() == text)
    }
}

/// The look that was chosen; none follows the system.
pub(crate) fn theme(env: &impl Env) -> Option<Theme> {
    Theme::from_text(&env.shared_load(THEME).ok()??)
}

/// Shows and keeps a look. Where nothing can be kept, it lasts as long as the page.
pub(crate) fn choose_theme(env: &impl Env, theme: Option<Theme>) {
    let root = document().document_element();
    if let Some(theme) = theme {
        let _ = env.shared_store(THEME, theme.as_str());
        let _ = root.map(|root| root.set_attribute(ATTRIBUTE, theme.as_str()));
    } else {
        env.shared_remove(THEME);
        let _ = root.map(|root| root.remove_attribute(ATTRIBUTE));
    }
}

/// The units that were chosen.
pub(crate) fn units(env: &impl Env) -> UnitSystem {
    UnitSystem::from_text(&env.shared_load(UNITS).ok().flatten().unwrap_or_default())
}

/// Keeps the units, if the store can.
pub(crate) fn choose_units(env: &impl Env, units: UnitSystem) {
    match units.as_str() {
        "" => env.shared_remove(UNITS),
        text => {
            let _ = env.shared_store(UNITS, text);
        }
    }
}

/// The languages that this app has, by tag and their own name: English, and what the page says there are files for.
pub(crate) fn languages() -> Vec<(String, String)> {
    let (tag, name) = ENGLISH;
    let mut all = vec![(tag.to_owned(), name.to_owned())];
    let metas = document().get_elements_by_name("app-language");
    for place in 0..metas.length() {
        let meta = metas
            .item(place)
            .and_then(|meta| meta.dyn_into::<Element>().ok());
        let named = |name| meta.as_ref()?.get_attribute(name);
        all.extend(named("data-tag").zip(named("data-name")));
    }
    all
}

/// Keeps a language, and starts the page anew in it. Where nothing can be kept, everything stays as it is: a new page would be
/// in the same language, and signed out.
pub(crate) fn choose_language(env: &impl Env, tag: &str) {
    if tag != Language::current().tag && env.shared_store(LANGUAGE, tag).is_ok() {
        // Fails for a page that may not navigate.
        let _ = window().location().reload();
    }
}
