//! How xtask speaks: steps with their number, lines under them, one sentence when it fails, and the times at the end.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// What a command returns.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// Why a command stopped: a sentence for the person who ran it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// Says why.
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Puts what was tried in front of a system error.
pub(crate) trait Tried<T> {
    /// `tried` completes "Could not …".
    fn tried(self, tried: impl fmt::Display) -> Outcome<T>;
}

impl<T, E: fmt::Display> Tried<T> for Result<T, E> {
    fn tried(self, tried: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("Could not {tried}: {error}.")))
    }
}

/// A line on standard output. A reader that went away is not our trouble.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// The last line of a command that failed, on standard error.
pub(crate) fn complain(sentence: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "xtask: {sentence}");
}

/// A line beside the answer, on standard error.
pub(crate) fn aside(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "      {line}");
}

/// A line under the step that runs.
pub(crate) fn detail(line: impl fmt::Display) {
    say(format_args!("      {line}"));
}

/// A line that replaces itself while something long runs; without a terminal only every so often, as lines.
pub(crate) struct Live {
    label: String,
    terminal: bool,
}

impl Live {
    /// How often a log without a terminal gets a line.
    const EVERY: usize = 50;

    /// Starts with what the line is about.
    pub(crate) fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            terminal: io::stdout().is_terminal(),
        }
    }

    /// Item `count` of `about` items, and its name.
    pub(crate) fn tick(&self, count: usize, about: usize, name: &str) {
        if self.terminal {
            let text = format!(
                "      {}: {count} of about {about} crates · {name}",
                self.label
            );
            let shown: String = text.chars().take(100).collect();
            let _ =
                write!(io::stdout().lock(), "\r{shown:<100}").and_then(|()| io::stdout().flush());
        } else if count.is_multiple_of(Self::EVERY) {
            detail(format_args!(
                "{}: {count} of about {about} crates",
                self.label
            ));
        }
    }

    /// Replaces the line with its last word.
    pub(crate) fn end(self, word: impl fmt::Display) {
        if self.terminal {
            let _ = write!(io::stdout().lock(), "\r{:<100}\r", "");
        }
        detail(format_args!("{} {word}", self.label));
    }
}

/// Numbers the steps of a command and remembers how long each took.
pub(crate) struct Steps {
    total: usize,
    done: Vec<(String, Duration)>,
    running: Option<(String, Instant)>,
    start: Instant,
}

impl Steps {
    /// A command of `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: Vec::new(),
            running: None,
            start: Instant::now(),
        }
    }

    /// Ends the step that runs and starts the next. `name` returns in the summary; `about` says what happens.
    pub(crate) fn next(&mut self, name: &str, about: impl fmt::Display) {
        self.close();
        say(format_args!(
            "[{}/{}] {about}",
            self.done.len() + 1,
            self.total
        ));
        self.running = Some((name.to_owned(), Instant::now()));
    }

    fn close(&mut self) {
        if let Some((name, since)) = self.running.take() {
            self.done.push((name, since.elapsed()));
        }
    }

    /// One line: how long it took in all and for each step.
    pub(crate) fn summary(&mut self) -> String {
        self.close();
        let each: Vec<String> = self
            .done
            .iter()
            .map(|(name, took)| format!("{name} {}", clock(*took)))
            .collect();
        format!(
            "{} in all · {}",
            clock(self.start.elapsed()),
            each.join(" · ")
        )
    }
}

/// `4.2 s` below a minute, `3 min 07 s` above.
pub(crate) fn clock(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(clock(Duration::from_millis(4230)), "4.2 s");
        assert_eq!(clock(Duration::from_secs(187)), "3 min 07 s");
    }

    #[test]
    fn the_summary_names_each_step() {
        let mut steps = Steps::new(2);
        steps.next("tools", "tools");
        steps.next("app", "app");
        let summary = steps.summary();
        assert!(summary.contains("tools 0.0 s · app 0.0 s"), "{summary}");
    }

    #[test]
    fn a_failure_says_what_was_tried() {
        let failed: Outcome<()> =
            Err(io::Error::from(io::ErrorKind::PermissionDenied)).tried("write dist/");
        assert_eq!(
            failed.map_err(|failure| failure.to_string()),
            Err("Could not write dist/: permission denied.".to_owned())
        );
    }
}
