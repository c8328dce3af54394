//! Finds what only `--smoke` and the tests need: Chromium, its driver, Node, and the npm packages in `tests/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::term::{Failure, Outcome, Tried, aside, detail};
use crate::tools::Tools;
use crate::versions::{self, NODE_FOR_TESTS};
use crate::{apt, process};

const CHROMIUM: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const MAC: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Finds Chromium, or installs Debian's.
pub(crate) fn chromium(tools: &Tools) -> Outcome<PathBuf> {
    found_or_installed(tools, find_chromium, "Chromium", "CHROMIUM")
}

/// Finds chromedriver, or installs Debian's.
pub(crate) fn chromedriver(tools: &Tools) -> Outcome<PathBuf> {
    let find = |tools: &Tools| {
        Ok(named("CHROMEDRIVER")?
            .or_else(|| tools.find("chromedriver"))
            .or_else(|| tools.find("chromium.chromedriver")))
    };
    found_or_installed(tools, find, "chromedriver", "CHROMEDRIVER")
}

fn find_chromium(tools: &Tools) -> Outcome<Option<PathBuf>> {
    let on_path = || CHROMIUM.iter().find_map(|name| tools.find(name));
    let on_mac = || {
        MAC.iter()
            .map(PathBuf::from)
            .find(|file| process::is_program(file))
    };
    Ok(named("CHROMIUM")?.or_else(on_path).or_else(on_mac))
}

/// What a variable names. A wrong name is an error: another browser would be a surprise.
fn named(variable: &str) -> Outcome<Option<PathBuf>> {
    let Some(file) = std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(None);
    };
    if process::is_program(&file) {
        return Ok(Some(file));
    }
    Err(Failure::new(format!(
        "${variable} names {}, which is no program.",
        file.display()
    )))
}

fn found_or_installed(
    tools: &Tools,
    find: impl Fn(&Tools) -> Outcome<Option<PathBuf>>,
    what: &str,
    variable: &str,
) -> Outcome<PathBuf> {
    if let Some(file) = find(tools)? {
        return Ok(file);
    }
    if apt::is_there(tools) {
        detail(
            "Chromium is missing; installing Debian's chromium and chromium-driver (about a minute, once)",
        );
        let packages = ["chromium", "chromium-driver", "fonts-liberation"];
        apt::install(tools, "Chromium", &packages)?;
        if let Some(file) = find(tools)? {
            return Ok(file);
        }
    }
    Err(Failure::new(format!(
        "{what} is missing: install it (on Debian: apt-get install chromium chromium-driver) or name it in ${variable}."
    )))
}

/// Node, recent enough for the tests.
pub(crate) fn node(tools: &Tools) -> Outcome<PathBuf> {
    let missing = || {
        Failure::new(format!(
            "Node {NODE_FOR_TESTS} or later is missing: the browser tests run on it, so install it from https://nodejs.org."
        ))
    };
    let node = tools.find("node").ok_or_else(missing)?;
    let version = process::answer(tools.command(&node).arg("--version")).unwrap_or_default();
    match versions::major(&version) {
        Some(major) if major >= NODE_FOR_TESTS => Ok(node),
        _ => Err(Failure::new(format!(
            "Node {NODE_FOR_TESTS} or later is needed for the browser tests, and this is {}.",
            version.trim()
        ))),
    }
}

/// `npm ci` in `tests/`, unless what is there is what the lock file says.
pub(crate) fn packages(tools: &Tools, root: &Path) -> Outcome<()> {
    packages_in(tools, &root.join("tests"))
}

/// The same in another folder with a lock file.
pub(crate) fn packages_in(tools: &Tools, folder: &Path) -> Outcome<()> {
    let shown = folder.strip_prefix(&tools.root).unwrap_or(folder).display();
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).tried(format_args!("read {}", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = tools.find("npm").ok_or_else(|| {
        Failure::new("npm is missing: it comes with Node, so install Node from https://nodejs.org.")
    })?;
    // Some commands answer with one JSON object on standard output.
    aside(format_args!("npm ci in {shown}/"));
    let mut install = tools.command(npm);
    install
        .current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let output = install.output().tried("start npm")?;
    if output.status.success() {
        return fs::write(&stamp, lock).tried(format_args!("write {}", stamp.display()));
    }
    let text = String::from_utf8_lossy(&output.stderr);
    if process::is_no_network(&text) {
        return Err(Failure::new(
            "The test packages have to be downloaded once, and the npm registry could not be reached: check the network, then run this again.",
        ));
    }
    detail(text.trim_end());
    Err(Failure::new(format!(
        "npm ci failed in {shown}/; its own words are above."
    )))
}

/// A Playwright run in `tests/`, without arguments yet.
pub(crate) fn playwright(tools: &Tools, root: &Path, node: &Path, chromium: &Path) -> Command {
    let mut command = tools.command(node);
    command
        .current_dir(root.join("tests"))
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .env("LOOP_CHROMIUM", chromium);
    command
}
