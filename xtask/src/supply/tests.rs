use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::policy::{Policy, npm};
use super::{BESIDE, LOCKS, NPM, Verdict, WORKSPACE, verdict};

const FILE: &str = r#"
[graph]
all-features = true

[licenses]
# A comment with "quotes".
allow = [
    "MIT",
    "Apache-2.0",
    "ISC",
]
exceptions = [
    { crate = "roots", allow = ["CDLA-Permissive-2.0"] },
]

[sources]
unknown-git = "deny"
allow-registry = ["https://example.com/index"]
allow-git = []

[bans]
deny = [
    { crate = "openssl", reason = "none" },
]
"#;

fn policy() -> Policy {
    Policy::read(FILE).unwrap()
}

fn licences(packages: &[(&str, Option<&str>)]) -> Vec<String> {
    let packages: Vec<_> = packages
        .iter()
        .map(|(name, licence)| json!({ "name": name, "version": "1.0.0", "license": licence }))
        .collect();
    let (count, wrong) = policy().licences(&json!({ "packages": packages }));
    assert_eq!(count, packages.len());
    wrong
}

#[test]
fn a_licence_is_allowed_when_its_expression_can_be_satisfied() {
    for (licence, is_allowed) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("GPL-3.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("GPL-2.0/GPL-3.0", false),
        ("MIT AND ISC", true),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR GPL-3.0-only) AND ISC", true),
        ("(MIT OR ISC) AND GPL-3.0-only", false),
        // `AND` first: MIT alone is enough.
        ("MIT OR ISC AND GPL-3.0-only", true),
        ("GPL-3.0-only AND ISC OR GPL-2.0-only", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
        ("CDLA-Permissive-2.0", false),
        // A name that begins like an allowed one is another licence.
        ("MIT-0", false),
    ] {
        let wrong = licences(&[("roots", Some("MIT")), ("a", Some(licence))]);
        let wanted = if is_allowed {
            vec![]
        } else {
            vec![format!("a 1.0.0 has the licence {licence}")]
        };
        assert_eq!(wrong, wanted, "{licence}");
    }
}

#[test]
fn what_cannot_be_read_is_not_allowed() {
    for licence in [
        "MIT OR",
        "OR MIT",
        "MIT ISC",
        "(MIT",
        "MIT)",
        "()",
        "MIT WITH",
        "MIT OR (ISC AND)",
    ] {
        let wrong = licences(&[("roots", Some("MIT")), ("a", Some(licence))]);
        assert_eq!(
            wrong,
            [format!(
                "a 1.0.0 has a licence that cannot be read: {licence}"
            )]
        );
    }
    let none = ["a 1.0.0 names no licence"];
    assert_eq!(licences(&[("roots", Some("MIT")), ("a", None)]), none);
}

#[test]
fn an_exception_is_of_one_package_and_goes_with_it() {
    let roots = ("roots", Some("CDLA-Permissive-2.0 AND MIT"));
    assert_eq!(licences(&[roots]), [""; 0]);
    assert_eq!(licences(&[("a", Some("CDLA-Permissive-2.0"))]).len(), 1);
    // In whichever workspace it is.
    let locks = "[[package]]\nname = \"a\"\n\n[[package]]\nname = \"roots\"\nversion = \"1.0.0\"\n";
    assert_eq!(policy().unused(locks), [""; 0]);
    assert_eq!(
        policy().unused("[[package]]\nname = \"a\"\ndependencies = [\n \"roots\",\n]\n"),
        ["roots has an exception and is not there"]
    );
}

