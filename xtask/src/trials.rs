//! `cargo xtask crash` and `cargo xtask bench webhooks`: builds the webhook receiver and what tries it, and lets it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::{Value, json};

use crate::postgres::{self, Server};
use crate::term::{Failure, Outcome, Tried, aside, say};
use crate::tools::Tools;
use crate::{build, process, tools};

/// The receiver, and the program that tries it.
const RECEIVER: &str = "loop-webhook-receiver";
const TRIALS: &str = "loop-webhook-trials";
/// The other receiver: Express and better-sqlite3, for Node.
const PEER: &str = "crates/trials/peer";
/// Where their databases lie: on the disk of the target folder, because a temporary folder may be in memory.
const FOLDER: &str = "trials";

/// How often a receiver is killed, and how that is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Crash {
    /// On each database.
    pub(crate) runs: u64,
    /// The same seed makes the same choices.
    pub(crate) seed: u64,
    /// As one JSON object.
    pub(crate) json: bool,
}

/// Kills receivers on SQLite, and two at once on PostgreSQL. Its exit code is ours: 0 when nothing was lost or doubled.
pub(crate) fn crash(root: &Path, options: &Crash) -> Outcome<ExitCode> {
    let tools = tools(root)?;
    let server = Server::find(&tools)?;
    let mut trial = crash_trial(&tools, options, &server.address())?;
    let status = trial.status().tried("start the trial")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The trial as a command; builds what it needs. Crash points are only in builds like this one.
pub(crate) fn crash_trial(tools: &Tools, options: &Crash, postgres: &str) -> Outcome<Command> {
    let programs = programs(tools, "native")?;
    let folder = empty_folder(tools)?;
    Ok(trial(tools, options, &programs, &folder, postgres))
}

fn trial(
    tools: &Tools,
    options: &Crash,
    programs: &Path,
    folder: &Path,
    postgres: &str,
) -> Command {
    let mut trial = tools.command(programs.join(program(TRIALS)));
    trial
        .arg("crash")
        .arg("--receiver")
        .arg(programs.join(program(RECEIVER)))
        .arg("--folder")
        .arg(folder)
        // It may hold a password, and every user of a machine can see flags.
        .env(postgres::NAMED, postgres)
        .args(["--runs", &options.runs.to_string()])
        .args(["--seed", &options.seed.to_string()]);
    if options.json {
        trial.arg("--json");
    }
    trial
}

/// What verifying takes beside two libraries, and how much a receiver takes beside another one. In one run, on a release build.
pub(crate) fn bench(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    let is_json = words.iter().any(|word| word == "--json");
    if let Some(unknown) = words.iter().find(|word| *word != "--json") {
        return Err(Failure::new(format!(
            "`bench webhooks` knows no `{unknown}`."
        )));
    }
    let tools = tools(root)?;
    peer(&tools, root)?;
    let programs = programs(&tools, "server")?;
    let mut verify = tools.command("cargo");
    verify.args([
        "bench",
        "--quiet",
        "--package",
        "loop-webhooks",
        "--bench",
        "verify",
        "--",
        "--json",
    ]);
    let mut load = tools.command(programs.join(program(TRIALS)));
    load.arg("load")
        .arg("--receiver")
        .arg(programs.join(program(RECEIVER)))
        .arg("--peer")
        .arg(root.join(PEER))
        .arg("--folder")
        .arg(empty_folder(&tools)?)
        .arg("--json");
    let figures = json!({
        "verify": figures(&mut verify, "the measurement of verifying")?,
        "receive": figures(&mut load, "the measurement of receiving")?,
    });
    if is_json {
        say(figures);
    } else {
        say(format_args!("{figures:#}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is built from is downloaded: what builds here does so without the network. No tools for wasm, which nothing here needs.
fn tools(root: &Path) -> Outcome<Tools> {
    let tools = tools::unchecked(root)?;
    build::fetch(&tools)?;
    Ok(tools)
}

/// What a program says as one JSON value.
fn figures(command: &mut Command, name: &str) -> Outcome<Value> {
    let said = process::answer(command);
    let figures = said.and_then(|said| serde_json::from_str(said.trim()).ok());
    figures.ok_or_else(|| {
        Failure::new(format!(
            "{name} gave no figures: run it by itself to see why."
        ))
    })
}

/// Where the receiver and the trials are, once they are built.
fn programs(tools: &Tools, profile: &str) -> Outcome<PathBuf> {
    let mut cargo = tools.command("cargo");
    cargo.args(["build", "--quiet", "--offline", "--profile", profile]);
    cargo.args(["--package", RECEIVER, "--package", TRIALS]);
    process::run(&mut cargo, "cargo build of the receiver")?;
    Ok(build::target_dir(tools)?.join(profile))
}

/// The receiver, built as the sandbox is.
pub(crate) fn receiver(tools: &Tools) -> Outcome<PathBuf> {
    Ok(programs(tools, "native")?.join(program(RECEIVER)))
}

fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// Another receiver's packages, as its lock file names them.
fn peer(tools: &Tools, root: &Path) -> Outcome<()> {
    let folder = root.join(PEER);
    if folder
        .join("node_modules/better-sqlite3/build/Release/better_sqlite3.node")
        .is_file()
    {
        return Ok(());
    }
    aside("installing Express and better-sqlite3, to compare with");
    let mut npm = tools.command("npm");
    npm.current_dir(&folder)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .stdout(Stdio::null());
    process::run(&mut npm, "npm ci of the other receiver")
}

/// A folder for databases, without those of the last time.
fn empty_folder(tools: &Tools) -> Outcome<PathBuf> {
    let folder = build::target_dir(tools)?.join(FOLDER);
    let shown = folder.display();
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).tried(format_args!("remove {shown}"))?;
    }
    std::fs::create_dir_all(&folder).tried(format_args!("create {shown}"))?;
    Ok(folder)
}

#[cfg(test)]
mod tests;
