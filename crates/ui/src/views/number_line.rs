//! A value on its range: the hero of every result. Segments below, in and above the range, a marker whose shape is the
//! status, the ends of the range labelled.

pub mod geometry;

use leptos::prelude::*;

use self::geometry::{Anchor, Marker, Zone, labels, layout};
use super::series::Measurement;
use super::states::status_class;
use super::states::status_shape;
use super::words;

fn percent(place: f64) -> String {
    format!("{:.3}%", place * 100.0)
}

/// The number line of one measurement.
///
/// # Accessibility
/// One image (`role="img"`) whose name says everything the picture shows: name, value, unit, status, range.
#[component]
pub fn NumberLine(
    /// The biomarker's plain name.
    #[prop(into)]
    name: String,
    /// What to show.
    point: Measurement,
    /// Decimals that labs usually print.
    #[prop(optional)]
    decimals: u8,
    /// The large line of the page of one biomarker.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let line = layout(point.value.number(), &point.range);
    let label = words::number_line(&name, &point, decimals);
    let has_range = point.range.is_drawable();
    let segments: Vec<_> = line
        .segments
        .iter()
        .map(|segment| {
            let class = match segment.zone {
                Zone::Below => "number-line__segment number-line__segment--below",
                Zone::In => "number-line__segment number-line__segment--in",
                Zone::Above => "number-line__segment number-line__segment--above",
            };
            view! { <span class=class style:left=percent(segment.start) style:width=percent(segment.end - segment.start)></span> }
        })
        .collect();
    let ends: Vec<_> =
        line.ends.iter().map(|(_, place)| view! { <span class="number-line__end" style:left=percent(*place)></span> }).collect();
    let labels: Vec<_> = labels(&line.ends, words::bound)
        .into_iter()
        .map(|label| {
            let class = match label.anchor {
                Anchor::Start => "number-line__label number-line__label--start",
                Anchor::Middle => "number-line__label",
                Anchor::End => "number-line__label number-line__label--end",
            };
            view! { <span class=class style:left=percent(label.place)>{label.text}</span> }
        })
        .collect();
    let marker = line.marker.map(|marker| {
        let off = match marker {
            Marker::At(_) => "",
            Marker::OffLow => " number-line__marker--off-low",
            Marker::OffHigh => " number-line__marker--off-high",
        };
        let class = format!("number-line__marker {}{off}", status_class(&point.status));
        view! {
            <span class=class style:left=percent(marker.place())>
                {status_shape(&point.status)}
                <span class="number-line__stem"></span>
            </span>
        }
    });
    let off = match line.marker {
        Some(Marker::OffLow) => {
            Some(view! { <span class="number-line__off">"← off the scale"</span> })
        }
        Some(Marker::OffHigh) => Some(
            view! { <span class="number-line__off number-line__off--high">"off the scale →"</span> },
        ),
        _ => None,
    };
    let plain = (!has_range).then(|| {
        let text = if large {
            words::no_range(&point.range)
        } else {
            words::short_no_range(&point.range)
        };
        view! { <span class="number-line__none">{text}</span> }
    });
    let is_off = off.is_some();
    view! {
        <div class="number-line" class:number-line--large=large class:number-line--plain=!has_range class:number-line--off=is_off role="img" aria-label=label>
            <div class="number-line__track">{segments}{ends}{marker}</div>
            <div class="number-line__labels">{labels}{off}{plain}</div>
        </div>
    }
}
