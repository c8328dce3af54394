//! `--offline`: a service worker that keeps the shell of the app, so that it can say that there is no network.
//!
//! It keeps the page and the files that are named after their content, and no others: the configuration, the catalogue, the icons and
//! the manifest may be replaced on the host, and an old one must not be taken for a new one.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::table::Table;
use super::{bad_table, folder};
use crate::finish::{integrity, short};
use crate::term::{Failure, Outcome, Tried};

/// Its name. It lies beside the page, since a worker answers for the folder that it lies in.
pub(super) const FILE: &str = "service-worker.js";
/// The kind of files in the table whose names follow their content.
const KIND: &str = "hashed";
/// What `public/boot.js` looks for before it has the worker installed.
const MARK: &str = r#"<meta name="app-offline" content="yes">"#;
/// Where the page has its metas.
const BEFORE: &str = "<script";
/// All but the lists.
const TEMPLATE: &str = include_str!("service-worker.js");

/// Marks the page, and takes the place of the worker, so that hosts know of the file.
pub(super) fn mark(site: &Path, table: &Table) -> Outcome<()> {
    let page = site.join(&table.document);
    let html = fs::read_to_string(&page).tried(format_args!("read {}", table.document))?;
    fs::write(&page, marked(&html)?).tried(format_args!("write {}", table.document))?;
    fs::write(site.join(FILE), "").tried(format_args!("write {FILE}"))
}

/// Writes the worker for the files as they are now.
pub(super) fn write(site: &Path, table: &Table) -> Outcome<()> {
    let read = |name: &str| fs::read(site.join(name)).tried(format_args!("read {name}"));
    let kind = table.kept.iter().find(|kept| kept.kind == KIND);
    let named = kind.ok_or_else(|| bad_table("no kind `hashed`"))?;
    let mut files = Vec::new();
    for name in folder::names(site)? {
        if named.matcher.is_match(&name) {
            let digest = integrity(&read(&name)?);
            files.push((name, digest));
        }
    }
    let worker = worker(&integrity(&read(&table.document)?), files);
    fs::write(site.join(FILE), worker).tried(format_args!("write {FILE}"))
}

/// The page with the mark.
pub(super) fn marked(html: &str) -> Outcome<String> {
    if !html.contains(BEFORE) {
        return Err(Failure::new(format!("index.html has no `{BEFORE}`.")));
    }
    Ok(html.replacen(BEFORE, &format!("{MARK}{BEFORE}"), 1))
}

/// The text of the worker: the digest of the page, names and digests of the other files, and a version that follows from all of it.
pub(super) fn worker(page: &str, files: Vec<(String, String)>) -> String {
    let files = files.into_iter();
    let files: Map<String, Value> = files.map(|(name, digest)| (name, digest.into())).collect();
    let text = TEMPLATE
        .replace("$PAGE", page)
        .replace("$LIST", &Value::from(files).to_string());
    let version = short(text.as_bytes());
    text.replace("$VERSION", &version)
}

#[cfg(test)]
mod tests;
