//! The command line: words in, one [`Command`] out, or one sentence about the first word that is wrong.

mod help;

use std::path::PathBuf;

pub(crate) use help::HELP;

use crate::bench::Measure;
use crate::dist::{Base, Dist, Host};
use crate::trials::Crash;

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print [`HELP`].
    Help,
    /// Check the tools, install what is missing.
    Tools,
    /// Build the app.
    Build {
        /// Quick and big.
        dev: bool,
    },
    /// Make what a host serves.
    Dist(Dist),
    /// Build and run everything.
    Demo(Demo),
    /// Run these parts of the tests.
    Test(Vec<Part>),
    /// Run the comparison with these words.
    Baseline(Vec<String>),
    /// Measure the app and its peers with these words.
    Bench(Measure, Vec<String>),
    /// Measure the pure parts on the host with these words.
    BenchNative(Vec<String>),
    /// Measure the webhooks with these words.
    BenchWebhooks(Vec<String>),
    /// Kill the webhook receiver.
    Crash(Crash),
    /// Fuzz a parser, or all of them.
    Fuzz {
        /// How many inputs each.
        runs: u64,
        /// One of them.
        target: Option<String>,
    },
    /// Take pictures, with these words.
    Gallery(Vec<String>),
    /// Make the npm package of the elements.
    Package,
    /// Build the app twice and compare.
    Rebuild,
    /// Say what the app is made of.
    Sbom(Sbom),
    /// Check a deployment, with these words.
    GoLive(Vec<String>),
    /// Run the simulation with these words.
    Sim(Vec<String>),
    /// Weigh the download.
    Size(Size),
    /// Check licences, sources and advisories.
    Supply,
    /// Trunk's first hook: one style sheet out of many.
    Styles,
    /// Trunk's last hook: smaller wasm, names by content, digests.
    Finish,
}

/// What to say about the download.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// As one JSON object.
    pub(crate) json: bool,
    /// Against the budget.
    pub(crate) check: bool,
    /// Against the views alone.
    pub(crate) auth: bool,
    /// Room by room.
    pub(crate) parts: bool,
}

/// Of which app to say what it is made of, and where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sbom {
    /// The file, instead of standard output.
    pub(crate) out: Option<String>,
    /// The features of the app, as cargo takes them.
    pub(crate) features: Option<String>,
}

/// How to run the demo.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Demo {
    /// Do the journey in a headless browser, then stop.
    pub(crate) smoke: bool,
    /// Open the app in the person's browser.
    pub(crate) open: bool,
    /// Start a webhook receiver beside it.
    pub(crate) webhooks: bool,
    /// Build the app again whenever a file of it is saved.
    pub(crate) watch: bool,
    /// The first port to use.
    pub(crate) port: Option<u16>,
    /// Flags for the sandbox.
    pub(crate) sandbox: Vec<String>,
}

/// One part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Formatting, clippy, docs, licences.
    Lint,
    /// On the host.
    Unit,
    /// With databases.
    Webhooks,
    /// In Chromium, without the app.
    Wasm,
    /// The budget.
    Size,
    /// Journeys through the app.
    Browser,
    /// Behind real web servers.
    Hosting,
    /// On other people's pages.
    Embed,
}

impl Part {
    /// Cheap and telling first; those that share the release build last.
    pub(crate) const ALL: [Self; 8] = [
        Self::Lint,
        Self::Unit,
        Self::Webhooks,
        Self::Wasm,
        Self::Size,
        Self::Browser,
        Self::Hosting,
        Self::Embed,
    ];

    /// The word on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Webhooks => "webhooks",
            Self::Wasm => "wasm",
            Self::Size => "size",
            Self::Browser => "browser",
            Self::Hosting => "hosting",
            Self::Embed => "embed",
        }
    }
}

/// Reads the words after `cargo xtask`. The error is one sentence.
pub(crate) fn parse(words: &[String]) -> Result<Command, String> {
    let Some((name, rest)) = words.split_first() else {
        return Ok(Command::Help);
    };
    match name.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        _ if rest
            .iter()
            .take_while(|word| *word != "--")
            .any(|word| word == "--help" || word == "-h") =>
        {
            Ok(Command::Help)
        }
        "tools" => flags(name, rest, []).map(|[]| Command::Tools),
        "build" => flags(name, rest, ["--dev"]).map(|[dev]| Command::Build { dev }),
        "dist" => dist(rest).map(Command::Dist),
        "demo" => demo(rest).map(Command::Demo),
        "test" => parts(rest).map(Command::Test),
        "baseline" => Ok(Command::Baseline(rest.to_vec())),
        "bench" => bench(rest),
        "crash" => crash(rest).map(Command::Crash),
        "fuzz" => fuzz(rest),
        "gallery" => Ok(Command::Gallery(rest.to_vec())),
        "package" => flags(name, rest, []).map(|[]| Command::Package),
        "rebuild" => flags(name, rest, []).map(|[]| Command::Rebuild),
        "sbom" => sbom(rest).map(Command::Sbom),
        "go-live" => Ok(Command::GoLive(rest.to_vec())),
        "sim" => Ok(Command::Sim(rest.to_vec())),
        "size" => size(rest),
        "supply" => flags(name, rest, []).map(|[]| Command::Supply),
        "styles" => flags(name, rest, []).map(|[]| Command::Styles),
        "finish" => flags(name, rest, []).map(|[]| Command::Finish),
        other => Err(format!("There is no command `{other}`.")),
    }
}

fn size(words: &[String]) -> Result<Command, String> {
    let [json, check, auth, parts] =
        flags("size", words, ["--json", "--check", "--auth", "--parts"])?;
    if json && parts {
        return Err("`--parts` is a table: leave `--json` out.".to_owned());
    }
    Ok(Command::Size(Size {
        json,
        check,
        auth,
        parts,
    }))
}

