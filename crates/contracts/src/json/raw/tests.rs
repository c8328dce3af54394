//! What is not documented is told within bounds, and a typed number is sent as it was typed.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::json;

fn lines(text: &str) -> Vec<String> {
    RawJson::new(text).expect("JSON").lines()
}

#[test]
fn any_shape_is_told_line_by_line() {
    for (text, told) in [
        ("null", &[][..]),
        ("\"as it is\"", &["as it is"]),
        ("\"\"", &[]),
        ("2", &["2"]),
        ("1.50", &["1.50"]),
        ("true", &["true"]),
        ("{}", &[]),
        ("[]", &[]),
        (r#"["a", null, "b\n\u0022c\u0022"]"#, &["a", "b\n\"c\""]),
        (
            r#"{"biomarker": "ferritin", "below": 15, "note": null}"#,
            &["biomarker: ferritin", "below: 15", "note: –"],
        ),
        (
            r#"{"any": [{"biomarker": "hba1c", "above": 5.7}, "or", []]}"#,
            &["any: ((biomarker: hba1c, above: 5.7), or, ())"],
        ),
        ("[[[[[[1]]]]]]", &["((((…))))"]),
        // Twice the same name, half a character: nothing is hidden.
        (r#"{"a": 1, "a": 2}"#, &["a: 1", "a: 2"]),
        (r#""\ud800""#, &[r#""\ud800""#]),
    ] {
        assert_eq!(lines(text), told, "{text}");
    }
}

#[test]
fn much_is_cut_and_says_so() {
    let many = format!("[{}]", vec!["1"; 200].join(","));
    let told = lines(&many);
    assert_eq!(
        (told.len(), told.last().map(String::as_str)),
        (51, Some("…"))
    );
    let told = lines(&format!("[{many}]"));
    assert!(told[0].len() < 700, "{}", told[0].len());
    let told = lines(&format!("[[{}]]", vec!["\"ten bytes.\""; 9000].join(",")));
    assert!(told[0].ends_with("…)") && told[0].len() < 700);
    let deep = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    assert_eq!(lines(&deep), ["((((…))))"]);
}

#[test]
fn what_is_kept_is_written_as_it_came() {
    let text = r#"{"b": [1.50, {"a": "ä"}], "a": null}"#;
    let kept = RawJson::new(text).expect("JSON");
    assert_eq!(kept.get(), text);
    let written = serde_json::to_string(&kept).expect("JSON");
    assert_eq!(written, text);
    assert_eq!(
        serde_json::from_str::<RawJson>(&written).expect("JSON"),
        kept
    );
    assert_eq!(RawJson::new("{"), None);
    assert_eq!(RawJson::default().get(), "null");
}

#[test]
fn a_typed_number_is_sent_as_it_was_typed() {
    for text in [
        "71.5",
        "71.50",
        "0",
        "-1",
        "1e2",
        "0.1000000000000000055511151231257827",
    ] {
        let number = Decimal::new(text).expect("a number");
        assert_eq!(json::text(&number), text);
        assert_eq!(
            number.value().to_bits(),
            text.parse::<f64>().expect("a number").to_bits()
        );
    }
    for text in [
        "", " ", "71,5", "071", "+1", ".5", "5.", "1e999", "NaN", "\"1\"", "null", "[1]", "1 2",
    ] {
        assert_eq!(Decimal::new(text), None, "{text}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 200, 20, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            proptest::collection::btree_map(".{0,8}", inner, 0..20).prop_map(Value::from_iter),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_told_within_bounds(value in any_value()) {
        let told = lines(&value.to_string());
        prop_assert!(told.len() <= LINES + 1);
        prop_assert!(told.iter().all(|line| !line.is_empty() && line.len() < LINE + 400));
    }
}
