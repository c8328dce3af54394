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

/// What is in a text or around its edges: escapes, halves of pairs, letters that may not stand there.
fn quoted() -> impl Strategy<Value = String> {
    let inside = prop_oneof![
        prop::sample::select(
            &[
                "\\", "\\u", "\\ud83d", "\\ude00", "\\u0041", "\\n", "\\/", "\\x", "\"", "a", "ä"
            ][..]
        )
        .prop_map(str::to_owned),
        (0_u32..0x100).prop_filter_map("a letter", |code| char::from_u32(code).map(String::from)),
        "\\\\u[0-9a-fA-Fg]{4}",
    ];
    prop::collection::vec(inside, 0..5).prop_map(|all| format!("\"{}\"", all.concat()))
}

/// The number in the middle between two, the larger one second, that are written with [`PLACES`] behind the point.
fn middle(one: &str, other: &str) -> String {
    let digits = |text: &str| -> Vec<u32> { text.chars().filter_map(|c| c.to_digit(10)).collect() };
    let (one, other) = (digits(one), digits(other));
    let short = one.iter().rev().copied().chain(std::iter::repeat(0));
    let mut carry = 0;
    let mut sum = Vec::new();
    for (one, other) in short.zip(other.iter().rev()) {
        carry += one + other;
        sum.push(carry % 10);
        carry /= 10;
    }
    sum.push(carry);
    let mut rest = 0;
    let mut text = String::new();
    for (place, digit) in sum.iter().rev().chain([&0]).enumerate() {
        if place == sum.len() - PLACES {
            text.push('.');
        }
        rest = rest * 10 + digit;
        text.push_str(&(rest / 2).to_string());
        rest %= 2;
    }
    let text = text.trim_start_matches('0');
    if text.starts_with('.') {
        format!("0{text}")
    } else {
        text.to_owned()
    }
}

/// More places than any float has.
const PLACES: usize = 1_080;

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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_same_texts_are_json_as_for_serde_json(text in prop_oneof![pieces(), quoted(), any::<String>()]) {
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
    fn a_number_of_a_lab_is_the_nearest_float(text in "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,9})?") {
        let theirs: f64 = text.parse().expect("a float");
        let ours = parse::<f64>(text.as_bytes());
        prop_assert_eq!(ours.map(f64::to_bits), Some(theirs.to_bits()));
    }

    #[test]
    fn a_number_of_any_size_is_the_nearest_float(
        digits in "-?(0|[1-9][0-9]{0,40})",
        rest in "(\\.[0-9]{1,400})?",
        power in prop_oneof![Just(0), -12_i32..12, -400_i32..400],
    ) {
        let text = format!("{digits}{rest}e{power}");
        let theirs: f64 = text.parse().expect("a float");
        let ours = parse::<f64>(text.as_bytes());
        prop_assert_eq!(ours.map(f64::to_bits), theirs.is_finite().then_some(theirs.to_bits()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_float_is_read_as_it_was_written(bits: u64) {
        let float = f64::from_bits(bits);
        prop_assume!(float.is_finite());
        // One that the middle between two floats is nearest to, too: with every digit it has.
        for text in [float.to_string(), format!("{float:e}"), format!("{float:.1074}")] {
            prop_assert_eq!(parse::<f64>(text.as_bytes()).map(f64::to_bits), Some(bits));
        }
    }

    #[test]
    fn what_is_between_two_floats_goes_to_the_nearer_one(bits in 0..f64::MAX.to_bits()) {
        let [one, other] = [bits, bits + 1].map(f64::from_bits);
        let exact = |float: f64| format!("{float:.PLACES$}");
        let middle = middle(&exact(one), &exact(other));
        let above = format!("{middle}{}1", "0".repeat(200));
        let below = middle.trim_end_matches('0');
        // Its last digit is no zero.
        let below = &below[..below.len() - 1];
        for text in [&middle, &above, below] {
            let text = text.strip_suffix('.').unwrap_or(text);
            prop_assert_eq!(parse::<f64>(text.as_bytes()), text.parse().ok());
        }
        let even = if bits % 2 == 0 { one } else { other };
        prop_assert_eq!(parse::<f64>(middle.as_bytes()), Some(even));
        prop_assert_eq!(parse::<f64>(above.as_bytes()), Some(other));
    }

    #[test]
    fn what_serde_json_writes_is_read_as_it_was(value in value()) {
        let pretty = serde_json::to_string_pretty(&value).expect("a value");
        for text in [value.to_string(), pretty] {
            let rebuilt = rebuilt(Json::new(&text).expect("JSON")).expect("a value of each kind");
            prop_assert_eq!(rebuilt, value.clone());
        }
    }
}

#[test]
fn a_number_at_the_edges_is_the_nearest_float_or_none() {
    let long = "9".repeat(100_000);
    let table = [
        ("1.7976931348623157e308", Some(f64::MAX)),
        ("1.7976931348623158e308", Some(f64::MAX)),
        ("1.7976931348623159e308", None),
        ("1e309", None),
        ("5e-324", Some(5e-324)),
        ("2.4703282292062327e-324", Some(0.0)),
        ("2.4703282292062328e-324", Some(5e-324)),
        ("2.2250738585072011e-308", Some(2.225_073_858_507_201e-308)),
        ("9007199254740993", Some(9_007_199_254_740_992.0)),
        (
            "9007199254740993.00000000000000000000000000000001",
            Some(9_007_199_254_740_994.0),
        ),
        ("1e300", Some(1e300)),
        ("5.6000000000000005", Some(5.600_000_000_000_000_5)),
        (&long, None),
        (&format!("{long}e-100000"), Some(1.0)),
        (&format!("0.{}1e100000", "0".repeat(99_999)), Some(1.0)),
        (&format!("1e-{long}"), Some(0.0)),
        (&format!("0e{long}"), Some(0.0)),
    ];
    for (text, value) in table {
        let start: String = text.chars().take(40).collect();
        assert_eq!(parse::<f64>(text.as_bytes()), value, "{start}");
    }
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
