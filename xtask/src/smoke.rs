//! `cargo xtask demo --smoke`: the whole journey in headless Chromium, and what went wrong with a picture of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::build::{BOUND, DIST};
use crate::package::PACKAGE;
use crate::process::{self, Follow};
use crate::term::{Failure, Outcome, say};
use crate::tools::Tools;
use crate::{browser, term};

/// What runs a journey.
pub(crate) struct Browser {
    node: PathBuf,
    chromium: PathBuf,
}

impl Browser {
    /// Finds both, before anything is built for them.
    pub(crate) fn find(tools: &Tools) -> Outcome<Self> {
        Ok(Self {
            node: browser::node(tools)?,
            chromium: browser::chromium(tools)?,
        })
    }

    /// A Playwright run that finds the browser, the built app and the platform.
    pub(crate) fn playwright(&self, tools: &Tools, root: &Path, sandbox: &Path) -> Command {
        let mut command = browser::playwright(tools, root, &self.node, &self.chromium);
        command
            .env("LOOP_APP", root.join(DIST))
            .env("LOOP_APP_DPOP", root.join(BOUND))
            .env("LOOP_SANDBOX", sandbox);
        command
    }

    /// What many tabs do to this client and to the best-known one, side by side.
    pub(crate) fn baseline(&self, tools: &Tools, root: &Path, sandbox: &Path) -> Command {
        self.script(tools, root, sandbox, "baseline/run.mjs")
    }

    /// One measurement of our app and its peers.
    pub(crate) fn bench(&self, tools: &Tools, root: &Path, sandbox: &Path, what: &str) -> Command {
        self.script(tools, root, sandbox, &format!("bench/{what}.mjs"))
    }

    /// A picture of every page and state.
    pub(crate) fn gallery(&self, tools: &Tools, root: &Path, sandbox: &Path) -> Command {
        self.script(tools, root, sandbox, "gallery/run.mjs")
    }

    /// The custom elements on plain pages and in other people's apps.
    pub(crate) fn embed(&self, tools: &Tools, root: &Path) -> Command {
        let mut command = browser::playwright(tools, root, &self.node, &self.chromium);
        command
            .args(["--config", "embed/playwright.config.mjs"])
            .args(["--reporter=list", "--forbid-only"])
            .env("LOOP_PACKAGE", root.join(PACKAGE));
        command
    }

    /// The same with a session: a Playwright run by this configuration, which finds the platform as well.
    pub(crate) fn embed_with_session(
        &self,
        tools: &Tools,
        root: &Path,
        sandbox: &Path,
        config: &str,
    ) -> Command {
        let mut command = self.playwright(tools, root, sandbox);
        command
            .args(["--config", config, "--reporter=list", "--forbid-only"])
            .env("LOOP_PACKAGE", root.join(PACKAGE));
        command
    }

    /// A script of `tests/` that finds the browser, the built app and the platform.
    fn script(&self, tools: &Tools, root: &Path, sandbox: &Path, script: &str) -> Command {
        let mut command = tools.command(&self.node);
        command
            .current_dir(root.join("tests"))
            .env("LOOP_CHROMIUM", &self.chromium)
            .env("LOOP_APP", root.join(DIST))
            .env("LOOP_SANDBOX", sandbox)
            .arg(script);
        command
    }

    /// A run of the tests that need Node and no browser.
    pub(crate) fn judges(&self, tools: &Tools, root: &Path) -> Command {
        let mut command = tools.command(&self.node);
        command.current_dir(root.join("tests")).args([
            "--test",
            "--test-reporter=spec",
            "judges/oauth4webapi.test.mjs",
            "bench/statistics.test.mjs",
        ]);
        command.env("LOOP_CHROMIUM", &self.chromium);
        command
    }
}

/// Runs the journey; `flags` go to the platform.
pub(crate) fn journey(
    tools: &Tools,
    root: &Path,
    browser: &Browser,
    sandbox: &Path,
    flags: &[String],
) -> Outcome<()> {
    browser::packages(tools, root)?;
    let mut command = browser.playwright(tools, root, sandbox);
    command
        .arg("journeys/smoke.spec.mjs")
        .env("LOOP_SANDBOX_FLAGS", Value::from(flags).to_string())
        .env("LOOP_STEPS", "1");
    let mut output = String::new();
    let followed = process::follow(&mut command, Follow::Out, "Playwright", |line| {
        say(line);
        output.push_str(line);
        output.push('\n');
    })?;
    if followed.status.success() {
        term::say(
            "The journey works: sign in, allow, read the results, open one, disconnect, nothing left on Back.",
        );
        return Ok(());
    }
    Err(Failure::new(what_failed(&output, &root.join("tests"))))
}

/// One sentence from Playwright's report: what it missed, and where the picture is.
fn what_failed(output: &str, tests: &Path) -> String {
    let lines = || output.lines().map(str::trim);
    let why = lines().find(|line| line.starts_with("Error:") || line.starts_with("Test timeout"));
    let picture = lines().flat_map(str::split_whitespace).find(|word| {
        Path::new(word)
            .extension()
            .is_some_and(|extension| extension == "png")
    });
    let why = why.map_or("its own words are above".to_owned(), |line| {
        line.trim_end_matches('.').to_owned()
    });
    match picture {
        Some(file) => format!(
            "The journey failed ({why}); the screenshot is {}.",
            tests.join(file).display()
        ),
        None => {
            format!("The journey failed ({why}); there is no screenshot, because no page was open.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_its_reason_and_its_picture() {
        let output = "  1) journeys/smoke.spec.mjs:9:1 › the journey ───\n\n    Error: expect(locator).toBeVisible() failed\n\n    attachment #1: screenshot (image/png) ──\n    test-results/smoke-the-journey/test-failed-1.png\n    ───\n  1 failed\n";
        assert_eq!(
            what_failed(output, Path::new("/x/tests")),
            "The journey failed (Error: expect(locator).toBeVisible() failed); the screenshot is /x/tests/test-results/smoke-the-journey/test-failed-1.png."
        );
    }

    #[test]
    fn a_run_without_a_page_says_so() {
        let sentence = what_failed(
            "Error: the platform did not start: Port 8080 is in use.\n",
            Path::new("/x"),
        );
        assert_eq!(
            sentence,
            "The journey failed (Error: the platform did not start: Port 8080 is in use); there is no screenshot, because no page was open."
        );
    }
}
