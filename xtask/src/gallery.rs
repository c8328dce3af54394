//! `cargo xtask gallery`: a picture of every page and state.

use std::path::Path;
use std::process::ExitCode;

use crate::smoke::Browser;
use crate::term::Outcome;
use crate::{browser, build, process, tools};

/// Builds what is needed and hands the words to the script.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    let sandbox = build::sandbox(&tools)?;
    build::app(&tools, false)?;
    let mut run = browser.gallery(&tools, root, &sandbox);
    process::run(run.args(words), "the gallery")?;
    Ok(ExitCode::SUCCESS)
}
