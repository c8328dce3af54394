//! The app's views without sign-in, session and requests: what `cargo xtask size --auth` weighs the app against.
//!
//! It shows what stands in the page as text, in the form of the platform's answer.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::page::Page;
use loop_contracts::time::Timestamp;
use loop_ui::markup::{Markup, classed};
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::biomarker_list::{BiomarkerList, Filter, biomarker_list};
use loop_ui::views::series::Results;

fn main() {
    leptos::mount::mount_to_body(app);
}

fn app() -> Markup {
    let body = document().body().and_then(|body| body.text_content());
    let page = Page::<BiomarkerResult>::parse(body.unwrap_or_default().as_bytes(), "biomarkers");
    let (items, unreadable) = page.map_or((vec![], 0), |page| (page.items, page.unreadable));
    let results = Arc::new(Results::new(items));
    let path = location().pathname().unwrap_or_default();
    let main = classed("main", "page");
    if let Some(series) = results.find(path.trim_start_matches('/')) {
        return main.with(biomarker_detail(series, "/"));
    }
    main.with(biomarker_list(BiomarkerList {
        results,
        unreadable,
        loaded_at: None,
        now: RwSignal::new(Timestamp::default()),
        filter: RwSignal::new(Filter::All),
        search: RwSignal::new(String::new()),
        href: str::to_owned,
    }))
}
