use super::Base;

#[test]
fn a_folder_is_read_and_what_a_host_may_read_otherwise_is_not() {
    for (text, base) in [
        ("/", Some("/")),
        ("", Some("/")),
        ("/app/", Some("/app/")),
        ("/app", Some("/app/")),
        ("/a-1/b_2.c/", Some("/a-1/b_2.c/")),
        ("app/", None),
        ("//app/", None),
        ("/app//", None),
        ("/a//b/", None),
        ("/../", None),
        ("/a/./b", None),
        ("/.well-known/", None),
        ("/a b/", None),
        ("/ä/", None),
        ("/a%20b/", None),
        ("/a?b/", None),
        ("https://app.example/", None),
    ] {
        let read = Base::parse(text);
        assert_eq!(read.as_ref().map(Base::as_str), base, "{text}");
    }
}

#[test]
fn what_the_page_loads_moves_with_it_and_nothing_else_does() {
    let files = ["boot-1.js", "icon.svg", "loop-1.css"].map(str::to_owned);
    let page = r#"<link href=/icon.svg><link href="/loop-1.css"><script src='/boot-1.js'></script><a href="/">/icon.svg</a>"#;
    let moved = r#"<link href=/app/icon.svg><link href="/app/loop-1.css"><script src='/app/boot-1.js'></script><a href="/">/icon.svg</a>"#;
    assert_eq!(Base::parse("/app").unwrap().moved(page, &files), moved);
    assert_eq!(Base::default().moved(page, &files), page);
}
