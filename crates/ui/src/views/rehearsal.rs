//! What the list needs for its first drawing, made while a person waits for the results.
//!
//! A browser compiles a function of the wasm when it is first called, and reads its tables of numbers and dates when a
//! formatter is first made; together that takes as long as all else between the data and the picture. So a list of invented
//! results is drawn into nothing, behind the picture that shows that something is loading.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::time::{DateTime, Timestamp};
use web_sys::Element;

use super::biomarker_list::{BiomarkerList, Choice, biomarker_list};
use super::series::Results;
use super::states::list_skeleton;
use super::words;
use crate::catalogue::Catalogue;
use crate::markup::Markup;

/// Each is a task of its own, so that the results never wait for all of them.
const STEPS: [fn(); 2] = [numbers, list];

thread_local! {
    /// The next step. Each is taken once in the life of a page.
    static NEXT: Cell<usize> = const { Cell::new(0) };
}

/// Where the list will be, as [`list_skeleton`] has it; as long as it is in the page, the list is rehearsed.
pub fn awaited_list() -> Markup {
    list_skeleton().made(|waiting| {
        let waiting = waiting.clone();
        request_animation_frame(move || go_on(waiting));
    })
}

fn go_on(waiting: Element) {
    let step = move || {
        if let Some(step) = STEPS.get(NEXT.get())
            && waiting.is_connected()
        {
            NEXT.set(NEXT.get() + 1);
            step();
            go_on(waiting);
        }
    };
    set_timeout(step, Duration::ZERO);
}

/// The first formatter takes longest.
fn numbers() {
    words::whole(0);
}

fn list() {
    let owner = Owner::new();
    owner.with(|| drop(sample().into_built(false)));
    owner.cleanup();
}

/// A list with one row, of two measurements.
fn sample() -> Markup {
    let result = |id: &str, value| BiomarkerResult {
        id: id.to_owned(),
        patient_id: String::new(),
        biomarker_code: "a".to_owned(),
        biomarker_name: String::new(),
        value: Measured::Number(value),
        unit: "g".to_owned(),
        reference_low: Some(1.0),
        reference_high: Some(2.5),
        status: BiomarkerStatus::High,
        collected_at: DateTime([id, "T00:00:00Z"].concat()),
        parsed_at: DateTime(String::new()),
    };
    let came = vec![result("2000-01-01", 1.5), result("2000-01-02", 2.75)];
    biomarker_list(BiomarkerList {
        results: Arc::new(Results::new(came, Catalogue::empty())),
        unreadable: 0,
        loaded_at: Some(Timestamp(0)),
        now: RwSignal::new(Timestamp(0)),
        choice: RwSignal::new(Choice::default()),
        is_return: false,
        href: str::to_owned,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_all_that_a_row_has() {
        let drawn = Owner::new().with(|| sample().to_string());
        for part in [
            "row__link",
            "row__unit",
            "number-line__marker",
            "sparkline__line",
            "2 Jan 2000",
            "%",
        ] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
    }
}
