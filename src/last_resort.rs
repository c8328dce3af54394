//! When the app breaks: nothing of a person stays on the screen or in the tab.

/// Replaces the page by a plain message and removes the session from the tab when something panics. What broke is not
/// shown or logged: a panic message may carry a value.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|_| {
        let Some(window) = web_sys::window() else {
            return;
        };
        loop_sdk::env::browser::forget_everything();
        let Some(document) = window.document() else {
            return;
        };
        let Some(body) = document.body() else {
            return;
        };
        body.set_text_content(Some(
            "Something went wrong in this app. Your results were cleared from this tab. ",
        ));
        let _ = body.set_attribute("class", "last-resort");
        let _ = body.set_attribute("role", "alert");
        // The address without what may stand behind it. A link works without any code of ours.
        if let Ok(link) = document.create_element("a") {
            let _ = link.set_attribute("href", "/");
            let _ = link.set_attribute("class", "button");
            link.set_text_content(Some("Reload"));
            let _ = body.append_child(&link);
        }
    }));
}
