//! `cargo xtask build`: the app by trunk into `dist/`, and the sandbox by cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{self, Follow};
use crate::term::{Failure, Outcome, Steps, Tried, say};
use crate::tools::{self, Tools};
use crate::{bind, finish};

/// The folder a web server needs.
pub(crate) const DIST: &str = "dist";

/// Checks the tools, fetches the crates, builds the app.
pub(crate) fn command(root: &Path, dev: bool) -> Outcome<()> {
    let mut steps = Steps::new(3);
    steps.next("tools", "tools");
    let tools = tools::ensure(root)?;
    steps.next("crates", "crates");
    fetch(&tools)?;
    steps.next(
        "app",
        format_args!(
            "the app, {}",
            if dev {
                "quick and big"
            } else {
                "as it is released"
            }
        ),
    );
    app(&tools, dev)?;
    say(format_args!(
        "The app is in {}. {}",
        root.join(DIST).display(),
        steps.summary()
    ));
    Ok(())
}

/// Downloads what `Cargo.lock` names, because trunk then builds without the network.
pub(crate) fn fetch(tools: &Tools) -> Outcome<()> {
    fetch_of(tools, "Cargo.toml")
}

/// Downloads what the lock file beside a manifest names.
pub(crate) fn fetch_of(tools: &Tools, manifest: &str) -> Outcome<()> {
    let words = ["fetch", "--locked", "--manifest-path", manifest];
    let there = tools
        .command("cargo")
        .args(words)
        .args(["--offline", "--quiet"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if there.tried("start cargo")?.success() {
        return Ok(());
    }
    let mut fetch = tools.command("cargo");
    fetch.args(words).env("CARGO_TERM_COLOR", "never");
    let followed = process::follow(&mut fetch, Follow::Err, "cargo fetch", |_| ())?;
    if followed.status.success() {
        return Ok(());
    }
    if process::is_no_network(&followed.tail) {
        return Err(Failure::new(
            "The crates have to be downloaded once, and crates.io could not be reached: check the network, then run this again.",
        ));
    }
    say(followed.tail);
    Err(Failure::new("cargo fetch failed; its own words are above."))
}

/// Where the app goes that binds tokens to a key, for the browser tests alone.
pub(crate) const BOUND: &str = "target/dist-dpop";

/// Builds the app into `dist/`; trunk's hooks come back to [`crate::styles`] and [`crate::finish`].
pub(crate) fn app(tools: &Tools, dev: bool) -> Outcome<()> {
    process::run(&mut trunk(tools, dev, &[]), "trunk build")
}

/// Builds the app as it is released, and its wasm once more with the names of functions.
pub(crate) fn app_with_names(tools: &Tools, named: &Path) -> Outcome<()> {
    let mut trunk = trunk(tools, false, &[]);
    process::run(trunk.env(finish::NAMED, named), "trunk build")
}

/// Builds the app with the feature `dpop`, as it is released, into a folder of its own.
pub(crate) fn bound(tools: &Tools) -> Outcome<()> {
    let bound = ["--features", "dpop", "--dist", BOUND];
    process::run(&mut trunk(tools, false, &bound), "trunk build")
}

pub(crate) fn trunk(tools: &Tools, dev: bool, more: &[&str]) -> Command {
    trunk_to("build", tools, dev, more)
}

/// Where the app goes that is built again whenever a file of it is saved.
pub(crate) const WATCHED: &str = "target/dist-watch";

/// Builds it the first time.
pub(crate) fn watched(tools: &Tools) -> Outcome<()> {
    process::run(&mut trunk(tools, true, &["--dist", WATCHED]), "trunk build")
}

/// Builds it again and again, until it is stopped.
pub(crate) fn watch(tools: &Tools) -> Command {
    trunk_to("watch", tools, true, &["--dist", WATCHED])
}

fn trunk_to(act: &str, tools: &Tools, dev: bool, more: &[&str]) -> Command {
    let mut trunk = tools.command("trunk");
    trunk.args([act, "--locked", "true", "--offline", "true"]);
    trunk.arg("--skip-version-check");
    // Cargo's progress is what a person wants to see. trunk's JavaScript minifier does not understand today's glue and
    // warns each time; `finish` does its work, and checks that the style sheet was understood.
    let log = std::env::var_os("RUST_LOG")
        .unwrap_or_else(|| "warn,trunk::processing::minify=error".into());
    trunk.env("RUST_LOG", log);
    // A stack trace of trunk itself under a compile error helps nobody.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    // It reads NO_COLOR as `true` or `false` and stops at the usual `1`.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    if !dev {
        trunk.arg("--release");
    }
    trunk.args(more);
    trunk
}

/// Builds an example as the app is released, and says where its files are.
pub(crate) fn example(tools: &Tools, name: &str) -> Outcome<PathBuf> {
    if tools::find_wasm_opt()?.is_none() {
        return Err(Failure::new(
            "wasm-opt is missing: run `cargo xtask tools`.",
        ));
    }
    let mut cargo = tools.command("cargo");
    cargo.args(["build", "--quiet", "--release", "--offline"]);
    cargo.args(["--target", tools::WASM, "--example", name]);
    process::run(&mut cargo, "cargo build of an example")?;
    let out = target_dir(tools)?.join(name);
    fs::create_dir_all(&out).tried(format_args!("create {}", out.display()))?;
    let built = release(tools, &format!("examples/{name}"))?;
    bind::bind(tools, &built, &out, name)?;
    let [wasm, glue] = [format!("{name}_bg.wasm"), format!("{name}.js")].map(|file| out.join(file));
    let boot = out.join("boot.js");
    fs::copy(tools.root.join("public/boot.js"), &boot).tried("copy boot.js")?;
    finish::open(&glue)?;
    finish::slim(&wasm, &glue, &boot, &[])?;
    finish::compact(&glue)?;
    finish::compact(&boot)?;
    Ok(out)
}

/// The wasm file that cargo made of a binary or an example as it is released.
pub(crate) fn release(tools: &Tools, name: &str) -> Outcome<PathBuf> {
    let folder = target_dir(tools)?.join(tools::WASM).join("release");
    Ok(folder.join(format!("{name}.wasm")))
}

/// Builds the sandbox and says where it is.
pub(crate) fn sandbox(tools: &Tools) -> Outcome<PathBuf> {
    program(tools, "loop-sandbox")
}

/// Builds a program for this computer, whose name is its package's, and says where it is.
pub(crate) fn program(tools: &Tools, package: &str) -> Outcome<PathBuf> {
    let mut cargo = tools.command("cargo");
    cargo.args(["build", "--profile", "native", "--offline"]);
    cargo.args(["--package", package]);
    process::run(&mut cargo, &format!("cargo build of {package}"))?;
    Ok(target_dir(tools)?
        .join("native")
        .join(format!("{package}{}", std::env::consts::EXE_SUFFIX)))
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir(tools: &Tools) -> Outcome<PathBuf> {
    let text = process::answer(tools.command("cargo").args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ]));
    text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
        .and_then(|metadata| {
            metadata
                .get("target_directory")?
                .as_str()
                .map(PathBuf::from)
        })
        .ok_or_else(|| Failure::new("`cargo metadata` did not say where the target folder is."))
}
