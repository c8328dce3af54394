//! `cargo xtask package`: the custom elements as an npm package in `dist-npm/`.
//!
//! The wasm goes the way of the app's: what nothing can reach is taken out, wasm-opt, the lightest order. The modules of
//! `crates/elements/js` become one file with the style sheet and the wasm's digest in it.

mod script;
mod sheet;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::catalogue::Catalogue;
use crate::term::{Failure, Outcome, Steps, Tried, say};
use crate::tools::{self, Tools};
use crate::{bind, build, compress, finish, languages, process, size};

/// The folder of the package.
pub(crate) const PACKAGE: &str = "dist-npm";
/// Where its sources are.
const SOURCE: &str = "crates/elements";
/// A script of the package with its wasm: a page loads one of them.
struct Bundle {
    /// The script, without `.js`.
    name: &'static str,
    /// Its wasm file.
    wasm: &'static str,
    /// Features of the crate.
    features: &'static str,
    /// The modules in the order in which each knows those before it.
    modules: &'static [&'static str],
    /// Whether it draws: with a style sheet, languages and the catalogue.
    draws: bool,
    /// What of the app's views it does not draw, by the names of files.
    leaves_out: &'static [&'static str],
}

const BUNDLES: [Bundle; 3] = [
    Bundle {
        name: "index",
        wasm: "loop-elements.wasm",
        features: "views",
        modules: &[
            "words.js",
            "runtime.js",
            "input.js",
            "element.js",
            "elements.js",
            "entries/index.js",
        ],
        draws: true,
        leaves_out: &[
            "care",
            "report_grid",
            "tests",
            "skeleton",
            "session",
            "of-session",
            "of_session",
        ],
    },
    Bundle {
        name: "session",
        wasm: "loop-session.wasm",
        features: "views,session",
        modules: &[
            "words.js",
            "errors.js",
            "runtime.js",
            "input.js",
            "element.js",
            "elements.js",
            "platform.js",
            "session.js",
            "client.js",
            "of-session.js",
            "entries/session.js",
        ],
        draws: true,
        leaves_out: &["care", "report_grid", "tests"],
    },
    Bundle {
        name: "sdk",
        wasm: "loop-sdk.wasm",
        features: "session",
        modules: &[
            "errors.js",
            "runtime.js",
            "platform.js",
            "session.js",
            "client.js",
            "entries/sdk.js",
        ],
        draws: false,
        leaves_out: &[],
    },
];
/// The style sheets whose rules the views may need, in the order of the cascade.
const SHEETS: [&str; 14] = [
    "base.css",
    "buttons.css",
    "change.css",
    "charts.css",
    "detail.css",
    "forms.css",
    "list.css",
    "notice.css",
    "number-line.css",
    "overview.css",
    "presence.css",
    "related.css",
    "status.css",
    "unit-switch.css",
];
/// Of the app's frame, what stands within a view.
const FRAME: [&str; 2] = [".page__title", ".lede"];
/// Where classes are named. The care pages and the report are no elements.
const NAMED: [&str; 5] = [
    "crates/ui/src/views",
    "crates/ui/src/session",
    "crates/ui/src/markup",
    "crates/elements/src",
    "crates/elements/js",
];
/// What defines the elements under their own names; what it says for a framework is its types.
const AUTO: [&str; 4] = ["auto", "react", "vue", "svelte"];

/// Builds the package, and says what a page downloads of it.
pub(crate) fn command(root: &Path) -> Outcome<()> {
    let mut steps = Steps::new(2);
    steps.next("tools", "tools and crates");
    let tools = tools::ensure(root)?;
    build::fetch(&tools)?;
    steps.next("package", "the package");
    say(make(&tools)?);
    say(format_args!(
        "The package is in {}. {}",
        root.join(PACKAGE).display(),
        steps.summary()
    ));
    Ok(())
}

/// Builds the package. The sentences say its weight; too much of it is a failure.
pub(crate) fn make(tools: &Tools) -> Outcome<String> {
    let root = &tools.root;
    let out = root.join(PACKAGE);
    if out.exists() {
        fs::remove_dir_all(&out).tried("remove the package that was there")?;
    }
    fs::create_dir_all(&out).tried("create dist-npm/")?;
    let texts = texts(root, &out)?;
    for bundle in &BUNDLES {
        script_of(tools, bundle, &texts, &out)?;
    }
    described(root, &out)?;
    let mut digests = Map::new();
    for name in names(&out)? {
        digests.insert(
            name.clone(),
            finish::integrity(&read(&out.join(&name))?).into(),
        );
    }
    let digests = format!("{:#}\n", Value::Object(digests));
    write(&out, "integrity.json", digests.as_bytes())?;
    weight(root, &out)
}

