//! What both apps show: the list, or one biomarker by the last part of the address.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::time::Timestamp;
use loop_ui::catalogue::Catalogue;
use loop_ui::markup::{Markup, classed};
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use loop_ui::views::series::Results;

pub(crate) fn views(results: Vec<BiomarkerResult>, unreadable: usize) -> Markup {
    let results = Arc::new(Results::new(results, Catalogue::empty()));
    let path = location().pathname().unwrap_or_default();
    let main = classed("main", "page");
    if let Some(series) = results.find(path.trim_start_matches('/')) {
        return main.with(biomarker_detail(&results, series, "/", str::to_owned));
    }
    main.with(biomarker_list(BiomarkerList {
        results,
        unreadable,
        loaded_at: None,
        now: RwSignal::new(Timestamp::default()),
        choice: RwSignal::new(Choice::default()),
        is_return: false,
        href: str::to_owned,
    }))
}
