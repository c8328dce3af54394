//! `cargo xtask sim` and `cargo xtask go-live`: builds a program of the workspace and hands it the words of the command line.

use std::process::{Command, ExitCode};

use crate::term::{Failure, Outcome};

/// Thousands of lives of one browser. 0 when no rule was broken, and 2 for a word it does not know.
pub(crate) fn simulation(words: &[String]) -> Outcome<ExitCode> {
    run("loop-simulation", words)
}

/// Checks a deployment. 0 when nothing failed, 1 when something did, 2 for a wrong command line, 3 for what a person has to
/// confirm.
pub(crate) fn go_live(words: &[String]) -> Outcome<ExitCode> {
    run("loop-go-live", words)
}

/// Runs it. Its exit code is ours.
fn run(package: &str, words: &[String]) -> Outcome<ExitCode> {
    let mut cargo = Command::new("cargo");
    // It says that it compiles, on standard error: the first time that takes minutes.
    cargo.args(["run", "--profile", "native"]);
    cargo.args(["--package", package, "--"]);
    let status = cargo
        .args(words)
        .status()
        .map_err(|error| Failure::new(format!("cargo did not start: {error}.")))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
