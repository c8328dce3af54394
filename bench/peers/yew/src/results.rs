//! The person's results: read once, page by page, grouped by biomarker, and kept while the app is open.

use std::collections::HashMap;
use std::error::Error;
use std::rc::Rc;

use gloo_net::http::Request;
use js_sys::{Array, Date, Intl, Object, Reflect};
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::oidc::Settings;

const PAGE: usize = 500;

/// One measurement, as the platform says it.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Point {
    pub id: String,
    pub biomarker_code: String,
    #[serde(default)]
    pub biomarker_name: String,
    pub value: Value,
    #[serde(default)]
    pub unit: Option<String>,
    #[serde(default)]
    pub reference_low: Option<f64>,
    #[serde(default)]
    pub reference_high: Option<f64>,
    pub status: String,
    pub collected_at: String,
    /// Milliseconds since 1970.
    #[serde(skip)]
    pub at: f64,
}

impl Point {
    pub fn value_text(&self) -> String {
        let unit = self.unit.as_deref().unwrap_or_default();
        match &self.value {
            Value::String(text) => format!("{text} {unit}"),
            value => format!("{} {unit}", value.as_f64().unwrap_or_default()),
        }
    }

    pub fn range_text(&self) -> String {
        match (self.reference_low, self.reference_high) {
            (Some(low), Some(high)) => format!("{low} – {high}"),
            (None, Some(high)) => format!("up to {high}"),
            (Some(low), None) => format!("from {low}"),
            (None, None) => "none".to_owned(),
        }
    }

    /// From normal to critical.
    pub fn severity(&self) -> usize {
        let known = ["normal", "borderline", "low", "high", "critical"];
        known
            .iter()
            .position(|status| *status == self.status)
            .map_or(0, |place| place + 1)
    }
}

/// All measurements of one biomarker, oldest first. Never empty.
#[derive(PartialEq)]
pub struct Series {
    pub code: String,
    pub name: String,
    /// In small letters, for the search.
    pub found_by: String,
    pub points: Vec<Point>,
}

impl Series {
    pub fn latest(&self) -> &Point {
        &self.points[self.points.len() - 1]
    }
}

fn series(results: Vec<Point>) -> Vec<Rc<Series>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<Point>> = Vec::new();
    for mut point in results {
        point.at = Date::parse(&point.collected_at);
        match places.get(&point.biomarker_code) {
            Some(place) => groups[*place].push(point),
            None => {
                places.insert(point.biomarker_code.clone(), groups.len());
                groups.push(vec![point]);
            }
        }
    }
    let named = |mut points: Vec<Point>| {
        points.sort_by(|a, b| a.at.total_cmp(&b.at));
        let latest = &points[points.len() - 1];
        let code = latest.biomarker_code.clone();
        let name = if latest.biomarker_name.is_empty() {
            code.clone()
        } else {
            latest.biomarker_name.clone()
        };
        Rc::new(Series {
            code,
            found_by: name.to_lowercase(),
            name,
            points,
        })
    };
    groups.into_iter().map(named).collect()
}

thread_local! {
    static DAYS: Intl::DateTimeFormat = {
        let options = Object::new();
        for (name, value) in [("dateStyle", "medium"), ("timeZone", "UTC")] {
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        Intl::DateTimeFormat::new(&Array::of1(&"en".into()), &options)
    };
}

/// A day as a person reads it.
pub fn day(at: f64) -> String {
    let words = DAYS.with(|days| days.format().call1(&JsValue::UNDEFINED, &at.into()));
    words
        .ok()
        .and_then(|words| words.as_string())
        .unwrap_or_default()
}

#[derive(Clone, PartialEq)]
pub enum Results {
    Loading,
    Failed(String),
    Ready(Rc<Vec<Rc<Series>>>),
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Point>,
    count: usize,
}

async fn read_all(settings: &Settings, subject: &str) -> Result<Vec<Rc<Series>>, Box<dyn Error>> {
    let mut all = Vec::new();
    loop {
        let query = [
            ("user_id", subject.to_owned()),
            ("limit", PAGE.to_string()),
            ("offset", all.len().to_string()),
        ];
        let bearer = format!("Bearer {}", settings.token().await?);
        let request = Request::get(&format!("{}/v1/biomarkers", settings.clinical))
            .query(query)
            .header("authorization", &bearer);
        let answer: Answer = request.send().await?.json().await?;
        let came = answer.results.len();
        all.extend(answer.results);
        if came == 0 || all.len() >= answer.count {
            return Ok(series(all));
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub settings: Settings,
    pub subject: String,
    pub children: Html,
}

#[component]
pub fn ResultsProvider(props: &Props) -> Html {
    let results = use_state(|| Results::Loading);
    let set = results.setter();
    let settings = props.settings.clone();
    use_effect_with(props.subject.clone(), move |subject| {
        let subject = subject.clone();
        spawn_local(async move {
            set.set(match read_all(&settings, &subject).await {
                Ok(series) => Results::Ready(Rc::new(series)),
                Err(error) => Results::Failed(error.to_string()),
            });
        });
    });
    html! { <ContextProvider<Results> context={(*results).clone()}>{ props.children.clone() }</ContextProvider<Results>> }
}

/// The results, or what stands in their place.
#[hook]
pub fn use_results() -> Result<Rc<Vec<Rc<Series>>>, Html> {
    match use_context::<Results>() {
        Some(Results::Ready(series)) => Ok(series),
        Some(Results::Failed(why)) => Err(html! { <p role="alert">{ why }</p> }),
        _ => Err(html! { <p role="status">{ "Loading your results…" }</p> }),
    }
}

/// The platform's word for a value, as a badge.
pub fn status(of: &str) -> Html {
    html! { <span class={classes!("status", of.to_owned())}>{ of }</span> }
}
