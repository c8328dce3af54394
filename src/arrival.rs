//! What the address bar carried when the page was opened. It is taken and scrubbed first, since a code in it would
//! otherwise reach the history, the next request's referrer and a screenshot.

use leptos::prelude::*;

/// Query and fragment of a callback, without `?` and `#`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) query: String,
    pub(crate) fragment: String,
}

/// Takes query and fragment out of the address bar. No page of this app has either. `None` when there is nothing to judge:
/// a reload, or a step back to the callback, brings nothing.
pub(crate) fn take() -> Option<Arrival> {
    let window = web_sys::window()?;
    let location = window.location();
    let part = |part: Result<String, _>, mark: char| {
        part.unwrap_or_default().trim_start_matches(mark).to_owned()
    };
    let arrival = Arrival {
        query: part(location.search(), '?'),
        fragment: part(location.hash(), '#'),
    };
    if arrival.query.is_empty() && arrival.fragment.is_empty() {
        return None;
    }
    if let (Ok(history), Ok(path)) = (window.history(), location.pathname()) {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
    Some(arrival)
}

/// Keeps it for the callback page, in context.
pub(crate) fn provide(arrival: Option<Arrival>) {
    provide_context(StoredValue::new(arrival));
}

/// Hands it out once: a second visit of the callback page in the same document finds nothing to judge.
pub(crate) fn judge_once() -> Option<Arrival> {
    let kept: StoredValue<Option<Arrival>> = expect_context();
    kept.try_update_value(Option::take).flatten()
}