/// The files that all bundles which draw load: the catalogue, and for each language its texts and its catalogue. Gives where they
/// are, as the script says it.
fn texts(root: &Path, out: &Path) -> Outcome<String> {
    let catalogue = Catalogue::read(root)?;
    write(out, "catalogue.json", catalogue.to_json().as_bytes())?;
    let mut others = String::new();
    for language in languages::all(root)? {
        let tag = &language.tag;
        let texts = format!("{tag}.txt");
        write(out, &texts, language.file.as_bytes())?;
        let mut own = format!("texts: {}", held(out, &texts)?);
        if let Some(translated) = catalogue.translated(root, tag)? {
            let file = format!("catalogue.{tag}.json");
            write(out, &file, translated.to_json().as_bytes())?;
            own = format!("{own}, catalogue: {}", held(out, &file)?);
        }
        others = format!("{others}{tag}: {{ {own} }}, ");
    }
    Ok(format!(
        "catalogue: {}, languages: {{ {others}}}",
        held(out, "catalogue.json")?
    ))
}

/// A script with its wasm, and what defines its elements under their own names.
fn script_of(tools: &Tools, bundle: &Bundle, texts: &str, out: &Path) -> Outcome<()> {
    let root = &tools.root;
    let glue = wasm(tools, bundle, &out.join(bundle.wasm))?;
    let (style, texts) = if bundle.draws {
        (style(root, bundle)?, texts)
    } else {
        (String::new(), "languages: {}")
    };
    let built = format!(
        "const BUILT = {{ css: {}, wasm: {}, {texts} }};\n",
        Value::from(style),
        held(out, bundle.wasm)?,
    );
    let mut parts = vec![script::enclosed(&glue)?, built];
    parts.extend(modules(root, bundle)?);
    let script = finish::compacted(&script::joined(&parts));
    let name = bundle.name;
    write(out, &format!("{name}.js"), script.as_bytes())?;
    if !bundle.draws {
        return Ok(());
    }
    let before = if name == "index" { "" } else { "session-" };
    let standalone = format!("{script}define();\n");
    write(
        out,
        &format!("{before}standalone.js"),
        standalone.as_bytes(),
    )?;
    for framework in AUTO {
        let text = format!(
            "import {{ define }} from './{name}.js';\n\ndefine();\n\nexport * from './{name}.js';\n"
        );
        write(out, &format!("{before}{framework}.js"), text.as_bytes())?;
    }
    Ok(())
}

fn write(out: &Path, name: &str, text: &[u8]) -> Outcome<()> {
    fs::write(out.join(name), text).tried(format_args!("write {name}"))
}

/// The wasm file, and wasm-bindgen's script for it.
fn wasm(tools: &Tools, bundle: &Bundle, to: &Path) -> Outcome<String> {
    if tools::find_wasm_opt()?.is_none() {
        return Err(Failure::new(
            "wasm-opt is missing: run `cargo xtask tools`.",
        ));
    }
    let mut cargo = tools.command("cargo");
    cargo.args([
        "build",
        "--quiet",
        "--release",
        "--offline",
        "--lib",
        "--target",
        tools::WASM,
    ]);
    cargo.args(["--package", "loop-elements", "--no-default-features"]);
    cargo.args(["--features", bundle.features]);
    process::run(&mut cargo, "cargo build of the elements")?;
    let folder = build::target_dir(tools)?.join("elements").join(bundle.name);
    fs::create_dir_all(&folder).tried("create target/elements")?;
    bind::bind(
        tools,
        &build::release(tools, "loop_elements")?,
        &folder,
        "elements",
    )?;
    let [binary, glue] = ["elements_bg.wasm", "elements.js"].map(|name| folder.join(name));
    // What these name is what the wasm has to export.
    let caller = folder.join("caller.js");
    fs::write(&caller, modules(&tools.root, bundle)?.concat())
        .tried("write what calls the wasm")?;
    finish::open(&glue)?;
    finish::slim(&binary, &glue, &caller, &[])?;
    finish::compact(&glue)?;
    fs::copy(&binary, to).tried("copy the wasm file")?;
    text(&glue)
}

