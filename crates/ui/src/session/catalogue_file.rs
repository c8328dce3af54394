//! The catalogue of a provider: a file of the host, or none.

use leptos::prelude::*;
use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpRequest};

use crate::catalogue::Catalogue;

/// It is waited for so long, in milliseconds: results can be read without.
const PATIENCE: u32 = 5_000;

/// Loads it, and says so when it is there. One that does not come, or cannot be read, knows nothing.
pub(super) fn load(into: RwSignal<Option<&'static Catalogue>>, address: Option<String>) {
    let Some(address) = address else {
        return into.set(Some(Catalogue::empty()));
    };
    let browser = Browser::new();
    browser.clone().spawn(async move {
        into.set(Some(
            read(&browser, &address)
                .await
                .unwrap_or_else(Catalogue::empty),
        ));
    });
}

async fn read(browser: &Browser, address: &str) -> Option<&'static Catalogue> {
    let base = document().base_uri().ok()??;
    let url = web_sys::Url::new_with_base(address, &base).ok()?;
    let request = HttpRequest::get(url.href())
        .accept_json()
        .may_be_kept()
        .within(PATIENCE);
    let response = browser.send(request).await.ok()?;
    (response.status == 200)
        .then(|| Catalogue::read(&response.body))
        .flatten()
}
