//! What a check says.

/// Of one check. Each text is a sentence without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be, and what was seen.
    Pass(String),
    /// Works, and should be changed.
    Warn(String),
    /// Must be changed, and how.
    Fail(String),
    /// Nothing from outside tells: a person has to answer this, and where to look.
    Confirm(String),
    /// Could not be judged, and why: another check failed, or there is no such thing on this computer.
    Skipped(String),
}

impl Verdict {
    /// Passes when there is nothing wrong.
    pub fn of(wrong: Vec<String>, right: impl Into<String>) -> Self {
        if wrong.is_empty() {
            Self::Pass(right.into())
        } else {
            Self::Fail(wrong.join("; "))
        }
    }

    /// Could not be judged until another check passes.
    pub fn after(id: &str) -> Self {
        Self::Skipped(format!("{id} must pass first"))
    }

    /// As it stands in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Warn(_) => "warn",
            Self::Fail(_) => "fail",
            Self::Confirm(_) => "confirm",
            Self::Skipped(_) => "skipped",
        }
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Pass(text)
            | Self::Warn(text)
            | Self::Fail(text)
            | Self::Confirm(text)
            | Self::Skipped(text) => text,
        }
    }
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Stays the same from version to version.
    pub id: String,
    /// What the check says.
    pub verdict: Verdict,
}

impl Line {
    pub(crate) fn new(id: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            id: id.into(),
            verdict,
        }
    }
}

/// Paths that share a fault, the first three by name.
pub(crate) fn places(paths: &[&str]) -> String {
    let named = paths.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    match paths.len().checked_sub(3) {
        Some(more @ 1..) => format!("{named} and {more} more"),
        _ => named,
    }
}
