//! One file a page. A page asks the record for data, gives it to a view, and says what to do when there is none.

mod biomarker;
mod callback;
mod care;
mod check_in;
mod elsewhere;
mod home;
mod misconfigured;
mod report;
mod settings;
mod trouble;
mod welcome;

pub(crate) use callback::callback;
pub(crate) use elsewhere::elsewhere;
pub(crate) use misconfigured::misconfigured;
pub(crate) use welcome::welcome;

use leptos::prelude::*;
use loop_ui::markup::{Markup, classed};
use loop_ui::session::Loaded;

use self::trouble::trouble;
use crate::chunks::Chunk;
use crate::record::Record;
use crate::routes::Page;

/// Where a page of somebody who is connected is, and what draws it there.
pub(crate) fn connected(page: &Page) -> (Chunk, fn(Page) -> Markup) {
    match page {
        Page::Report => (Chunk::More, report::report),
        Page::Care => (Chunk::More, care::care),
        Page::CheckIn => (Chunk::More, check_in::check_in),
        Page::Settings => (Chunk::More, settings::settings),
        Page::Biomarker(_) => (Chunk::Results, biomarker::biomarker),
        Page::Home | Page::Callback | Page::Unknown => (Chunk::Results, home::home),
    }
}

/// A page of the person's results: what `draw` makes of them, `skeleton` until they are there, or why they are not. One piece of
/// code for all such pages. `path` is where to come back to.
fn of_results(
    class: &'static str,
    path: &'static str,
    skeleton: fn() -> Markup,
    draw: fn(Record, &Loaded) -> Markup,
) -> Markup {
    let record = Record::use_context();
    let results = record.results;
    classed("main", class).attr("id", "main").live(move || {
        Some(match (results.loaded.get(), results.trouble()) {
            (Some(loaded), _) => draw(record, &loaded),
            (None, Some(error)) => trouble(error, path, move || results.reload()),
            (None, None) => skeleton(),
        })
    })
}

/// Moves the focus to the page's heading after navigation, so that a screen reader says where it is.
///
/// Whoever has gone somewhere in the meantime stays there: data may come late.
pub(crate) fn focus_heading() {
    request_animation_frame(|| {
        let document = document();
        if document.active_element() != document.body().map(Into::into) {
            return;
        }
        let heading = document.query_selector("main h1").ok().flatten();
        if let Some(heading) = heading.and_then(|heading| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(heading).ok()
        }) {
            let _ = heading.set_attribute("tabindex", "-1");
            let _ = heading.focus();
        }
    });
}
