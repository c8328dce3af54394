//! What the person sees of a copy: a quiet section with four buttons, and the head of a printed page.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::time::Timestamp;

use super::{Contents, Kind, download};
use crate::format::{self, DateStyle};
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element};
use crate::views::series::Results;

/// What is copied.
pub struct Export {
    /// The results.
    pub results: Arc<Results>,
    /// How many entries of the platform's answer could not be read.
    pub unreadable: usize,
    /// Whether the platform has more than was loaded.
    pub more: bool,
    /// The address of the service that the results came from.
    pub source: String,
    /// When they were loaded.
    pub loaded_at: Timestamp,
    /// The time now.
    pub now: RwSignal<Timestamp>,
}

/// The section. `None` where there is nothing to copy.
pub fn export_section(export: Export) -> Option<Markup> {
    if export.results.came.is_empty() {
        return None;
    }
    let export = Arc::new(export);
    let said = RwSignal::new(String::new());
    // The name of a format is the same in every language.
    let file = |kind: Kind, label: Phrase, format: &'static str| {
        let export = Arc::clone(&export);
        button("button button--small")
            .text(label)
            .text(" ")
            .with(classed("span", "export__kind").text(format))
            .on_click(move || said.set(save(&export, kind)))
    };
    let print = button("button button--small")
        .text(Phrase::ExportPrint)
        .on_click(download::print);
    let is_whole = export.unreadable == 0 && !export.more;
    let gap = (!is_whole).then(|| element("strong").text(" ").text(Phrase::ExportGap));
    let buttons = classed("div", "export__buttons")
        .with(file(Kind::Csv, Phrase::ExportTable, "CSV"))
        .with(file(Kind::Json, Phrase::ExportData, "JSON"))
        .with(file(Kind::Fhir, Phrase::ExportClinic, "FHIR"))
        .with(print);
    Some(
        classed("section", "export")
            .attr("aria-labelledby", "export")
            .with(
                classed("h2", "export__title")
                    .attr("id", "export")
                    .text(Phrase::Export),
            )
            .with(
                classed("p", "export__words")
                    .text(Phrase::ExportWords)
                    .with_all(gap),
            )
            .with(buttons)
            .with(
                classed("p", "export__said")
                    .attr("role", "status")
                    .live_text(move || said.get().into()),
            ),
    )
}

/// Makes a file; what came of it, in words.
fn save(export: &Export, kind: Kind) -> String {
    let now = export.now.get_untracked();
    let name = kind.file_name(download::on_the_wall(now));
    let text = kind.write(&Contents {
        results: &export.results,
        unreadable: export.unreadable,
        more: export.more,
        source: &export.source,
        loaded_at: export.loaded_at,
        exported_at: now,
    });
    if download::save(&name, kind.media_type(), &text) {
        Phrase::ExportMade.fill(&[&name])
    } else {
        Phrase::ExportRefused.text().to_owned()
    }
}

/// What stands on top of a printed page, and only there: where it comes from, as of when, and when it was printed. No name:
/// paper lies about.
pub fn print_head(loaded_at: Timestamp, now: RwSignal<Timestamp>) -> Markup {
    let day = |at| format::date(at, DateStyle::Long);
    classed("p", "print-only print-head")
        .text(Phrase::PrintAsOf.fill(&[&day(loaded_at)]))
        .text(" ")
        .live_text(move || Phrase::PrintedOn.fill(&[&day(now.get())]).into())
}
