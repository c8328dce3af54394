//! The core stays small.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::process::Command;

/// On x86-64; on 64-bit ARM `cpufeatures` asks `libc`, and there is one more.
const MOST: usize = 12;

#[test]
fn the_core_has_few_dependencies() {
    let words = "tree --offline --edges normal --prefix none --no-default-features --target";
    let tree = Command::new(env!("CARGO"))
        .args(words.split(' '))
        .args(["x86_64-unknown-linux-gnu", "--package", "loop-webhooks"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let lines = String::from_utf8(tree.stdout).unwrap();
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    let dependencies: BTreeSet<_> = names.filter(|name| *name != "loop-webhooks").collect();
    assert!(
        dependencies.contains("sha2"),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    assert!(dependencies.len() <= MOST, "{dependencies:?}");
}
