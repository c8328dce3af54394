//! `cargo xtask size`: what a visitor downloads, from `dist/`, and whether it is within `budgets.toml`.

mod parts;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::args;
use crate::build::{self, DIST};
use crate::term::{Failure, Outcome, Tried, say};
use crate::{compress, tools};

/// Bytes as they are, and after brotli (quality 11, window 24), which is what a good host sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    raw: usize,
    br: usize,
}

/// The weight of the app by kind of file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sizes {
    wasm: Weight,
    /// The chunks that nobody needs before the results are there.
    later: Weight,
    js: Weight,
    css: Weight,
    /// The catalogue.
    json: Weight,
    /// What another language weighs, by its file: whoever chose it downloads its texts, and its catalogue instead of the English one.
    languages: Vec<(String, Weight)>,
}

impl Sizes {
    /// What a visitor downloads until results are there.
    fn first(&self) -> Weight {
        sum(&[self.wasm, self.js, self.css, self.json])
    }

    /// All of it, for whoever looks at every page.
    fn total(&self) -> Weight {
        sum(&[self.first(), self.later])
    }

    /// All of it but the catalogue, which is data and may be another deployer's.
    fn code(&self) -> Weight {
        sum(&[self.wasm, self.later, self.js, self.css])
    }

    /// What the code weighs more than other code; the style sheet is the same for both.
    fn code_above(&self, other: &Self) -> usize {
        let code = |sizes: &Self| sizes.wasm.br + sizes.js.br;
        code(self).saturating_sub(code(other))
    }

