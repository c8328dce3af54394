//! `cargo xtask rebuild`: the app of this commit, built once more somewhere else, and every byte compared with the one built here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{self, DIST};
use crate::term::{Failure, Outcome, Steps, Tried, say};
use crate::{process, tools};

/// Where to. Its name is longer than any clone's path would usually end: a path in the files would show.
const CLONE: &str = "target/rebuild/the-same-commit-in-another-folder";

/// Builds both, and compares them.
pub(crate) fn command(root: &Path) -> Outcome<()> {
    let git = |words: &[&str]| process::answer(Command::new("git").current_dir(root).args(words));
    let changed = git(&["status", "--porcelain"]);
    let changed = changed.ok_or_else(|| Failure::new("git cannot read this folder."))?;
    if !changed.is_empty() {
        return Err(Failure::new(
            "There are changes that are not committed: commit or stash them, since another build knows only commits.",
        ));
    }
    let mut steps = Steps::new(2);
    steps.next("here", "the app of this commit, here");
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    build::app(&tools, false)?;

    steps.next("there", "the same commit in another folder");
    let clone = root.join(CLONE);
    if clone.exists() {
        fs::remove_dir_all(&clone).tried("remove the clone of last time")?;
    }
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "."]).arg(&clone);
    process::run(git.current_dir(root), "git clone")?;
    let mut xtask = tools.command("cargo");
    xtask.args(["run", "--quiet", "--package", "xtask", "--", "build"]);
    // Nothing that was compiled here is taken.
    xtask.current_dir(&clone).env_remove("CARGO_TARGET_DIR");
    process::run(&mut xtask, "cargo xtask build")?;

    let [here, there] = [root.join(DIST), clone.join(DIST)].map(|folder| files(&folder));
    let (here, there) = (here?, there?);
    let different = differences(&here, &there);
    fs::remove_dir_all(&clone).tried("remove the clone")?;
    if different.is_empty() {
        let bytes: usize = here.values().map(Vec::len).sum();
        say(format_args!(
            "{} files, {bytes} bytes: the same in both. {}",
            here.len(),
            steps.summary()
        ));
        return Ok(());
    }
    Err(Failure::new(format!(
        "Two builds of one commit differ in {}.",
        different.join(", ")
    )))
}

/// Names and contents.
fn files(folder: &Path) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let entries = fs::read_dir(folder).tried(format_args!("read {}", folder.display()))?;
    let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let files = paths.iter().filter(|path| path.is_file());
    files
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let bytes = fs::read(path).tried(format_args!("read {name}"))?;
            Ok((name.into_owned(), bytes))
        })
        .collect()
}

/// What is in one alone, or not the same in both.
fn differences(here: &BTreeMap<String, Vec<u8>>, there: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = here.keys().chain(there.keys());
    let mut different: Vec<String> = names
        .filter(|name| here.get(*name) != there.get(*name))
        .cloned()
        .collect();
    different.sort();
    different.dedup();
    different
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_or_another_one_is_named_once() {
        let folder = |files: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
            let files = files.iter();
            files
                .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                .collect()
        };
        let here = folder(&[("a", "1"), ("b", "1"), ("c", "1")]);
        assert_eq!(differences(&here, &here), [""; 0]);
        let there = folder(&[("a", "1"), ("b", "2"), ("d", "1")]);
        assert_eq!(differences(&here, &there), ["b", "c", "d"]);
    }
}
