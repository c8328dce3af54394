//! A file that somebody else wrote: what is wrong in it is passed over, and the rest counts.

use crate::catalogue::{Catalogue, Entry};

/// A file with one entry, which has these members besides those it must have.
fn with(members: &str) -> &'static Catalogue {
    let file = format!(
        r#"{{"systems": [{{"id": "s", "title": "S"}}],
        "unit_spellings": {{"mg/dL": ["mg%"], "g/L": ["gramm"], "U/L": ["gramm"], "odd": 3}},
        "sources": [{{"id": "one", "title": "Title", "publisher": "P", "url": "https://a.example"}}, {{"id": "empty", "title": ""}}, 7],
        "biomarkers": [{{"code": "a", "aliases": ["b"], "name": "A", "system": "s", "about": "x", "decimals": 1,
        "explanation": "y"{members}}}, {{"code": "no entry"}}, 5]}}"#
    );
    Catalogue::read(file.as_bytes()).expect("a file with one entry")
}

fn entry_with(members: &str) -> &'static Entry {
    with(members).find("b").expect("the entry is there")
}

#[test]
fn the_reader_passes_over_members_it_does_not_know() {
    let less = entry_with("");
    assert_eq!(
        entry_with(r#", "molar_mass": 1.5, "note": "z", "loinc": {"1-8": "z"}"#),
        less
    );
    assert_eq!(
        with("").biomarkers.len(),
        1,
        "one that is no entry is passed over"
    );
    assert_eq!(
        (
            less.source,
            less.units.len(),
            &less.variation,
            less.related.len()
        ),
        (None, 0, &None, 0)
    );
}

#[test]
fn a_spelling_that_two_units_claim_is_neither() {
    let strange = with("");
    assert_eq!(strange.unit_name("mg%"), "mg/dL");
    assert_eq!(strange.unit_name("gramm"), "gramm", "two units claim it");
    assert_eq!(strange.unit_name("odd"), "odd");
}

#[test]
fn what_is_wrong_in_a_file_is_passed_over() {
    let units = |members: &str| -> Vec<(&str, f64, f64)> {
        entry_with(members)
            .units
            .iter()
            .map(|unit| (unit.unit, unit.factor, unit.offset))
            .collect()
    };
    let usual = ("mg/dL", 1.0, 0.0);
    assert_eq!(
        units(
            r#", "unit": "mg/dL", "units": [{"unit": "g/L", "factor": 0.01}, {"unit": "x", "factor": 2, "offset": -1.5}]"#
        ),
        [usual, ("g/L", 0.01, 0.0), ("x", 2.0, -1.5)]
    );
    assert_eq!(units(r#", "units": [{"unit": "g/L", "factor": 0.01}]"#), []);
    for wrong in [
        r#"{"unit": "g/L", "factor": -1}"#,
        r#"{"unit": "g/L", "factor": 0}"#,
        r#"{"unit": "g/L", "factor": 1e-320}"#,
        r#"{"unit": "g/L", "factor": 1e400}"#,
        r#"{"unit": "g/L", "factor": "NaN"}"#,
        r#"{"unit": "g/L", "factor": null}"#,
        r#"{"unit": "g/L"}"#,
        r#"{"unit": "g/L", "factor": 2, "offset": "3"}"#,
        r#"{"unit": "", "factor": 2}"#,
        r#"{"unit": "mg%", "factor": 2}"#,
        r#"{"unit": "g/L", "factor": 2}, {"unit": "g/l", "factor": 3}"#,
        r#"{"factor": 2}"#,
        "5",
    ] {
        assert_eq!(
            units(&format!(r#", "unit": "mg/dL", "units": [{wrong}]"#)),
            [usual],
            "{wrong}"
        );
    }
    for wrong in [
        r#""cvi": 5, "cva": 2"#,
        r#""cvi": 5, "cva": 2, "cvi_source": "nobody""#,
        r#""cvi": 5, "cva": 2, "cvi_source": "empty""#,
        r#""cvi": 0, "cva": 2, "cvi_source": "one""#,
        r#""cvi": -5, "cva": 2, "cvi_source": "one""#,
        r#""cvi": 5, "cva": -2, "cvi_source": "one""#,
        r#""cvi": 1e300, "cva": 2, "cvi_source": "one""#,
        r#""cvi": "5", "cva": 2, "cvi_source": "one""#,
        r#""cvi": 5, "cvi_source": "one""#,
    ] {
        assert_eq!(entry_with(&format!(", {wrong}")).variation, None, "{wrong}");
    }
    assert!(
        entry_with(r#", "cvi": 5, "cva": 2, "cvi_source": "one""#)
            .variation
            .is_some()
    );
    for wrong in [
        r#"{"at": 5, "side": "above", "source": "nobody"}"#,
        r#"{"at": 5, "side": "beside", "source": "one"}"#,
        r#"{"at": -5, "side": "above", "source": "one"}"#,
        r#"{"at": "5", "side": "above", "source": "one"}"#,
        r#"{"side": "above", "source": "one"}"#,
        "[]",
    ] {
        let anchors = &entry_with(&format!(r#", "harm_anchor": [{wrong}]"#)).harm_anchors;
        assert!(anchors.is_empty(), "{wrong}");
    }
    assert!(
        entry_with(r#", "harm_anchor": {"at": 5}"#)
            .harm_anchors
            .is_empty()
    );
    assert_eq!(entry_with(r#", "source": "nobody""#).source, None);
    assert_eq!(
        entry_with(r#", "related": ["a", 5, null, "c"]"#).related,
        ["a", "c"]
    );
}
