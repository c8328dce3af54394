//! The trend: a line over time with the latest reference range behind it, in SVG, since Yew has no charts of its own.

use std::fmt::Write;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::results::{Point, Series, day};

const WIDTH: f64 = 944.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 44.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 32.0;
/// More dots than this would touch each other.
const MOST_DOTS: usize = 150;
const TICKS: u32 = 5;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub series: Rc<Series>,
}

/// A round step with about `TICKS` of them in a span.
fn step(span: f64) -> f64 {
    let rough = span / f64::from(TICKS);
    let power = 10_f64.powf(rough.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|nice| nice * power >= rough);
    nice.unwrap_or(10.0) * power
}

#[component]
pub fn Chart(props: &Props) -> Html {
    let chosen = use_state(|| None::<usize>);
    let points: Vec<(&Point, f64)> = props
        .series
        .points
        .iter()
        .filter_map(|point| Some((point, point.value.as_f64()?)))
        .collect();
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else {
        return Html::default();
    };
    let band = [last.reference_low, last.reference_high];
    let values = points
        .iter()
        .map(|(_, value)| *value)
        .chain(band.into_iter().flatten());
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let step = step((high - low).max(f64::EPSILON));
    let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
    let span = (last.at - first.at).max(1.0);
    let x = |at: f64| LEFT + (at - first.at) / span * (WIDTH - LEFT - RIGHT);
    let y =
        |value: f64| TOP + (to - value) / (to - from).max(f64::EPSILON) * (HEIGHT - TOP - BOTTOM);
    let mut line = String::with_capacity(points.len() * 14);
    for (place, (point, value)) in points.iter().enumerate() {
        let _ = write!(
            line,
            "{}{:.1},{:.1}",
            if place == 0 { 'M' } else { 'L' },
            x(point.at),
            y(*value)
        );
    }
    let levels = (0..)
        .map(|count| from + f64::from(count) * step)
        .take_while(|level| *level <= to + step / 2.0);
    let levels = levels.map(|level| {
        let at = y(level).to_string();
        html! {
            <>
                <path d={format!("M{LEFT},{at}H{}", WIDTH - RIGHT)} stroke="var(--line)" />
                <text x={(LEFT - 8.0).to_string()} y={at} dy="4" text-anchor="end" fill="currentColor">{ (level * 1e6).round() / 1e6 }</text>
            </>
        }
    });
    let days = (0..=TICKS).map(|count| first.at + span * f64::from(count) / f64::from(TICKS)).map(|at| {
        html! { <text x={x(at).to_string()} y={(HEIGHT - 8.0).to_string()} text-anchor="middle" fill="currentColor">{ day(at) }</text> }
    });
    let (top, bottom) = (y(band[1].unwrap_or(to)), y(band[0].unwrap_or(from)));
    let has_band = band.iter().any(Option::is_some);
    let dots = points.iter().take(if points.len() <= MOST_DOTS {
        points.len()
    } else {
        0
    });
    let dots = dots.map(|(point, value)| html! { <circle cx={x(point.at).to_string()} cy={y(*value).to_string()} r="3" fill="var(--ground)" stroke="var(--accent)" stroke-width="2" /> });
    let readout = chosen.and_then(|place| points.get(place)).map(|(point, value)| {
        html! {
            <>
                <circle cx={x(point.at).to_string()} cy={y(*value).to_string()} r="5" fill="var(--accent)" />
                <text x={x(point.at).to_string()} y={(y(*value) - 10.0).to_string()} text-anchor="middle" fill="var(--ink)">{ format!("{}, {}", point.value_text(), day(point.at)) }</text>
            </>
        }
    });
    let onmousemove = {
        let (chosen, series, start) = (chosen.setter(), props.series.clone(), first.at);
        Callback::from(move |event: MouseEvent| {
            let area = event
                .target_unchecked_into::<Element>()
                .closest("svg")
                .ok()
                .flatten()
                .map(|svg| svg.get_bounding_client_rect());
            let Some(area) = area else { return };
            let share = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
            let at = start + (share * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT) * span;
            let dated = series
                .points
                .iter()
                .filter(|point| point.value.is_number())
                .map(|point| (point.at - at).abs());
            chosen.set(
                dated
                    .enumerate()
                    .min_by(|a, b| a.1.total_cmp(&b.1))
                    .map(|(place, _)| place),
            );
        })
    };
    html! {
        <figure class="chart" data-testid="chart" aria-label={format!("{} over time", props.series.name)}>
            <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} width="100%" {onmousemove}>
                if has_band {
                    <rect x={LEFT.to_string()} y={top.to_string()} width={(WIDTH - LEFT - RIGHT).to_string()} height={(bottom - top).max(0.0).to_string()} fill="var(--band)" />
                }
                { for levels }
                { for days }
                <path data-testid="line" d={line} fill="none" stroke="var(--accent)" stroke-width="2" />
                { for dots }
                { for readout }
            </svg>
        </figure>
    }
}
