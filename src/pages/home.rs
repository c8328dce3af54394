//! The home page: the results of whoever is connected.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;
use loop_sdk::env::Env;
use loop_ui::export::{Export, export_section, print_head};
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, element};
use loop_ui::session::{Loaded, LoopSession};
use loop_ui::views::biomarker_list::{BiomarkerList, biomarker_list};
use loop_ui::views::rehearsal::awaited_list;
use loop_ui::views::states::{Notice, NoticeRole};

use crate::record::Record;
use crate::routes::{Page, biomarker_address};

/// How often "loaded two minutes ago" is looked at again.
const CLOCK: Duration = Duration::from_secs(30);

/// All results.
pub(super) fn home(_: Page) -> Markup {
    super::of_results("page", "/", awaited_list, list)
}

fn list(record: Record, loaded: &Loaded) -> Markup {
    let session = LoopSession::use_context();
    let now = clock();
    let results = biomarker_list(BiomarkerList {
        results: Arc::clone(&loaded.results),
        unreadable: loaded.unreadable,
        loaded_at: Some(loaded.at),
        now,
        choice: record.choice,
        is_return: record.is_return.get_value(),
        href: biomarker_address,
    });
    record.is_return.set_value(true);
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
        .with_all(there_is_more(loaded))
        .with_all(export)
}

/// The time, looked at again and again while the page is there.
pub(super) fn clock() -> RwSignal<Timestamp> {
    let session = LoopSession::use_context();
    let time = move || session.session().env().now();
    let now = RwSignal::new(time());
    if let Ok(clock) = set_interval_with_handle(move || now.set(time()), CLOCK) {
        on_cleanup(move || clock.clear());
    }
    now
}

/// That not everything was loaded.
pub(super) fn there_is_more(loaded: &Loaded) -> Option<Markup> {
    loaded.more.then(|| {
        Notice::new(
            NoticeRole::Note,
            Phrase::ResultsMore,
            Phrase::ResultsMoreWords,
        )
        .build()
    })
}
