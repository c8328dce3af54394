//! Rows under headings, drawn a few at a time: as many as fit on a screen at once, and the others when the browser has painted
//! those, so that neither the first picture nor a letter of a search waits for rows that nobody sees yet.
//!
//! All of them end up in the page, up to a limit: find-in-page, screen readers and paper know no difference. A window over
//! the rows would take them away from all three.

use std::sync::Arc;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::series::{Group, Series};
use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element};

/// Rows before the button that shows more. Nobody reads a list of thousands, and no page stays quick with them.
const LIMIT: usize = 300;
/// Rows that are drawn between two pictures.
const EACH_TIME: usize = 10;
/// How long the other rows wait after a change: somebody who types needs none of them between two letters.
const PAUSE: Duration = Duration::from_millis(120);

/// What rows look like.
pub(super) trait Rows: Send {
    /// How many are drawn before the page is painted: as many as most screens have room for below what stands above them. On a
    /// larger screen the others are there one picture later.
    fn at_once(&self) -> usize;
    /// The heading of a group and the first of its rows.
    fn section(&self, part: &Part<'_>) -> Markup;
    /// One row.
    fn row(&self, series: &Series) -> Markup;
    /// The element of a section that its rows stand in.
    fn list(&self, section: Element) -> Option<Element>;
}

/// Some rows of a group.
pub(super) struct Part<'a> {
    pub(super) group: &'a Group,
    /// The first of them is the first of the group.
    pub(super) is_start: bool,
    pub(super) rows: &'a [Arc<Series>],
}

/// The rows from one place to another, counted over all groups, by group. A part that begins a group starts with its row 0.
pub(super) fn parts(groups: &[Group], from: usize, to: usize) -> Vec<Part<'_>> {
    let mut start = 0;
    let mut parts = Vec::new();
    for group in groups {
        let end = start + group.rows.len();
        let (first, last) = (from.max(start), to.min(end));
        if first < last {
            parts.push(Part {
                group,
                is_start: first == start,
                rows: &group.rows[first - start..last - start],
            });
        }
        start = end;
    }
    parts
}

/// How the rows are drawn; a handle to the drawing that runs.
#[derive(Clone, Copy)]
pub(super) struct Drawing {
    /// How many are in the page when it is done.
    pub(super) limit: RwSignal<usize>,
    /// How many there are.
    pub(super) count: RwSignal<usize>,
    running: StoredValue<Option<Running>, LocalStorage>,
    /// Which drawing it is: steps of an earlier one come to nothing.
    number: StoredValue<u32>,
}

/// What has been drawn, and where.
struct Running {
    place: Element,
    groups: Arc<Vec<Group>>,
    count: usize,
    drawn: usize,
    rows: Box<dyn Rows>,
}

impl Drawing {
    /// Nothing is drawn yet.
    pub(super) fn new() -> Self {
        Self {
            limit: RwSignal::new(LIMIT),
            count: RwSignal::new(0),
            running: StoredValue::new_local(None),
            number: StoredValue::new(0),
        }
    }

    /// Puts the rows into `place`: as many as fit on a screen now, the others later. All of them now for somebody who comes
    /// back to a place far down.
    pub(super) fn rows(
        self,
        place: Markup,
        groups: &Arc<Vec<Group>>,
        rows: Box<dyn Rows>,
        is_return: bool,
    ) -> Markup {
        let limit = self.limit.get_untracked();
        let is_first = self.number.get_value() == 0;
        let drawn = if is_return && is_first {
            limit
        } else {
            rows.at_once().min(limit)
        };
        let mut place = place;
        for part in parts(groups, 0, drawn) {
            place = place.with(rows.section(&part));
        }
        let groups = Arc::clone(groups);
        let mut count = 0;
        for group in groups.iter() {
            count += group.rows.len();
        }
        self.count.set(count);
        place.made(move |place| {
            self.running.set_value(Some(Running {
                place: place.clone(),
                count,
                groups,
                drawn,
                rows,
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
            for part in parts(&running.groups, running.drawn, to) {
                let begun = if part.is_start {
                    running.rows.section(&part).append_to(&running.place)
                } else {
                    let section = running.place.last_element_child()?;
                    let list = running.rows.list(section)?;
                    let rows = part.rows.iter().map(|series| running.rows.row(series));
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
                    .is_some_and(|running| running.drawn < running.count.min(limit))
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

    /// What stands below rows that are cut: how many are shown, and a button for more.
    pub(super) fn more(self) -> Markup {
        let is_whole = move || self.limit.get() >= self.count.get();
        let said = move || {
            if is_whole() {
                return "".into();
            }
            words::shown_of(self.shown(), self.count.get()).into()
        };
        classed("p", "results__more")
            .live_attr("hidden", move || is_whole().then(|| "".into()))
            .with(element("span").live_text(said))
            .with(
                button("button")
                    .text(Phrase::ListShowMore)
                    .on_click(move || self.show_more()),
            )
    }

    /// How many are in the page when it is done. Reactive.
    pub(super) fn shown(self) -> usize {
        self.limit.get().min(self.count.get())
    }

    /// Lets more rows in, and moves the focus to the first of them.
    fn show_more(self) {
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
