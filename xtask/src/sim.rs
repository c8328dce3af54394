//! `cargo xtask sim`: builds the simulation and hands it the words of the command line.

use std::process::{Command, ExitCode};

use crate::term::{Failure, Outcome};

/// Runs it. Its exit code is ours: 0 when no rule was broken, and 2 for a word it does not know.
pub(crate) fn command(words: &[String]) -> Outcome<ExitCode> {
    let mut cargo = Command::new("cargo");
    cargo.args([
        "run",
        "--quiet",
        "--profile",
        "native",
        "--package",
        "loop-simulation",
        "--",
    ]);
    let status = cargo
        .args(words)
        .status()
        .map_err(|error| Failure::new(format!("cargo did not start: {error}.")))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
