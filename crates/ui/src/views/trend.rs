//! The chart of one biomarker: true time axis, the range of each measurement, keyboard, and the same data as a table.

mod draw;
pub mod geometry;
pub mod scale;
pub mod table;
pub mod ticks;

use std::sync::Arc;

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use self::table::MeasurementsTable;

use self::geometry::{Layout, layout, nearest};
use super::series::Series;
use super::words;

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

/// The measurements of a biomarker over time.
///
/// # Accessibility
/// A figure whose caption is the takeaway. The chart is one tab stop, a named group of named points. Arrow keys move from
/// measurement to measurement, Home and End jump, Esc leaves; what the person moves to is said politely. The same data is
/// one button away as a table. With fewer than two numbers there is no chart and no trend word.
#[component]
pub fn Trend(
    /// Whose measurements.
    series: Arc<Series>,
) -> impl IntoView {
    let chart_points = scale::points(&series);
    let numbers = chart_points
        .iter()
        .filter(|point| point.value.is_some())
        .count();
    let caption = words::takeaway(&series);
    if numbers < 2 {
        return view! { <figure class="trend trend--single"><figcaption class="trend__caption">{caption}</figcaption></figure> }.into_any();
    }

    let chart = Chart::new(&series, chart_points);
    let as_table = RwSignal::new(false);
    let unit = scale::reference(&series).map_or("", |point| point.unit.as_str());
    let heading = if unit.is_empty() {
        "Over time".to_owned()
    } else {
        format!("{unit} over time")
    };
    let notes = draw::notes(&series);
    view! {
        <figure class="trend">
            <figcaption class="trend__caption">{caption}</figcaption>
            <div class="trend__card">
                <div class="trend__bar">
                    <span class="trend__unit"><bdi>{heading}</bdi></span>
                    <button
                        type="button"
                        class="button button--small"
                        aria-pressed=move || as_table.get().to_string()
                        on:click=move |_| as_table.update(|on| *on = !*on)
                    >
                        "Show as table"
                    </button>
                </div>
                <div hidden=move || as_table.get()>{chart.view()}</div>
                <Show when=move || as_table.get()>
                    <MeasurementsTable series=Arc::clone(&series) caption="The measurements of the chart" dated_only=true/>
                </Show>
            </div>
            {notes}
        </figure>
    }
    .into_any()
}

/// The chart's state and what moves it.
#[derive(Clone, Copy)]
struct Chart {
    series: StoredValue<Arc<Series>>,
    node: NodeRef<Div>,
    picture: RwSignal<Option<Arc<Layout>>>,
    selected: RwSignal<Option<usize>>,
    said: RwSignal<String>,
    /// Shown while nothing is selected: the newest measurement with a number.
    newest: usize,
    count: usize,
    decimals: u8,
}

impl Chart {
    fn new(series: &Arc<Series>, points: Vec<scale::Point>) -> Self {
        let node = NodeRef::<Div>::new();
        let newest = points
            .iter()
            .rposition(|point| point.value.is_some())
            .unwrap_or(0);
        let count = points.len();
        // A first picture at a likely width, so that nothing jumps when the real one is known.
        let picture = RwSignal::new(layout(&points, 640.0).map(Arc::new));
        let points = Arc::new(points);
        let watch = StoredValue::new_local(None::<WidthWatch>);
        Effect::new(move |_| {
            let Some(element) = node.get() else { return };
            let points = Arc::clone(&points);
            let tell = move |width: f64| {
                // The signal is gone when the page is; the same width again is no news.
                let known = picture.try_with_untracked(|picture| {
                    picture
                        .as_ref()
                        .is_some_and(|picture| (picture.width - width).abs() < 0.5)
                });
                if known == Some(false) {
                    picture.set(layout(&points, width).map(Arc::new));
                }
            };
            watch.set_value(WidthWatch::new(&element, tell));
        });
        Self {
            series: StoredValue::new(Arc::clone(series)),
            node,
            picture,
            selected: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            newest,
            count,
            decimals: series.decimals(),
        }
    }

    /// Arrow keys, Home, End and Esc. Only what the person moves to is said.
    fn key(self, event: &ev::KeyboardEvent) {
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
                if let Some(element) = self.node.get_untracked() {
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
    fn point(self, event: &ev::PointerEvent) {
        let Some(element) = self.node.get_untracked() else {
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

    fn view(self) -> impl IntoView {
        let shown = move || self.selected.get().unwrap_or(self.newest);
        let readout = move || {
            self.series.with_value(|series| {
                series
                    .dated()
                    .get(shown())
                    .map(|point| draw::readout(point, self.decimals))
            })
        };
        let still = move || {
            let picture = self.picture.get()?;
            Some(
                self.series
                    .with_value(|series| draw::still(&picture, series, self.decimals)),
            )
        };
        let selection = move || {
            let picture = self.picture.get()?;
            let (place, is_selected) = (shown(), self.selected.get().is_some());
            self.series.with_value(|series| {
                draw::selection(
                    &picture,
                    place,
                    series.dated().get(place)?,
                    self.decimals,
                    is_selected,
                )
            })
        };
        let name = self
            .series
            .with_value(|series| words::chart(&series.name, self.count));
        view! {
            {readout}
            <div
                class="trend__chart"
                node_ref=self.node
                role="group"
                tabindex="0"
                aria-label=name
                on:keydown=move |event| self.key(&event)
                on:pointermove=move |event| self.point(&event)
                on:pointerdown=move |event| self.point(&event)
                on:pointerleave=move |_| self.selected.set(None)
                on:blur=move |_| self.selected.set(None)
            >
                {still}
                {selection}
            </div>
            <p class="visually-hidden" role="status">{self.said}</p>
        }
    }
}
