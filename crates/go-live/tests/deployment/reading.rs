//! What is read of pages, addresses and the table.

use loop_go_live::door::{Answer, Ask};
use loop_go_live::html::elements;
use loop_go_live::page::Page;
use loop_go_live::table::{Table, is_hashed};
use loop_go_live::target::{Target, is_local};

/// Name, attributes, text.
type Read = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[test]
fn tags_are_read_as_browsers_do() {
    let cases: [(&str, &[Read]); 9] = [
        ("<p>text", &[("p", &[], "")]),
        (
            "<A HREF='x y' hidden data-n=1>",
            &[("a", &[("href", "x y"), ("hidden", ""), ("data-n", "1")], "")],
        ),
        (
            "<link href=/a.css rel=stylesheet>",
            &[("link", &[("href", "/a.css"), ("rel", "stylesheet")], "")],
        ),
        (
            "<script>if (a < b) '<p>'</script><p>",
            &[("script", &[], "if (a < b) '<p>'"), ("p", &[], "")],
        ),
        (
            "<title><script>x</script></title><br/>",
            &[("title", &[], ""), ("br", &[], "")],
        ),
        ("<!-- <script> --><i>", &[("i", &[], "")]),
        (
            "<a href=\"x?a=1&amp;b=2\"",
            &[("a", &[("href", "x?a=1&b=2")], "")],
        ),
        (
            "<img/onerror=go() =x>",
            &[("img", &[("onerror", "go()"), ("=x", "")], "")],
        ),
        ("1 < 2 <", &[]),
    ];
    for (html, wanted) in cases {
        let found = elements(html);
        let found: Vec<_> = found
            .iter()
            .map(|element| {
                let attributes: Vec<_> = element
                    .attributes
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                (element.name.as_str(), attributes, element.text.as_str())
            })
            .collect();
        let wanted: Vec<_> = wanted
            .iter()
            .map(|(name, attributes, text)| (*name, attributes.to_vec(), *text))
            .collect();
        assert_eq!(found, wanted, "{html}");
    }
}

#[test]
fn no_page_is_too_broken_to_be_read() {
    let page = crate::world::index();
    for end in (0..page.len()).filter(|end| page.is_char_boundary(*end)) {
        elements(&page[..end]);
        elements(&page[end..]);
    }
    elements("<a b='é\u{1F600}");
    elements("<é><a é=é é>");
}

#[test]
fn addresses_are_taken_or_refused() {
    let cases = [
        ("https://app.example", Some(("https://app.example", "/"))),
        ("https://app.example/", Some(("https://app.example", "/"))),
        (
            "https://app.example/loop",
            Some(("https://app.example", "/loop/")),
        ),
        (
            "http://localhost:8080",
            Some(("http://localhost:8080", "/")),
        ),
        ("http://app.example", None),
        ("https://app.example/?x", None),
        ("https://app.example/#x", None),
        ("ftp://app.example", None),
        ("https://user@app.example", None),
    ];
    for (text, wanted) in cases {
        let target = Target::parse(text).ok();
        let found = target
            .as_ref()
            .map(|target| (target.origin.as_str(), target.base.as_str()));
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn references_belong_to_the_origin_or_not() {
    let target = Target::parse("https://app.example/loop").unwrap();
    let cases = [
        ("/a.js", Some(("https://app.example/a.js", true))),
        ("a.js", Some(("https://app.example/loop/a.js", true))),
        ("./a.js", Some(("https://app.example/loop/a.js", true))),
        (
            "//cdn.example/a.js",
            Some(("https://cdn.example/a.js", false)),
        ),
        (
            "https://app.example.evil.example/a.js",
            Some(("https://app.example.evil.example/a.js", false)),
        ),
        ("https://app.example", Some(("https://app.example", true))),
        ("http://app.example/", Some(("http://app.example/", false))),
        (
            "mailto:a@app.example",
            Some(("mailto:a@app.example", false)),
        ),
        ("#top", None),
    ];
    for (reference, wanted) in cases {
        let found = target.resolve(reference);
        let found = found.as_deref().map(|url| (url, target.owns(url)));
        assert_eq!(found, wanted, "{reference}");
    }
    assert_eq!(target.plain().as_deref(), Some("http://app.example/loop/"));
    assert_eq!(
        Target::parse("https://app.example:8443").unwrap().plain(),
        None
    );
    assert!(is_local("http://localhost:1/x") && !is_local("https://localhost.example/"));
}

#[test]
fn the_table_for_hosts_is_read() {
    let table = Table::read().unwrap();
    assert!(table.policy().contains("connect-src 'self' {connect}"));
    assert_eq!(table.headers.len(), 8);
    assert_eq!(table.document, "no-store");
    assert_eq!(table.kind_of("/a/b.wasm"), Some("application/wasm"));
    assert_eq!(table.kind_of("/report"), None);
    assert!(is_hashed("/loop-partner-0123456789abcdef.js"));
    assert!(!is_hashed("/icon-512.png") && !is_hashed("/boot.js"));
}

#[test]
fn a_page_names_each_file_once_unless_it_contradicts_itself() {
    let target = Target::parse("https://app.example").unwrap();
    let page = Page::read(crate::world::index().as_bytes(), &target);
    assert!(page.is_app());
    assert_eq!(page.files.len(), 7);
    let twice = crate::world::index()
        .replacen("rel=modulepreload", "rel=modulepreload x", 1)
        .replacen("integrity=sha384-", "integrity=sha384-A", 2);
    assert_eq!(Page::read(twice.as_bytes(), &target).files.len(), 8);
}

#[test]
fn an_answer_is_a_page_by_type_or_by_its_beginning() {
    let answer = |kind: &str, body: &str| Answer {
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.into(),
        ..Answer::default()
    };
    assert!(answer("Text/HTML; charset=utf-8", "").is_page());
    assert!(answer("application/wasm", "\n<!DOCTYPE html>").is_page());
    assert!(!answer("application/json", "{}").is_page());
    assert!(!answer("image/svg+xml", "<svg/>").is_page());
    let ask = Ask::preflight(
        "https://a.example",
        "https://b.example",
        "GET",
        "authorization",
    );
    assert_eq!((ask.method, ask.headers.len()), ("OPTIONS", 3));
}
