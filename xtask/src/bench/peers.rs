//! The apps of `bench/peers/`: which are asked for, and how each is built. Vite does it for those that packages are in, and cargo before
//! it for the one in Rust; the one that is made of nothing is copied.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::term::{Failure, Outcome, Tried, aside};
use crate::tools::{self, Tools, WASM};
use crate::{browser, build, process};

/// A folder each.
const PEERS: [&str; 4] = ["react", "preact", "yew", BARE];
/// The one without packages: the floor below all of them.
const BARE: &str = "bare";
/// What it is made of.
const PIECES: [&str; 5] = [
    "bare/index.html",
    "bare/main.js",
    "react/public/icon.svg",
    "series.js",
    "styles.css",
];
/// The one that is a crate.
const CRATE: &str = "yew";
/// What it is called as a program.
const PROGRAM: &str = "bench-peer-yew";

/// The peers that the words ask for: all, unless `--peers` names some or `none`, or `--check` asks about ours alone.
pub(super) fn asked(words: &[String]) -> Result<Vec<&'static str>, String> {
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

/// Installs a peer's packages as its lock files name them, and builds it for production.
pub(super) fn build(tools: &Tools, root: &Path, peer: &str) -> Outcome<()> {
    let folder = root.join("bench/peers").join(peer);
    if peer == BARE {
        return copy(&root.join("bench/peers"), &folder.join("dist"));
    }
    browser::packages_in(tools, &folder)?;
    aside(format_args!("building the peer {peer}"));
    if peer == CRATE {
        wasm(tools, &folder)?;
    }
    let mut vite = tools.command(browser::node(tools)?);
    vite.current_dir(&folder)
        .args(["node_modules/vite/bin/vite.js", "build"])
        .env("NODE_ENV", "production")
        .stdout(Stdio::null());
    process::run(&mut vite, "vite build")
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to).tried("make the folder of a peer")?;
    for piece in PIECES {
        let file = from.join(piece);
        let name = file.file_name().unwrap_or_default();
        fs::copy(&file, to.join(name)).tried("copy a peer")?;
    }
    Ok(())
}

/// Compiles the crate, and makes of it what a browser loads, as trunk would: wasm-bindgen, then wasm-opt.
fn wasm(tools: &Tools, folder: &Path) -> Outcome<()> {
    build::fetch_of(tools, &format!("bench/peers/{CRATE}/Cargo.toml"))?;
    let target = folder.join("target");
    let mut cargo = tools.command("cargo");
    cargo
        .current_dir(folder)
        .args(["build", "--quiet", "--release", "--locked", "--offline"])
        .args(["--target", WASM, "--target-dir"])
        .arg(&target);
    process::run(&mut cargo, "cargo build of the peer")?;
    let missing = || Failure::new("wasm-bindgen is missing: run `cargo xtask tools` first.");
    let package = folder.join("pkg");
    let mut bind = tools.command(tools.find("wasm-bindgen").ok_or_else(missing)?);
    bind.args(["--target", "web", "--no-typescript", "--out-name", PROGRAM])
        .arg("--out-dir")
        .arg(&package)
        .arg(
            target
                .join(WASM)
                .join("release")
                .join(format!("{PROGRAM}.wasm")),
        );
    process::run(&mut bind, "wasm-bindgen")?;
    let Some(wasm_opt) = tools::find_wasm_opt()? else {
        return Err(Failure::new(
            "wasm-opt is missing, without which the peer would be measured larger than it is: run `cargo xtask tools` first.",
        ));
    };
    let file = package.join(format!("{PROGRAM}_bg.wasm"));
    let smaller = file.with_extension("small");
    let mut shrink = wasm_opt.command();
    process::run(
        shrink.arg("-Oz").arg(&file).arg("-o").arg(&smaller),
        "wasm-opt",
    )?;
    fs::rename(&smaller, &file).tried("replace the wasm file by the smaller one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_by(line: &str) -> Result<Vec<&'static str>, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        asked(&words)
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
            assert_eq!(asked_by(line), Ok(wanted), "{line}");
        }
        assert_eq!(
            asked_by("--peers vue"),
            Err(
                "`--peers` knows no `vue`; there are react, preact, yew, bare, all and none."
                    .to_owned()
            )
        );
    }

    #[test]
    fn every_folder_of_peers_is_built() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/peers");
        let mut found: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            // Beside them lie files that they share.
            .filter(|entry| entry.file_type().unwrap().is_dir())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        found.sort();
        let mut built = PEERS.to_vec();
        built.sort_unstable();
        assert_eq!(found, built);
    }
}
