//! The latest value of each biomarker: search, order, and a window over the rows, since there may be thousands.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{Element, HtmlElement, HtmlInputElement, window};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::Route;
use crate::results::{Series, day, status, use_results};

const ROW: f64 = 49.0;
/// Rows drawn above and below what can be seen.
const MORE: f64 = 10.0;

#[derive(Clone, Copy, PartialEq)]
enum By {
    Name,
    Status,
    Date,
}

#[component]
pub fn List() -> Html {
    match use_results() {
        Ok(series) => html! { <Table {series} /> },
        Err(instead) => instead,
    }
}

#[derive(Properties, PartialEq)]
struct TableProps {
    series: Rc<Vec<Rc<Series>>>,
}

fn ordered(series: &[Rc<Series>], by: By, is_down: bool) -> Vec<Rc<Series>> {
    let mut all = series.to_vec();
    all.sort_by(|a, b| {
        let order = match by {
            By::Name => a.found_by.cmp(&b.found_by),
            By::Status => a.latest().severity().cmp(&b.latest().severity()),
            By::Date => a.latest().at.total_cmp(&b.latest().at),
        };
        if is_down { order.reverse() } else { order }
    });
    all
}

#[component]
fn Table(props: &TableProps) -> Html {
    let search = use_state(String::new);
    let order = use_state(|| (By::Status, true));
    let all = use_memo((props.series.clone(), *order), |(series, (by, is_down))| {
        ordered(series, *by, *is_down)
    });
    let rows = use_memo((all, (*search).clone()), |(all, search)| {
        let wanted = search.trim().to_lowercase();
        all.iter()
            .filter(|series| series.found_by.contains(&wanted))
            .cloned()
            .collect::<Vec<_>>()
    });
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            search.set(event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let head = |by: By, words: &'static str| {
        let (now, is_down) = *order;
        let sorted = match (now == by, is_down) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        };
        let order = order.setter();
        let onclick = Callback::from(move |_| {
            order.set((
                by,
                if now == by {
                    !is_down
                } else {
                    by == By::Status
                },
            ))
        });
        html! { <div role="columnheader" aria-sort={sorted}><button type="button" {onclick}>{ words }</button></div> }
    };
    html! {
        <>
            <h1>{ "Your results" }</h1>
            <div class="tools">
                <input type="search" aria-label="Search" placeholder="Search" value={(*search).clone()} {oninput} />
                <p role="status" data-testid="count">{ format!("{} of {}", rows.len(), props.series.len()) }</p>
            </div>
            <div role="table" aria-label="Your results" aria-rowcount={(rows.len() + 1).to_string()} class="table">
                <div role="rowgroup">
                    <div role="row" class="row head">
                        { head(By::Name, "Biomarker") }
                        <div role="columnheader">{ "Value" }</div>
                        <div role="columnheader">{ "Range" }</div>
                        { head(By::Status, "Status") }
                        { head(By::Date, "Date") }
                    </div>
                </div>
                <Rows {rows} />
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct RowsProps {
    rows: Rc<Vec<Rc<Series>>>,
}

/// Which rows can be seen of what begins at this element.
fn seen(place: &NodeRef) -> (usize, usize) {
    let above = place
        .cast::<Element>()
        .map_or(0.0, |element| -element.get_bounding_client_rect().top());
    let height = window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or(0.0);
    let row = |at: f64| at.max(0.0) as usize;
    (
        row((above / ROW).floor() - MORE),
        row(((above + height) / ROW).ceil() + MORE),
    )
}

/// Those of the rows that can be seen, and a few more; all rows are of one height.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let place = use_node_ref();
    let shown = use_state_eq(|| (0, 0));
    {
        let (place, shown) = (place.clone(), shown.setter());
        use_effect_with((), move |()| {
            shown.set(seen(&place));
            let listeners = window().map(|window| {
                ["scroll", "resize"].map(|event| {
                    let (place, shown) = (place.clone(), shown.clone());
                    EventListener::new(&window, event, move |_| shown.set(seen(&place)))
                })
            });
            move || drop(listeners)
        });
    }
    let (from, to) = (shown.0.min(props.rows.len()), shown.1.min(props.rows.len()));
    {
        // By the object model: Yew writes `style` as an attribute, which the content security policy refuses.
        let place = place.clone();
        use_effect_with((from, to, props.rows.len()), move |(from, to, all)| {
            if let Some(element) = place.cast::<HtmlElement>() {
                let style = element.style();
                let _ = style.set_property("padding-top", &format!("{}px", *from as f64 * ROW));
                let _ =
                    style.set_property("padding-bottom", &format!("{}px", (all - to) as f64 * ROW));
            }
        });
    }
    let rows = props
        .rows
        .iter()
        .enumerate()
        .take(to)
        .skip(from)
        .map(|(index, series)| {
            html! { <Row key={series.code.clone()} series={series.clone()} {index} /> }
        });
    html! { <div role="rowgroup" ref={place} class="rows">{ for rows }</div> }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    series: Rc<Series>,
    index: usize,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { series, index } = props;
    let latest = series.latest();
    html! {
        <div role="row" data-testid="row" aria-rowindex={(index + 2).to_string()} class="row">
            <div role="cell"><Link<Route> to={Route::Biomarker { code: series.code.clone() }}>{ &series.name }</Link<Route>></div>
            <div role="cell">{ latest.value_text() }</div>
            <div role="cell">{ latest.range_text() }</div>
            <div role="cell">{ status(&latest.status) }</div>
            <div role="cell">{ day(latest.at) }</div>
        </div>
    }
}
