//! One biomarker.

use leptos::prelude::*;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, link};
use loop_ui::views::biomarker_detail::biomarker_detail;
use loop_ui::views::states::{Notice, NoticeRole, detail_skeleton};

use super::trouble::trouble;
use crate::record::Record;
use crate::routes::{Page, address, biomarker_address, biomarker_path};

/// One biomarker, by the code in the path.
pub(super) fn biomarker(page: Page) -> Markup {
    let code = match page {
        Page::Biomarker(code) => code,
        _ => String::new(),
    };
    let record = Record::use_context().results;
    classed("main", "page").attr("id", "main").live(move || {
        let found = record.loaded.with(|loaded| {
            let loaded = loaded.as_ref()?;
            let series = loaded.results.find(&code).cloned();
            Some(series.map(|series| (loaded.results.clone(), series)))
        });
        let (results, series) = match (found, record.trouble()) {
            (Some(Some(found)), _) => found,
            (_, Some(error)) => {
                return Some(trouble(error, biomarker_path(&code), move || {
                    record.reload();
                }));
            }
            (None, None) => return Some(detail_skeleton()),
            (Some(None), None) => return Some(unknown()),
        };
        super::focus_heading();
        Some(biomarker_detail(
            &results,
            &series,
            address("/"),
            biomarker_address,
        ))
    })
}

fn unknown() -> Markup {
    super::focus_heading();
    Notice::page(
        NoticeRole::Note,
        Phrase::ResultUnknown,
        Phrase::ResultUnknownWords,
    )
    .with_action(link("button button--primary", address("/")).text(Phrase::AllResults))
}
