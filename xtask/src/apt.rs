//! Debian's packages, for what only the tests need and a person may not have.

use std::fs;
use std::process::Command;

use crate::process;
use crate::term::{Failure, Outcome, Tried, detail};
use crate::tools::Tools;

/// Whether packages may be installed. Only on Debian itself: elsewhere a package of that name is missing or a stub.
pub(crate) fn is_there(tools: &Tools) -> bool {
    let debian = fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line == "ID=debian"));
    debian && tools.find("apt-get").is_some() && is_root()
}

/// Whether this is the user who may do everything.
pub(crate) fn is_root() -> bool {
    process::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}

/// Fetches the lists, then installs. `what` is what a person knows the packages as.
pub(crate) fn install(tools: &Tools, what: &str, packages: &[&str]) -> Outcome<()> {
    run(tools, what, &["update", "-q"])?;
    add(tools, what, packages)
}

/// Installs from lists that were just fetched.
pub(crate) fn add(tools: &Tools, what: &str, packages: &[&str]) -> Outcome<()> {
    let mut words = vec!["install", "-y", "-q", "--no-install-recommends"];
    words.extend(packages);
    run(tools, what, &words)
}

fn run(tools: &Tools, what: &str, words: &[&str]) -> Outcome<()> {
    let output = tools
        .command("apt-get")
        .args(words)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .output()
        .tried("start apt-get")?;
    if output.status.success() {
        return Ok(());
    }
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    if process::is_no_network(&text) {
        return Err(Failure::new(format!(
            "{what} has to be downloaded once, and Debian's mirror could not be reached: check the network, then run this again."
        )));
    }
    detail(text.trim_end());
    Err(Failure::new(format!(
        "{what} could not be installed; what apt-get said is above."
    )))
}
