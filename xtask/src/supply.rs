//! `cargo xtask supply`: licences, sources and checksums of all that is built from, and what is known against it.
//!
//! What can be told from this folder alone is told by [`policy`], without the network and without other tools; `cargo xtask
//! test lint` asks it too. `cargo deny`, `cargo audit` and `npm audit` run where they can, and it is said where they cannot.

mod policy;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

use crate::build;
use crate::term::{Failure, Outcome, Tried, detail, say};
use crate::tools::{self, Tools};

/// Every lock file of cargo: the workspace's, and those of the two workspaces beside it.
const LOCKS: [&str; 3] = ["Cargo.lock", "tests/judges/Cargo.lock", "fuzz/Cargo.lock"];
/// npm's, for tests alone.
const NPM_LOCK: &str = "tests/package-lock.json";

/// Checks all of it, and fails when something is wrong. What could not be had is said, and fails nothing.
pub(crate) fn command(root: &Path) -> Outcome<ExitCode> {
    let tools = tools::unchecked(root)?;
    build::fetch(&tools)?;
    let mut wrong = Vec::new();
    match offline(&tools) {
        Ok(counts) => say(counts),
        Err(failure) => wrong.push(failure.to_string()),
    }
    for mut scan in scans(&tools) {
        match scan.run() {
            Verdict::Clean => say(format_args!("{}: nothing found", scan.name)),
            Verdict::Blind(why) => say(format_args!("{}: NOT LOOKED AT, {why}", scan.name)),
            Verdict::Found(text) => {
                say(text);
                wrong.push(format!("{} found something; it is above.", scan.name));
            }
        }
    }
    if wrong.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(wrong.join("\n")))
}

/// What this folder alone can tell: licences, sources, checksums. One sentence with what was counted.
pub(crate) fn offline(tools: &Tools) -> Outcome<String> {
    let read =
        |file: &str| fs::read_to_string(tools.root.join(file)).tried(format_args!("read {file}"));
    let policy = policy::Policy::read(&read("deny.toml")?).map_err(Failure::new)?;
    let mut wrong = policy.licences(&metadata(tools)?);
    let mut packages = 0;
    for file in LOCKS {
        let (count, more) = policy.lock(&read(file)?);
        packages += count;
        wrong.extend(more.into_iter().map(|what| format!("{file}: {what}")));
    }
    let npm: Value =
        serde_json::from_str(&read(NPM_LOCK)?).tried("read tests/package-lock.json")?;
    let (count, more) = policy::npm(&npm);
    wrong.extend(more.into_iter().map(|what| format!("{NPM_LOCK}: {what}")));
    if wrong.is_empty() {
        return Ok(format!(
            "licences, sources and checksums: {packages} packages of {} lock files of cargo and {count} of npm are as deny.toml says",
            LOCKS.len()
        ));
    }
    for what in &wrong {
        detail(what);
    }
    Err(Failure::new(format!(
        "{} of the licences, sources and checksums are not as deny.toml says; they are above.",
        wrong.len()
    )))
}

/// All packages that any build of the workspace may contain.
fn metadata(tools: &Tools) -> Outcome<Value> {
    let mut cargo = tools.command("cargo");
    cargo.args(["metadata", "--format-version", "1", "--all-features"]);
    cargo.args(["--locked", "--offline"]);
    let output = cargo.output().tried("start cargo metadata")?;
    if !output.status.success() {
        detail(String::from_utf8_lossy(&output.stderr).trim_end());
        return Err(Failure::new(
            "`cargo metadata --locked` failed: Cargo.lock may not fit Cargo.toml. Its own words are above.",
        ));
    }
    serde_json::from_slice(&output.stdout).tried("read what cargo metadata says")
}

/// A scanner by somebody else.
struct Scan {
    /// What it is asked for.
    name: &'static str,
    /// The program, when it is there.
    command: Option<Command>,
    /// How to get it.
    install: &'static str,
    /// What it says when it had nothing to compare with, which is not the same as finding nothing.
    blind: &'static [&'static str],
}

/// How a scan ended.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It looked, and found nothing.
    Clean,
    /// It could not look, and why.
    Blind(String),
    /// Its own words.
    Found(String),
}

fn scans(tools: &Tools) -> [Scan; 4] {
    let cargo = |program: &str, words: &[&str]| {
        let mut command = tools.command(tools.find(program)?);
        command.args(words).env("NO_COLOR", "1");
        Some(command)
    };
    let deny = |words: &[&str]| {
        let mut all = vec!["--workspace", "--locked"];
        all.extend(words);
        cargo("cargo-deny", &all)
    };
    let npm = tools.find("npm").map(|npm| {
        let mut command = tools.command(npm);
        command.current_dir(tools.root.join("tests")).arg("audit");
        command
    });
    [
        Scan {
            name: "cargo deny, licences, bans and sources",
            command: deny(&["--offline", "check", "licenses", "bans", "sources"]),
            install: "cargo install cargo-deny --locked",
            blind: &[],
        },
        Scan {
            name: "cargo deny, advisories",
            command: deny(&["check", "advisories"]),
            install: "cargo install cargo-deny --locked",
            blind: &["failed to fetch advisory database"],
        },
        Scan {
            name: "cargo audit",
            command: cargo("cargo-audit", &["audit", "--deny", "warnings"]),
            install: "cargo install cargo-audit --locked",
            blind: &["couldn't fetch advisory database"],
        },
        Scan {
            name: "npm audit, of what only tests use",
            command: npm,
            install: "Node from https://nodejs.org",
            blind: &["audit endpoint returned an error"],
        },
    ]
}

impl Scan {
    fn run(&mut self) -> Verdict {
        let Some(command) = &mut self.command else {
            return Verdict::Blind(format!("it is not installed: {}", self.install));
        };
        match command.stdin(Stdio::null()).output() {
            Ok(output) => {
                let [out, err] = [output.stdout, output.stderr]
                    .map(|text| String::from_utf8_lossy(&text).into_owned());
                verdict(output.status.success(), &format!("{out}{err}"), self.blind)
            }
            Err(error) => Verdict::Blind(format!("it could not be started: {error}")),
        }
    }
}

/// What a scanner's end and its words mean.
fn verdict(passed: bool, text: &str, blind: &[&str]) -> Verdict {
    if passed {
        return Verdict::Clean;
    }
    match blind.iter().find(|sign| text.contains(**sign)) {
        Some(sign) => Verdict::Blind(format!("it says “{sign}”")),
        None => Verdict::Found(text.trim_end().to_owned()),
    }
}
