//! Where two pages of the platform's documentation contradict each other, both are read. One table a contradiction; the
//! rules that lie in behaviour and not in data stand in the SDK's tests under the same names.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod contradictions {
    use loop_contracts::clinical::{CheckIn, NewCheckIn, NextCheckIn};
    use loop_contracts::error::{ErrorBody, ErrorCode};
    use loop_contracts::events::{EventEnvelope, EventName};
    use loop_contracts::time::DateTime;
    use serde_json::{Value, json};

    #[test]
    fn c1_insufficient_scope_is_one_code_whatever_its_status() {
        // The status is not part of the body, so that nothing here can branch on it.
        for body in [
            r#"{"error":"insufficient_scope"}"#,
            r#"{"error":"insufficient_scope","status":401}"#,
            r#"{"error":"insufficient_scope","status":403,"scope":"read:protocols"}"#,
        ] {
            let read = ErrorBody::parse(body.as_bytes()).unwrap();
            assert_eq!(read.error, ErrorCode::InsufficientScope, "{body}");
        }
    }

    #[test]
    fn c2_both_error_body_shapes_are_read() {
        for (body, description, uri, wait) in [
            (
                r#"{"error":"invalid_grant","error_description":"used","error_uri":"https://x"}"#,
                Some("used"),
                Some("https://x"),
                None,
            ),
            (
                r#"{"error":"invalid_grant","message":"used"}"#,
                Some("used"),
                None,
                None,
            ),
            (r#"{"error":"invalid_grant"}"#, None, None, None),
            // Both at once: the code is what counts, and the standard's name goes first.
            (
                r#"{"message":"other","error":"invalid_grant","error_description":"used"}"#,
                Some("used"),
                None,
                None,
            ),
            // What cannot be read beside the code does not hide the code.
            (
                r#"{"error":"invalid_grant","message":{"en":"used"}}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"error":"invalid_grant","error_description":null}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"error":"invalid_grant","error_uri":7}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"error":"invalid_grant","retry_after_ms":1500}"#,
                None,
                None,
                Some(1500),
            ),
            (
                r#"{"error":"invalid_grant","retry_after_ms":1499.1}"#,
                None,
                None,
                Some(1500),
            ),
            (
                r#"{"error":"invalid_grant","retry_after_ms":1e300}"#,
                None,
                None,
                Some(u64::MAX),
            ),
            (
                r#"{"error":"invalid_grant","retry_after_ms":-1}"#,
                None,
                None,
                None,
            ),
            (
                r#"{"error":"invalid_grant","retry_after_ms":"soon"}"#,
                None,
                None,
                None,
            ),
        ] {
            let read = ErrorBody::parse(body.as_bytes()).unwrap();
            assert_eq!(read.error, ErrorCode::InvalidGrant, "{body}");
            assert_eq!(read.error_description.as_deref(), description, "{body}");
            assert_eq!(read.error_uri.as_deref(), uri, "{body}");
            assert_eq!(read.retry_after_ms, wait, "{body}");
        }
        for body in [
            "",
            "[]",
            "{}",
            r#"{"message":"x"}"#,
            r#"{"error":{"code":"x"}}"#,
            "<h1>502",
        ] {
            assert_eq!(ErrorBody::parse(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn c5_both_event_name_styles_are_one_event() {
        for (written, name, writes) in [
            (
                "clinical.biomarker.parsed.v1",
                EventName::BiomarkerParsed,
                "clinical.biomarker.parsed.v1",
            ),
            (
                "biomarker.result.created",
                EventName::BiomarkerParsed,
                "clinical.biomarker.parsed.v1",
            ),
            (
                "clinical.bloodwork.uploaded.v1",
                EventName::BloodworkUploaded,
                "clinical.bloodwork.uploaded.v1",
            ),
            (
                "clinical.lab_result.critical.v1",
                EventName::LabResultCritical,
                "clinical.lab_result.critical.v1",
            ),
            (
                "clinical.biomarker.added.v1",
                EventName::BiomarkerAdded,
                "clinical.biomarker.added.v1",
            ),
            (
                "clinical.retest.prompted.v1",
                EventName::RetestPrompted,
                "clinical.retest.prompted.v1",
            ),
            (
                "clinical.retest.recorded.v1",
                EventName::RetestRecorded,
                "clinical.retest.recorded.v1",
            ),
            (
                "protocol.started",
                EventName::ProtocolStarted,
                "protocol.started",
            ),
            (
                "clinical.biomarker.parsed.v2",
                EventName::Other("clinical.biomarker.parsed.v2".to_owned()),
                "clinical.biomarker.parsed.v2",
            ),
            (
                "membership.changed",
                EventName::Other("membership.changed".to_owned()),
                "membership.changed",
            ),
        ] {
            let body = json!({"id": "evt_1", "type": written, "user_id": "usr_1", "client_id": "app",
                "occurred_at": "2026-03-03T08:30:00Z", "data": {}});
            let event: EventEnvelope = serde_json::from_value(body).unwrap();
            assert_eq!(event.name, name, "{written}");
            assert_eq!(
                serde_json::to_value(&event).unwrap()["type"],
                writes,
                "{written}"
            );
        }
    }

    #[test]
    fn c7_invalid_input_is_one_of_two_codes_whatever_its_status() {
        for (written, code) in [
            ("validation_error", ErrorCode::ValidationError),
            ("unprocessable_entity", ErrorCode::UnprocessableEntity),
        ] {
            let read = ErrorBody::parse(json!({"error": written}).to_string().as_bytes()).unwrap();
            assert_eq!(read.error, code);
            assert_eq!(read.error.as_str(), written);
        }
    }

    #[test]
    fn c9_a_check_in_may_be_weekly_or_of_day_30_60_and_90() {
        let answered = |day: &Value| {
            json!({"id": "c", "patient_id": "usr_1", "day_marker": day, "goals": ["g"], "wins": ["w"], "blockers": ["b"],
                "mood": 7, "sleep_quality": 8, "completed_at": "2026-03-03", "created_at": "2026-03-03"})
        };
        for day in [0, 7, 14, 21, 28, 30, 60, 90, 364, u32::MAX] {
            let read: CheckIn = serde_json::from_value(answered(&json!(day))).unwrap();
            assert_eq!(read.day_marker, day);
            assert_eq!(serde_json::to_value(&read).unwrap()["day_marker"], day);
            let next: NextCheckIn =
                serde_json::from_value(json!({"day_marker": day, "due_at": "2026-03-03"})).unwrap();
            assert_eq!(next.day_marker, Some(day));
            let new = NewCheckIn {
                day_marker: day,
                enrolled_at: DateTime("2026-01-01".to_owned()),
                goals: vec!["g".to_owned()],
                wins: vec!["w".to_owned()],
                blockers: vec!["b".to_owned()],
                mood: 1,
                sleep_quality: 10,
                protocol_changes: None,
                weight_kg: None,
            };
            assert_eq!(serde_json::to_value(&new).unwrap()["day_marker"], day);
        }
        for wrong in [json!(-7), json!(7.5), json!("weekly"), Value::Null] {
            assert!(
                serde_json::from_value::<CheckIn>(answered(&wrong)).is_err(),
                "{wrong}"
            );
        }
        let done: NextCheckIn = serde_json::from_str(r#"{"day_marker": null}"#).unwrap();
        assert_eq!((done.day_marker, done.due_at), (None, None));
    }
}
