//! One file a page. A page asks the record for data, gives it to a view, and says what to do when there is none.

pub(crate) mod biomarker;
pub(crate) mod callback;
pub(crate) mod elsewhere;
pub(crate) mod home;
pub(crate) mod misconfigured;
pub(crate) mod settings;
pub(crate) mod trouble;
pub(crate) mod welcome;

use leptos::prelude::*;

/// Moves the focus to the page's heading after navigation, so that a screen reader says where it is.
pub(crate) fn focus_heading() {
    request_animation_frame(|| {
        let heading = document().query_selector("main h1").ok().flatten();
        if let Some(heading) = heading.and_then(|heading| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(heading).ok()
        }) {
            let _ = heading.set_attribute("tabindex", "-1");
            let _ = heading.focus();
        }
    });
}
