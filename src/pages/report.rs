//! The report: all results as a table, a column a draw.

use std::sync::Arc;

use loop_ui::export::print_head;
use loop_ui::markup::{Markup, element};
use loop_ui::session::Loaded;
use loop_ui::views::report_grid::{ReportGrid, report_grid};
use loop_ui::views::states::report_skeleton;

use super::home::{clock, there_is_more};
use crate::record::Record;
use crate::routes::{Page, biomarker_address};

/// All results by date.
pub(super) fn report(_: Page) -> Markup {
    super::of_results("page page--wide", "/report", report_skeleton, grid)
}

fn grid(record: Record, loaded: &Loaded) -> Markup {
    super::focus_heading();
    let now = clock();
    let report = report_grid(ReportGrid {
        results: Arc::clone(&loaded.results),
        unreadable: loaded.unreadable,
        loaded_at: Some(loaded.at),
        now,
        view: record.report,
        href: biomarker_address,
    });
    element("div")
        .with(print_head(loaded.at, now))
        .with(report)
        .with_all(there_is_more(loaded))
}
