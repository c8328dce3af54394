use super::*;

const ONE: &str = r#"{"id":"1","patient_id":"","biomarker_code":"ldl","value":128,"reference_low":null,"reference_high":100,"status":"high","collected_at":"2026-03-03"}"#;

#[test]
fn what_an_element_was_given_is_read() {
    let text = format!(r#"{{"results":[{ONE}],"code":"ldl","bare":true,"now":1767225600000.5}}"#);
    let input = Input::read(&text).expect("input");
    assert_eq!((input.results.len(), input.unreadable), (1, 0));
    assert_eq!((input.code.as_str(), input.bare), ("ldl", true));
    assert_eq!(input.now, Timestamp(1_767_225_600_000));
    let least = Input::read(r#"{"results":[]}"#).expect("input");
    assert_eq!(least, Input::default());
    assert!(!least.is_lost());
}

#[test]
fn an_entry_that_cannot_be_read_hides_no_other() {
    let text = format!(r#"{{"results":[{ONE},7,null,{{"id":"2"}}]}}"#);
    let input = Input::read(&text).expect("input");
    assert_eq!((input.results.len(), input.unreadable), (1, 3));
    assert!(!input.is_lost());
    assert!(
        Input::read(r#"{"results":[null]}"#)
            .expect("input")
            .is_lost()
    );
}

#[test]
fn what_is_no_input_is_none() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"results":{}}"#,
        r#"{"results":"<b>"}"#,
        r#"{"results":[]"#,
    ] {
        assert_eq!(Input::read(text), None, "{text}");
    }
}
