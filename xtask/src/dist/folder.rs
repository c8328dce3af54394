//! The folder that is served: what was built, the configuration, the page for what is not there, and all of it compressed.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use super::base::Base;
use super::settings::{FILE, Settings};
use super::table::Table;
use crate::compress::{self, BEST};
use crate::term::{Failure, Outcome, Tried};

/// Whether there is something to serve.
pub(super) fn is_built(built: &Path) -> Outcome<()> {
    if built.join("index.html").is_file() {
        Ok(())
    } else {
        Err(Failure::new(
            "There is no dist/ yet: leave `--built` out, and it is made.",
        ))
    }
}

/// Empties the folder that is served, and copies what was built to where the app lies in it, with the configuration in place of the
/// example. Where nothing was built, the folder stays as it is.
pub(super) fn fill(built: &Path, served: &Path, site: &Path, settings: &Settings) -> Outcome<()> {
    is_built(built)?;
    empty(served)?;
    fs::create_dir_all(site).tried(format_args!("create {}", site.display()))?;
    for name in names(built)? {
        let bytes = fs::read(built.join(&name)).tried(format_args!("read {name}"))?;
        fs::write(site.join(&name), bytes).tried(format_args!("write {name}"))?;
    }
    fs::write(site.join(FILE), &settings.text).tried(format_args!("write {FILE}"))
}

/// An empty folder. What an earlier run left is removed; anything else is somebody's.
fn empty(site: &Path) -> Outcome<()> {
    if site.exists() {
        let is_empty = fs::read_dir(site).is_ok_and(|mut entries| entries.next().is_none());
        if !(is_empty || is_ours(site)) {
            return Err(Failure::new(format!(
                "{} holds something else: name another folder with `--out`.",
                site.display()
            )));
        }
        fs::remove_dir_all(site).tried(format_args!("empty {}", site.display()))?;
    }
    fs::create_dir_all(site).tried(format_args!("create {}", site.display()))
}

/// Whether the app is in it, or in the only folder in it.
fn is_ours(folder: &Path) -> bool {
    if folder.join("index.html").is_file() && folder.join(FILE).is_file() {
        return true;
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    // What some hosts read stands at the root of what is served.
    let is_theirs = |name: &OsStr| name == "_headers" || name == "_redirects";
    let mut others = entries.filter(|entry| !is_theirs(&entry.file_name()));
    match (others.next(), others.next()) {
        (Some(only), None) => only.path().is_dir() && is_ours(&only.path()),
        _ => false,
    }
}

/// The names of the files, in order. The app has no folders.
pub(super) fn names(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).tried(format_args!("read {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

/// The page for what is not there, in the style of the app, without a script.
pub(super) fn missing(files: &[String], base: &Base) -> String {
    let sheet = files
        .iter()
        .find(|name| name.rsplit('.').next() == Some("css"));
    let sheet = sheet.map_or(String::new(), |name| {
        format!(
            "<link rel=\"stylesheet\" href=\"{}\">\n",
            base.address(name)
        )
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Nothing here</title>\n<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n{sheet}\
         <header class=\"shell-header\"><a class=\"shell-header__brand\" href=\"{start}\">\
         <span class=\"shell-header__mark\" aria-hidden=\"true\"></span>Loop Partner</a></header>\n\
         <main class=\"page page--narrow\">\n<div class=\"notice notice--page\">\n\
         <h1 class=\"notice__title\">There is nothing at this address</h1>\n\
         <p class=\"notice__words\">The address is wrong, or the page has moved.</p>\n\
         <div class=\"notice__action\"><a class=\"button button--primary\" href=\"{start}\">Go to the start</a></div>\n</div>\n</main>\n</html>\n",
        base.address("icon.svg"),
        start = base.as_str()
    )
}

/// Writes each file that gains by it a second and a third time, as `.br` and `.gz`. The same bytes give the same files.
pub(super) fn compress(site: &Path, table: &Table) -> Outcome<()> {
    for name in names(site)? {
        // It is edited on the host; its old form would be served beside it.
        if !table.is_compressed(&name) || name == FILE {
            continue;
        }
        let bytes = fs::read(site.join(&name)).tried(format_args!("read {name}"))?;
        for (ending, packed) in [
            ("br", compress::brotli(&bytes, BEST)?),
            ("gz", compress::gzip(&bytes)?),
        ] {
            if packed.len() < bytes.len() {
                let name = format!("{name}.{ending}");
                fs::write(site.join(&name), packed).tried(format_args!("write {name}"))?;
            }
        }
    }
    Ok(())
}
