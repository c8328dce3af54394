//! `cargo xtask tools`: the wasm target, trunk, wasm-bindgen and wasm-opt, each in the right version or installed now.
//!
//! What is on PATH in the right version is used. The rest is installed once into a cache of its own, shared by all
//! clones, so that nothing of a person's own tools is replaced.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Follow};
use crate::term::{Failure, Live, Outcome, Tried, detail, say};
use crate::versions;

/// The target the app is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// What cargo tells a program about its own crate.
const OF_THIS_CRATE: [&str; 4] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
];

/// Where the tools are, once they are all there.
pub(crate) struct Tools {
    /// PATH for whatever is run: the cache first.
    path: OsString,
    /// The workspace's folder.
    pub(crate) root: PathBuf,
}

impl Tools {
    /// A command that finds the tools and runs in the workspace's folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        // `cargo run` describes this crate to us; build scripts that watch these would run again for every other cargo.
        for (name, _) in std::env::vars_os() {
            if name
                .to_str()
                .is_some_and(|name| OF_THIS_CRATE.iter().any(|start| name.starts_with(start)))
            {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Where one of them is.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        process::which(name, &self.path)
    }
}

/// Checks and installs, and says so.
pub(crate) fn command(root: &Path) -> Outcome<()> {
    ensure(root)?;
    say(format_args!(
        "All there. What was installed is in {}.",
        cache()?.display()
    ));
    Ok(())
}

/// The tools as they are, for a command that may not say anything but its answer.
pub(crate) fn unchecked(root: &Path) -> Outcome<Tools> {
    Ok(Tools {
        path: path_with(&cache()?.join("bin"))?,
        root: root.to_path_buf(),
    })
}

/// Checks each tool, installs what is missing, one line each.
pub(crate) fn ensure(root: &Path) -> Outcome<Tools> {
    let cache = cache()?;
    let wanted = versions::wanted(root)?;
    let tools = unchecked(root)?;

    wasm_target(&tools)?;
    for tool in [trunk(&wanted.trunk), wasm_bindgen(&wanted.wasm_bindgen)] {
        // The cache must not hide a right version on PATH, nor the other way round: both are asked, the cache first.
        if tool
            .programs
            .iter()
            .all(|program| version_of(&tools, program).as_deref() == Some(tool.version))
        {
            detail(format_args!("{} {}", tool.name, tool.version));
        } else {
            tool.install(&tools, &cache)?;
        }
    }
    wasm_opt_or_say(&tools, &cache)?;
    Ok(tools)
}

/// `$LOOP_TOOLS_DIR`, else in the person's cache directory.
fn cache() -> Outcome<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let dir = set("LOOP_TOOLS_DIR")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("loop-partner/tools")))
        .or_else(|| {
            Some(
                set("HOME")
                    .or_else(|| set("USERPROFILE"))?
                    .join(".cache/loop-partner/tools"),
            )
        })
        .ok_or_else(|| {
            Failure::new(
                "There is no place for tools: set LOOP_TOOLS_DIR to a folder that may be written.",
            )
        })?;
    // Programs run in other folders, so a relative path would stop meaning the same place.
    std::path::absolute(&dir).tried(format_args!("use {}", dir.display()))
}

/// PATH with the cache's programs first.
fn path_with(first: &Path) -> Outcome<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(first.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).tried("put the tools on PATH")
}

fn version_of(tools: &Tools, program: &str) -> Option<String> {
    let text = process::answer(tools.command(tools.find(program)?).arg("--version"))?;
    versions::printed(&text).map(str::to_owned)
}

fn wasm_target(tools: &Tools) -> Outcome<()> {
    let sysroot =
        process::answer(tools.command("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    if Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM)
        .is_dir()
    {
        detail(format_args!("{WASM} target"));
        return Ok(());
    }
    if tools.find("rustup").is_none() {
        return Err(Failure::new(format!(
            "Rust's {WASM} target is missing and there is no rustup to add it: install rustup from https://rustup.rs."
        )));
    }
    let adding = Live::new(format!("{WASM} target"));
    let followed = process::follow(
        tools.command("rustup").args(["target", "add", WASM]),
        Follow::Err,
        "rustup",
        |_| (),
    )?;
    if followed.status.success() {
        adding.end("added");
        return Ok(());
    }
    Err(not_installed(
        &format!("Rust's {WASM} target"),
        "static.rust-lang.org",
        &followed.tail,
    ))
}

/// A tool that cargo installs.
struct CargoTool<'version> {
    name: &'static str,
    version: &'version str,
    /// Every program of it that is used; all must have its version.
    programs: &'static [&'static str],
    /// After `cargo install <name>@<version>`.
    flags: &'static [&'static str],
    /// The tool runs for seconds, so the quickest compile wins over the quickest program.
    opt_level: &'static str,
    about_minutes: u32,
    about_crates: usize,
}

fn trunk(version: &str) -> CargoTool<'_> {
    CargoTool {
        name: "trunk",
        version,
        programs: &["trunk"],
        flags: &["--locked", "--no-default-features", "--features", "rustls"],
        opt_level: "0",
        about_minutes: 4,
        about_crates: 384,
    }
}