    /// One object, with its fields in the order they are documented in.
    fn json(&self, small: Option<SmallApps>) -> String {
        let Self { js, css, json, .. } = self;
        let wasm = sum(&[self.wasm, self.later]);
        let small = small.map_or(String::new(), |SmallApps { auth, empty }| {
            format!(r#", "auth_br": {auth}, "empty_br": {empty}"#)
        });
        let total = self.total();
        format!(
            r#"{{"app": {{"wasm_br": {}, "js_br": {}, "css_br": {}, "json_br": {}, "total_br": {}, "first_br": {}, "wasm_raw": {}, "js_raw": {}, "css_raw": {}, "json_raw": {}, "total_raw": {}{small}}}}}"#,
            wasm.br,
            js.br,
            css.br,
            json.br,
            total.br,
            self.first().br,
            wasm.raw,
            js.raw,
            css.raw,
            json.raw,
            total.raw
        )
    }

    fn table(&self) -> String {
        let row = |name: &str, weight: Weight| {
            format!(
                "{name:<8}{:>10} kB{:>10} kB",
                kilo(weight.br),
                kilo(weight.raw)
            )
        };
        let head = format!("{:<8}{:>13}{:>13}", "", "brotli", "raw");
        let mut rows = vec![
            head,
            row("wasm", self.wasm),
            row("later", self.later),
            row("js", self.js),
            row("css", self.css),
            row("json", self.json),
            row("first", self.first()),
            row("total", self.total()),
        ];
        let languages = self.languages.iter();
        rows.extend(languages.map(|(file, weight)| row(file, *weight)));
        rows.join("\n")
    }
}

/// Prints the sizes; with `check`, fails when they are over the budget; with `parts`, builds the app and says what each room
/// of it weighs.
pub(crate) fn command(root: &Path, options: &args::Size) -> Outcome<ExitCode> {
    let &args::Size {
        json,
        check,
        auth,
        parts,
    } = options;
    if parts {
        parts::print(root)?;
    }
    let sizes = weigh(root)?;
    let small = auth.then(|| SmallApps::measure(root)).transpose()?;
    if json {
        say(sizes.json(small));
    } else {
        say(sizes.table());
        if let Some(SmallApps { auth, empty }) = small {
            say(format_args!(
                "auth    {:>10} kB: an app with sign-in above the same app without it",
                kilo(auth)
            ));
            say(format_args!(
                "empty   {:>10} kB: an app with Leptos that says a word",
                kilo(empty)
            ));
        }
    }
    if check {
        let verdict = verdict(&sizes, &Budget::read(root)?);
        match verdict {
            // One JSON object means nothing else on standard output.
            Ok(sentence) if !json => say(sentence),
            Ok(_) => {}
            Err(sentence) => return Err(Failure::new(sentence)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Code of small apps, in bytes after brotli.
#[derive(Clone, Copy)]
struct SmallApps {
    /// What signing in weighs: an app with it above the same app without it.
    auth: usize,
    /// An app that says a word, which no app with Leptos can be below.
    empty: usize,
}

impl SmallApps {
    fn measure(root: &Path) -> Outcome<Self> {
        let tools = tools::unchecked(root)?;
        let weigh = |name: &str| {
            let mut sizes = Sizes::default();
            add_folder(&build::example(&tools, name)?, &mut sizes)?;
            Ok(sizes)
        };
        let (with, without) = (weigh("with_auth")?, weigh("without_auth")?);
        Ok(Self {
            auth: with.code_above(&without),
            empty: weigh("empty")?.code_above(&Sizes::default()),
        })
    }
}

/// Weighs `dist/` against the budget: one sentence either way.
pub(crate) fn check(root: &Path) -> Outcome<String> {
    verdict(&weigh(root)?, &Budget::read(root)?).map_err(Failure::new)
}

/// What the app may weigh, in bytes after brotli.
struct Budget {
    /// Until results are there.
    first: usize,
    /// The code of all pages.
    code: usize,
}

impl Budget {
    fn read(root: &Path) -> Outcome<Self> {
        Ok(Self {
            first: budget_of(root, "app", "first_br")?,
            code: budget_of(root, "app", "code_br")?,
        })
    }
}

fn verdict(sizes: &Sizes, budget: &Budget) -> Result<String, String> {
    let bounds = [
        ("Until results are there", sizes.first().br, budget.first),
        ("The code of all pages", sizes.code().br, budget.code),
    ];
    let mut said = Vec::new();
    for (what, weight, budget) in bounds {
        if let Some(more @ 1..) = weight.checked_sub(budget) {
            return Err(format!(
                "{what}: {weight} bytes after brotli, {more} more than budgets.toml allows."
            ));
        }
        said.push(format!("{what}: {weight} bytes after brotli of {budget}."));
    }
    Ok(said.join(" "))
}

fn sum(all: &[Weight]) -> Weight {
    Weight {
        raw: all.iter().map(|weight| weight.raw).sum(),
        br: all.iter().map(|weight| weight.br).sum(),
    }
}

fn weigh(root: &Path) -> Outcome<Sizes> {
    let dist = root.join(DIST);
    if !dist.join("index.html").is_file() {
        return Err(Failure::new(
            "There is no dist/ yet: run `cargo xtask build` first.",
        ));
    }
    let mut sizes = Sizes::default();
    add_folder(&dist, &mut sizes)?;
    let page = fs::read_to_string(dist.join("index.html")).tried("read index.html")?;
    for name in later(&page) {
        let Weight { raw, br } = weight(&dist.join(name))?;
        sizes.later.raw += raw;
        sizes.later.br += br;
        sizes.wasm.raw -= raw;
        sizes.wasm.br -= br;
    }
    if sizes.wasm.raw == 0 {
        return Err(Failure::new(
            "dist/ holds no wasm file: run `cargo xtask build` again.",
        ));
    }
    Ok(sizes)
}

/// The chunks that the page names: the results are in the app's own file.
fn later(page: &str) -> Vec<&str> {
    let chunks = page.split(r#"<meta name="app-chunk" content="/"#).skip(1);
    chunks.filter_map(|rest| rest.split('"').next()).collect()
}

/// With folders, because wasm-bindgen may put snippets into one.
fn add_folder(folder: &Path, sizes: &mut Sizes) -> Outcome<()> {
    for entry in fs::read_dir(folder).tried(format_args!("read {}", folder.display()))? {
        let path = entry
            .tried(format_args!("read {}", folder.display()))?
            .path();
        if path.is_dir() {
            add_folder(&path, sizes)?;
            continue;
        }
        let kind = match path.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => &mut sizes.wasm,
            Some("js") => &mut sizes.js,
            Some("css") => &mut sizes.css,
            // What a deployer writes into the configuration weighs what it weighs.
            Some("json") if path.ends_with("catalogue.json") => &mut sizes.json,
            _ => {
                if let Some(name) = language(&path) {
                    sizes.languages.push((name, weight(&path)?));
                    sizes.languages.sort();
                }
                continue;
            }
        };
        let Weight { raw, br } = weight(&path)?;
        kind.raw += raw;
        kind.br += br;
    }
    Ok(())
}

fn weight(path: &Path) -> Outcome<Weight> {
    let bytes = fs::read(path).tried(format_args!("read {}", path.display()))?;
    Ok(Weight {
        raw: bytes.len(),
        br: compress::sent(&bytes)?,
    })
}

/// What a file of another language is called in the table: `de` for its texts, `de json` for its catalogue.
fn language(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    if let Some(name) = name.strip_suffix(".txt") {
        return name.split_once('-').map(|(tag, _)| tag.to_owned());
    }
    let tag = name.strip_prefix("catalogue.")?.strip_suffix(".json")?;
    Some(format!("{tag} json"))
}

/// What `budgets.toml` allows for something.
pub(crate) fn budget_of(root: &Path, section: &str, key: &str) -> Outcome<usize> {
    let text = fs::read_to_string(root.join("budgets.toml")).tried("read budgets.toml")?;
    budget_in(&text, section, key).ok_or_else(|| {
        Failure::new(format!(
            "budgets.toml names no `{key}` under `[{section}]`."
        ))
    })
}

/// A whole number in a small TOML file.
fn budget_in(text: &str, section: &str, key: &str) -> Option<usize> {
    let head = format!("[{section}]");
    let lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != head)
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let value = lines
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)?
        .1;
    value
        .split('#')
        .next()?
        .trim()
        .replace('_', "")
        .parse()
        .ok()
}

/// Thousands of bytes with one decimal.
fn kilo(bytes: usize) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;
