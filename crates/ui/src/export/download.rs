//! Text → a file in the person's downloads.

use loop_contracts::time::Timestamp;

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::time::Duration;

    use js_sys::{Array, Date, JsString};
    use leptos::prelude::set_timeout;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

    /// How long the address of the file works. Safari asks the person first, and reads the file when they have said yes.
    const KEPT: Duration = Duration::from_secs(40);

    pub(super) fn save(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let parts = Array::of1(&JsString::from(text));
        let file = Blob::new_with_str_sequence_and_options(&parts, &options)?;
        let document = web_sys::window().and_then(|window| window.document());
        let link = document.ok_or(JsValue::UNDEFINED)?.create_element("a")?;
        let address = Url::create_object_url_with_blob(&file)?;
        link.set_attribute("download", name)?;
        link.set_attribute("href", &address)?;
        // Not part of the page: nobody sees it, and no other listener hears the click.
        link.unchecked_into::<HtmlElement>().click();
        set_timeout(
            move || {
                let _ = Url::revoke_object_url(&address);
            },
            KEPT,
        );
        Ok(())
    }

    pub(super) fn zone(at: f64) -> f64 {
        Date::new(&JsValue::from_f64(at)).get_timezone_offset()
    }
}

/// Hands a file over to the browser. It is made of a `Blob`, so nothing is sent, and its address is taken back. `false` where
/// the browser refuses.
pub(super) fn save(name: &str, media_type: &str, text: &str) -> bool {
    #[cfg(target_arch = "wasm32")]
    return browser::save(name, media_type, text).is_ok();
    #[cfg(not(target_arch = "wasm32"))]
    {
        // There is no browser on the host.
        let _ = (name, media_type, text);
        false
    }
}

/// The same moment as the clock on the wall tells it, so that its date is the person's.
pub(super) fn on_the_wall(at: Timestamp) -> Timestamp {
    #[cfg(target_arch = "wasm32")]
    {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "a moment of this century in, minutes of a zone out"
        )]
        let behind = browser::zone(at.0 as f64) as i64;
        at.plus(-behind * 60_000)
    }
    #[cfg(not(target_arch = "wasm32"))]
    at
}

/// Asks the browser to print the page.
pub(super) fn print() {
    #[cfg(target_arch = "wasm32")]
    // Fails where printing is forbidden, and then the browser says so.
    let _ = web_sys::window().map(|window| window.print());
}
