use super::*;

fn sizes() -> Sizes {
    Sizes {
        wasm: Weight {
            raw: 300_000,
            br: 114_000,
        },
        later: Weight {
            raw: 50_000,
            br: 20_000,
        },
        js: Weight {
            raw: 30_000,
            br: 6_700,
        },
        css: Weight {
            raw: 20_000,
            br: 4_000,
        },
        json: Weight {
            raw: 90_000,
            br: 18_000,
        },
        languages: vec![(
            "de".to_owned(),
            Weight {
                raw: 30_000,
                br: 9_000,
            },
        )],
    }
}

#[test]
fn the_json_has_exactly_the_promised_fields() {
    assert_eq!(
        sizes().json(None),
        r#"{"app": {"wasm_br": 134000, "js_br": 6700, "css_br": 4000, "json_br": 18000, "total_br": 162700, "first_br": 142700, "wasm_raw": 350000, "js_raw": 30000, "css_raw": 20000, "json_raw": 90000, "total_raw": 490000}}"#
    );
    let with_auth = sizes().json(Some(SmallApps {
        auth: 31_000,
        empty: 20_000,
    }));
    assert_eq!(
        with_auth,
        sizes()
            .json(None)
            .replace("}}", r#", "auth_br": 31000, "empty_br": 20000}}"#)
    );
    assert!(serde_json::from_str::<serde_json::Value>(&with_auth).is_ok());
}

#[test]
fn code_is_weighed_above_other_code() {
    let mut views = sizes();
    views.wasm.br -= 30_000;
    views.js.br -= 1_000;
    views.css.br = 0;
    assert_eq!(sizes().code_above(&views), 31_000);
    assert_eq!(views.code_above(&sizes()), 0);
}

#[test]
fn the_budget_is_read_from_its_section() {
    let text = "# x\n[other]\ntotal_br = 1\n[app]\n# why\ntotal_br = 170_000 # bytes\n[elements]\ntotal_br = 2\n";
    assert_eq!(budget_in(text, "app", "total_br"), Some(170_000));
    assert_eq!(budget_in(text, "elements", "total_br"), Some(2));
    assert_eq!(budget_in(text, "app", "wasm_br"), None);
}

#[test]
fn one_byte_too_many_fails() {
    let of = |first, code| verdict(&sizes(), &Budget { first, code });
    assert!(of(142_700, 144_700).is_ok());
    assert_eq!(
        of(142_699, 144_700).unwrap_err(),
        "Until results are there: 142700 bytes after brotli, 1 more than budgets.toml allows."
    );
    assert_eq!(
        of(142_700, 144_699).unwrap_err(),
        "The code of all pages: 144700 bytes after brotli, 1 more than budgets.toml allows."
    );
}

#[test]
fn chunks_with_a_file_of_their_own_come_later() {
    let page = r#"<meta name="app-chunk" content="/chunk-1.wasm" data-integrity="a"><meta name="app-chunk" content="/chunk-2.wasm" data-integrity="b"><script>"#;
    assert_eq!(later(page), ["chunk-1.wasm", "chunk-2.wasm"]);
    assert!(later("<script>").is_empty());
}

#[test]
fn another_language_is_no_part_of_the_total() {
    let names = [
        "de-0123456789abcdef.txt",
        "catalogue.de.json",
        "catalogue.json",
        "robots.txt",
    ];
    let found = names.map(|name| language(Path::new(name)));
    assert_eq!(
        found,
        [
            Some("de".to_owned()),
            Some("de json".to_owned()),
            None,
            None
        ]
    );
    assert_eq!(sizes().first().br, 142_700);
}

#[test]
fn the_table_lines_up() {
    let table = sizes().table();
    assert!(
        table
            .lines()
            .all(|line| line.len() == table.lines().next().unwrap().len()),
        "{table}"
    );
    assert!(
        table.ends_with("de             9.0 kB      30.0 kB"),
        "{table}"
    );
}
