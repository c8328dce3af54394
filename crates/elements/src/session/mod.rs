//! The session of the page, and calls in the name of whoever is connected. Tokens never leave it.
//!
//! What there is to tell comes through one function of the page, with a number and a text: 0 when somebody is connected or nobody
//! any more, the positive number of a call with its answer, the negative number of an element with what happened in it.
//!
//! | module | what it holds |
//! |---|---|
//! | `calls` | the calls, each under a number by which it can be given up |
//! | `answer` | what is told, as JSON |

mod answer;
mod calls;

use std::cell::RefCell;

use js_sys::Function;
use loop_sdk::env::browser::Browser;
use loop_sdk::{Config, Session};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use self::answer::{Said, config_differs, config_wrong};

#[cfg(feature = "views")]
use loop_sdk::{Disconnected, Error};
#[cfg(feature = "views")]
use loop_ui::catalogue::Catalogue;
#[cfg(feature = "views")]
use loop_ui::session::Page;

/// What was begun.
#[derive(Clone)]
struct Begun {
    session: Session<Browser>,
    tell: Function,
    #[cfg(feature = "views")]
    page: Page,
}

thread_local! {
    static BEGUN: RefCell<Option<Begun>> = const { RefCell::new(None) };
}

fn begun() -> Option<Begun> {
    BEGUN.with_borrow(Clone::clone)
}

fn tell(number: i32, text: &str) {
    if let Some(begun) = begun() {
        // What the page's function throws is the page's, and ends nothing here.
        let _ = begun
            .tell
            .call2(&JsValue::UNDEFINED, &number.into(), &text.into());
    }
}

/// Begins the session of the page at `origin`, from the text of a `loop.config.json`. A page has one session: a second time, the
/// configuration has to be the same. Says `{"ok": {"redirect_path": "/…", "clinical": "https://…"}}` or what is wrong.
#[wasm_bindgen(js_name = sessionBegin)]
pub fn session_begin(config: &str, origin: &str, tell: Function) -> String {
    let config = match Config::from_json(config.as_bytes(), origin) {
        Ok(config) => config,
        Err(wrong) => return config_wrong(&wrong),
    };
    let (redirect_path, clinical) = (config.redirect_path.clone(), config.clinical.clone());
    if let Some(begun) = begun() {
        if *begun.session.config() != config {
            return config_differs();
        }
    } else {
        match begin(config, tell) {
            Ok(begun) => BEGUN.set(Some(begun)),
            Err(said) => return said,
        }
    }
    Said::object(|said| {
        said.add("redirect_path", &redirect_path);
        said.add("clinical", clinical.as_str());
    })
}

#[cfg(not(feature = "views"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "with views, there may be another one"
)]
fn begin(config: Config, tell: Function) -> Result<Begun, String> {
    let session = Session::new(Browser::new(), config);
    session.on_change(|_| changed());
    Ok(Begun { session, tell })
}

#[cfg(feature = "views")]
fn begin(config: Config, tell: Function) -> Result<Begun, String> {
    use leptos::prelude::{Effect, Set};

    // Fails where it has been done already, which is what is wanted.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let page = Page::open(config).map_err(|_| config_differs())?;
    page.catalogue.set(crate::views::known_catalogue());
    let session = page.session;
    page.with(|| {
        Effect::new(move |_| {
            drop(session.state());
            changed();
        });
    });
    Ok(Begun {
        session: session.session(),
        tell,
        page,
    })
}

fn changed() {
    tell(0, "");
}

/// Whether somebody is connected.
#[wasm_bindgen(js_name = sessionState)]
pub fn session_state() -> String {
    begun().map_or_else(String::new, |begun| answer::state(&begun.session))
}

/// Looks whether the session still is one; `is_there` when the person has just done something, which puts its end off.
#[wasm_bindgen(js_name = sessionLook)]
pub fn session_look(is_there: bool) {
    if let Some(begun) = begun() {
        if is_there {
            begun.session.touch();
        } else {
            begun.session.revisit();
        }
    }
}

/// Makes a call, whose answer is told under `number`, which is above 0. `docs/components.md` has the calls.
#[wasm_bindgen(js_name = sessionCall)]
pub fn session_call(number: i32, call: &str, input: &str) {
    calls::make(number, call, input);
}

/// Gives a call up. A read is cancelled; what writes, or carries a code, goes on, and its answer is not told.
#[wasm_bindgen(js_name = sessionCancel)]
pub fn session_cancel(number: i32) {
    calls::give_up(number);
}

/// Puts the session into the context of what is drawn now.
#[cfg(feature = "views")]
pub(crate) fn provide() {
    if let Some(begun) = begun() {
        begun.page.provide();
    }
}

/// Results of the session wait for a catalogue: there is one now, which may be empty.
#[cfg(feature = "views")]
pub(crate) fn has_catalogue(catalogue: &'static Catalogue) {
    use leptos::prelude::Set;

    if let Some(begun) = begun() {
        begun.page.catalogue.set(Some(catalogue));
    }
}

/// Something went wrong in what an element shows.
#[cfg(feature = "views")]
pub(crate) fn tell_error(element: u32, error: &Error) {
    tell(of_element(element), &answer::error(error));
}

/// The person left by the button of an element.
#[cfg(feature = "views")]
pub(crate) fn tell_left(element: u32, left: Disconnected) {
    tell(of_element(element), &answer::left(left));
}

#[cfg(feature = "views")]
fn of_element(number: u32) -> i32 {
    i32::try_from(number).map_or(0, |number| -number)
}
