//! `cargo xtask dist`: the folder that a host serves, ready to be copied, and the files that tell the host how.
//!
//! [`table`] reads `hosting/table.json`; [`settings`] checks `loop.config.json`; [`base`] knows where the app lies; [`folder`]
//! writes what is served; [`offline`] adds what it takes to start without a network; [`hosts`] writes what the host reads, as
//! pure functions of the others.

mod base;
mod folder;
mod hosts;
mod offline;
mod settings;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use base::Base;
pub(crate) use hosts::Host;
use settings::Settings;
use table::Table;

use crate::build::{self, DIST};
use crate::term::{Failure, Outcome, Steps, Tried, detail, say};
use crate::{sbom, tools};

/// Where everything goes unless a person says otherwise.
const OUT: &str = "deploy";
/// What the app is made of, beside the folder: it is for people, not for browsers.
const SBOM: &str = "loop-partner.cdx.json";
/// The folder in it that is served.
pub(crate) const SITE: &str = "site";

/// What to make.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dist {
    /// The configuration; without one, the one that was built in.
    pub(crate) config: Option<PathBuf>,
    /// Where on its origin.
    pub(crate) base: Base,
    /// For whom.
    pub(crate) host: Option<Host>,
    /// Where to.
    pub(crate) out: Option<PathBuf>,
    /// Take `dist/` as it is.
    pub(crate) built: bool,
    /// And what the app is made of.
    pub(crate) sbom: bool,
    /// Add the worker that keeps the shell for when there is no network.
    pub(crate) offline: bool,
}

/// All that a host's files depend on.
pub(crate) struct Site<'a> {
    pub(crate) table: &'a Table,
    pub(crate) settings: &'a Settings,
    pub(crate) base: &'a Base,
    /// The names of the files that are served, in order.
    pub(crate) files: &'a [String],
    /// Whether one of them is the worker.
    pub(crate) offline: bool,
}

/// Builds the app, unless it is to be taken as it is, and writes the folder.
pub(crate) fn command(root: &Path, options: &Dist) -> Outcome<()> {
    let mut steps = Steps::new(3);
    steps.next("check", "the configuration");
    if options.built {
        folder::is_built(&root.join(DIST))?;
    }
    let tools = tools::unchecked(root)?;
    let built_in = root.join(if options.built { DIST } else { "public" });
    let config = options
        .config
        .clone()
        .unwrap_or_else(|| built_in.join(settings::FILE));
    let table = Table::read(root)?;
    let settings = Settings::check(&tools, &config, &options.base)?;

    steps.next("app", "the app");
    if options.built {
        detail("dist/ is taken as it is");
    } else {
        let tools = tools::ensure(root)?;
        build::fetch(&tools)?;
        build::app(&tools, false)?;
    }

    steps.next("files", "what is served");
    let out = options.out.clone().unwrap_or_else(|| root.join(OUT));
    let base = &options.base;
    let served = out.join(SITE);
    // What GitHub Pages serves is in the folder that is named after the repository.
    let site = match options.host {
        Some(Host::GithubPages) => served.clone(),
        _ => served.join(base.folder()),
    };
    folder::fill(&root.join(DIST), &served, &site, &settings)?;
    let files = folder::names(&site)?;
    let page = site.join(&table.document);
    let document = fs::read_to_string(&page).tried("read index.html")?;
    fs::write(&page, base.moved(&document, &files)).tried("write index.html")?;
    fs::write(site.join(&table.missing), folder::missing(&files, base))
        .tried("write the page for what is not there")?;
    if options.offline {
        offline::mark(&site, &table)?;
    }
    let mut made = Vec::new();
    if let Some(host) = options.host {
        let site = Site {
            table: &table,
            settings: &settings,
            base,
            files: &folder::names(&site)?,
            offline: options.offline,
        };
        let document = fs::read_to_string(&page).tried("read index.html")?;
        made = hosts::files(host, &site, &document)?;
        for (name, text) in &made {
            fs::write(out.join(name), text).tried(format_args!("write {name}"))?;
        }
    }
    if options.offline {
        // Only now, since a host may have its own page.
        offline::write(&site, &table)?;
    }
    if options.host.is_none_or(Host::serves_compressed) {
        folder::compress(&site, &table)?;
    }
    if options.sbom {
        let sbom = sbom::generate(&tools, None)?;
        fs::write(out.join(SBOM), sbom).tried(format_args!("write {SBOM}"))?;
        made.push((SBOM.to_owned(), String::new()));
    }
    say(format_args!("Serve {}.", served.display()));
    for (name, _) in made {
        detail(format_args!("{}", out.join(name).display()));
    }
    match options.host {
        Some(Host::GithubPages) => say(hosts::NOT_FOR_PHI),
        Some(host) => say(format_args!(
            "What to do with it: docs/hosting.md, under {}. {}",
            host.name(),
            steps.summary()
        )),
        None => say(format_args!(
            "`--host` adds the files of a host: {}. {}",
            Host::NAMES,
            steps.summary()
        )),
    }
    Ok(())
}

/// A failure that names the table, which nobody but its author can mend.
fn bad_table(what: &str) -> Failure {
    Failure::new(format!("hosting/table.json: {what}."))
}

#[cfg(test)]
mod tests;
