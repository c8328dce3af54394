//! When the app breaks: nothing of a person stays on the screen or in the tab.

/// Replaces the page by a plain message and removes the session from the tab when something panics. What broke is not
/// shown or logged: a panic message may carry a value.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|_| {
        let Some(window) = web_sys::window() else {
            return;
        };
        if let Ok(Some(storage)) = window.session_storage() {
            let _ = storage.clear();
        }
        let Some(body) = window.document().and_then(|document| document.body()) else {
            return;
        };
        body.set_text_content(Some("Something went wrong in this app. Your results were cleared from this tab. Please reload the page."));
        let _ = body.set_attribute("class", "last-resort");
        let _ = body.set_attribute("role", "alert");
    }));
}
