//! One biomarker: the value as the largest thing on the page, its range and where that comes from, the trend, every
//! measurement, and what it is.

use std::sync::Arc;

use leptos::prelude::*;
use loop_contracts::clinical::{BiomarkerStatus, Measured};

use super::number_line::NumberLine;
use super::series::Series;
use super::states::{Notice, NoticeRole, StatusBadge};
use super::trend::Trend;
use super::trend::table::MeasurementsTable;
use super::words;
use crate::format::DateStyle;

/// One biomarker with all its measurements.
#[component]
pub fn BiomarkerDetail(
    /// What to show.
    #[prop(into)]
    series: Signal<Arc<Series>>,
    /// Where the list is.
    #[prop(into)]
    back_href: String,
) -> impl IntoView {
    view! {
        <article class="detail">
            <a class="back" href=back_href>"All results"</a>
            {move || page(series.get())}
        </article>
    }
}

fn page(series: Arc<Series>) -> impl IntoView {
    let latest = series.latest().clone();
    let decimals = series.decimals();
    let has_unit = latest.value != Measured::Missing && !latest.unit.is_empty();
    // Words would break the largest size, and are not what it is for.
    let is_long = latest.value == Measured::Missing
        || words::value(&latest.value, decimals).chars().count() > 9;
    let critical = (latest.status == BiomarkerStatus::Critical).then(|| {
        view! { <Notice title=words::CRITICAL_TITLE words=words::CRITICAL_WORDS role=NoticeRole::Note critical=true/> }
    });
    let lab_name = (!series.lab_name.is_empty()).then(|| view! { <p class="detail__lab-name">"Lab name: "<bdi>{series.lab_name.clone()}</bdi></p> });
    let what = match series.entry {
        Some(entry) => view! { <p>{entry.explanation}</p> },
        None => view! { <p>{words::UNKNOWN_BIOMARKER}</p> },
    };
    let count = words::whole(series.points.len());
    let caption = format!("All measurements of {}", series.name);
    view! {
        <header class="hero">
            <div class="hero__value">
                <h1 class="page__title" tabindex="-1"><bdi>{series.name.clone()}</bdi></h1>
                {lab_name}
                <p class="hero__number" class:hero__number--long=is_long>
                    <bdi>{words::value(&latest.value, decimals)}</bdi>
                    {has_unit.then(|| view! { " "<bdi class="hero__unit">{latest.unit.clone()}</bdi> })}
                </p>
                <p class="hero__status"><StatusBadge status=latest.status.clone()/><span class="hero__date">{words::date(&latest, DateStyle::Long)}</span></p>
            </div>
            <div class="hero__range">
                <NumberLine name=series.name.clone() point=latest.clone() decimals=decimals large=true/>
                {latest.range.is_drawable().then(|| view! { <p class="hero__provenance">{words::provenance(&latest)}</p> })}
            </div>
        </header>
        {critical}
        <div class="detail__body">
            <Trend series=Arc::clone(&series)/>
            <aside class="detail__aside">
                <h2 class="detail__heading">"What it is"</h2>
                {what}
            </aside>
        </div>
        <section class="group" aria-labelledby="all-measurements">
            <div class="group__head">
                <h2 class="group__title" id="all-measurements">"All measurements"</h2>
                <span class="group__note">{count}</span>
            </div>
            <MeasurementsTable series=series caption=caption/>
        </section>
        <footer class="results__foot"><p>{words::NOT_A_DIAGNOSIS}</p></footer>
    }
}
