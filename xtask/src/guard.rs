//! A program with a temporary folder: both are gone when xtask is, also when it was killed.

use std::fs::DirBuilder;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};

use crate::term::{Outcome, Tried};

/// What runs in the shell. It ends the program and removes the folder as soon as nobody holds its standard input any more. Ctrl-C,
/// a terminal that is closed and a signal for the whole group reach it too, and change nothing about that. Its words are the folder,
/// the signal that ends the program, and the program. The first line that comes starts the program, with the line as its last word
/// unless it is empty. What the program says ends with the program, since nobody else holds those pipes.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
folder=$1 signal=$2 program=; shift 2
exec 3>&1 4>&2 >/dev/null 2>&1
if IFS= read -r word; then
    "$@" ${word:+"$word"} </dev/null >&3 2>&4 3>&- 4>&- &
    program=$!
fi
exec 3>&- 4>&-
cat
if [ "$program" ]; then kill -"$signal" "$program"; wait "$program"; fi
# What was on its way into the folder may have come in between.
rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
"#;

/// Holds a folder, and a program as soon as that is started.
pub(crate) struct Guard {
    shell: Child,
    stdin: Option<ChildStdin>,
}

impl Guard {
    /// Guards the folder from now on. `shell` is a command for `sh` that says as whom, where and with which outputs all of this runs;
    /// of `program` the name and the words count. `signal` is the name of the one that ends it.
    pub(crate) fn new(
        mut shell: Command,
        folder: &Path,
        signal: &str,
        program: &Command,
    ) -> Outcome<Self> {
        shell.args(["-c", SCRIPT, "guard"]).arg(folder).arg(signal);
        shell.arg(program.get_program()).args(program.get_args());
        let mut shell = shell.stdin(Stdio::piped()).spawn().tried("start sh")?;
        let stdin = shell.stdin.take();
        Ok(Self { shell, stdin })
    }

    /// Starts the program, with one more word at its end unless that is empty.
    pub(crate) fn start(&mut self, word: &str) -> Outcome<()> {
        match &mut self.stdin {
            Some(stdin) => writeln!(stdin, "{word}").tried("start what sh guards"),
            None => Ok(()),
        }
    }

    /// What the program says on standard output, when the shell's was piped.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.shell.stdout.take()
    }

    /// What the program says on standard error, when the shell's was piped.
    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.shell.stderr.take()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A new temporary folder of this process, which nobody else can enter.
pub(crate) fn folder(name: &str) -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join(format!("loop-{name}-{}", std::process::id()));
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let created = builder.create(&folder);
    created.tried(format_args!("create {}", folder.display()))?;
    Ok(folder)
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
