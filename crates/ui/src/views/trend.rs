//! The chart of one biomarker: true time axis, the range of each measurement, keyboard, and the same data as a table.

mod draw;
pub mod geometry;
pub mod log;
pub mod scale;
pub mod table;
pub mod ticks;

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use self::geometry::{Layout, layout_on, nearest};
use self::table::measurements_table;
use super::change::{Expected, expected};
use super::series::Series;
use super::words;
use crate::language::Phrase;
use crate::markup::{Markup, button, classed, element};

/// Tells the width of an element until it is dropped.
struct WidthWatch {
    observer: web_sys::ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl WidthWatch {
    fn new(element: &web_sys::Element, tell: impl Fn(f64) + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entry = entries
                .get(0)
                .unchecked_into::<web_sys::ResizeObserverEntry>();
            let width = entry.content_rect().width().floor();
            // A hidden element has no width.
            if width >= 1.0 {
                tell(width);
            }
        });
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _callback: callback,
        })
    }
}

impl Drop for WidthWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The measurements of a biomarker over time. `changed` says what changed in how it was measured ([`notes`](super::notes)),
/// which is about what the lab printed, also where `series` is converted.
///
/// # Accessibility
/// A figure whose caption is the takeaway. The chart is one tab stop, a named group of named points. Arrow keys move from
/// measurement to measurement, Home and End jump, Esc leaves; what the person moves to is said politely. The same data is
/// one button away as a table. With fewer than two numbers there is no chart and no trend word.
pub fn trend(series: &Arc<Series>, changed: &[String]) -> Markup {
    let chart_points = scale::points(series);
    let numbers = chart_points
        .iter()
        .filter(|point| point.value.is_some())
        .count();
    let caption = classed("figcaption", "trend__caption").text(words::takeaway(series));
    if numbers < 2 {
        return classed("figure", "trend trend--single")
            .with(caption)
            .with_all(draw::notes(series, None, changed));
    }

    let as_table = RwSignal::new(false);
    let unit = scale::reference(series).map_or("", |point| &*point.unit);
    let heading = if unit.is_empty() {
        [Phrase::TrendOver, Phrase::TrendOverLog]
    } else {
        [Phrase::TrendOverUnit, Phrase::TrendOverUnitLog]
    };
    let heading = heading.map(|heading| heading.fill(&[unit]));
    let may_be_log = scale::log_domain(&chart_points, scale::safe_unit(&chart_points)).is_some();
    let expected = expected(series);
    let notes = draw::notes(series, expected.as_ref(), changed);
    let chart = Chart::new(series, chart_points, expected);
    // The scale is said where the unit is, so that a picture of the chart says it too.
    let heading =
        element("bdi").live_text(move || heading[usize::from(chart.is_log.get())].clone().into());
    let heading = classed("span", "trend__unit").with(heading);
    let toggle = |is_on: RwSignal<bool>, words: Phrase| {
        button("button button--small")
            .live_flag("aria-pressed", move || is_on.get())
            .text(words)
            .on_click(move || is_on.update(|on| *on = !*on))
    };
    let log_toggle = may_be_log.then(|| {
        toggle(chart.is_log, Phrase::TrendLog)
            .on("click", move |_| chart.draw(None))
            .live_attr("hidden", move || as_table.get().then(|| "".into()))
    });
    let toggles = classed("div", "trend__toggles")
        .with_all(log_toggle)
        .with(toggle(as_table, Phrase::TrendAsTable));
    let bar = classed("div", "trend__bar").with(heading).with(toggles);
    let chart = chart
        .view()
        .live_attr("hidden", move || as_table.get().then(|| "".into()));
    let measurements = Arc::clone(series);
    let table = move || {
        let caption = Phrase::TrendTable.text().to_owned();
        as_table
            .get()
            .then(|| measurements_table(Arc::clone(&measurements), caption, true))
    };
    let card = classed("div", "trend__card")
        .with(bar)
        .with(chart)
        .live(table);
    classed("figure", "trend")
        .with(caption)
        .with(card)
        .with_all(notes)
}

/// The chart's state and what moves it.
#[derive(Clone, Copy)]
struct Chart {
    series: StoredValue<Arc<Series>>,
    points: StoredValue<Vec<scale::Point>>,
    watch: StoredValue<Option<WidthWatch>, LocalStorage>,
    is_log: RwSignal<bool>,
    picture: RwSignal<Option<Arc<Layout>>>,
    selected: RwSignal<Option<usize>>,
    said: RwSignal<String>,
    /// Shown while nothing is selected: the newest measurement with a number.
    newest: usize,
    count: usize,
    decimals: u8,
    expected: Option<Expected>,
}

