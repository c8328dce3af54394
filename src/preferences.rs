//! What a person chose for this browser. Kept in the store that tabs share, for longer than a session; nothing of it is about
//! their health. After how long without anybody the session ends is the session's own to keep.

use leptos::prelude::document;
use loop_sdk::env::Env;

/// The look. `boot.js` reads it as well, before anything is drawn.
const THEME: &str = "loop.theme.v1";
/// Where the style sheet looks for it.
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
