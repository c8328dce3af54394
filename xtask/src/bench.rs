//! `cargo xtask bench list`: how long a person waits for 10,000 results and for each letter of a search, in Chromium.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::build::{self, DIST};
use crate::smoke::Browser;
use crate::term::{Failure, Outcome};
use crate::{browser, process, tools};

/// Measures `dist/` as it is and hands the words to the runner, which alone speaks on standard output.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    if !root.join(DIST).join("index.html").is_file() {
        return Err(Failure::new(
            "There is no dist/ yet: run `cargo xtask build` first.",
        ));
    }
    let tools = tools::unchecked(root)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    let sandbox = match std::env::var_os("LOOP_SANDBOX") {
        Some(built) => PathBuf::from(built),
        None => build::sandbox(&tools)?,
    };
    let mut run = browser.bench(&tools, root, &sandbox);
    process::run(run.args(words), "the measurement")?;
    Ok(ExitCode::SUCCESS)
}
