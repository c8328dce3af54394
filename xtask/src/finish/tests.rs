use super::*;

#[test]
fn digests_are_the_ones_browsers_compute() {
    // The example of the Subresource Integrity specification.
    assert_eq!(
        integrity(b"alert('Hello, world.');"),
        "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
    );
    assert_eq!(short(b""), "e3b0c44298fc1c14");
}

#[test]
fn the_page_names_what_is_served() {
    let page = "<meta content=/app-1_bg.wasm><meta content=MARK><link href=/app-1.js>";
    assert_eq!(
        renamed(page, "app-1_bg.wasm", "app-2.wasm", "MARK", "sha384-W").as_deref(),
        Some("<meta content=/app-2.wasm><meta content=sha384-W><link href=/app-1.js>")
    );
    assert_eq!(
        renamed(page, "app-3.js", "app-4.js", "MARK", "sha384-W"),
        None
    );
    assert_eq!(
        renamed(page, "app-1.js", "app-4.js", "OTHER", "sha384-W"),
        None
    );
}

#[test]
fn a_page_that_could_not_start_is_not_built() {
    let [imports, exports] = ["in", "out"].map(|name| vec![name.to_owned()]);
    let script = "const import0 = { in: f };\nwasm.out();\n";
    assert!(fits(script, &imports, &exports));
    assert!(!fits(script, &["inn".to_owned()], &exports));
    assert!(!fits(script, &imports, &["ou".to_owned()]));
}

#[test]
fn scripts_lose_comments_and_nothing_else() {
    let script = "// why\n/** a */\nlet a = 'http://x'; // kept\n/*\n * b\n */\n  if (a) {\n\n    go();\n  }\n";
    assert_eq!(
        without_indentation(&without_comments(script)),
        "let a = 'http://x'; // kept\nif (a) {\ngo();\n}\n"
    );
}

#[test]
fn the_page_names_the_parts_of_the_file_in_their_order() {
    let mut html = "<script src=boot.js>".to_owned();
    for part in [&b"start"[..], b"app"] {
        html = with_part(&html, part).unwrap();
    }
    let named: Vec<_> = html.split("<meta").skip(1).collect();
    for (meta, part) in named.iter().zip([&b"start"[..], b"app"]) {
        let expected = format!(
            r#" name="app-part" content="{}" data-integrity="{}">"#,
            part.len(),
            integrity(part)
        );
        assert!(meta.starts_with(&expected), "{meta}");
    }
    assert_eq!(named.len(), 2);
    assert!(with_part("", b"start").is_err(), "there is no script");
}
