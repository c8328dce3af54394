//! The views over results that anybody may fetch: what `cargo xtask size --auth` weighs `with_auth` against.

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpRequest};
use loop_ui::markup::{Markup, classed};

#[path = "support/views.rs"]
mod views;

fn main() {
    leptos::mount::mount_to_body(app);
}

fn app() -> Markup {
    let page: RwSignal<Option<Page<BiomarkerResult>>> = RwSignal::new(None);
    spawn_local(async move {
        let request = HttpRequest::get("/results.json".to_owned()).accept_json();
        let answer = Browser::new().send(request).await;
        page.set(
            answer
                .ok()
                .and_then(|answer| Page::parse(&answer.body, "results").ok()),
        );
    });
    classed("div", "app").live(move || {
        let page = page.get()?;
        Some(views::views(page.items, page.unreadable))
    })
}
