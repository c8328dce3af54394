//! `cargo xtask bench native`: the pure parts on the host, beside libraries that do the same job. Criterion measures; here its programs
//! take turns, and what it wrote becomes one table.

mod figures;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::build;
use crate::term::{Failure, Outcome, Tried, aside, say};
use crate::tools::{self, Tools};
use figures::Figures;

/// What is beside openidconnect: a workspace of its own.
const BESIDE: &str = "bench/native/Cargo.toml";
/// Where each bench is: its manifest, its package, its name.
const BENCHES: [[&str; 3]; 3] = [
    [BESIDE, "bench-native", "protocol"],
    ["Cargo.toml", "loop-contracts", "parse"],
    ["Cargo.toml", "loop-ui", "pictures"],
];
/// How long each function is measured in a turn, in seconds, and how many samples are taken.
const TURN: [&str; 6] = [
    "--warm-up-time",
    "0.5",
    "--measurement-time",
    "1",
    "--sample-size",
    "20",
];

/// How often everything is measured, and how it is told.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    runs: u32,
    is_json: bool,
}

fn options(words: &[String]) -> Result<Options, String> {
    let mut options = Options {
        runs: 5,
        is_json: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => options.is_json = true,
            "--runs" => {
                let number = words.next().and_then(|number| number.parse().ok());
                let number = number.filter(|number| *number > 0);
                options.runs = number.ok_or("`--runs` needs a number.")?;
            }
            other => return Err(format!("`bench native` knows no `{other}`.")),
        }
    }
    Ok(options)
}

/// Measures in turns, so that what slows the machine for a while slows ours and the others.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    let options = options(words).map_err(Failure::new)?;
    let tools = tools::unchecked(root)?;
    build::fetch(&tools)?;
    build::fetch_of(&tools, BESIDE)?;
    let target = build::target_dir(&tools)?;
    let home = target.join("criterion-native");
    for bench in BENCHES {
        aside(format_args!("building the bench {}", bench[2]));
        measure(cargo(&tools, &target, bench).arg("--no-run"), bench)?;
    }
    let mut figures = Figures::default();
    for run in 1..=options.runs {
        aside(format_args!("turn {run} of {}", options.runs));
        // A figure that is not measured any more is none.
        if home.is_dir() {
            fs::remove_dir_all(&home).tried("remove the figures of the last turn")?;
        }
        for bench in BENCHES {
            let mut cargo = cargo(&tools, &target, bench);
            cargo.args(["--", "--noplot", "--quiet"]).args(TURN);
            measure(cargo.env("CRITERION_HOME", &home), bench)?;
        }
        figures.read(&home)?;
    }
    if options.is_json {
        say(figures.json());
    } else {
        say(figures.table());
    }
    Ok(ExitCode::SUCCESS)
}

fn cargo(tools: &Tools, target: &Path, [manifest, package, bench]: [&str; 3]) -> Command {
    let mut cargo = tools.command("cargo");
    cargo.args(["bench", "--quiet", "--locked", "--offline"]);
    cargo.args(["--manifest-path", manifest, "--package", package]);
    cargo.args(["--bench", bench]);
    if manifest == BESIDE {
        cargo.arg("--target-dir").arg(target.join("bench-native"));
    }
    cargo
}

/// Runs one of them; its words are only of interest when it fails, as when a library gives a wrong answer.
fn measure(cargo: &mut Command, [_, _, bench]: [&str; 3]) -> Outcome<()> {
    let output = cargo
        .stdin(Stdio::null())
        .output()
        .tried("start cargo bench")?;
    if output.status.success() {
        return Ok(());
    }
    aside(String::from_utf8_lossy(&output.stderr).trim_end());
    Err(Failure::new(format!(
        "The bench {bench} failed; its own words are above."
    )))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_are_read_or_named() {
        let read = |line: &str| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            options(&words)
        };
        let wanted = |runs, is_json| Ok(Options { runs, is_json });
        assert_eq!(read(""), wanted(5, false));
        assert_eq!(read("--runs 2 --json"), wanted(2, true));
        for (line, sentence) in [
            ("--runs", "`--runs` needs a number."),
            ("--runs 0", "`--runs` needs a number."),
            ("--peers react", "`bench native` knows no `--peers`."),
        ] {
            assert_eq!(read(line), Err(sentence.to_owned()), "{line}");
        }
    }

    /// A group that is new has a place in the table, and a line of the table has a group.
    #[test]
    fn every_group_of_the_benches_has_its_line() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let files = [
            "bench/native/protocol.rs",
            "crates/contracts/benches/parse.rs",
            "crates/ui/benches/pictures.rs",
        ];
        let mut found = BTreeSet::new();
        for file in files {
            let text = fs::read_to_string(root.join(file)).unwrap();
            let groups = text.split(".benchmark_group(\"").skip(1);
            found.extend(groups.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
        let lines = figures::JOBS.map(|(group, _)| group.to_owned());
        assert_eq!(found, lines.into_iter().collect());
    }
}
