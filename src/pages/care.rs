//! What stands beside the results: safety flags, recommendations, check-ins, protocols. Each part loads, fails and stays closed by
//! itself.

use leptos::prelude::*;
use loop_contracts::scope::ScopeSet;
use loop_sdk::Error;
use loop_ui::format;
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, element};
use loop_ui::views::care as views;
use loop_ui::views::states::{Notice, NoticeRole, part_skeleton};

use super::trouble::trouble_in_part;
use crate::care::{Care, Data, Known, Loaded, Part, Shown};
use crate::permission::Permission;
use crate::record::Record;
use crate::routes::{CARE, CHECK_IN, Page, address, biomarker_address};

/// The parts, from top to bottom, with their id and heading.
const PARTS: [(Part, &str, Phrase); 4] = [
    (Part::Flags, "flags", Phrase::CareFlags),
    (Part::Advice, "recommendations", Phrase::CareAdvice),
    (Part::CheckIns, "check-ins", Phrase::CareCheckIns),
    (Part::Protocols, "protocols", Phrase::CareProtocols),
];

/// The page.
pub(super) fn care(_: Page) -> Markup {
    let care = Care::use_context();
    super::focus_heading();
    for (part, ..) in PARTS {
        care.ensure(part);
    }
    on_cleanup(move || care.written.set(false));
    let parts = PARTS.map(|(part, id, title)| {
        let body = element("div").live(move || Some(body(care, part)));
        views::part(id, title, body)
    });
    classed("main", "page care")
        .attr("id", "main")
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text(Phrase::Care),
        )
        .with(classed("p", "lede").text(Phrase::CareWords))
        .live(move || care.written.get().then(thanks))
        .live(move || several_closed(care))
        .with_all(parts)
}

fn thanks() -> Markup {
    Notice::new(
        NoticeRole::Status,
        Phrase::CareThanks,
        Phrase::CareThanksWords,
    )
    .build()
}

/// More than one part is closed: one question for all of them, since Loop is asked twice a minute at most.
fn several_closed(care: Care) -> Option<Markup> {
    let closed = PARTS.iter().map(|(part, ..)| *part);
    let missing: ScopeSet = closed
        .filter(|part| !care.may(*part))
        .map(Part::scope)
        .collect();
    let is_one_question =
        missing.iter().count() > 1 && !Permission::use_context().is_refused(&missing);
    is_one_question.then(|| trouble_in_part(Error::InsufficientScope { missing }, CARE, || ()))
}

/// What stands below the heading of a part.
fn body(care: Care, part: Part) -> Markup {
    let mut body = None;
    if care.may(part) {
        care.watch(part, &mut |known| {
            body = Some(match known.part(part) {
                Shown::Ready(loaded) => ready(care, loaded),
                Shown::Failed(error) => {
                    trouble_in_part(error.clone(), CARE, move || care.load(part))
                }
                Shown::Nothing if part == Part::Protocols => waiting(care),
                Shown::Nothing | Shown::Loading => part_skeleton(),
            });
        });
    }
    body.unwrap_or_else(|| {
        let missing = [part.scope()].into_iter().collect();
        trouble_in_part(Error::InsufficientScope { missing }, CARE, || ())
    })
}

/// Protocols are known from recommendations alone.
fn waiting(care: Care) -> Markup {
    element("div").live(move || {
        let mut comes = false;
        care.watch(Part::Advice, &mut |known| {
            comes = !matches!(known.part(Part::Advice), Shown::Failed(_));
        });
        if comes && care.may(Part::Advice) {
            return Some(part_skeleton());
        }
        Some(views::quiet(Phrase::CareProtocolsUnknown))
    })
}

fn ready(care: Care, loaded: &Loaded) -> Markup {
    let (count, list, nothing) = match &loaded.data {
        Data::Flags(flags) => (
            flags.len(),
            views::red_flags(flags, biomarker),
            Phrase::CareFlagsNone,
        ),
        Data::Advice(advice) => (
            advice.len(),
            views::recommendations(advice, biomarker, protocol),
            Phrase::CareAdviceNone,
        ),
        Data::CheckIns(answered) => (
            answered.len(),
            element("div")
                .live(move || Some(next(care)))
                .with(views::check_ins(answered)),
            Phrase::CareCheckInsNone,
        ),
        Data::Protocols(protocols) => (
            protocols.len(),
            views::protocols(protocols),
            Phrase::CareProtocolsNone,
        ),
        // It has a place of its own, see `next`.
        Data::Next(_) => return element("div"),
    };
    let gaps = views::gaps(count, loaded.unreadable, loaded.more);
    // Nothing that could be read is not nothing.
    let nothing = (count == 0 && gaps.is_none()).then(|| views::quiet(nothing));
    element("div").with_all(gaps).with(list).with_all(nothing)
}

/// Which check-in comes next.
fn next(care: Care) -> Markup {
    let mut box_ = None;
    care.watch(Part::Next, &mut |known| {
        let next = match known.part(Part::Next) {
            Shown::Ready(Loaded {
                data: Data::Next(next),
                ..
            }) => Some(next),
            _ => None,
        };
        box_ = Some(views::next_check_in(next, address(CHECK_IN)));
    });
    box_.unwrap_or_else(|| element("div"))
}

/// Name and address of a biomarker of which the record has results.
fn biomarker(code: &str) -> Option<(String, String)> {
    Record::use_context().results.loaded.with(|loaded| {
        let series = loaded.as_ref()?.results.find(code)?;
        Some((series.name.clone(), biomarker_address(&series.code)))
    })
}

/// Name of a protocol that is there; it has no page.
fn protocol(id: &str) -> Option<(String, String)> {
    let mut name = None;
    let look = &mut |known: &Known| {
        if let Shown::Ready(loaded) = known.part(Part::Protocols)
            && let Data::Protocols(protocols) = &loaded.data
        {
            let found = protocols.iter().find(|protocol| protocol.id == id);
            name = found.map(|found| (format::clean(&found.name, 160), String::new()));
        }
    };
    Care::use_context().watch(Part::Protocols, look);
    name
}
