//! What elements draw. It draws into an element that it is given, and keeps what it drew by number.
//!
//! | module | what it holds |
//! |---|---|
//! | [`input`] | pure: what an element was given, from text |
//! | [`view`] | what is drawn of it |
//! | `of_session` | what is drawn of whoever is connected |
//! | [`mounted`] | what is drawn now, by number |

pub mod input;
pub mod mounted;
#[cfg(feature = "session")]
mod of_session;
pub mod view;

use std::cell::Cell;

use loop_ui::catalogue::Catalogue;
use loop_ui::language::Language;
use loop_ui::markup::start_headings_at;
use wasm_bindgen::prelude::wasm_bindgen;

use self::input::Kind;

thread_local! {
    static CATALOGUE: Cell<Option<&'static Catalogue>> = const { Cell::new(None) };
}

/// What is known about biomarkers, as far as the page has loaded it.
pub(crate) fn catalogue() -> &'static Catalogue {
    CATALOGUE.get().unwrap_or_else(Catalogue::empty)
}

/// The same, if one was given, be it empty.
#[cfg(feature = "session")]
pub(crate) fn known_catalogue() -> Option<&'static Catalogue> {
    CATALOGUE.get()
}

/// The address of a biomarker in what is drawn. Nobody follows it: the page is told of the click instead.
fn href(code: &str) -> String {
    ["#", code].concat()
}

/// Draws into an element what `input` says, and gives the number by which it is changed and removed. `kind` is the name of the
/// element without its prefix; one that is not known draws nothing, and 0 is the number of nothing.
#[wasm_bindgen(js_name = drawNew)]
pub fn draw_new(kind: &str, place: web_sys::HtmlElement) -> u32 {
    // The page around it has the first heading.
    start_headings_at(2);
    Kind::of(kind).map_or(0, |kind| mounted::add(kind, place))
}

/// Draws from other input, with what the person chose kept. Says what there is to draw: 0 nothing, 1 something, 2 what cannot be
/// read, 3 a biomarker that is not among the results.
#[wasm_bindgen(js_name = drawAgain)]
pub fn draw_again(number: u32, input: &str) -> u32 {
    mounted::change(number, input) as u32
}

/// Removes what was drawn, and frees all of it.
#[wasm_bindgen(js_name = drawNoMore)]
pub fn draw_no_more(number: u32) {
    mounted::remove(number);
}

/// Takes a catalogue for all that is drawn from now on; says whether it could be read. It stays for the life of the page. One that
/// cannot be read knows nothing.
#[wasm_bindgen(js_name = takeCatalogue)]
pub fn take_catalogue(file: &str) -> bool {
    let read = Catalogue::read(file.as_bytes());
    CATALOGUE.set(Some(read.unwrap_or_else(catalogue)));
    #[cfg(feature = "session")]
    crate::session::has_catalogue(catalogue());
    read.is_some()
}

/// Says everything in the language of a file from now on; says whether it could be read.
#[wasm_bindgen(js_name = takeLanguage)]
pub fn take_language(file: &str) -> bool {
    let read = Language::read(file);
    if let Some(language) = read {
        language.choose();
    }
    read.is_some()
}
