//! `cargo xtask baseline`: what many tabs do to this client and to the best-known one, side by side in one run.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::smoke::Browser;
use crate::term::Outcome;
use crate::tools::Tools;
use crate::{browser, build, process, tools};

/// Builds what is needed and hands the words to the runner.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    on_a_new_build(root, words, "the baseline", Browser::baseline)
}

/// Builds the app and the platform, and runs a script of `tests/` with them.
pub(crate) fn on_a_new_build(
    root: &Path,
    words: &[String],
    what: &str,
    script: fn(&Browser, &Tools, &Path, &Path) -> Command,
) -> Outcome<ExitCode> {
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    let sandbox = build::sandbox(&tools)?;
    build::app(&tools, false)?;
    let mut run = script(&browser, &tools, root, &sandbox);
    process::run(run.args(words), what)?;
    Ok(ExitCode::SUCCESS)
}
