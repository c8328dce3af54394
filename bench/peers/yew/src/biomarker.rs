//! One biomarker: its latest value, its trend, its measurements.

use std::rc::Rc;

use yew::prelude::*;

use crate::chart::Chart;
use crate::results::{Series, day, status, use_results};

/// Rows before the button that shows the rest.
const FIRST: usize = 60;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub code: String,
}

#[component]
pub fn Biomarker(props: &Props) -> Html {
    let all = match use_results() {
        Ok(all) => all,
        Err(instead) => return instead,
    };
    let Some(series) = all.iter().find(|series| series.code == props.code) else {
        return html! { <p>{ "There is no such result." }</p> };
    };
    let latest = series.latest();
    html! {
        <>
            <h1>{ &series.name }</h1>
            <p class="latest">
                <strong>{ latest.value_text() }</strong>{ " " }{ status(&latest.status) }{ " " }<span>{ format!("Range {}", latest.range_text()) }</span>
            </p>
            <Chart series={series.clone()} />
            <Measurements series={series.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MeasurementsProps {
    series: Rc<Series>,
}

#[component]
fn Measurements(props: &MeasurementsProps) -> Html {
    let is_whole = use_state(|| false);
    let points = &props.series.points;
    let shown = if *is_whole { points.len() } else { FIRST };
    let rows = points.iter().rev().take(shown).map(|point| {
        html! {
            <tr key={point.id.clone()} data-testid="measurement">
                <td>{ day(point.at) }</td>
                <td>{ point.value_text() }</td>
                <td>{ point.range_text() }</td>
                <td>{ status(&point.status) }</td>
            </tr>
        }
    });
    let onclick = {
        let is_whole = is_whole.setter();
        Callback::from(move |_| is_whole.set(true))
    };
    html! {
        <>
            <table class="measurements">
                <thead>
                    <tr><th scope="col">{ "Date" }</th><th scope="col">{ "Value" }</th><th scope="col">{ "Range" }</th><th scope="col">{ "Status" }</th></tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
            if points.len() > shown {
                <button type="button" {onclick}>{ format!("Show all {}", points.len()) }</button>
            }
        </>
    }
}
