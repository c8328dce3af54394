//! `cargo xtask test`: every runner after the other, whatever fails, and one last line with the sum of their counts.
//!
//! A check without counts of its own (formatting, clippy, documentation, size) adds nothing when it passes and one
//! failure when it does not, so that the last line is the sum of the runners' closing lines.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::args::Part;
use crate::counts::Counts;
use crate::hosting::{Programs, Servers};
use crate::postgres::Server;
use crate::process::{self, Follow};
use crate::smoke::Browser;
use crate::term::{Outcome, Steps, clock, detail, say};
use crate::tools::{self, Tools, WASM};
use crate::trials::{self, Crash};
use crate::{browser, build, embed_leptos, package, postgres, size, supply};

/// What runs on the host, without databases.
const HOST: [&str; 9] = [
    "loop-partner",
    "loop-contracts",
    "loop-sdk",
    "loop-ui",
    "loop-elements",
    "loop-sandbox",
    "loop-simulation",
    "loop-go-live",
    "xtask",
];
/// The receiver of webhooks, with the features that it switches on, and what tries it.
const WEBHOOKS: [&str; 3] = [ALONE, "loop-webhook-receiver", "loop-webhook-trials"];
/// How often receivers are killed here; `cargo xtask crash` does it more often.
const KILLS: u64 = 40;
/// Where the elements are built into apps of others, with packages of its own.
const FRAMEWORKS: &str = "tests/embed/frameworks";
/// Examples that npm builds, with our package in them.
const NPM_EXAMPLES: [&str; 2] = ["examples/hello-react", "examples/hello-vue"];
/// What runs against the platform with that package: the elements of a session and the SDK, then the guide's code and the examples.
const WITH_SESSION: [(&str, &str); 2] = [
    (
        "embed with a session",
        "embed-session/playwright.config.mjs",
    ),
    ("embed, apps", "embed-apps/playwright.config.mjs"),
];
/// Other people's OpenID libraries, to compare the SDK with.
const JUDGES: &str = "tests/judges/Cargo.toml";
/// What runs in the browser, and may be written in a way only a wasm build sees.
const FOR_WASM: [&str; 5] = [
    "loop-partner",
    "loop-elements",
    "loop-ui",
    "loop-sdk",
    "loop-contracts",
];
/// What runs in a worker, with hardly any dependencies: checked by itself, because its neighbours would switch on more.
const ALONE: &str = "loop-webhooks";

