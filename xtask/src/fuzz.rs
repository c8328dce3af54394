//! `cargo xtask fuzz`: every fuzz target for a number of runs, where there is a nightly and `cargo fuzz`.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::process;
use crate::term::{Failure, Outcome, say};

/// Runs a target, or all of them.
pub(crate) fn command(root: &Path, runs: u64, only: Option<&str>) -> Outcome<ExitCode> {
    let listed = process::answer(
        Command::new("cargo")
            .args(["+nightly", "fuzz", "list"])
            .current_dir(root),
    );
    let listed = listed.ok_or_else(|| {
        Failure::new("Fuzzing needs a nightly and cargo-fuzz: `rustup toolchain install nightly` and `cargo install cargo-fuzz --locked`.")
    })?;
    let targets = listed
        .lines()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    for target in targets.filter(|name| only.is_none_or(|only| only == *name)) {
        let mut fuzz = Command::new("cargo");
        fuzz.args(["+nightly", "fuzz", "run", target, "--"]);
        fuzz.arg(format!("-runs={runs}"));
        // No single input may take long, or much memory.
        fuzz.args([
            "-max_len=65536",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-verbosity=0",
            "-print_final_stats=1",
        ]);
        fuzz.current_dir(root);
        process::run(&mut fuzz, target)?;
        say(format_args!("{target}: {runs} runs, nothing found"));
    }
    Ok(ExitCode::SUCCESS)
}
