//! The home page: the results of whoever is connected.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use loop_sdk::env::Env;
use loop_ui::export::{Export, export_section, print_head};
use loop_ui::markup::{Markup, classed, element};
use loop_ui::session::LoopSession;
use loop_ui::views::biomarker_list::{BiomarkerList, biomarker_list};
use loop_ui::views::states::{Notice, NoticeRole, list_skeleton};

use super::trouble::trouble;
use crate::record::{Loaded, Record};
use crate::routes::biomarker_path;

/// How often "loaded two minutes ago" is looked at again.
const CLOCK: Duration = Duration::from_secs(30);

/// All results.
pub(crate) fn home() -> Markup {
    let record = Record::use_context();
    record.ensure();
    classed("main", "page").attr("id", "main").live(move || {
        Some(match (record.loaded.get(), record.trouble()) {
            (Some(loaded), _) => list(record, &loaded),
            (None, Some(error)) => trouble(error, "/", move || record.retry()),
            (None, None) => list_skeleton(),
        })
    })
}

fn list(record: Record, loaded: &Loaded) -> Markup {
    let session = LoopSession::use_context();
    let time = move || session.session().env().now();
    let now = RwSignal::new(time());
    if let Ok(clock) = set_interval_with_handle(move || now.set(time()), CLOCK) {
        on_cleanup(move || clock.clear());
    }
    let results = biomarker_list(BiomarkerList {
        results: Arc::clone(&loaded.results),
        unreadable: loaded.unreadable,
        loaded_at: Some(loaded.at),
        now,
        choice: record.choice,
        is_return: record.is_return.get_value(),
        href: biomarker_path,
    });
    record.is_return.set_value(true);
    let more = loaded.more.then(|| {
        Notice::new(
            NoticeRole::Note,
            "There is more than is shown here",
            "Loop has more results than this page loads at once. What is shown is complete up to that point.",
        )
        .build()
    });
    let export = export_section(Export {
        results: Arc::clone(&loaded.results),
        unreadable: loaded.unreadable,
        more: loaded.more,
        source: session.session().config().clinical.as_str().to_owned(),
        loaded_at: loaded.at,
        now,
    });
    element("div")
        .with(print_head(loaded.at, now))
        .with(results)
        .with_all(more)
        .with_all(export)
}