fn wasm_bindgen(version: &str) -> CargoTool<'_> {
    CargoTool {
        name: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Its published lock file does not resolve, so it goes without `--locked`.
        flags: &[],
        // It works on megabytes: without any optimisation it would be slower than what is saved here.
        opt_level: "1",
        about_minutes: 2,
        about_crates: 161,
    }
}

impl CargoTool<'_> {
    fn install(&self, tools: &Tools, cache: &Path) -> Outcome<()> {
        let Self {
            name,
            version,
            about_minutes,
            about_crates,
            ..
        } = *self;
        fs::create_dir_all(cache).tried(format_args!("create {}", cache.display()))?;
        detail(format_args!(
            "{name} {version} … installing (about {about_minutes} minutes, once)"
        ));
        let live = Live::new(format!("{name} {version}"));
        let mut install = tools.command("cargo");
        install
            // What is there already was looked at and is not right, such as half of a copied cache.
            .args(["install", "--force", &format!("{name}@{version}"), "--root"])
            .arg(cache)
            .args(self.flags);
        install
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_TERM_COLOR", "never");
        // A tool is built the same way everywhere, and not into this workspace's target folder.
        for own in [
            "CARGO_TARGET_DIR",
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_TARGET",
        ] {
            install.env_remove(own);
        }
        let mut compiled = 0;
        let followed = process::follow(&mut install, Follow::Err, "cargo install", |line| {
            if let Some(what) = line.trim_start().strip_prefix("Compiling ") {
                compiled += 1;
                live.tick(
                    compiled,
                    about_crates,
                    what.split(' ').next().unwrap_or_default(),
                );
            }
        })?;
        if followed.status.success() {
            live.end("installed");
            return Ok(());
        }
        Err(not_installed(
            &format!("{name} {version}"),
            "crates.io",
            &followed.tail,
        ))
    }
}

/// One sentence for an install that failed; the tool's own last words only when they are needed.
fn not_installed(what: &str, from: &str, tail: &str) -> Failure {
    if process::is_no_network(tail) {
        return Failure::new(format!(
            "{what} has to be downloaded once, and {from} could not be reached: check the network, then run this again."
        ));
    }
    say(tail);
    Failure::new(format!(
        "{what} could not be installed; the reason is above."
    ))
}

/// A wasm-opt to run.
pub(crate) enum WasmOpt {
    /// From PATH.
    Program(PathBuf),
    /// From npm: a script for Node.
    Script {
        /// Node.
        node: PathBuf,
        /// The script.
        script: PathBuf,
    },
}

impl WasmOpt {
    /// A command without arguments yet.
    pub(crate) fn command(&self) -> Command {
        match self {
            Self::Program(program) => Command::new(program),
            Self::Script { node, script } => {
                let mut command = Command::new(node);
                command.arg(script);
                command
            }
        }
    }
}

/// Finds a recent wasm-opt: on PATH, else in the cache.
pub(crate) fn find_wasm_opt() -> Outcome<Option<WasmOpt>> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(program) = process::which("wasm-opt", &path) {
        let version = process::answer(Command::new(&program).arg("--version"));
        if version
            .as_deref()
            .and_then(versions::major)
            .is_some_and(|version| version >= versions::WASM_OPT_OLDEST)
        {
            return Ok(Some(WasmOpt::Program(program)));
        }
    }
    let script = cache()?.join(format!(
        "binaryen-{}/node_modules/binaryen/bin/wasm-opt",
        versions::BINARYEN
    ));
    Ok(node(&path)
        .filter(|_| script.is_file())
        .map(|node| WasmOpt::Script { node, script }))
}

/// Node, when it is recent enough for npm's wasm-opt.
fn node(path: &OsStr) -> Option<PathBuf> {
    let node = process::which("node", path)?;
    let version = process::answer(Command::new(&node).arg("--version"))?;
    versions::major(&version)
        .filter(|version| *version >= versions::NODE_FOR_WASM_OPT)
        .map(|_| node)
}

/// wasm-opt makes the download a third smaller, but the app works without: its lack is said, not fatal.
fn wasm_opt_or_say(tools: &Tools, cache: &Path) -> Outcome<()> {
    if find_wasm_opt()?.is_some() {
        detail("wasm-opt");
        return Ok(());
    }
    let Some(npm) = node(&tools.path).and_then(|_| tools.find("npm")) else {
        detail(format_args!(
            "wasm-opt … skipped, it needs Node {} or later; the app will work and weigh more",
            versions::NODE_FOR_WASM_OPT
        ));
        return Ok(());
    };
    let folder = cache.join(format!("binaryen-{}", versions::BINARYEN));
    fs::create_dir_all(&folder).tried(format_args!("create {}", folder.display()))?;
    let live = Live::new(format!("wasm-opt (npm binaryen {})", versions::BINARYEN));
    let mut install = tools.command(npm);
    install.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--no-package-lock",
        "--prefix",
    ]);
    install
        .arg(&folder)
        .arg(format!("binaryen@{}", versions::BINARYEN));
    let followed = process::follow(&mut install, Follow::Err, "npm", |_| ())?;
    if followed.status.success() && find_wasm_opt()?.is_some() {
        live.end("installed");
        return Ok(());
    }
    Err(not_installed(
        "wasm-opt (npm binaryen)",
        "the npm registry",
        &followed.tail,
    ))
}

#[cfg(test)]
mod tests;
