//! The folder that is served: what was built, the configuration, the page for what is not there, and all of it compressed.

use std::fs;
use std::path::Path;

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

/// Empties the folder that is served, and copies what was built into it, with the configuration in place of the example. Where
/// nothing was built, the folder stays as it is.
pub(super) fn fill(built: &Path, site: &Path, settings: &Settings) -> Outcome<()> {
    is_built(built)?;
    empty(site)?;
    for name in names(built)? {
        let bytes = fs::read(built.join(&name)).tried(format_args!("read {name}"))?;
        fs::write(site.join(&name), bytes).tried(format_args!("write {name}"))?;
    }
    fs::write(site.join(FILE), &settings.text).tried(format_args!("write {FILE}"))
}

/// An empty folder. What an earlier run left is removed; anything else is somebody's.
fn empty(site: &Path) -> Outcome<()> {
    if site.exists() {
        let is_ours = site.join("index.html").is_file() && site.join(FILE).is_file();
        let is_empty = fs::read_dir(site).is_ok_and(|mut entries| entries.next().is_none());
        if !(is_ours || is_empty) {
            return Err(Failure::new(format!(
                "{} holds something else: name another folder with `--out`.",
                site.display()
            )));
        }
        fs::remove_dir_all(site).tried(format_args!("empty {}", site.display()))?;
    }
    fs::create_dir_all(site).tried(format_args!("create {}", site.display()))
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
pub(super) fn missing(files: &[String]) -> String {
    let sheet = files
        .iter()
        .find(|name| name.rsplit('.').next() == Some("css"));
    let sheet = sheet.map_or(String::new(), |name| {
        format!("<link rel=\"stylesheet\" href=\"/{name}\">\n")
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Nothing here</title>\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n{sheet}\
         <main>\n<h1>There is nothing at this address</h1>\n<p><a href=\"/\">Go to the start</a></p>\n</main>\n</html>\n"
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
