//! Running other programs: to the end, captured, or followed line by line.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::term::{Failure, Outcome, Tried};

/// Runs it with its output on the terminal; anything but success is a failure.
pub(crate) fn run(command: &mut Command, name: &str) -> Outcome<()> {
    let status = command.status().tried(format_args!("start {name}"))?;
    ended_well(status, name)
}

/// Turns an exit status into a sentence.
pub(crate) fn ended_well(status: ExitStatus, name: &str) -> Outcome<()> {
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{name} failed ({status}); its own words are above."
        )))
    }
}

/// What it printed on standard output, when it ran and succeeded.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Which of a program's two outputs to follow.
#[derive(Clone, Copy)]
pub(crate) enum Follow {
    /// Standard output; standard error stays on the terminal.
    Out,
    /// Standard error; standard output is dropped.
    Err,
}

/// How a followed program ended, with its last lines.
pub(crate) struct Followed {
    /// Its exit status.
    pub(crate) status: ExitStatus,
    /// The end of what it said.
    pub(crate) tail: String,
}

/// Runs it and hands over each line as it comes.
pub(crate) fn follow(
    command: &mut Command,
    which: Follow,
    name: &str,
    mut each: impl FnMut(&str),
) -> Outcome<Followed> {
    const KEPT: usize = 25;
    match which {
        Follow::Out => command.stdout(Stdio::piped()),
        Follow::Err => command.stdout(Stdio::null()).stderr(Stdio::piped()),
    };
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .tried(format_args!("start {name}"))?;
    let pipe: Option<Box<dyn Read>> = match which {
        Follow::Out => child
            .stdout
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read>),
        Follow::Err => child
            .stderr
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read>),
    };
    let mut tail = VecDeque::with_capacity(KEPT);
    let mut reader = BufReader::new(pipe.unwrap_or_else(|| Box::new(std::io::empty())));
    let mut bytes = Vec::new();
    // By bytes, because a test may print what is not UTF-8.
    while reader
        .read_until(b'\n', &mut bytes)
        .tried(format_args!("read what {name} says"))?
        > 0
    {
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end_matches(['\n', '\r']);
        each(line);
        if tail.len() == KEPT {
            tail.pop_front();
        }
        tail.push_back(line.to_owned());
        bytes.clear();
    }
    let status = child.wait().tried(format_args!("wait for {name}"))?;
    Ok(Followed {
        status,
        tail: Vec::from(tail).join("\n"),
    })
}

/// Whether what a package manager said means that there is no way to its registry.
pub(crate) fn is_no_network(text: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "Could not resolve host",
        "Couldn't resolve host",
        "Could not connect",
        "Couldn't connect to server",
        "Failed to connect to",
        "Timeout was reached",
        "spurious network error",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "Temporary failure resolving",
        "Could not resolve proxy",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Finds a program on a PATH.
pub(crate) fn which(name: &str, path: &OsStr) -> Option<PathBuf> {
    let names: &[String] = &if cfg!(windows) {
        vec![format!("{name}.exe"), format!("{name}.cmd")]
    } else {
        vec![name.to_owned()]
    };
    std::env::split_paths(path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| is_program(file))
}

/// Whether a file can be run.
#[cfg(unix)]
pub(crate) fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Whether a file can be run.
#[cfg(not(unix))]
pub(crate) fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_network_is_told_from_other_trouble() {
        assert!(is_no_network(
            "error: failed to get `x`\n  [6] Could not resolve hostname (Could not resolve host: index.crates.io)"
        ));
        assert!(is_no_network("npm error code ENOTFOUND"));
        assert!(!is_no_network(
            "error: could not compile `trunk` (lib) due to 1 previous error"
        ));
    }

    #[cfg(unix)]
    #[test]
    fn only_a_file_that_may_run_counts_as_a_program() {
        let folders = std::env::join_paths(["/nonexistent", "/etc", "/bin"]).unwrap();
        assert_eq!(which("sh", &folders), Some(PathBuf::from("/bin/sh")));
        assert_eq!(which("passwd", OsStr::new("/etc")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_followed_program_is_heard_line_by_line() {
        let mut heard = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "printf 'one\\ntwo \\377\\nthree'; exit 3"]);
        let followed = follow(&mut command, Follow::Out, "sh", |line| {
            heard.push(line.to_owned());
        })
        .unwrap();
        assert_eq!(heard, ["one", "two \u{fffd}", "three"]);
        assert_eq!(followed.status.code(), Some(3));
        assert!(followed.tail.ends_with("three"));
    }
}
