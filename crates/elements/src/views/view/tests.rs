use super::*;

fn input(value: &str, more: &str) -> Input {
    let text = format!(
        r#"{{"results":[{{"id":"1","patient_id":"","biomarker_code":"LDL <b>","biomarker_name":"LDL <b>","value":{value},"unit":"mg/dL","reference_low":null,"reference_high":100,"status":"high","collected_at":"2026-03-03"}}]{more}}}"#
    );
    Input::read(&text).expect("input")
}

fn drawn(kind: Kind, input: &Input) -> String {
    Owner::new().with(|| view(kind, input, Choices::default()).to_string())
}

#[test]
fn a_card_says_in_words_what_its_line_shows() {
    let card = drawn(Kind::NumberLine, &input("128", ""));
    for said in [
        "LDL &lt;b&gt;",
        ">128<",
        "mg/dL",
        "Above range",
        "below 100 mg/dL",
        "3 March 2026",
        r#"role="img""#,
    ] {
        assert!(card.contains(said), "{said}: {card}");
    }
    let bare = drawn(Kind::NumberLine, &input("128", r#","bare":true"#));
    assert!(!bare.contains("line-card") && bare.contains("number-line"));
}

#[test]
fn every_kind_draws_any_value() {
    for value in [
        "128",
        "null",
        r#""<0.3""#,
        "1e308",
        "-0",
        "\"\u{202e}<img>\"",
    ] {
        let input = input(value, "");
        for kind in [
            Kind::NumberLine,
            Kind::Trend,
            Kind::Biomarkers,
            Kind::Biomarker,
        ] {
            let drawn = drawn(kind, &input);
            assert!(
                !drawn.contains("<img>") && !drawn.contains('\u{202e}'),
                "{drawn}"
            );
        }
    }
}

#[test]
fn a_biomarker_that_is_not_there_is_not_another_one() {
    let other = input("1", r#","code":"tsh""#);
    assert!(!can_draw(Kind::Biomarker, &other) && can_draw(Kind::Biomarkers, &other));
    assert!(can_draw(Kind::Trend, &input("1", "")));
    assert!(can_draw(Kind::Trend, &Input::default()));
}

#[test]
fn what_a_trend_cannot_draw_stands_in_its_table() {
    let entries = |values: &[(&str, &str)]| {
        let entries: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(place, (value, date))| format!(r#"{{"id":"{place}","patient_id":"","biomarker_code":"LDL","biomarker_name":"LDL","value":{value},"unit":"mg/dL","reference_low":null,"reference_high":100,"status":"high","collected_at":"{date}"}}"#))
            .collect();
        Input::read(&format!(r#"{{"results":[{}]}}"#, entries.join(","))).expect("input")
    };
    for (values, in_table) in [
        (
            &[("142", "2 June 2025"), ("128", "8 January 2026")][..],
            true,
        ),
        (
            &[("142", "2025-06-02"), ("\"65 H\"", "2026-01-08")][..],
            true,
        ),
        (
            &[
                ("142", "2025-06-02"),
                ("128", "someday"),
                ("120", "2026-01-08"),
            ][..],
            true,
        ),
        (&[("142", "2025-06-02")][..], true),
        (&[("142", "2025-06-02"), ("128", "2026-01-08")][..], false),
    ] {
        let drawn = drawn(Kind::Trend, &entries(values));
        assert_eq!(drawn.contains("<table"), in_table, "{values:?}");
        assert!(drawn.contains(r#"part="label""#), "{drawn}");
        for (value, _) in values.iter().filter(|_| in_table) {
            assert!(drawn.contains(value.trim_matches('"')), "{value}: {drawn}");
        }
    }
}
