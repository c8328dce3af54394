//! Assumptions about data that has no setting.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use loop_contracts::clinical::BiomarkerResult;
use loop_contracts::events::EventEnvelope;
use loop_contracts::page::Page;
use serde_json::json;

#[test]
fn a6_the_data_of_a_parsed_event_is_one_result_or_a_list() {
    let result = json!({"id": "1", "patient_id": "usr_1", "biomarker_code": "tsh", "value": 1.5, "status": "normal", "collected_at": "2026-03-03"});
    for (data, count) in [
        (result.clone(), 1),
        (json!({"results": [result, result, result]}), 3),
    ] {
        let body = json!({"id": "evt_1", "type": "clinical.biomarker.parsed.v1", "user_id": "usr_1", "client_id": "app",
            "occurred_at": "2026-03-03T08:30:00Z", "data": data});
        let event: EventEnvelope = serde_json::from_str(&body.to_string()).unwrap();
        let raw = event.data.get();
        let read = match serde_json::from_str::<BiomarkerResult>(raw) {
            Ok(one) => vec![one],
            Err(_) => Page::parse(raw.as_bytes(), "results").unwrap().items,
        };
        assert_eq!(read.len(), count);
        assert!(read.iter().all(|result| result.biomarker_code == "tsh"));
    }
}
