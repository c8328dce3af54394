//! `cargo xtask supply`: licences, sources and checksums of all that is built from, and what is known against it.
//!
//! What can be told from this folder alone is told by [`policy`](mod@policy), without the network and without other tools; `cargo xtask
//! test lint` asks it too. `cargo deny`, `cargo audit` and `npm audit` run where they can, and it is said where they cannot.

mod policy;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use policy::Policy;
use serde_json::Value;

use crate::build;
use crate::term::{Failure, Outcome, Tried, detail, say};
use crate::tools::{self, Tools};

/// The workspace.
const WORKSPACE: &str = "Cargo.toml";
/// The workspaces beside it, whose crates are downloaded when somebody wants them.
const BESIDE: [&str; 5] = [
    "tests/judges/Cargo.toml",
    "fuzz/Cargo.toml",
    "examples/hello-leptos/Cargo.toml",
    "bench/native/Cargo.toml",
    "bench/peers/yew/Cargo.toml",
];
/// Every lock file of cargo.
const LOCKS: [&str; 6] = [
    "Cargo.lock",
    "tests/judges/Cargo.lock",
    "fuzz/Cargo.lock",
    "examples/hello-leptos/Cargo.lock",
    "bench/native/Cargo.lock",
    "bench/peers/yew/Cargo.lock",
];
/// The folders of npm's lock files: of tests, of apps of others in which our elements are tried, of the receiver and the apps that
/// ours are compared with, and of the examples.
const NPM: [&str; 8] = [
    "tests",
    "tests/embed/frameworks",
    "crates/trials/peer",
    "examples/hello-react",
    "examples/hello-vue",
    "bench/peers/react",
    "bench/peers/preact",
    "bench/peers/yew",
];

/// Checks all of it, and fails when something is wrong. What could not be had is said, and fails nothing.
pub(crate) fn command(root: &Path) -> Outcome<ExitCode> {
    let tools = tools::unchecked(root)?;
    build::fetch(&tools)?;
    let mut wrong = Vec::new();
    match offline(&tools) {
        Ok(counts) => say(counts),
        Err(failure) => wrong.push(failure.to_string()),
    }
    let policy = policy(&tools)?;
    for manifest in BESIDE {
        if let Err(why) = build::fetch_of(&tools, manifest) {
            say(format_args!("licences of {manifest}: NOT LOOKED AT, {why}"));
            continue;
        }
        let (count, more) = policy.licences(&metadata(&tools, manifest)?);
        if more.is_empty() {
            say(format_args!(
                "licences of {manifest}: {count} packages are as deny.toml says"
            ));
        }
        wrong.extend(more.into_iter().map(|what| format!("{manifest}: {what}.")));
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

/// Reads a file of this folder.
fn read(tools: &Tools, file: &str) -> Outcome<String> {
    fs::read_to_string(tools.root.join(file)).tried(format_args!("read {file}"))
}

fn policy(tools: &Tools) -> Outcome<Policy> {
    Policy::read(&read(tools, "deny.toml")?).map_err(Failure::new)
}

/// What this folder alone can tell: licences of the workspace, sources and checksums of everything. One sentence with what was
/// counted.
pub(crate) fn offline(tools: &Tools) -> Outcome<String> {
    let policy = policy(tools)?;
    let (crates, mut wrong) = policy.licences(&metadata(tools, WORKSPACE)?);
    let (mut packages, mut of_npm) = (0, 0);
    let mut locks = String::new();
    for file in LOCKS {
        let lock = read(tools, file)?;
        let (count, more) = policy.lock(&lock);
        packages += count;
        wrong.extend(more.into_iter().map(|what| format!("{file}: {what}")));
        locks.push_str(&lock);
    }
    wrong.extend(policy.unused(&locks));
    for folder in NPM {
        let file = format!("{folder}/package-lock.json");
        let lock = serde_json::from_str(&read(tools, &file)?).tried(format_args!("read {file}"))?;
        let (count, more) = policy::npm(&lock);
        of_npm += count;
        wrong.extend(more.into_iter().map(|what| format!("{file}: {what}")));
    }
    if wrong.is_empty() {
        return Ok(format!(
            "licences of {crates} packages, and sources and checksums of {packages} in {} lock files of cargo and {of_npm} in {} of npm, are as deny.toml says",
            LOCKS.len(),
            NPM.len()
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

/// All packages that any build of a workspace may contain.
fn metadata(tools: &Tools, manifest: &str) -> Outcome<Value> {
    let mut cargo = tools.command("cargo");
    cargo.args(["metadata", "--format-version", "1", "--all-features"]);
    cargo.args(["--locked", "--offline", "--manifest-path", manifest]);
    let output = cargo.output().tried("start cargo metadata")?;
    if !output.status.success() {
        detail(String::from_utf8_lossy(&output.stderr).trim_end());
        return Err(Failure::new(format!(
            "`cargo metadata --locked` failed: the lock file may not fit {manifest}. Its own words are above."
        )));
    }
    serde_json::from_slice(&output.stdout).tried("read what cargo metadata says")
}

/// A scanner by somebody else.
struct Scan {
    /// What it is asked for.
    name: String,
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

fn scans(tools: &Tools) -> Vec<Scan> {
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
    let mut scans = vec![
        Scan {
            name: "cargo deny, licences, bans and sources".to_owned(),
            command: deny(&["--offline", "check", "licenses", "bans", "sources"]),
            install: "cargo install cargo-deny --locked",
            blind: &[],
        },
        Scan {
            name: "cargo deny, advisories".to_owned(),
            command: deny(&["check", "advisories"]),
            install: "cargo install cargo-deny --locked",
            blind: &["failed to fetch advisory database"],
        },
    ];
    scans.extend(LOCKS.map(|lock| Scan {
        name: format!("cargo audit, {lock}"),
        command: cargo(
            "cargo-audit",
            &["audit", "--deny", "warnings", "--file", lock],
        ),
        install: "cargo install cargo-audit --locked",
        blind: &["couldn't fetch advisory database"],
    }));
    scans.extend(NPM.map(|folder| Scan {
        name: format!("npm audit, {folder}"),
        command: tools.find("npm").map(|npm| {
            let mut command = tools.command(npm);
            command.current_dir(tools.root.join(folder)).arg("audit");
            command
        }),
        install: "Node from https://nodejs.org",
        blind: &["audit endpoint returned an error"],
    }));
    scans
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
