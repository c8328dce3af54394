//! The chunks of the app: what asking for the results can do without. Two come along in the app's own file, one has a file that is
//! loaded later.
//!
//! A chunk has whatever is reached through its entries alone, so an entry of one is called by a pointer that the compiler does not
//! see through. `xtask/src/chunks.rs` names the entries, and `public/boot.js` brings the chunks. A build for developers has all in one.

use std::hint::black_box;

use leptos::prelude::*;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, button, classed};
use loop_ui::views::states::{Notice, NoticeRole, list_skeleton};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use crate::app;
use crate::pages;
use crate::routes::Page;
use crate::start::Start;

/// The chunk that draws anything at all, by its number. The others need it.
const APP: u32 = 0;

/// A chunk that draws pages, by its number. One needs those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chunk {
    /// The list, and one biomarker.
    Results = 1,
    /// Every other page of somebody who is connected.
    More,
}

#[wasm_bindgen]
extern "C" {
    /// Loads a chunk and those before it, then says how it went: 0 well, 1 that there is no network, 2 that the file is gone or changed.
    #[wasm_bindgen(js_namespace = window, js_name = loopChunk)]
    fn load(chunk: u32, then: &Closure<dyn FnMut(u32)>);
}

/// Shows the app once its chunk is there, which is the only call back. When it does not come, `public/boot.js` says so.
pub(crate) fn show(start: Start) {
    let then = Closure::once(|_| black_box(app::show as fn(Start))(start));
    load(APP, &then);
    then.forget();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Nothing,
    Coming,
    There,
    Offline,
    Gone,
}

/// Which chunks are there.
#[derive(Clone, Copy)]
pub(crate) struct Chunks([RwSignal<State>; 2]);

impl Chunks {
    /// None yet, as far as anybody has asked.
    pub(crate) fn new() -> Self {
        Self([State::Nothing; 2].map(RwSignal::new))
    }

    /// A page of somebody who is connected, once its chunk is there; until then that it comes, or why it does not. Reactive.
    pub(crate) fn draw(self, page: Page) -> Markup {
        let (chunk, draw) = pages::connected(&page);
        let state = self.state(chunk);
        match state.get() {
            State::There => return black_box(draw)(page),
            State::Nothing => self.ask(chunk),
            State::Coming => {}
            State::Offline => return did_not_come(move || self.ask(chunk)),
            // The page names the files of another deployment.
            State::Gone => {
                return did_not_come(|| {
                    let _ = window().location().reload();
                });
            }
        }
        classed("main", "page")
            .attr("id", "main")
            .attr("aria-busy", "true")
            .with(list_skeleton())
    }

    fn state(self, chunk: Chunk) -> RwSignal<State> {
        self.0[chunk as usize - Chunk::Results as usize]
    }

    fn ask(self, chunk: Chunk) {
        let state = self.state(chunk);
        state.set(State::Coming);
        let then = Closure::new(move |how| {
            state.set(match how {
                0 => State::There,
                1 => State::Offline,
                _ => State::Gone,
            });
        });
        load(chunk as u32, &then);
        // Called once, whenever it comes.
        then.forget();
    }
}

fn did_not_come(again: impl Fn() + Send + Sync + 'static) -> Markup {
    pages::focus_heading();
    let notice = Notice::page(
        NoticeRole::Alert,
        Phrase::ChunkMissing,
        Phrase::ChunkMissingWords,
    );
    let again = button("button button--primary")
        .text(Phrase::TryAgain)
        .on_click(again);
    classed("main", "page page--narrow")
        .attr("id", "main")
        .with(notice.with_action(again))
}
