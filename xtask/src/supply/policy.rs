//! What deny.toml allows, compared with what cargo and npm say is there. Pure: texts in, sentences out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Where npm's packages may come from.
const NPM: &str = "https://registry.npmjs.org/";

/// The part of deny.toml that needs no tool to be checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Policy {
    /// Licences that any package may have.
    allowed: BTreeSet<String>,
    /// Packages that may have others.
    exceptions: BTreeMap<String, BTreeSet<String>>,
    /// Registries that packages may come from.
    registries: BTreeSet<String>,
}

impl Policy {
    /// Reads deny.toml, in which each licence, each exception and each list of registries has a line of its own.
    pub(super) fn read(file: &str) -> Result<Self, String> {
        let mut policy = Self {
            allowed: BTreeSet::new(),
            exceptions: BTreeMap::new(),
            registries: BTreeSet::new(),
        };
        let (mut section, mut list) = (String::new(), String::new());
        for line in file.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').filter(|_| list.is_empty()) {
                name.trim_end_matches(']').clone_into(&mut section);
                continue;
            }
            // Texts between quotes are every second part.
            let mut words = line.split('"').skip(1).step_by(2).map(str::to_owned);
            let opened = line.split_once('=').filter(|_| list.is_empty());
            let name = opened.map_or(list.as_str(), |(name, _)| name.trim());
            match (section.as_str(), name) {
                ("licenses", "allow") => policy.allowed.extend(words),
                ("licenses", "exceptions") => {
                    if let Some(package) = words.next() {
                        policy.exceptions.insert(package, words.collect());
                    }
                }
                ("sources", "allow-registry") => policy.registries.extend(words),
                _ => {}
            }
            list = match opened {
                Some((name, value)) if value.trim_start().starts_with('[') => {
                    name.trim().to_owned()
                }
                Some(_) => String::new(),
                None => list,
            };
            if line.ends_with(']') {
                list.clear();
            }
        }
        if policy.allowed.is_empty() || policy.registries.is_empty() {
            return Err("deny.toml must have `allow` under `[licenses]` and `allow-registry` under `[sources]`, a text a line.".to_owned());
        }
        Ok(policy)
    }

    /// How many packages `cargo metadata` names, and a sentence for each whose licence is not allowed.
    pub(super) fn licences(&self, metadata: &Value) -> (usize, Vec<String>) {
        let text = |package: &Value, member: &str| {
            package
                .get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (mut count, mut wrong) = (0, Vec::new());
        for package in metadata
            .get("packages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let [name, version, licence] =
                ["name", "version", "license"].map(|member| text(package, member));
            let exception = self.exceptions.get(&name);
            let allowed = |licence: &str| {
                self.allowed.contains(licence)
                    || exception.is_some_and(|more| more.contains(licence))
            };
            match holds(&licence, &allowed) {
                Some(true) => {}
                Some(false) => wrong.push(format!("{name} {version} has the licence {licence}")),
                None if licence.is_empty() => {
                    wrong.push(format!("{name} {version} names no licence"));
                }
                None => wrong.push(format!(
                    "{name} {version} has a licence that cannot be read: {licence}"
                )),
            }
            count += 1;
        }
        (count, wrong)
    }

    /// A sentence for each exception of a package that is in none of these lock files.
    pub(super) fn unused(&self, locks: &str) -> Vec<String> {
        let names: BTreeSet<_> = locks
            .lines()
            .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
            .collect();
        let exceptions = self.exceptions.keys();
        let unused = exceptions.filter(|name| !names.contains(name.as_str()));
        unused
            .map(|name| format!("{name} has an exception and is not there"))
            .collect()
    }

    /// How many packages a Cargo.lock takes from elsewhere, and a sentence for each from a source that is not allowed, or that
    /// has no checksum.
    pub(super) fn lock(&self, lock: &str) -> (usize, Vec<String>) {
        let mut count = 0;
        let mut wrong = Vec::new();
        for package in lock.split("[[package]]").skip(1) {
            let member = |name: &str| {
                let start = format!("{name} = \"");
                package
                    .lines()
                    .find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'))
            };
            // What has no source is of this folder.
            let (Some(name), Some(source)) = (member("name"), member("source")) else {
                continue;
            };
            count += 1;
            let registry = source.strip_prefix("registry+").unwrap_or_default();
            if !self.registries.contains(registry) {
                wrong.push(format!("{name} comes from {source}"));
            } else if !member("checksum").is_some_and(is_sha256) {
                wrong.push(format!("{name} has no checksum"));
            }
        }
        (count, wrong)
    }
}

