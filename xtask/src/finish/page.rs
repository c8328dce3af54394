//! What the page names: each file and part under its final name, with its digest.

use super::integrity;
use crate::languages::Language;
use crate::term::{Failure, Outcome};

/// The page with a language on offer: `boot.js` loads the file for whoever wants it.
pub(super) fn offered(html: &str, language: &Language, file: &str) -> Outcome<String> {
    let Language {
        tag,
        name,
        file: text,
    } = language;
    let digest = integrity(text.as_bytes());
    let meta = format!(
        r#"<meta name="app-language" content="/{file}" data-tag="{tag}" data-name="{name}" data-integrity="{digest}">"#
    );
    before_script(html, &meta)
}

/// The page with a part more of the app's own file: `boot.js` reads them one after the other.
pub(super) fn with_part(html: &str, part: &[u8]) -> Outcome<String> {
    let (length, digest) = (part.len(), integrity(part));
    let meta = format!(r#"<meta name="app-part" content="{length}" data-integrity="{digest}">"#);
    before_script(html, &meta)
}

/// The page with a chunk more, which `boot.js` loads when the app asks for it.
pub(super) fn with_chunk(html: &str, file: &str, digest: &str) -> Outcome<String> {
    let meta = format!(r#"<meta name="app-chunk" content="/{file}" data-integrity="{digest}">"#);
    before_script(html, &meta)
}

/// The page with a file's final name and digest; `None` when it has no place for one of them.
pub(super) fn renamed(
    html: &str,
    file: &str,
    named: &str,
    digest: &str,
    now: &str,
) -> Option<String> {
    (html.contains(file) && html.contains(digest))
        .then(|| html.replace(file, named).replace(digest, now))
}

fn before_script(html: &str, meta: &str) -> Outcome<String> {
    const SCRIPT: &str = "<script";
    if !html.contains(SCRIPT) {
        return Err(Failure::new(
            "index.html has no script to put what it loads later before.",
        ));
    }
    Ok(html.replacen(SCRIPT, &format!("{meta}{SCRIPT}"), 1))
}