/// Switches without values.
fn flags<const N: usize>(
    command: &str,
    words: &[String],
    known: [&str; N],
) -> Result<[bool; N], String> {
    match words.iter().find(|word| !known.contains(&word.as_str())) {
        Some(unknown) => Err(format!("`{command}` knows no `{unknown}`.")),
        None => Ok(known.map(|flag| words.iter().any(|word| word == flag))),
    }
}

fn demo(words: &[String]) -> Result<Demo, String> {
    let mut demo = Demo::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--smoke" => demo.smoke = true,
            "--open" => demo.open = true,
            "--webhooks" => demo.webhooks = true,
            "--watch" => demo.watch = true,
            "--port" => demo.port = Some(port(words.next().map(String::as_str))?),
            "--" => demo.sandbox = words.by_ref().cloned().collect(),
            other => match other.strip_prefix("--port=") {
                Some(value) => demo.port = Some(port(Some(value))?),
                None => {
                    return Err(format!(
                        "`demo` knows no `{other}`; flags for the platform go after `--`."
                    ));
                }
            },
        }
    }
    if demo.smoke && demo.webhooks {
        return Err(
            "`--smoke` does the journey, in which no webhook comes: leave `--webhooks` out."
                .to_owned(),
        );
    }
    if demo.smoke && demo.watch {
        return Err(
            "`--smoke` does the journey with the app as it is released: leave `--watch` out."
                .to_owned(),
        );
    }
    Ok(demo)
}

fn sbom(words: &[String]) -> Result<Sbom, String> {
    let mut sbom = Sbom::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let place = match word.as_str() {
            "--out" => &mut sbom.out,
            "--features" => &mut sbom.features,
            other => return Err(format!("`sbom` knows no `{other}`.")),
        };
        let value = words.next().filter(|value| !value.is_empty());
        *place = Some(
            value
                .ok_or_else(|| format!("`{word}` needs a value."))?
                .clone(),
        );
    }
    Ok(sbom)
}

fn dist(words: &[String]) -> Result<Dist, String> {
    let mut dist = Dist::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || {
            words
                .next()
                .ok_or_else(|| format!("`{word}` needs a value."))
        };
        match word.as_str() {
            "--built" => dist.built = true,
            "--sbom" => dist.sbom = true,
            "--base" => {
                let path = value()?;
                dist.base = Base::parse(path).ok_or_else(|| {
                    format!("`--base` is a path such as /app/, of letters, digits, `-`, `_` and `.`; not {path}.")
                })?;
            }
            "--offline" => dist.offline = true,
            "--config" => dist.config = Some(PathBuf::from(value()?)),
            "--out" => dist.out = Some(PathBuf::from(value()?)),
            "--host" => {
                let name = value()?;
                let host = Host::of(name);
                dist.host = Some(host.ok_or_else(|| {
                    format!("`--host` knows no `{name}`; there are {}.", Host::NAMES)
                })?);
            }
            other => return Err(format!("`dist` knows no `{other}`.")),
        }
    }
    Ok(dist)
}

fn fuzz(words: &[String]) -> Result<Command, String> {
    let (mut runs, mut target) = (1_000_000, None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--runs" => {
                let number = words.next().and_then(|number| number.parse().ok());
                runs = number.ok_or("`--runs` needs a number.")?;
            }
            name if !name.starts_with('-') => target = Some(name.to_owned()),
            other => return Err(format!("`fuzz` knows no `{other}`.")),
        }
    }
    Ok(Command::Fuzz { runs, target })
}

fn bench(words: &[String]) -> Result<Command, String> {
    let Some((what, words)) = words.split_first() else {
        return Err("`bench` needs to know what, such as `bench list`.".to_owned());
    };
    if what == "native" {
        return Ok(Command::BenchNative(words.to_vec()));
    }
    if what == "webhooks" {
        return Ok(Command::BenchWebhooks(words.to_vec()));
    }
    let mut known = Measure::ALL.into_iter();
    let measure = known.find(|measure| measure.name() == what);
    let measure = measure.ok_or_else(|| {
        format!(
            "`bench` measures size, startup, list, chart, memory, reload, native and webhooks, and no `{what}`."
        )
    })?;
    Ok(Command::Bench(measure, words.to_vec()))
}

fn crash(words: &[String]) -> Result<Crash, String> {
    let mut crash = Crash {
        runs: 1000,
        seed: 1,
        json: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut number = || {
            let number = words.next().and_then(|number| number.parse().ok());
            number.ok_or_else(|| format!("`{word}` needs a number."))
        };
        match word.as_str() {
            "--json" => crash.json = true,
            "--runs" => crash.runs = number()?,
            "--seed" => crash.seed = number()?,
            other => return Err(format!("`crash` knows no `{other}`.")),
        }
    }
    Ok(crash)
}

fn port(word: Option<&str>) -> Result<u16, String> {
    match word.map(str::parse) {
        Some(Ok(port)) if port > 0 => Ok(port),
        Some(_) => Err("`--port` takes a number from 1 to 65535.".to_owned()),
        None => Err("`--port` needs a number.".to_owned()),
    }
}

fn parts(words: &[String]) -> Result<Vec<Part>, String> {
    if let Some(unknown) = words
        .iter()
        .find(|word| Part::ALL.iter().all(|part| part.name() != word.as_str()))
    {
        return Err(format!(
            "`test` has no part `{unknown}`; the parts are lint, unit, webhooks, wasm, size, browser, hosting and embed."
        ));
    }
    let asked = |part: &Part| words.is_empty() || words.iter().any(|word| word == part.name());
    Ok(Part::ALL.into_iter().filter(asked).collect())
}

#[cfg(test)]
mod tests;
