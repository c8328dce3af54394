//! `cargo xtask baseline`: what many tabs do to this client and to the best-known one, side by side in one run.

use std::path::Path;
use std::process::ExitCode;

use crate::smoke::Browser;
use crate::term::Outcome;
use crate::{browser, build, process, tools};

/// Builds what is needed and hands the words to the runner.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    let sandbox = build::sandbox(&tools)?;
    build::app(&tools, false)?;
    let mut run = browser.baseline(&tools, root, &sandbox);
    process::run(run.args(words), "the baseline")?;
    Ok(ExitCode::SUCCESS)
}
