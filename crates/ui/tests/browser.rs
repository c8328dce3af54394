//! Providers in a real browser: configured wrongly, inside each other, taken away at the wrong moment.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may panic"
)]

use std::sync::{Arc, Mutex};

use leptos::mount::mount_to;
use leptos::prelude::*;
use loop_sdk::Config;
use loop_ui::session::{ConnectButton, LoopProvider, ProviderError};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;

wasm_bindgen_test_configure!(run_in_browser);

/// The one configuration that this page has.
fn config() -> Config {
    of_client("app_1")
}

fn of_client(client: &str) -> Config {
    let file = format!(r#"{{"client_id": "{client}"}}"#);
    Config::from_json(file.as_bytes(), "https://app.example").unwrap()
}

/// A place of its own in the page.
fn place() -> HtmlElement {
    let place = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&place).unwrap();
    place.unchecked_into()
}

fn count(place: &HtmlElement, selector: &str) -> u32 {
    place.query_selector_all(selector).unwrap().length()
}

/// Waits until something is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        let frame = js_sys::Promise::new(&mut |done, _| {
            window().request_animation_frame(&done).unwrap();
        });
        JsFuture::from(frame).await.unwrap();
    }
    panic!("it never came to this: {what}");
}

/// The codes of what a provider said, and what writes them down.
fn listener() -> (Arc<Mutex<Vec<String>>>, Callback<ProviderError>) {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let into = Arc::clone(&heard);
    let hear = move |error: ProviderError| into.lock().unwrap().push(error.code().to_owned());
    (heard, Callback::new(hear))
}

#[wasm_bindgen_test]
async fn a_wrong_configuration_is_a_notice_and_an_event() {
    for (source, code, words) in [
        ("{}", "config_wrong", "client_id"),
        ("{", "config_wrong", "JSON"),
        ("/nowhere.json", "config_missing", "loop.config.json"),
        (
            "https://elsewhere.example/loop.config.json",
            "config_missing",
            "loop.config.json",
        ),
        ("http://", "config_missing", "loop.config.json"),
    ] {
        let (place, (heard, on_error)) = (place(), listener());
        let _kept = mount_to(place.clone(), move || {
            view! { <LoopProvider config=source on_error=on_error><b>"inside"</b></LoopProvider> <i>"outside"</i> }
        });
        until(source, || count(&place, "[role=alert]") == 1).await;
        assert!(place.text_content().unwrap().contains(words), "{source}");
        assert_eq!((count(&place, "b"), count(&place, "i")), (0, 1), "{source}");
        assert_eq!(*heard.lock().unwrap(), [code], "{source}");
    }
}

#[wasm_bindgen_test]
async fn a_provider_inside_another_one_shares_its_session() {
    let place = place();
    let _kept = mount_to(place.clone(), || {
        view! {
            <LoopProvider config=config()>
                <LoopProvider config=config()><ConnectButton/></LoopProvider>
                <ConnectButton/>
            </LoopProvider>
        }
    });
    until("both buttons", || count(&place, "button") == 2).await;
    assert_eq!(count(&place, ".presence"), 1, "one warning for one session");
    assert_eq!(count(&place, "[role=alert]"), 0);
}

#[wasm_bindgen_test]
async fn a_second_provider_that_is_configured_differently_harms_nothing() {
    let (place, (heard, on_error)) = (place(), listener());
    let _kept = mount_to(place.clone(), move || {
        view! {
            <LoopProvider config=config()>
                <ConnectButton/>
                <LoopProvider config=of_client("app_2") on_error=on_error><b>"inside"</b></LoopProvider>
            </LoopProvider>
        }
    });
    until("a notice", || count(&place, "[role=alert]") == 1).await;
    assert_eq!((count(&place, "button"), count(&place, "b")), (1, 0));
    assert_eq!(*heard.lock().unwrap(), ["config_differs"]);
}

#[wasm_bindgen_test]
async fn a_provider_may_go_while_its_configuration_is_on_its_way_and_come_back() {
    let gone = place();
    let kept = mount_to(gone.clone(), move || {
        // Made inside, so it goes as well.
        let on_error = Callback::new(|_| ());
        view! { <LoopProvider config="/nowhere.json?gone" on_error=on_error><b>"inside"</b></LoopProvider> }
    });
    drop(kept);
    let asked = || {
        let sent = window()
            .performance()
            .unwrap()
            .get_entries_by_type("resource");
        sent.iter().any(|entry| {
            js_sys::JSON::stringify(&entry).is_ok_and(|text| text.includes("nowhere.json?gone", 0))
        })
    };
    until("the answer", asked).await;
    assert_eq!(gone.child_element_count(), 0);

    for _ in 0..3 {
        let place = place();
        let kept = mount_to(place.clone(), || {
            view! { <LoopProvider config=config()><ConnectButton/></LoopProvider> }
        });
        until("a button", || count(&place, "button") == 1).await;
        assert_eq!(count(&place, ".presence"), 1);
        drop(kept);
        assert_eq!(place.child_element_count(), 0, "nothing stays behind");
    }
}
