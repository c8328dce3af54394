//! Which version of each tool is wanted, read from the one file that names it, and which version a tool says it has.

use std::fs;
use std::path::Path;

use crate::term::{Failure, Outcome, Tried};

/// npm's build of wasm-opt.
pub(crate) const BINARYEN: &str = "132.0.0";
/// The oldest wasm-opt on PATH that understands what rustc emits.
pub(crate) const WASM_OPT_OLDEST: u32 = 125;
/// What npm's wasm-opt needs.
pub(crate) const NODE_FOR_WASM_OPT: u32 = 18;
/// What Playwright and the test servers need.
pub(crate) const NODE_FOR_TESTS: u32 = 20;

/// The tools whose exact version decides the bundle.
pub(crate) struct Wanted {
    /// From `Trunk.toml`.
    pub(crate) trunk: String,
    /// From `Cargo.lock`: the command and the library must be of one version.
    pub(crate) wasm_bindgen: String,
}

/// Reads both.
pub(crate) fn wanted(root: &Path) -> Outcome<Wanted> {
    let read = |name: &str| fs::read_to_string(root.join(name)).tried(format_args!("read {name}"));
    let trunk = pinned_trunk(&read("Trunk.toml")?)
        .ok_or_else(|| {
            Failure::new("Trunk.toml must name trunk's version as `trunk-version = \"=x.y.z\"`.")
        })?
        .to_owned();
    let wasm_bindgen = locked(&read("Cargo.lock")?, "wasm-bindgen")
        .ok_or_else(|| {
            Failure::new("Cargo.lock names no wasm-bindgen: run `cargo fetch`, then this again.")
        })?
        .to_owned();
    Ok(Wanted {
        trunk,
        wasm_bindgen,
    })
}

/// The version of a package in a lock file.
fn locked<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == wanted)?;
    quoted(lines.next()?.strip_prefix("version = ")?)
}

/// The exact version in `Trunk.toml`.
fn pinned_trunk(file: &str) -> Option<&str> {
    let value = file
        .lines()
        .find_map(|line| line.strip_prefix("trunk-version"))?
        .trim_start()
        .strip_prefix('=')?;
    quoted(value.trim())?.strip_prefix('=')
}

fn quoted(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.split('"').next()
}

/// The first `x.y.z` in what `--version` prints.
pub(crate) fn printed(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| {
            let numbers = word.split(['-', '+']).next().unwrap_or_default();
            numbers.split('.').count() == 3
                && numbers.split('.').all(|part| part.parse::<u32>().is_ok())
        })
}

/// The first whole number in what `--version` prints: `v20.1.0`, `wasm-opt version 132 (version_132)`.
pub(crate) fn major(text: &str) -> Option<u32> {
    text.split_whitespace()
        .find_map(|word| word.trim_start_matches('v').split('.').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
version = 4

[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.80\"
dependencies = [
 \"wasm-bindgen\",
]

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
";

    #[test]
    fn the_lock_file_decides_wasm_bindgen() {
        assert_eq!(locked(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(locked(LOCK, "wasm"), None);
    }

    #[test]
    fn only_an_exact_trunk_version_counts() {
        assert_eq!(
            pinned_trunk("# a\ntrunk-version = \"=0.21.14\"\n[build]\n"),
            Some("0.21.14")
        );
        assert_eq!(pinned_trunk("trunk-version = \"0.21\"\n"), None);
        assert_eq!(pinned_trunk("[build]\n"), None);
    }

    #[test]
    fn versions_are_read_from_what_tools_print() {
        assert_eq!(printed("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(printed("wasm-bindgen 0.2.130 (abc 2026)"), Some("0.2.130"));
        assert_eq!(printed("trunk 0.22.0-beta.1"), Some("0.22.0-beta.1"));
        assert_eq!(printed("no version"), None);
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("wasm-opt version 132 (version_132)\n"), Some(132));
        assert_eq!(major("wasm-opt"), None);
    }

    #[test]
    fn this_repository_names_both() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let wanted = wanted(&root).unwrap();
        assert!(printed(&wanted.trunk).is_some() && printed(&wanted.wasm_bindgen).is_some());
    }
}
