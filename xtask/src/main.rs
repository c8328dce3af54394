//! `cargo xtask …`: the only command anyone has to learn. Each module is one command or one thing commands share.
//!
//! Commands: [`tools`], [`build`], [`demo`] (with [`smoke`]), [`dist`], [`test`](mod@test), [`programs`], [`baseline`], [`bench`](mod@bench), [`fuzz`], [`gallery`], [`package`], [`rebuild`], [`sbom`], [`size`], [`supply`], [`trials`]; trunk calls [`styles`] and [`finish`].
//! Shared: [`args`] reads the command line, [`term`] speaks to the person, [`process`] runs programs, [`versions`]
//! knows which version of each tool is wanted, [`browser`] finds Chromium and Node, [`postgres`] runs PostgreSQL, [`hosting`]
//! finds web servers, [`guard`] leaves nothing behind, [`apt`] installs Debian's packages, [`counts`] reads test results, [`embed_leptos`] builds an example,
//! [`compress`] does what a host does, [`glue`] and [`wasm`](mod@wasm) read what wasm-bindgen writes.

mod apt;
mod args;
mod baseline;
mod bench;
mod bind;
mod browser;
mod build;
mod catalogue;
mod chunks;
mod compress;
mod counts;
mod demo;
mod dist;
mod embed_leptos;
mod finish;
mod fuzz;
mod gallery;
mod glue;
mod guard;
mod hosting;
mod languages;
mod package;
mod postgres;
mod process;
mod programs;
#[cfg(test)]
mod quoted;
mod rebuild;
mod sbom;
mod size;
mod smoke;
mod styles;
mod supply;
mod term;
mod test;
mod tools;
mod trials;
mod versions;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use args::Command;
use term::{Failure, Outcome};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let command = match args::parse(&words) {
        Ok(command) => command,
        Err(sentence) => {
            term::complain(format_args!(
                "{sentence} Run `cargo xtask help` for what there is."
            ));
            return ExitCode::from(2);
        }
    };
    match root().and_then(|root| run(&command, &root)) {
        Ok(code) => code,
        Err(failure) => {
            term::complain(failure);
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, root: &Path) -> Outcome<ExitCode> {
    match command {
        Command::Help => term::say(args::HELP),
        Command::Tools => tools::command(root)?,
        Command::Build { dev } => build::command(root, *dev)?,
        Command::Dist(options) => dist::command(root, options)?,
        Command::Demo(options) => return demo::command(root, options),
        Command::Test(parts) => return test::command(root, parts),
        Command::Baseline(words) => return baseline::command(root, words),
        Command::Bench(measure, words) => return bench::command(root, *measure, words),
        Command::BenchNative(words) => return bench::native::command(root, words),
        Command::BenchWebhooks(words) => return trials::bench(root, words),
        Command::Crash(options) => return trials::crash(root, options),
        Command::Fuzz { runs, target } => return fuzz::command(root, *runs, target.as_deref()),
        Command::Gallery(words) => return gallery::command(root, words),
        Command::Package => package::command(root)?,
        Command::Rebuild => rebuild::command(root)?,
        Command::Sbom(options) => sbom::command(root, options)?,
        Command::GoLive(words) => return programs::go_live(words),
        Command::Sim(words) => return programs::simulation(words),
        Command::Size(options) => return size::command(root, options),
        Command::Supply => return supply::command(root),
        Command::Styles => styles::command(root)?,
        Command::Finish => finish::command()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The workspace's folder. Cargo says at run time where this crate is, so a moved clone still works.
fn root() -> Outcome<PathBuf> {
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    match crate_dir.parent() {
        Some(root) if root.join("Trunk.toml").is_file() => Ok(root.to_path_buf()),
        _ => Err(Failure::new(
            "The workspace was not found: run this as `cargo xtask …` inside the repository.",
        )),
    }
}
