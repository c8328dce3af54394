//! `cargo xtask sbom`: what the app is made of, as a CycloneDX 1.5 document (ECMA-424).
//!
//! It lists the packages whose code is compiled into the wasm file, with their licences and the checksums of Cargo.lock. What only
//! runs while something is built (macros, build scripts, tools), servers, and Rust's standard library are not in it. The same
//! commit gives the same bytes: there is no time, no serial number and no path of a machine.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::args;
use crate::build;
use crate::process;
use crate::term::{Failure, Outcome, Tried, say};
use crate::tools::{self, Tools, WASM};

/// The package that the wasm file is made of.
const APP: &str = "loop-partner";

/// Writes the document into a file, or to standard output.
pub(crate) fn command(root: &Path, options: &args::Sbom) -> Outcome<()> {
    let tools = tools::unchecked(root)?;
    let text = generate(&tools, options.features.as_deref())?;
    let Some(file) = &options.out else {
        say(text.trim_end());
        return Ok(());
    };
    fs::write(file, text).tried(format_args!("write {file}"))
}

/// The document of the app with these features, as cargo takes them, in its final form.
pub(crate) fn generate(tools: &Tools, features: Option<&str>) -> Outcome<String> {
    build::fetch(tools)?;
    let asked = |words: &[&str]| {
        let mut cargo = tools.command("cargo");
        cargo.args(words).args(["--locked", "--offline"]);
        cargo.args(
            features
                .iter()
                .flat_map(|features| ["--features", features]),
        );
        let what = words.first().copied().unwrap_or_default();
        process::answer(&mut cargo).ok_or_else(|| {
            Failure::new(format!(
                "`cargo {what}` failed: run `cargo {what} --locked` to see why."
            ))
        })
    };
    // Only this knows which features the app alone switches on; metadata has those of the whole workspace.
    let tree = asked(&[
        "tree",
        "--package",
        APP,
        "--target",
        WASM,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "depth",
        "--format",
        " {p}",
        "--charset",
        "ascii",
    ])?;
    let metadata = asked(&["metadata", "--format-version", "1"])?;
    let metadata = serde_json::from_str(&metadata).tried("read what cargo metadata says")?;
    let lock = fs::read_to_string(tools.root.join("Cargo.lock")).tried("read Cargo.lock")?;
    let document = document(&tree, &metadata, &lock).map_err(Failure::new)?;
    let text = serde_json::to_string_pretty(&document).tried("write the document")?;
    Ok(format!("{text}\n"))
}

/// A package as it is told from others: its name and its version.
type Id<'text> = (&'text str, &'text str);

/// Which packages there are, and which each of them uses.
type Uses<'text> = BTreeMap<Id<'text>, BTreeSet<Id<'text>>>;

/// The document: from `cargo tree --prefix depth`, `cargo metadata` and Cargo.lock. The error is one sentence.
fn document(tree: &str, metadata: &Value, lock: &str) -> Result<Value, String> {
    let (app, uses) = read_tree(tree)?;
    let about = read_metadata(metadata);
    let checksums = read_lock(lock);
    let listed = |id: &Id<'_>| {
        let about = about
            .get(id)
            .ok_or_else(|| format!("cargo metadata knows no {} {}.", id.0, id.1))?;
        component(*id, about, checksums.get(id).copied())
    };
    let components = uses
        .keys()
        .filter(|id| **id != app)
        .map(listed)
        .collect::<Result<Vec<Value>, String>>()?;
    let mut itself = listed(&app)?;
    if let Some(itself) = itself.as_object_mut() {
        itself.insert("type".to_owned(), json!("application"));
    }
    let dependencies: Vec<Value> = uses
        .iter()
        .map(|(id, used)| {
            let depends_on: Vec<String> = used.iter().map(reference).collect();
            json!({ "ref": reference(id), "dependsOn": depends_on })
        })
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "lifecycles": [{ "phase": "build" }], "component": itself },
        "components": components,
        "dependencies": dependencies,
    }))
}

/// How other parts of the document name a package.
fn reference((name, version): &Id<'_>) -> String {
    format!("{name}@{version}")
}

/// What the document says of a package. One that is published nowhere has no package URL: the URL would name somebody else's.
fn component(id: Id<'_>, about: &Value, checksum: Option<&str>) -> Result<Value, String> {
    let (name, version) = id;
    let text = |member: &str| about.get(member).and_then(Value::as_str);
    let licence = text("license").ok_or_else(|| format!("{name} {version} names no licence."))?;
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(&id),
        "name": name,
        "version": version,
        "scope": "required",
        // `/` is what `OR` was written as before there were expressions.
        "licenses": [{ "expression": licence.replace('/', " OR ") }],
    });
    let Some(members) = component.as_object_mut() else {
        return Ok(component);
    };
    if text("source").is_some() {
        let checksum =
            checksum.ok_or_else(|| format!("{name} {version} has no checksum in Cargo.lock."))?;
        members.insert(
            "hashes".to_owned(),
            json!([{ "alg": "SHA-256", "content": checksum }]),
        );
        // A version's `+` stands for itself in a package URL only when it is encoded.
        let version = version.replace('+', "%2B");
        members.insert(
            "purl".to_owned(),
            json!(format!("pkg:cargo/{name}@{version}")),
        );
    }
    Ok(component)
}

/// Reads `cargo tree --prefix depth --format " {p}"`: a line a package, with how deep it stands before it. A package that is used
/// more than once has its own packages below it the first time alone.
fn read_tree(tree: &str) -> Result<(Id<'_>, Uses<'_>), String> {
    let mut uses = Uses::new();
    let mut above: Vec<Id<'_>> = Vec::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let (depth, name, version) = (words.next(), words.next(), words.next());
        let read = depth
            .and_then(|depth| depth.parse::<usize>().ok())
            .zip(name)
            .zip(version);
        let Some(((depth, name), version)) = read.filter(|((depth, _), _)| *depth <= above.len())
        else {
            return Err(format!("cargo tree has a line that cannot be read: {line}"));
        };
        let id = (name, version.trim_start_matches('v'));
        above.truncate(depth);
        uses.entry(id).or_default();
        if let Some(user) = above.last() {
            uses.entry(*user).or_default().insert(id);
        }
        above.push(id);
    }
    match above.first() {
        Some(app) => Ok((*app, uses)),
        None => Err("cargo tree named no package.".to_owned()),
    }
}

/// The packages of `cargo metadata`.
fn read_metadata(metadata: &Value) -> BTreeMap<Id<'_>, &Value> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages
        .into_iter()
        .flatten()
        .filter_map(|package| {
            let text = |member: &str| package.get(member)?.as_str();
            Some(((text("name")?, text("version")?), package))
        })
        .collect()
}

/// The checksums of a Cargo.lock.
fn read_lock(lock: &str) -> BTreeMap<Id<'_>, &str> {
    lock.split("[[package]]")
        .filter_map(|package| {
            let member = |name: &str| {
                package.lines().find_map(|line| {
                    line.strip_prefix(name)?
                        .strip_prefix(" = \"")?
                        .strip_suffix('"')
                })
            };
            Some(((member("name")?, member("version")?), member("checksum")?))
        })
        .collect()
}
