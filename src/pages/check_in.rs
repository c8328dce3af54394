//! The next check-in: since when the person is enrolled, then the form. What is typed stays in memory.

use leptos::prelude::*;
use loop_contracts::error::ErrorCode;
use loop_contracts::scope::ScopeSet;
use loop_sdk::env::Env;
use loop_sdk::{Error, Recovery};
use loop_ui::language::Phrase;
use loop_ui::markup::{Markup, classed, element, link};
use loop_ui::session::{LoopSession, retry_button};
use loop_ui::views::care::{CheckInForm, Field, check_in_form, enrolment};
use loop_ui::views::states::{Notice, NoticeRole, part_skeleton};

use super::trouble::{trouble, trouble_in_part};
use crate::care::{Care, Data, Known, Loaded, Part, Shown};
use crate::routes::{CARE, CHECK_IN, Page, address};

/// The page.
pub(super) fn check_in(_: Page) -> Markup {
    let care = Care::use_context();
    super::focus_heading();
    on_cleanup(move || {
        care.change(&mut |known| {
            if known.pending.is_none() {
                known.failed = None;
            }
        });
    });
    classed("main", "page page--narrow")
        .attr("id", "main")
        .live(move || Some(page(care)))
}

fn page(care: Care) -> Markup {
    let needed = [Part::Next, Part::Form].into_iter();
    let missing: ScopeSet = needed
        .filter(|part| !care.may(*part))
        .map(Part::scope)
        .collect();
    if !missing.is_empty() {
        return trouble(Error::InsufficientScope { missing }, CHECK_IN, || ());
    }
    element("div")
        .with(link("back", address(CARE)).text(Phrase::Care))
        .with(
            classed("h1", "page__title")
                .attr("tabindex", "-1")
                .text(Phrase::CheckIn),
        )
        .live(move || {
            let mut step = None;
            care.watch(Part::Next, &mut |_| ());
            care.watch(Part::Form, &mut |known| {
                step = Some(self::step(care, known));
            });
            step
        })
}

/// Where the person is: what is not known about the one before, the day of enrolment, the form.
fn step(care: Care, known: &Known) -> Markup {
    if known.failed.is_some() {
        // What was pressed is made anew.
        super::focus_heading();
        if known.pending.is_some() {
            return unknown(care, known);
        }
    }
    match known.part(Part::Next) {
        Shown::Nothing => {
            let now = LoopSession::use_context().session().env().now();
            enrolment(now, known.is_no_day, move |day| {
                care.change(&mut |known| {
                    known.is_no_day = day.is_none();
                    known.since = day.clone().unwrap_or_default();
                });
                match &day {
                    Some(_) => care.load(Part::Next),
                    None => care.tell(Part::Form),
                }
            })
        }
        Shown::Loading => part_skeleton(),
        Shown::Failed(error) => trouble_in_part(error.clone(), CHECK_IN, move || {
            care.load(Part::Next);
        }),
        Shown::Ready(Loaded {
            data: Data::Next(next),
            ..
        }) if let Some(marker) = next.day_marker => {
            let form = check_in_form(CheckInForm {
                next,
                draft: &known.draft,
                busy: care.busy,
                typed: Box::new(move |field, text| typed(care, field, text)),
                submit: Box::new(move || care.submit(marker)),
            });
            let failed = known.failed.as_ref();
            element("div")
                .with_all(failed.map(|error| refused(care, error)))
                .with(form)
        }
        Shown::Ready(_) => to_check_ins(
            NoticeRole::Status,
            Phrase::CheckInDone,
            Phrase::CheckInDoneWords,
        ),
    }
}

fn typed(care: Care, field: Field, text: String) {
    let mut text = Some(text);
    care.change(&mut |known| {
        known.draft.set(field, text.take().unwrap_or_default());
    });
}

fn to_check_ins(role: NoticeRole, title: Phrase, words: Phrase) -> Markup {
    Notice::new(role, title, words)
        .with_action(link("button", address(CARE)).text(Phrase::CheckInAll))
}

/// Loop said no to it, and nothing was written.
fn refused(care: Care, error: &Error) -> Markup {
    match error {
        Error::Rejected(ErrorCode::Conflict) => to_check_ins(
            NoticeRole::Alert,
            Phrase::CheckInThere,
            Phrase::CheckInThereWords,
        ),
        Error::NoResultsYet => to_check_ins(
            NoticeRole::Alert,
            Phrase::CheckInTooEarly,
            Phrase::CheckInTooEarlyWords,
        ),
        error => trouble_in_part(error.clone(), CHECK_IN, move || care.tell(Part::Form)),
    }
}

/// The answer got lost: it may have been written down, and may be sent again as it is.
fn unknown(care: Care, known: &Known) -> Markup {
    let after = match known.failed.as_ref().map(Error::recovery) {
        Some(Recovery::Retry { after }) => after,
        _ => 0,
    };
    let again = retry_button(after, Phrase::SendAgain, Phrase::SendAgainIn, move || {
        care.send();
    });
    Notice::new(
        NoticeRole::Alert,
        Phrase::CheckInLost,
        Phrase::CheckInLostWords,
    )
    .with_action(again.live_flag("aria-disabled", move || care.busy.get()))
}
