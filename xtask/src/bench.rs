//! `cargo xtask bench size|startup|list|chart|memory`: our app beside the peers of `bench/peers/`, in one browser, in turns. And
//! `reload`: how long whoever works on it waits.

pub(crate) mod native;
mod peers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::build::{self, DIST};
use crate::smoke::Browser;
use crate::term::{Failure, Outcome};
use crate::{browser, process, tools};

/// What is measured in a browser; `native` and `webhooks` are elsewhere, since none has a part in them.
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
    /// From saving a file to the page that has it.
    Reload,
}

impl Measure {
    /// All of them, in the order of a visit.
    pub(crate) const ALL: [Self; 6] = [
        Self::Size,
        Self::Startup,
        Self::List,
        Self::Chart,
        Self::Memory,
        Self::Reload,
    ];

    /// The word on the command line, and the name of the script.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Startup => "startup",
            Self::List => "list",
            Self::Chart => "chart",
            Self::Memory => "memory",
            Self::Reload => "reload",
        }
    }
}

/// Measures `dist/` as it is and hands the words to the runner, which alone speaks on standard output.
pub(crate) fn command(root: &Path, measure: Measure, words: &[String]) -> Outcome<ExitCode> {
    let peers = if measure == Measure::Reload {
        // It builds for itself.
        vec![]
    } else if root.join(DIST).join("index.html").is_file() {
        peers::asked(words).map_err(Failure::new)?
    } else {
        return Err(Failure::new(
            "There is no dist/ yet: run `cargo xtask build` first.",
        ));
    };
    let tools = tools::unchecked(root)?;
    let browser = Browser::find(&tools)?;
    browser::packages(&tools, root)?;
    for peer in peers {
        peers::build(&tools, root, peer)?;
    }
    let sandbox = match std::env::var_os("LOOP_SANDBOX") {
        Some(built) => PathBuf::from(built),
        None => build::sandbox(&tools)?,
    };
    let mut run = browser.bench(&tools, root, &sandbox, measure.name());
    process::run(run.args(words), "the measurement")?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measurement_has_its_script() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for measure in Measure::ALL {
            let script = root.join(format!("tests/bench/{}.mjs", measure.name()));
            assert!(script.is_file(), "{}", script.display());
        }
    }
}
