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
fn a_panic_traps_what_developers_read_is_nothing_and_the_rest_stays() {
    let (trap, zero) = (Some(Body::Trap), Some(Body::Zero));
    for (name, expected) in [
        ("core[c5930c85a12de822]::panicking::panic_fmt", trap),
        (
            "core[c5930c85a12de822]::panicking::assert_failed::<usize, usize>",
            trap,
        ),
        ("core::panicking::panic_display::hb1a615e2d1ad759b", trap),
        (
            "core[c5930c85a12de822]::slice::index::slice_index_fail",
            trap,
        ),
        ("alloc[3ca501edff3f0c7c]::raw_vec::handle_error", trap),
        ("__rustc[b7974e8690430dd9]::rust_begin_unwind", trap),
        (
            "js_sys::futures::future_to_promise::{{closure}}::hac8b0773f4f63a5c",
            trap,
        ),
        (
            "core::ptr::drop_in_place<wasm_streams::writable::IntoUnderlyingSink>",
            trap,
        ),
        (
            "<core[c5930c85a12de822]::panicking::AssertKind as core[c5930c85a12de822]::fmt::Debug>::fmt",
            zero,
        ),
        ("<&T as core::fmt::Debug>::fmt::hb32e6743d82fb219", zero),
        ("<&str as core[c5930c85a12de822]::fmt::Display>::fmt", None),
        (
            "<core[c5930c85a12de822]::fmt::builders::DebugStruct>::field",
            None,
        ),
        ("core::slice::index::range::h0123456789abcdef", None),
        (
            "hashbrown::raw::Fallibility::capacity_overflow::hbdbacb8c6092cf18",
            None,
        ),
        (
            "std[a543996e6e7dbf1e]::panicking::panic_count::is_zero_slow_path",
            None,
        ),
        (
            "core::result::Result<T,E>::unwrap_or_default::hbd7d9085b46a37a1",
            None,
        ),
        ("loop_sdk::session::core::option::unwrap_failed", None),
    ] {
        assert_eq!(replaced(name), expected, "{name}");
    }
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
