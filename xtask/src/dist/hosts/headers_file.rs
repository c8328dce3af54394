//! Netlify and Cloudflare Pages: `_headers` and `_redirects` in the folder that is served. Both read nearly the same language.

use std::fmt::Write as _;

use crate::dist::{SITE, Site};

/// Rewrites name the file.
pub(super) fn netlify(site: &Site<'_>) -> Vec<(String, String)> {
    files(site, &site.document())
}

/// Rewrites name the folder: there `/index.html` is an address that leads to `/`.
pub(super) fn cloudflare(site: &Site<'_>) -> Vec<(String, String)> {
    files(site, site.base.as_str())
}

fn files(site: &Site<'_>, document: &str) -> Vec<(String, String)> {
    vec![
        (format!("{SITE}/_headers"), headers(site)),
        (format!("{SITE}/_redirects"), redirects(site, document)),
    ]
}

/// What both hosts do with two values of one header differs, so no path gets `Cache-Control` from two rules. Without any it is
/// `public, max-age=0, must-revalidate`.
fn headers(site: &Site<'_>) -> String {
    let mut text = "/*\n".to_owned();
    // Writing to a `String` cannot fail.
    for (name, value) in site.headers() {
        let _ = writeln!(text, "  {name}: {value}");
    }
    let mut cache = |path: &str, value: &str| {
        let _ = writeln!(text, "{path}\n  Cache-Control: {value}");
    };
    for page in site.pages() {
        cache(&page, &site.table.not_kept);
    }
    for below in site.below() {
        cache(&format!("{below}*"), &site.table.not_kept);
    }
    for name in site.files {
        cache(&site.address(name), site.table.cache(name));
    }
    text
}

/// Pages alone: whatever else has no file is `404.html` with status 404, as both hosts do by themselves.
fn redirects(site: &Site<'_>, document: &str) -> String {
    let pages = site
        .pages()
        .into_iter()
        .filter(|page| page != site.base.as_str());
    let below = site.below();
    let below = below.iter().map(|below| format!("{below}*"));
    pages.chain(below).fold(String::new(), |mut text, page| {
        let _ = writeln!(text, "{page} {document} 200");
        text
    })
}