/// Runs the parts.
pub(crate) fn command(root: &Path, parts: &[Part]) -> Outcome<ExitCode> {
    let mut steps = Steps::new(parts.len() + 1);
    steps.next("tools", "tools and crates");
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    let mut run = Run {
        tools,
        root: root.to_path_buf(),
        counts: Counts::default(),
        failures: Vec::new(),
        built: None,
    };
    for part in parts {
        match part {
            Part::Lint => {
                steps.next("lint", "lint: formatting, clippy, documentation, licences");
                run.lint();
            }
            Part::Unit => {
                steps.next("unit", "unit: on the host");
                run.unit();
            }
            Part::Webhooks => {
                steps.next("webhooks", "webhooks: in a file and in PostgreSQL");
                run.webhooks();
            }
            Part::Wasm => {
                steps.next("wasm", "wasm: what only a browser provides, in Chromium");
                run.wasm();
            }
            Part::Size => {
                steps.next("size", "size: the download against budgets.toml");
                run.size();
            }
            Part::Browser => {
                steps.next("browser", "browser: journeys in Chromium");
                run.browser();
            }
            Part::Hosting => {
                steps.next("hosting", "hosting: behind nginx and Caddy");
                run.hosting();
            }
            Part::Embed => {
                steps.next("embed", "embed: the elements on other people's pages");
                run.embed();
            }
        }
    }
    say("");
    for failure in &run.failures {
        say(format_args!("failed: {failure}"));
    }
    say(steps.summary());
    say(run.counts);
    Ok(if run.counts.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A run of the tests: what was counted so far, and what is shared by its parts.
struct Run {
    tools: Tools,
    root: PathBuf,
    counts: Counts,
    failures: Vec<String>,
    /// Whether the release build succeeded, once it was tried.
    built: Option<bool>,
}

impl Run {
    fn lint(&mut self) {
        // rustup does not always install what `rust-toolchain.toml` lists.
        let there = |word: &str| {
            process::answer(self.tools.command("cargo").args([word, "--version"])).is_some()
        };
        if !(there("fmt") && there("clippy")) {
            let mut rustup = self.tools.command("rustup");
            let words = ["component", "add", "rustfmt", "clippy"];
            if let Err(failure) = process::run(rustup.args(words), "rustup component add") {
                return self.failed("lint", &failure.to_string());
            }
        }
        self.check("formatting", &["fmt", "--all", "--check"], None);
        self.check(
            "clippy",
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--offline",
                "--",
                "-D",
                "warnings",
            ],
            None,
        );
        let mut for_wasm = vec!["clippy", "--target", WASM, "--all-features", "--offline"];
        for_wasm.extend(FOR_WASM.iter().flat_map(|package| ["--package", package]));
        for_wasm.extend(["--", "-D", "warnings"]);
        self.check("clippy for wasm", &for_wasm, None);
        self.check(
            "clippy for wasm, webhooks alone",
            &[
                "clippy",
                "--target",
                WASM,
                "--package",
                ALONE,
                "--no-default-features",
                "--offline",
                "--",
                "-D",
                "warnings",
            ],
            None,
        );
        self.check(
            "documentation",
            &[
                "doc",
                "--workspace",
                "--no-deps",
                "--all-features",
                "--offline",
            ],
            Some(("RUSTDOCFLAGS", "-D warnings")),
        );
        match supply::offline(&self.tools) {
            Ok(sentence) => detail(sentence),
            Err(failure) => self.failed("supply", &failure.to_string()),
        }
    }

    fn unit(&mut self) {
        let mut cargo = self.tools.command("cargo");
        // The sandbox is built in this profile for the journeys, so its crates are compiled once for both.
        cargo.args(["test", "--profile", "native", "--no-fail-fast", "--offline"]);
        cargo.args(HOST.iter().flat_map(|package| ["--package", package]));
        // What is off by default is tested all the same; that the default leaves it out is for the journeys.
        cargo.args(["--features", "loop-sdk/dpop"]);
        self.runner("unit", &mut cargo);
        // A workspace of its own: what it brings along is fetched for these tests alone.
        let mut cargo = self.tools.command("cargo");
        cargo.args(["test", "--locked", "--manifest-path", JUDGES]);
        cargo.args(["--target-dir", "target/judges"]);
        self.runner("judges", &mut cargo);
    }

    fn webhooks(&mut self) {
        let mut cargo = self.tools.command("cargo");
        cargo.args(["test", "--profile", "native", "--no-fail-fast", "--offline"]);
        cargo.args(WEBHOOKS.iter().flat_map(|package| ["--package", package]));
        cargo.args(["--features", "loop-webhooks/axum"]);
        let server = match Server::find(&self.tools) {
            Ok(server) => server,
            Err(failure) => return self.failed("webhooks", &failure.to_string()),
        };
        cargo.env(postgres::NAMED, server.address());
        self.runner("webhooks", &mut cargo);
        let trial = Crash {
            runs: KILLS,
            seed: 1,
            json: false,
        };
        let trial = trials::crash_trial(&self.tools, &trial, &server.address());
        let killed = trial.and_then(|mut trial| process::run(&mut trial, "the trial"));
        if let Err(failure) = killed {
            self.failed("crash", &failure.to_string());
        }
    }

    fn wasm(&mut self) {
        let driver =
            match browser::chromium(&self.tools).and_then(|_| browser::chromedriver(&self.tools)) {
                Ok(driver) => driver,
                Err(failure) => return self.failed("wasm", &failure.to_string()),
            };
        // What only a browser provides to the session, and the providers of a Leptos app.
        for (package, feature) in [("loop-sdk", "dpop"), ("loop-ui", "csr")] {
            let mut cargo = self.tools.command("cargo");
            cargo
                // As hello-leptos is built, so that what both need is compiled once.
                .args(["test", "--profile", "dev"])
                .args(["--package", package, "--features", feature])
                .args(["--target", WASM, "--test", "browser", "--offline"])
                .env("CHROMEDRIVER", &driver)
                // A cold browser on a slow machine needs more than the usual 20 seconds.
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
            self.runner("wasm", &mut cargo);
        }
    }

    fn size(&mut self) {
        if !self.build() {
            return;
        }
        match size::check(&self.root) {
            Ok(sentence) => say(sentence),
            Err(failure) => self.failed("size", &failure.to_string()),
        }
    }

    fn browser(&mut self) {
        let ready = Browser::find(&self.tools).and_then(|browser| {
            browser::packages(&self.tools, &self.root)?;
            Ok((
                browser,
                build::sandbox(&self.tools)?,
                trials::receiver(&self.tools)?,
            ))
        });
        let (browser, sandbox, receiver) = match ready {
            Ok(ready) => ready,
            Err(failure) => return self.failed("browser", &failure.to_string()),
        };
        self.runner("judges", &mut browser.judges(&self.tools, &self.root));
        if self.build() {
            if let Err(failure) = build::bound(&self.tools) {
                return self.failed("build", &failure.to_string());
            }
            let mut playwright = browser.playwright(&self.tools, &self.root, &sandbox);
            playwright.env("LOOP_RECEIVER", receiver);
            playwright.args(["--reporter=list", "--forbid-only"]);
            self.runner("browser", &mut playwright);
        }
        self.embed_leptos(&browser, &sandbox);
    }

    fn embed_leptos(&mut self, browser: &Browser, sandbox: &Path) {
        match embed_leptos::playwright(&self.tools, &self.root, browser, sandbox) {
            Ok(mut playwright) => self.runner("hello-leptos", &mut playwright),
            Err(failure) => self.failed("hello-leptos", &failure.to_string()),
        }
    }

    fn hosting(&mut self) {
        let ready = Servers::find(&self.tools).and_then(|servers| {
            let browser = Browser::find(&self.tools)?;
            browser::packages(&self.tools, &self.root)?;
            Ok((servers, browser, Programs::build(&self.tools)?))
        });
        let (servers, browser, programs) = match ready {
            Ok(ready) => ready,
            Err(failure) => return self.failed("hosting", &failure.to_string()),
        };
        if !self.build() {
            return;
        }
        match servers.playwright(&self.tools, &self.root, &browser, &programs) {
            Ok(mut playwright) => self.runner("hosting", &mut playwright),
            Err(failure) => self.failed("hosting", &failure.to_string()),
        }
    }

    fn embed(&mut self) {
        let ready = Browser::find(&self.tools).and_then(|browser| {
            browser::packages(&self.tools, &self.root)?;
            browser::packages_in(&self.tools, &self.root.join(FRAMEWORKS))?;
            Ok((browser, build::sandbox(&self.tools)?))
        });
        let (browser, sandbox) = match ready {
            Ok(ready) => ready,
            Err(failure) => return self.failed("embed", &failure.to_string()),
        };
        match package::make(&self.tools) {
            Ok(sentence) => say(sentence),
            Err(failure) => return self.failed("package", &failure.to_string()),
        }
        let mut playwright = browser.embed(&self.tools, &self.root);
        self.runner("embed", &mut playwright);
        for folder in NPM_EXAMPLES {
            if let Err(failure) = browser::packages_in(&self.tools, &self.root.join(folder)) {
                return self.failed(folder, &failure.to_string());
            }
        }
        for (name, config) in WITH_SESSION {
            let (tools, root) = (&self.tools, &self.root);
            let mut playwright = browser.embed_with_session(tools, root, &sandbox, config);
            self.runner(name, &mut playwright);
        }
    }

    /// The release build, once for all parts that need it.
    fn build(&mut self) -> bool {
        if let Some(built) = self.built {
            return built;
        }
        let outcome = build::app(&self.tools, false);
        if let Err(failure) = &outcome {
            self.failed("build", &failure.to_string());
        }
        *self.built.insert(outcome.is_ok())
    }

    /// A cargo command that passes or fails as a whole.
    fn check(&mut self, name: &str, words: &[&str], env: Option<(&str, &str)>) {
        let mut cargo = self.tools.command("cargo");
        cargo.args(words).envs(env);
        let since = Instant::now();
        match process::run(&mut cargo, name) {
            Ok(()) => detail(format_args!("{name} ok ({})", clock(since.elapsed()))),
            Err(failure) => self.failed(name, &failure.to_string()),
        }
    }

    /// A command that counts its tests. Its lines stay visible.
    fn runner(&mut self, name: &str, command: &mut Command) {
        let mut counts = Counts::default();
        let followed = process::follow(command, Follow::Out, name, |line| {
            counts.read(line);
            say(line);
        });
        match followed {
            Ok(followed) => {
                let counts = counts.ended(followed.status.success());
                if counts.failed > 0 {
                    self.failures.push(format!("{name}: {counts}"));
                }
                self.counts += counts;
            }
            Err(failure) => self.failed(name, &failure.to_string()),
        }
    }

    fn failed(&mut self, name: &str, sentence: &str) {
        say(sentence);
        self.failures.push(format!("{name}: {sentence}"));
        self.counts += Counts::FAILURE;
    }
}