fn modules(root: &Path, bundle: &Bundle) -> Outcome<Vec<String>> {
    let folder = root.join(SOURCE).join("js");
    let modules = bundle.modules.iter();
    modules.map(|name| text(&folder.join(name))).collect()
}

/// Where a file of the package is, in the form that bundlers look for, and its digest.
fn held(out: &Path, name: &str) -> Outcome<String> {
    let digest = Value::from(finish::integrity(&read(&out.join(name))?));
    Ok(format!(
        "{{ url: () => new URL('./{name}', import.meta.url), integrity: {digest} }}"
    ))
}

/// The one style sheet of a bundle.
fn style(root: &Path, bundle: &Bundle) -> Outcome<String> {
    let mut sources = String::new();
    for folder in NAMED {
        if !bundle.leaves_out.iter().any(|part| folder.ends_with(part)) {
            gather(&root.join(folder), bundle, &mut sources)?;
        }
    }
    let used = sheet::Used { sources: &sources };
    let file = |name: &str| text(&root.join("style").join(name));
    let mut css = sheet::tokens(&file("tokens.css")?);
    for name in SHEETS {
        css.push_str(&sheet::rules_of(&file(name)?, &used, &[]));
    }
    css.push_str(&sheet::rules_of(&file("shell.css")?, &used, &FRAME));
    css.push_str(&sheet::rules_of(
        &text(&root.join(SOURCE).join("elements.css"))?,
        &used,
        &[],
    ));
    Ok(css)
}

/// All source text below a folder.
fn gather(folder: &Path, bundle: &Bundle, sources: &mut String) -> Outcome<()> {
    for name in names(folder)? {
        let path = folder.join(&name);
        if bundle.leaves_out.iter().any(|part| name.starts_with(part)) {
            continue;
        }
        if path.is_dir() {
            gather(&path, bundle, sources)?;
        } else {
            sources.push_str(&text(&path)?);
        }
    }
    Ok(())
}

/// What describes the package: types, the manifest of the elements, package.json with the workspace's version, and the page for
/// people, which is a section of docs/components.md.
fn described(root: &Path, out: &Path) -> Outcome<()> {
    let folder = root.join(SOURCE).join("npm");
    let version = env!("CARGO_PKG_VERSION");
    for name in names(&folder)? {
        let file = text(&folder.join(&name))?.replace("\"VERSION\"", &format!("\"{version}\""));
        fs::write(out.join(&name), file).tried(format_args!("write {name}"))?;
    }
    let docs = text(&root.join("docs/components.md"))?;
    let section = docs.split_once("\n## On any page\n").map(|(_, rest)| rest);
    let section = section.map(|rest| rest.split("\n## ").next().unwrap_or(rest));
    let section =
        section.ok_or_else(|| Failure::new("docs/components.md has no section “On any page”."))?;
    let page = format!("# loop-partner\n{}", section.replace("\n### ", "\n## "));
    fs::write(out.join("README.md"), page).tried("write README.md")
}

fn weight(root: &Path, out: &Path) -> Outcome<String> {
    let sent = |name: &str| compress::sent(&read(&out.join(name))?);
    let catalogue = sent("catalogue.json")?;
    let mut sentences = Vec::new();
    for bundle in &BUNDLES {
        let [script, wasm] = [sent(&format!("{}.js", bundle.name))?, sent(bundle.wasm)?];
        let catalogue = if bundle.draws { catalogue } else { 0 };
        let total = script + wasm + catalogue;
        let said = format!(
            "{}: {total} bytes after brotli: wasm {wasm}, script with style {script}, catalogue {catalogue}",
            bundle.name
        );
        let budget = size::budget_of(root, &format!("package.{}", bundle.name), "total_br")?;
        if total > budget {
            return Err(Failure::new(format!(
                "{said}. That is {} more than budgets.toml allows.",
                total - budget
            )));
        }
        sentences.push(format!("{said}; the budget is {budget}."));
    }
    Ok(sentences.join("\n"))
}

fn names(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).tried(format_args!("read {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).tried(format_args!("read {}", file.display()))
}

fn text(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).tried(format_args!("read {}", file.display()))
}