/// A lock file or a workspace that is new is looked at, too.
#[test]
fn every_lock_file_of_the_project_is_looked_at() {
    fn find(folder: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !(["target", "node_modules"].contains(&name) || name.starts_with('.')) {
                    find(&path, found);
                }
            } else if ["Cargo.lock", "package-lock.json"].contains(&name) {
                found.insert(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeSet::new();
    find(&root, &mut found);
    let cargo = LOCKS.map(|lock| root.join(lock));
    let npm = NPM.map(|folder| root.join(folder).join("package-lock.json"));
    assert_eq!(found, cargo.into_iter().chain(npm).collect());
    let manifests = [[WORKSPACE].as_slice(), &BESIDE].concat();
    let locks = manifests.iter().map(|name| name.replace(".toml", ".lock"));
    assert_eq!(locks.collect::<Vec<_>>(), LOCKS, "each with its licences");
}

#[test]
fn a_package_comes_from_an_allowed_registry_with_a_checksum() {
    let package = |source: &str, checksum: &str| {
        format!(
            "version = 4\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"{source}\"\n{checksum}\ndependencies = [\n \"b\",\n]\n"
        )
    };
    let sum = format!("checksum = \"{}\"", "0a".repeat(32));
    for (source, checksum, wrong) in [
        ("registry+https://example.com/index", sum.as_str(), None),
        (
            "registry+https://example.com/index",
            "",
            Some("a has no checksum"),
        ),
        (
            "registry+https://example.com/index",
            "checksum = \"0a\"",
            Some("a has no checksum"),
        ),
        (
            "registry+https://example.com/index2",
            sum.as_str(),
            Some("a comes from registry+https://example.com/index2"),
        ),
        (
            "git+https://example.com/index#0a",
            sum.as_str(),
            Some("a comes from git+https://example.com/index#0a"),
        ),
    ] {
        let said = policy().lock(&package(source, checksum));
        assert_eq!(
            said,
            (1, wrong.map(str::to_owned).into_iter().collect()),
            "{source}"
        );
    }
}

#[test]
fn a_package_of_npm_comes_from_npm_with_a_digest() {
    let (here, elsewhere) = (
        "https://registry.npmjs.org/a.tgz",
        "https://registry.npmjs.org.example/a.tgz",
    );
    for (package, wrong) in [
        (json!({ "resolved": here, "integrity": "sha512-aa" }), None),
        (json!({ "integrity": "sha512-aa" }), None),
        (json!({ "resolved": here }), Some("a has no digest")),
        (json!({ "integrity": "sha1-aa" }), Some("a has no digest")),
        (
            json!({ "resolved": elsewhere, "integrity": "sha512-aa" }),
            Some("a comes from https://registry.npmjs.org.example/a.tgz"),
        ),
        (json!({ "link": true }), Some("a has no digest")),
    ] {
        let lock = json!({ "packages": { "": { "name": "tests" }, "a": package } });
        let wanted = (1, wrong.map(str::to_owned).into_iter().collect());
        assert_eq!(npm(&lock), wanted, "{lock}");
    }
}

#[test]
fn a_link_to_our_own_package_is_none_from_elsewhere() {
    for (folder, count, wrong) in [
        ("../../dist-npm", 0, Vec::new()),
        (
            "../dist-npm",
            2,
            vec!["../dist-npm has no digest", "a comes from ../dist-npm"],
        ),
    ] {
        let lock = json!({ "packages": { folder: { "version": "1.0.0" }, "a": { "resolved": folder, "link": true } } });
        let wanted = (count, wrong.into_iter().map(str::to_owned).collect());
        assert_eq!(npm(&lock), wanted, "{lock}");
    }
}

#[test]
fn a_policy_without_licences_or_registries_is_none() {
    for file in [
        "",
        "[licenses]\nallow = [\n    \"MIT\",\n]\n",
        "[sources]\nallow-registry = [\"https://example.com\"]\n",
    ] {
        assert!(Policy::read(file).is_err(), "{file}");
    }
}

#[test]
fn a_scanner_that_had_nothing_to_compare_with_has_not_found_nothing() {
    let blind = ["couldn't fetch advisory database"];
    assert_eq!(verdict(true, "ok", &blind), Verdict::Clean);
    let offline = "    Fetching advisory database\nerror: couldn't fetch advisory database: git operation failed\n";
    assert_eq!(
        verdict(false, offline, &blind),
        Verdict::Blind("it says “couldn't fetch advisory database”".to_owned())
    );
    // It names the database whenever it looks there.
    let found = "    Fetching advisory database\nerror: 1 vulnerability found!";
    assert_eq!(
        verdict(false, found, &blind),
        Verdict::Found(found.to_owned())
    );
}