/// 64 digits of SHA-256 in hexadecimal.
fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// Our own package, as an example's lock file names it.
const OURS: &str = "../../dist-npm";

/// How many packages npm's lock file takes from elsewhere, and a sentence for each that is not npm's or has no digest. Where
/// addresses are left out (`tests/.npmrc`) the digest alone says which file it is. The examples link to our own package.
pub(super) fn npm(lock: &Value) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let packages = lock.get("packages").and_then(Value::as_object);
    let is_ours = |path: &str, package: &Value| {
        let is_link = package.get("link").and_then(Value::as_bool) == Some(true);
        path == OURS || (is_link && package.get("resolved").is_some_and(|to| to == OURS))
    };
    // The empty path is the package of the tests itself.
    let packages: Vec<_> = packages
        .into_iter()
        .flatten()
        .filter(|(path, package)| !path.is_empty() && !is_ours(path, package))
        .collect();
    for (path, package) in &packages {
        let text = |member: &str| package.get(member).and_then(Value::as_str);
        match text("resolved") {
            Some(address) if !address.starts_with(NPM) => {
                wrong.push(format!("{path} comes from {address}"));
            }
            _ if !text("integrity").is_some_and(|digest| digest.starts_with("sha512-")) => {
                wrong.push(format!("{path} has no digest"));
            }
            _ => {}
        }
    }
    (packages.len(), wrong)
}

/// Whether an SPDX expression (annex D of SPDX 2.3) can be satisfied by licences that are allowed: `None` when it cannot be read.
///
/// `AND` binds more strongly than `OR`, and `WITH` more strongly than both. `/` is what `OR` was written as before there were
/// expressions. A licence with an exception is more permissive than without, so the exception is passed over.
fn holds(expression: &str, allowed: &impl Fn(&str) -> bool) -> Option<bool> {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let value = either(&mut rest, allowed)?;
    rest.is_empty().then_some(value)
}

fn either(words: &mut &[&str], allowed: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut value = both(words, allowed)?;
    while let Some(rest) = after(words, "OR") {
        *words = rest;
        value |= both(words, allowed)?;
    }
    Some(value)
}

fn both(words: &mut &[&str], allowed: &impl Fn(&str) -> bool) -> Option<bool> {
    let mut value = one(words, allowed)?;
    while let Some(rest) = after(words, "AND") {
        *words = rest;
        value &= one(words, allowed)?;
    }
    Some(value)
}

fn one(words: &mut &[&str], allowed: &impl Fn(&str) -> bool) -> Option<bool> {
    if let Some(rest) = after(words, "(") {
        *words = rest;
        let value = either(words, allowed)?;
        *words = after(words, ")")?;
        return Some(value);
    }
    let (licence, rest) = words.split_first()?;
    if ["OR", "AND", "WITH", ")"].contains(licence) {
        return None;
    }
    *words = rest;
    if let Some(rest) = after(words, "WITH") {
        *words = rest.split_first()?.1;
    }
    Some(allowed(licence))
}

/// Passes over the next word when it is this one.
fn after<'words, 'text>(words: &'words [&'text str], word: &str) -> Option<&'words [&'text str]> {
    words
        .split_first()
        .filter(|(next, _)| **next == word)
        .map(|(_, rest)| rest)
}