impl Chart {
    fn new(series: &Arc<Series>, points: Vec<scale::Point>, expected: Option<Expected>) -> Self {
        let newest = points
            .iter()
            .rposition(|point| point.value.is_some())
            .unwrap_or(0);
        Self {
            series: StoredValue::new(Arc::clone(series)),
            // A first picture at a likely width, so that nothing jumps when the real one is known.
            picture: RwSignal::new(layout_on(&points, 640.0, false).map(Arc::new)),
            is_log: RwSignal::new(false),
            selected: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            newest,
            count: points.len(),
            decimals: series.decimals(),
            expected,
            points: StoredValue::new(points),
            watch: StoredValue::new_local(None),
        }
    }

    /// Draws for the width that the element has, and has later.
    fn fit(self, element: &Element) {
        let tell = move |width: f64| {
            // The signal is gone when the page is; the same width again is no news.
            let known = self.picture.try_with_untracked(|picture| {
                picture
                    .as_ref()
                    .is_some_and(|picture| (picture.width - width).abs() < 0.5)
            });
            if known == Some(false) {
                self.draw(Some(width));
            }
        };
        self.watch.set_value(WidthWatch::new(element, tell));
    }

    /// Draws anew, for another width or on another scale.
    fn draw(self, width: Option<f64>) {
        let known = || {
            self.picture
                .with_untracked(|picture| Some(picture.as_ref()?.width))
        };
        let width = width.or_else(known).unwrap_or(640.0);
        let is_log = self.is_log.get_untracked();
        let picture = self
            .points
            .with_value(|points| layout_on(points, width, is_log));
        self.picture.set(picture.map(Arc::new));
    }

    /// Arrow keys, Home, End and Esc. Only what the person moves to is said.
    fn key(self, event: &Event) {
        let event = event.unchecked_ref::<KeyboardEvent>();
        let now = self.selected.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => now.map_or(self.newest, |place| place.saturating_sub(1)),
            "ArrowRight" | "ArrowDown" => {
                now.map_or(self.newest, |place| (place + 1).min(self.count - 1))
            }
            "Home" => 0,
            "End" => self.count - 1,
            "Escape" => {
                self.selected.set(None);
                self.said.set(String::new());
                if let Some(element) = chart_of(event) {
                    // Leaving the focus where it is would keep the keys; the next Tab goes on from here.
                    let _ = element.blur();
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        self.selected.set(Some(next));
        let words = self.series.with_value(|series| {
            series
                .dated()
                .get(next)
                .map(|point| words::point(point, self.decimals))
        });
        self.said.set(words.unwrap_or_default());
    }

    /// Selects the measurement nearest to a finger or a mouse.
    fn point(self, event: &Event) {
        let event = event.unchecked_ref::<PointerEvent>();
        let Some(element) = chart_of(event) else {
            return;
        };
        let area = element.get_bounding_client_rect();
        let place = self.picture.with_untracked(|picture| {
            let picture = picture.as_ref()?;
            let x =
                (f64::from(event.client_x()) - area.left()) * picture.width / area.width().max(1.0);
            nearest(&picture.drawing, x)
        });
        if place != self.selected.get_untracked() {
            self.selected.set(place);
        }
    }

    fn view(self) -> Markup {
        let shown = move || self.selected.get().unwrap_or(self.newest);
        let readout = move || {
            self.series.with_value(|series| {
                let point = series.dated().get(shown())?;
                Some(draw::readout(point, self.decimals))
            })
        };
        let still = move || {
            let picture = self.picture.get()?;
            let draw = |series: &Arc<Series>| {
                draw::still(&picture, series, self.decimals, self.expected.as_ref())
            };
            Some(self.series.with_value(draw))
        };
        let selection = move || {
            let picture = self.picture.get()?;
            let (place, is_selected) = (shown(), self.selected.get().is_some());
            self.series.with_value(|series| {
                let point = series.dated().get(place)?;
                draw::selection(&picture, place, point, self.decimals, is_selected)
            })
        };
        let name = self.series.with_value(|series| {
            Phrase::TrendName.count(self.count, &[&series.name, &words::whole(self.count)])
        });
        let chart = classed("div", "trend__chart")
            .attr("role", "group")
            .attr("tabindex", "0")
            .attr("aria-label", name)
            .on("keydown", move |event| self.key(&event))
            .on("pointermove", move |event| self.point(&event))
            .on("pointerdown", move |event| self.point(&event))
            .on("pointerleave", move |_| self.selected.set(None))
            .on("blur", move |_| self.selected.set(None))
            .made(move |element| self.fit(element))
            .live(still)
            .live(selection);
        let said = classed("p", "visually-hidden")
            .attr("role", "status")
            .live_text(move || self.said.get().into());
        element("div").live(readout).with(chart).with(said)
    }
}

/// The element that listens.
fn chart_of(event: &Event) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}
