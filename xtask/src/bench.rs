//! `cargo xtask bench size|startup|list|chart|memory`: our app beside the peers of `bench/peers/`, in one browser, in turns.

use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use crate::build::{self, DIST};
use crate::smoke::Browser;
use crate::term::{Failure, Outcome, aside};
use crate::tools::Tools;
use crate::{browser, process, tools};

/// What is measured; `webhooks` is elsewhere, since no browser has a part in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Bytes over the wire.
    Size,
    /// A navigation to a list that can be used.
    Startup,
    /// Data to painted, key to painted, frames while scrolling.
    List,
    /// A click to a painted trend.
    Chart,
    /// What is alive after minutes of clicking.
    Memory,
}

impl Measure {
    /// All of them, in the order of a visit.
    pub(crate) const ALL: [Self; 5] = [
        Self::Size,
        Self::Startup,
        Self::List,
        Self::Chart,
        Self::Memory,
    ];

    /// The word on the command line, and the name of the script.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Startup => "startup",
            Self::List => "list",
            Self::Chart => "chart",
            Self::Memory => "memory",
        }
    }
}

/// Apps that do the same job, each a folder of `bench/peers/` that Vite builds.
const PEERS: [&str; 2] = ["react", "preact"];

/// Measures `dist/` as it is and hands the words to the runner, which alone speaks on standard output.
pub(crate) fn command(root: &Path, measure: Measure, words: &[String]) -> Outcome<ExitCode> {
    if !root.join(DIST).join("index.html").is_file() {
        return Err(Failure::new(
            "There is no dist/ yet: run `cargo xtask build` first.",
        ));
    }
    let peers = peers(words).map_err(Failure::new)?;
    let tools = tools::unchecked(root)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    for peer in peers {
        build_peer(&tools, root, peer)?;
    }
    let sandbox = match std::env::var_os("LOOP_SANDBOX") {
        Some(built) => PathBuf::from(built),
        None => build::sandbox(&tools)?,
    };
    let mut run = browser.bench(&tools, root, &sandbox, measure.name());
    process::run(run.args(words), "the measurement")?;
    Ok(ExitCode::SUCCESS)
}

/// The peers that the words ask for: all, unless `--peers` names some or `none`, or `--check` asks about ours alone.
fn peers(words: &[String]) -> Result<Vec<&'static str>, String> {
    if words.iter().any(|word| word == "--check") {
        return Ok(vec![]);
    }
    let after = |word: &String| word.strip_prefix("--peers=").map(str::to_owned);
    let asked = words.iter().find_map(after).or_else(|| {
        let place = words.iter().position(|word| word == "--peers")?;
        words.get(place + 1).cloned()
    });
    match asked.as_deref() {
        None | Some("all") => Ok(PEERS.to_vec()),
        Some("none") => Ok(vec![]),
        Some(names) => names
            .split(',')
            .map(|name| {
                let known = PEERS.into_iter().find(|peer| *peer == name);
                known.ok_or_else(|| {
                    format!(
                        "`--peers` knows no `{name}`; there are {}, all and none.",
                        PEERS.join(", ")
                    )
                })
            })
            .collect(),
    }
}

/// Installs a peer's packages as its lock file names them, and builds it for production.
fn build_peer(tools: &Tools, root: &Path, peer: &str) -> Outcome<()> {
    let folder = root.join("bench/peers").join(peer);
    browser::packages_in(tools, &folder)?;
    aside(format_args!("building the peer {peer}"));
    let mut vite = tools.command(browser::node(tools)?);
    vite.current_dir(&folder)
        .args(["node_modules/vite/bin/vite.js", "build"])
        .env("NODE_ENV", "production")
        .stdout(Stdio::null());
    process::run(&mut vite, "vite build")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Result<Vec<&'static str>, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        peers(&words)
    }

    #[test]
    fn all_peers_are_built_unless_words_say_otherwise() {
        for (line, wanted) in [
            ("", PEERS.to_vec()),
            ("--json --runs 3", PEERS.to_vec()),
            ("--peers all", PEERS.to_vec()),
            ("--peers none --json", vec![]),
            ("--peers=none", vec![]),
            ("--check", vec![]),
            ("--check --peers react", vec![]),
            ("--json --peers preact", vec!["preact"]),
            ("--peers=preact,react", vec!["preact", "react"]),
        ] {
            assert_eq!(asked(line), Ok(wanted), "{line}");
        }
        assert_eq!(
            asked("--peers vue"),
            Err("`--peers` knows no `vue`; there are react, preact, all and none.".to_owned())
        );
    }

    #[test]
    fn every_measurement_has_its_script_and_every_folder_of_peers_is_built() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for measure in Measure::ALL {
            let script = root.join(format!("tests/bench/{}.mjs", measure.name()));
            assert!(script.is_file(), "{}", script.display());
        }
        let folders = std::fs::read_dir(root.join("bench/peers")).unwrap();
        let mut found: Vec<_> = folders
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let mut built = PEERS.to_vec();
        built.sort_unstable();
        assert_eq!(found, built);
    }
}
