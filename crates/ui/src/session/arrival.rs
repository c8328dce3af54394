//! What the address bar carries back from Loop. It is taken out first, since a code in it would otherwise reach the history,
//! the next request's referrer and a screenshot.

use leptos::prelude::{location, window};
use loop_sdk::Purpose;
use wasm_bindgen::JsValue;

/// Query and fragment of a callback, without `?` and `#`, and the path where they stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    path: String,
    pub(super) query: String,
    pub(super) fragment: String,
}

impl Arrival {
    /// What an address carries, when it is a callback's: a `state` with a `code` or an `error` (RFC 6749 §4.1.2). The rest of the
    /// host's queries are its own.
    pub(super) fn of(path: &str, query: &str, fragment: &str) -> Option<Self> {
        let (query, fragment) = (
            query.trim_start_matches('?'),
            fragment.trim_start_matches('#'),
        );
        let has = |name: &str| {
            let mut pairs = query.split('&').chain(fragment.split('&'));
            pairs.any(|pair| pair.split('=').next() == Some(name))
        };
        (has("state") && (has("code") || has("error"))).then(|| Self {
            path: path.to_owned(),
            query: query.to_owned(),
            fragment: fragment.to_owned(),
        })
    }

    /// Takes it out of the address bar.
    pub(super) fn take() -> Option<Self> {
        let location = location();
        let part = |part: Result<String, JsValue>| part.unwrap_or_default();
        let path = part(location.pathname());
        let arrival = Self::of(&path, &part(location.search()), &part(location.hash()))?;
        replace_address(&path);
        Some(arrival)
    }

    /// Whether it stood where Loop sends people back to.
    pub(super) fn is_at(&self, redirect_path: &str) -> bool {
        self.path == redirect_path
    }

    /// Puts it back: it is somebody else's.
    pub(super) fn put_back(&self) {
        let mut address = self.path.clone();
        for (mark, part) in [('?', &self.query), ('#', &self.fragment)] {
            if !part.is_empty() {
                address.push(mark);
                address.push_str(part);
            }
        }
        replace_address(&address);
    }
}

/// Shows another address of this app, without a new entry in the history.
pub(super) fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        // Fails for an address of another origin, which this is not.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// A purpose that names no place comes back to where the person is now.
pub(super) fn to_here(purpose: Purpose) -> Purpose {
    if !purpose.return_to.is_empty() {
        return purpose;
    }
    let location = location();
    let path = location.pathname().unwrap_or_default();
    Purpose {
        return_to: path + &location.search().unwrap_or_default(),
        ..purpose
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_callback_is_taken() {
        for (query, fragment, is_one) in [
            ("?code=c&state=s&iss=i", "", true),
            ("?error=access_denied&state=s", "", true),
            ("", "#code=c&state=s", true),
            ("?utm_source=mail", "", false),
            ("?code=voucher", "", false),
            ("?state=CA", "", false),
            ("?mycode=1&mystate=2", "", false),
            ("", "", false),
            ("", "#code", false),
        ] {
            let found = Arrival::of("/auth", query, fragment);
            assert_eq!(found.is_some(), is_one, "{query} {fragment}");
        }
        let found = Arrival::of("/auth", "?code=c&state=s", "#x").unwrap();
        assert_eq!(
            (found.query.as_str(), found.fragment.as_str()),
            ("code=c&state=s", "x")
        );
        assert!(found.is_at("/auth") && !found.is_at("/auth/"));
    }
}
