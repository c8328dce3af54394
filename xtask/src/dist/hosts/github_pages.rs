//! GitHub Pages: for trying things out, and not for health data. It sets no header of ours.

use crate::dist::{SITE, Site};
use crate::term::{Failure, Outcome};

/// What is said on the terminal, and in a file beside the folder.
pub(crate) const NOT_FOR_PHI: &str = "Not for PHI: GitHub Pages sets no headers, so any page may frame this app, browsers are not held to HTTPS, files are kept for \
ten minutes whatever they are, and GitHub signs no BAA. Use it for a demo with invented people, and another host for real results.";

/// A policy cannot say this in a page.
const ONLY_A_HEADER: &str = "frame-ancestors 'none'; ";
/// Where the page may have one: it holds for what stands after it.
const PLACE: &str = "<meta charset=utf-8>";

/// The page with the policy in it, the same for what is not there, and why not.
pub(super) fn files(site: &Site<'_>, page: &str) -> Outcome<Vec<(String, String)>> {
    let policy = site
        .headers()
        .find(|(name, _)| *name == "Content-Security-Policy")
        .map(|(_, value)| value.replace(ONLY_A_HEADER, ""))
        .unwrap_or_default();
    if !page.contains(PLACE) {
        return Err(Failure::new(format!("index.html has no `{PLACE}`.")));
    }
    let meta = format!("{PLACE}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let page = page.replacen(PLACE, &meta, 1);
    let table = site.table;
    Ok(vec![
        (format!("{SITE}/{}", table.document), page.clone()),
        // It has no rules for routes: what is not there is answered with this, which starts the app, with status 404.
        (format!("{SITE}/{}", table.missing), page),
        (format!("{SITE}/.nojekyll"), String::new()),
        ("NOT-FOR-PHI.txt".to_owned(), format!("{NOT_FOR_PHI}\n")),
    ])
}
