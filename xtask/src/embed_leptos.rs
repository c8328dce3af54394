//! `examples/hello-leptos`: a Leptos app outside of the workspace, built as its author does while writing it, and its tests in Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::process;
use crate::smoke::Browser;
use crate::term::Outcome;
use crate::tools::Tools;

/// The package.
const EXAMPLE: &str = "examples/hello-leptos";
/// Where its page goes.
const BUILT: &str = "target/hello-leptos";
/// How its tests run.
const CONFIG: &str = "embed-leptos/playwright.config.mjs";

/// Builds it with trunk, from its own manifest and lock file, into the workspace's target folder.
pub(crate) fn build(tools: &Tools, root: &Path) -> Outcome<PathBuf> {
    build::fetch_of(tools, &format!("{EXAMPLE}/Cargo.toml"))?;
    let built = root.join(BUILT);
    let mut trunk = build::trunk(tools, true, &[]);
    trunk
        .current_dir(root.join(EXAMPLE))
        .arg("--dist")
        .arg(&built)
        .env("CARGO_TARGET_DIR", build::target_dir(tools)?);
    process::run(&mut trunk, "trunk build of hello-leptos")?;
    Ok(built)
}

/// Its tests.
pub(crate) fn playwright(
    tools: &Tools,
    root: &Path,
    browser: &Browser,
    sandbox: &Path,
) -> Outcome<Command> {
    let built = build(tools, root)?;
    let mut playwright = browser.playwright(tools, root, sandbox);
    playwright.env("LOOP_APP", built);
    playwright.args(["--config", CONFIG, "--reporter=list", "--forbid-only"]);
    Ok(playwright)
}
