//! What is told: a line for each check, or one JSON object, and the exit code.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::verdict::{Line, Verdict};

/// All lines of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The address that was looked at.
    pub url: String,
    /// In the order of the checks.
    pub lines: Vec<Line>,
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing failed.
    Well,
    /// Something must be changed.
    Failed,
    /// Nothing failed, `--strict` was given, and a person has not confirmed everything.
    Unconfirmed,
}

impl Outcome {
    /// Of the program.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::Failed => 1,
            Self::Unconfirmed => 3,
        }
    }
}

impl Report {
    /// Takes what a person has confirmed out of the questions. `ids` are of checks that ask.
    ///
    /// # Errors
    /// One sentence about an id that no check has.
    pub fn confirm(&mut self, ids: &[String]) -> Result<(), String> {
        for id in ids {
            let Some(line) = self.lines.iter_mut().find(|line| &line.id == id) else {
                return Err(format!("`--confirm {id}`: no check has this id."));
            };
            if let Verdict::Confirm(question) = &line.verdict {
                line.verdict = Verdict::Pass(format!("you confirmed: {question}"));
            }
        }
        Ok(())
    }

    /// How many lines have this verdict, by [`Verdict::name`].
    pub fn count(&self, name: &str) -> usize {
        let same = |line: &&Line| line.verdict.name() == name;
        self.lines.iter().filter(same).count()
    }

    /// How the run ends. `is_strict` counts what only a person can confirm.
    pub fn outcome(&self, is_strict: bool) -> Outcome {
        if self.count("fail") > 0 {
            Outcome::Failed
        } else if is_strict && self.count("confirm") > 0 {
            Outcome::Unconfirmed
        } else {
            Outcome::Well
        }
    }

    /// For a person.
    pub fn to_text(&self) -> String {
        let width = self.lines.iter().map(|line| line.id.len()).max();
        let width = width.unwrap_or_default();
        let mut text = format!("{}\n\n", self.url);
        for Line { id, verdict } in &self.lines {
            let (mark, before) = match verdict {
                Verdict::Pass(_) => ("pass", ""),
                Verdict::Warn(_) => ("warn", ""),
                Verdict::Fail(_) => ("FAIL", ""),
                Verdict::Confirm(_) => ("you", "only you can confirm: "),
                Verdict::Skipped(_) => ("-", "not checked: "),
            };
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{mark:<5} {id:<width$}  {before}{}", verdict.text());
        }
        let counts = ["pass", "warn", "fail", "confirm", "skipped"].map(|name| self.count(name));
        let [passed, warned, failed, asked, skipped] = counts;
        let _ = writeln!(
            text,
            "\n{passed} passed, {failed} failed, {warned} with a warning, {skipped} not checked, {asked} only you can confirm."
        );
        text.push_str(match (failed, asked) {
            (0, 0) => "Nothing stands in the way of going live.\n",
            (0, _) => "Nothing failed. Go live when you can confirm what is left.\n",
            _ => "Do not go live yet.\n",
        });
        text
    }

    /// For a machine.
    pub fn to_json(&self) -> Value {
        let lines = self.lines.iter().map(|line| {
            json!({"id": line.id, "verdict": line.verdict.name(), "text": line.verdict.text()})
        });
        json!({
            "url": self.url,
            "failed": self.count("fail"),
            "warned": self.count("warn"),
            "unconfirmed": self.count("confirm"),
            "passed": self.count("pass"),
            "skipped": self.count("skipped"),
            "checks": lines.collect::<Vec<_>>(),
        })
    }
}
