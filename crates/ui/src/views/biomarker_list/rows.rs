//! The rows under their headings. As many as fit on a screen are drawn at once, and the others when the browser has painted
//! those, a few at a time, so that neither the first picture nor a letter of a search waits for rows that nobody sees yet.
//!
//! All of them end up in the page, up to a limit: find-in-page, screen readers and paper know no difference. A window over
//! the rows would take them away from all three.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::row::row;
use super::visible::{Part, Visible};
use crate::markup::{Markup, classed, element};
use crate::views::series::OUTSIDE;
use crate::views::words;

/// Rows before the button that shows more. Nobody reads a list of thousands, and no page stays quick with them.
const LIMIT: usize = 300;
/// Rows that are drawn before the page is painted: as many as most screens have room for below the search field.
pub(super) const AT_ONCE: usize = 12;
/// Rows that are drawn between two pictures.
const EACH_TIME: usize = 10;
/// How long the other rows wait after a change: somebody who types needs none of them between two letters.
const PAUSE: Duration = Duration::from_millis(120);

/// How the rows are drawn; a handle to the drawing that runs.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// How many are in the page when it is done.
    pub(super) limit: RwSignal<usize>,
    running: StoredValue<Option<Running>, LocalStorage>,
    /// Which drawing it is: steps of an earlier one come to nothing.
    number: StoredValue<u32>,
    total: usize,
    href: fn(&str) -> String,
}

/// What has been drawn, and where.
struct Running {
    place: Element,
    visible: Visible,
    drawn: usize,
}

impl Drawing {
    /// Nothing is drawn yet. `total` is how many rows there are without a filter.
    pub(super) fn new(total: usize, href: fn(&str) -> String) -> Self {
        Self {
            limit: RwSignal::new(LIMIT),
            running: StoredValue::new_local(None),
            number: StoredValue::new(0),
            total,
            href,
        }
    }

    /// The rows: as many as fit on a screen now, the others later. All of them now for somebody who comes back to a place far
    /// down.
    pub(super) fn rows(self, visible: &Visible, is_return: bool) -> Markup {
        let limit = self.limit.get_untracked();
        let is_first = self.number.get_value() == 0;
        let drawn = if is_return && is_first {
            limit
        } else {
            AT_ONCE.min(limit)
        };
        let parts = visible.part(0, drawn);
        let sections = parts
            .iter()
            .map(|part| section(part, self.total, self.href));
        let visible = visible.clone();
        classed("div", "results__groups")
            .with(paper_heads())
            .with_all(sections)
            .made(move |place| {
                let place = place.clone();
                self.running.set_value(Some(Running {
                    place,
                    visible,
                    drawn,
                }));
                self.begin();
            })
    }

    /// Draws so many rows more, if there are; says where they begin.
    fn draw(self, count: usize) -> Option<Element> {
        let limit = self.limit.try_get_untracked()?;
        self.running.try_update_value(|running| {
            let running = running.as_mut()?;
            let to = limit.min(running.drawn.saturating_add(count));
            let mut first = None;
            for part in running.visible.part(running.drawn, to) {
                let begun = if part.is_start {
                    section(&part, self.total, self.href).append_to(&running.place)
                } else {
                    let section = running.place.last_element_child()?;
                    let list = section.last_element_child()?;
                    let rows = part.rows.iter().map(|series| row(series, self.href));
                    rows.fold(None, |first, row| first.or(row.append_to(&list)))
                };
                first = first.or(begun);
            }
            running.drawn = to;
            first
        })?
    }

    /// Draws the others, a few after each picture, until all are there, or another drawing has begun, or the list is gone.
    fn begin(self) {
        let number = self.number.get_value().wrapping_add(1);
        self.number.set_value(number);
        let pause = if number == 1 { Duration::ZERO } else { PAUSE };
        self.go_on(number, pause);
    }

    fn go_on(self, number: u32, pause: Duration) {
        if !self.is_behind() {
            return;
        }
        let step = move || {
            if self.number.try_get_value() == Some(number) {
                self.draw(EACH_TIME);
                self.go_on(number, Duration::ZERO);
            }
        };
        // A task behind the next picture.
        request_animation_frame(move || set_timeout(step, pause));
    }

    fn is_behind(self) -> bool {
        let limit = self.limit.try_get_untracked().unwrap_or_default();
        self.running
            .try_with_value(|running| {
                running
                    .as_ref()
                    .is_some_and(|running| running.drawn < running.visible.count.min(limit))
            })
            .unwrap_or_default()
    }

    /// Draws the rest at once when the browser is about to print.
    pub(super) fn ready_for_paper(self) {
        let printing = window_event_listener(ev::beforeprint, move |_| {
            self.draw(usize::MAX);
        });
        on_cleanup(move || printing.remove());
    }

    /// Lets more rows in, and moves the focus to the first of them.
    pub(super) fn show_more(self) {
        self.draw(usize::MAX);
        self.limit.update(|limit| *limit += LIMIT);
        let first = self.draw(EACH_TIME);
        self.begin();
        let link = first.and_then(|row| row.query_selector("a").ok().flatten());
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            let _ = link.focus();
        }
    }
}

/// A heading and the first of its rows.
fn section(part: &Part<'_>, total: usize, href: fn(&str) -> String) -> Markup {
    let group = part.group;
    let id = format!("group-{}", group.id);
    let is_outside = group.id == OUTSIDE;
    let note = words::group_note(is_outside, &group.rows, total);
    let head = classed("div", "group__head")
        .with(
            classed("h2", "group__title")
                .attr("id", id.clone())
                .text(group.title),
        )
        .with(classed("span", "group__note").text(note));
    let list = classed("ul", "rows")
        .attr("role", "list")
        .with_all(part.rows.iter().map(|series| row(series, href)));
    let class = if is_outside {
        "group group--outside"
    } else {
        "group"
    };
    classed("section", class)
        .attr("aria-labelledby", id)
        .with(head)
        .with(list)
}

/// On paper a row is a line of a table, and these are its columns.
fn paper_heads() -> Markup {
    let heads = ["Test", "Result", "Range", "Status", "Collected"];
    classed("div", "print-only row-heads")
        .attr("aria-hidden", "true")
        .with_all(heads.map(|head| element("span").text(head)))
}
