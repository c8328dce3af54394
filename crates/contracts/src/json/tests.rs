use proptest::prelude::*;

use super::*;

#[test]
fn kinds_are_not_mixed_up() {
    assert_eq!(parse::<String>(br#" "a\u0062" "#), Some("ab".to_owned()));
    assert_eq!(parse::<f64>(b"3"), Some(3.0));
    assert_eq!(parse::<f64>(b"1e400"), None);
    assert_eq!(parse::<f64>(br#""3""#), None);
    assert_eq!(parse::<u8>(b"256"), None);
    assert_eq!(parse::<u64>(b"-1"), None);
    assert_eq!(parse::<bool>(b"true"), Some(true));
    assert_eq!(parse::<bool>(b"1"), None);
    assert_eq!(parse::<Option<f64>>(b"null"), Some(None));
    assert_eq!(parse::<Vec<u8>>(b"[1, 2]"), Some(vec![1, 2]));
    assert_eq!(parse::<Vec<u8>>(br#"[1, "2"]"#), None);
    assert_eq!(parse::<String>(b"\"\xff\""), None);
    assert_eq!(parse::<&str>(br#""a\nb""#), None);
    assert_eq!(parse::<f64>(b"1 2"), None);
}

#[test]
fn a_member_is_missing_twice_or_there() {
    let object: Object<'_> =
        parse(br#"{"a": 1, "b": null, "c": 1, "\u0063": 2}"#).expect("an object");
    assert_eq!(object.get::<f64>("a"), Some(1.0));
    assert_eq!(object.get::<String>("a"), None);
    assert_eq!(object.get::<Option<f64>>("b"), Some(None));
    assert_eq!(object.get::<f64>("b"), None);
    assert_eq!(object.get::<f64>("c"), None, "it stands there twice");
    assert_eq!(object.get::<Option<f64>>("d"), Some(None));
    assert_eq!(object.get::<f64>("d"), None);
    assert_eq!(object.get_or_default::<String>("d"), Some(String::new()));
    assert_eq!(object.get_or_default::<String>("b"), Some(String::new()));
    assert_eq!(object.get_or_default::<String>("a"), None);
    assert!(object.has("b") && !object.has("d"));
}

#[test]
fn a_text_says_where_it_stops_being_json() {
    let table = [
        ("", 1, 1),
        ("{\n,", 2, 1),
        ("{\"a\": 1,}", 1, 9),
        ("[1 2]", 1, 4),
        ("\n\n{} x", 3, 4),
        ("tru", 1, 1),
    ];
    for (text, line, column) in table {
        assert_eq!(Json::new(text), Err(NoJson { line, column }), "{text}");
    }
}

#[test]
fn nesting_without_end_is_refused_without_harm() {
    let deep = [vec![b'['; 1_000_000], vec![b']'; 1_000_000]].concat();
    assert!(parse::<Object<'_>>(&deep).is_none());
    assert!(parse::<Vec<String>>(&deep).is_none());
}

/// Pieces that texts around the edges of the grammar are put together from.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\u00e4",
    "\\ud83d",
    "\\ude00",
    "\\n",
    "\\x",
    "\"a\"",
    "\"a\":",
    "ä",
    "😀",
    "\u{0}",
    "\u{1f}",
    "\n",
    " ",
    "\t",
    "\u{a0}",
    "true",
    "false",
    "null",
    "nul",
    "0",
    "00",
    "1",
    "-",
    "+",
    ".",
    "e",
    "E",
    "1.5",
    "1e5",
    "[1,2]",
    "{\"a\":1}",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|all| all.concat())
}

/// Values as another library writes them.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|all| all.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// What our reader makes of a value, member by member.
fn rebuilt(json: Json<'_>) -> Option<serde_json::Value> {
    if let Some(object) = Object::from_json(json) {
        let members = object.0.iter();
        let members = members.map(|(name, json)| Some((name.to_string(), rebuilt(*json)?)));
        return Some(members.collect::<Option<serde_json::Map<_, _>>>()?.into());
    }
    if let Some(entries) = entries(json) {
        let entries: Option<Vec<_>> = entries.into_iter().map(rebuilt).collect();
        return Some(entries?.into());
    }
    let text = String::from_json(json).map(Into::into);
    let flag = || bool::from_json(json).map(Into::into);
    let whole = || i64::from_json(json).map(Into::into);
    let number = || f64::from_json(json).map(Into::into);
    let null = || (json.get() == "null").then_some(serde_json::Value::Null);
    text.or_else(flag)
        .or_else(whole)
        .or_else(number)
        .or_else(null)
}

/// Whether two values are the same, but for the last digit of a float.
fn same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (one, other) {
        (Array(one), Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Object(one), Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, own)| other.get(name).is_some_and(|other| same(own, other)))
        }
        (Number(one), Number(other)) => one == other || close(one.as_f64(), other.as_f64()),
        (one, other) => one == other,
    }
}

fn close(one: Option<f64>, other: Option<f64>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    // Numbers next to nothing have fewer digits to be right in.
    (one - other).abs() <= other.abs() * 1e-14 + f64::MIN_POSITIVE
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_same_texts_are_json_as_for_serde_json(text in prop_oneof![pieces(), any::<String>()]) {
        let theirs = serde_json::from_str::<&RawValue>(&text);
        let ours = Json::new(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok());
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours.get(), theirs.get());
            prop_assert_eq!(String::from_json(ours), serde_json::from_str::<String>(&text).ok());
            prop_assert_eq!(bool::from_json(ours), serde_json::from_str::<bool>(&text).ok());
        }
    }

    #[test]
    fn what_is_written_reads_the_same_here_and_there(texts: Vec<Option<String>>, number: i64) {
        let written = super::text(&texts);
        prop_assert_eq!(parse::<Vec<Option<String>>>(written.as_bytes()), Some(texts.clone()));
        prop_assert_eq!(serde_json::from_str::<Vec<Option<String>>>(&written).ok(), Some(texts));
        prop_assert_eq!(parse::<i64>(super::text(&number).as_bytes()), Some(number));
    }

    #[test]
    fn a_number_a_lab_prints_is_read_exactly(digits in 0_u64..1_000_000_000_000_000, places in 0_i32..=22) {
        let text = format!("{digits}e-{places}");
        prop_assert_eq!(parse::<f64>(text.as_bytes()), text.parse().ok());
        let zeros = format!("0.{digits:022}");
        prop_assert_eq!(parse::<f64>(zeros.as_bytes()), zeros.parse().ok());
    }

    #[test]
    fn a_number_of_any_size_is_read_nearly(
        digits in "-?[1-9][0-9]{0,40}",
        rest in "(\\.[0-9]{1,400})?",
        power in -400_i32..400,
    ) {
        let text = format!("{digits}{rest}e{power}");
        let theirs: f64 = text.parse().expect("a float");
        let ours = parse::<f64>(text.as_bytes());
        let is_at_the_edge = theirs.abs() > f64::MAX * 0.999_999;
        prop_assert!(is_at_the_edge || close(ours, Some(theirs)), "{:?} {}", ours, theirs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_serde_json_writes_is_read_as_it_was(value in value()) {
        let pretty = serde_json::to_string_pretty(&value).expect("a value");
        for text in [value.to_string(), pretty] {
            let rebuilt = rebuilt(Json::new(&text).expect("JSON")).expect("a value of each kind");
            prop_assert!(same(&rebuilt, &value), "{} {}", rebuilt, value);
        }
    }
}

#[test]
fn a_number_far_out_of_reach_is_none_or_nothing() {
    let long = "9".repeat(100_000);
    assert_eq!(parse::<f64>(long.as_bytes()), None);
    let scaled = parse::<f64>(format!("{long}e-100000").as_bytes());
    assert_eq!(scaled.map(f64::round), Some(1.0));
    assert_eq!(parse::<f64>(format!("1e-{long}").as_bytes()), Some(0.0));
    assert_eq!(parse::<f64>(format!("0e{long}").as_bytes()), Some(0.0));
    let nothing = parse::<f64>(b"-0.0");
    assert_eq!(nothing.map(f64::is_sign_negative), Some(true));
}

#[test]
fn an_object_is_written_member_by_member() {
    let mut out = String::new();
    let mut members = Members::begin(&mut out);
    members.add("text", "a \"b\"\n\u{7f}");
    members.add("none", &None::<String>);
    members.add("list", &vec![true, false]);
    members.end();
    let written = "{\"text\":\"a \\\"b\\\"\\u000a\u{7f}\",\"none\":null,\"list\":[true,false]}";
    assert_eq!(out, written);
    out.clear();
    Members::begin(&mut out).end();
    assert_eq!(out, "{}");
    assert_eq!(super::text(&Vec::<bool>::new()), "[]");
}
