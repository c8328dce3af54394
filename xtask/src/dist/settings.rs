//! `loop.config.json`: checked as the app checks it, before it is served, and what a host has to know of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Base;
use crate::term::{Failure, Outcome, Tried};
use crate::tools::Tools;

/// Its name, next to the page.
pub(crate) const FILE: &str = "loop.config.json";

/// A configuration that the app accepts.
pub(crate) struct Settings {
    /// The file as it is.
    pub(crate) text: String,
    /// The origins of the issuer and of the clinical service, as a policy lists them.
    pub(crate) connect: String,
    /// The path of the callback.
    pub(crate) callback: String,
}

impl Settings {
    /// Reads the file and has the SDK check it.
    pub(crate) fn check(tools: &Tools, file: &Path, base: &Base) -> Outcome<Self> {
        let shown = file.display();
        let text = fs::read_to_string(file).tried(format_args!("read {shown}"))?;
        let refuse = |why: &str| {
            Failure::new(format!(
                "{shown} is not ready: {}. Edit it, or name another with `--config`; docs/quickstart.md says what each field means.",
                why.trim().trim_end_matches('.')
            ))
        };
        if let Some(why) = placeholder(&text) {
            return Err(refuse(&why));
        }
        let output = checker(tools, file)?.output().tried("start cargo")?;
        if !output.status.success() {
            return Err(refuse(&String::from_utf8_lossy(&output.stderr)));
        }
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = said.lines().collect();
        let [issuer, clinical, callback] = lines[..] else {
            return Err(Failure::new("check_config did not say what it found."));
        };
        if !callback.starts_with(base.as_str()) {
            return Err(refuse(&format!(
                "redirect_path must begin with {}, where the app lies",
                base.as_str()
            )));
        }
        Ok(Self {
            text,
            connect: connect(issuer, clinical),
            callback: plain_path(callback)
                .ok_or_else(|| refuse("redirect_path: use letters, digits, `/`, `-`, `_` and `.` alone, because every host reads the path its own way"))?,
        })
    }
}

/// The SDK's check as a command. It runs in the workspace's folder, where a relative path would be another file.
pub(super) fn checker(tools: &Tools, file: &Path) -> Outcome<Command> {
    let file = std::path::absolute(file).tried(format_args!("find {}", file.display()))?;
    let mut cargo = tools.command("cargo");
    cargo.args(["run", "--quiet", "--package", "loop-sdk"]);
    cargo.args(["--profile", "native", "--example", "check_config", "--"]);
    cargo.arg(file);
    Ok(cargo)
}

/// Which member still says what the example says; what is no JSON is for the SDK to tell.
pub(super) fn placeholder(text: &str) -> Option<String> {
    let file: Value = serde_json::from_str(text).ok()?;
    let members = file.as_object()?.iter();
    let left = |text: &str| text.contains(['<', '>', '{']) || text.contains("YOUR_");
    let mut left = members.filter(|(_, value)| match value {
        Value::String(text) => left(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).any(left),
        _ => false,
    });
    let (name, _) = left.next()?;
    Some(format!("{name} is still a placeholder"))
}

/// Both origins, or the one that both are.
pub(super) fn connect(issuer: &str, clinical: &str) -> String {
    if issuer == clinical {
        issuer.to_owned()
    } else {
        format!("{issuer} {clinical}")
    }
}

/// A path that needs no escape in any host's language.
pub(super) fn plain_path(path: &str) -> Option<String> {
    let is_plain = path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    is_plain.then(|| path.to_owned())
}
