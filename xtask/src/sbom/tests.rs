use serde_json::{Value, json};

use super::document;

const TREE: &str = "\
0 app v0.1.0 (/home/somebody/app)
1 ours v0.1.0 (/home/somebody/app/crates/ours)
2 b v2.0.0+wasi
1 a v1.0.0
2 b v2.0.0+wasi
2 a v0.9.0
1 ours v0.1.0 (/home/somebody/app/crates/ours) (*)
";

const LOCK: &str = "\
version = 4

[[package]]
name = \"a\"
version = \"0.9.0\"
source = \"registry+https://example.com\"
checksum = \"09\"

[[package]]
name = \"a\"
version = \"1.0.0\"
source = \"registry+https://example.com\"
checksum = \"10\"

[[package]]
name = \"app\"
version = \"0.1.0\"
dependencies = [
 \"a 1.0.0\",
]

[[package]]
name = \"b\"
version = \"2.0.0+wasi\"
source = \"registry+https://example.com\"
checksum = \"20\"
";

fn metadata() -> Value {
    let package = |name: &str, version: &str, licence: &str, source: Option<&str>| {
        json!({
            "name": name,
            "version": version,
            "license": licence,
            "source": source,
            "manifest_path": format!("/home/somebody/{name}/Cargo.toml"),
        })
    };
    let registry = Some("registry+https://example.com");
    json!({ "packages": [
        package("b", "2.0.0+wasi", "MIT/Apache-2.0", registry),
        package("a", "1.0.0", "MIT", registry),
        package("a", "0.9.0", "ISC", registry),
        package("app", "0.1.0", "MIT OR Apache-2.0", None),
        package("ours", "0.1.0", "MIT", None),
        // Used by other members of the workspace, and not by the app.
        package("server", "3.0.0", "MIT", registry),
    ] })
}

#[test]
fn the_document_has_what_the_app_is_made_of_and_nothing_else() {
    let component = |name: &str, version: &str, licence: &str| {
        json!({
            "type": "library",
            "bom-ref": format!("{name}@{version}"),
            "name": name,
            "version": version,
            "scope": "required",
            "licenses": [{ "expression": licence }],
        })
    };
    let published = |name: &str, version: &str, licence: &str, purl: &str, sum: &str| {
        let mut component = component(name, version, licence);
        component["purl"] = json!(purl);
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
        component
    };
    let mut app = component("app", "0.1.0", "MIT OR Apache-2.0");
    app["type"] = json!("application");
    assert_eq!(
        document(TREE, &metadata(), LOCK),
        Ok(json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": { "lifecycles": [{ "phase": "build" }], "component": app },
            "components": [
                published("a", "0.9.0", "ISC", "pkg:cargo/a@0.9.0", "09"),
                published("a", "1.0.0", "MIT", "pkg:cargo/a@1.0.0", "10"),
                published("b", "2.0.0+wasi", "MIT OR Apache-2.0", "pkg:cargo/b@2.0.0%2Bwasi", "20"),
                component("ours", "0.1.0", "MIT"),
            ],
            "dependencies": [
                { "ref": "a@0.9.0", "dependsOn": [] },
                { "ref": "a@1.0.0", "dependsOn": ["a@0.9.0", "b@2.0.0+wasi"] },
                { "ref": "app@0.1.0", "dependsOn": ["a@1.0.0", "ours@0.1.0"] },
                { "ref": "b@2.0.0+wasi", "dependsOn": [] },
                { "ref": "ours@0.1.0", "dependsOn": ["b@2.0.0+wasi"] },
            ],
        }))
    );
}

#[test]
fn the_order_of_what_cargo_says_changes_nothing_and_no_path_is_in_it() {
    let mut turned = metadata();
    turned["packages"].as_array_mut().unwrap().reverse();
    let (first, second) = TREE.split_once("1 a v1.0.0\n").unwrap();
    let (above, last) = second.split_once("1 ours").unwrap();
    let (app, ours) = first.split_once('\n').unwrap();
    let moved = format!("{app}\n1 a v1.0.0\n{above}{ours}1 ours{last}");
    assert_ne!(moved, TREE);
    let text = |tree: &str, metadata: &Value| document(tree, metadata, LOCK).unwrap().to_string();
    assert_eq!(text(&moved, &turned), text(TREE, &metadata()));
    assert!(!text(TREE, &metadata()).contains("somebody"));
}

#[test]
fn what_is_not_known_is_said_instead_of_left_out() {
    let cases = [
        ("", "cargo tree named no package."),
        (
            "0 app v0.1.0\n2 a v1.0.0\n",
            "cargo tree has a line that cannot be read: 2 a v1.0.0",
        ),
        (
            "0 app v0.1.0\nwarning\n",
            "cargo tree has a line that cannot be read: warning",
        ),
        (
            "0 app v0.1.0\n1 c v1.0.0\n",
            "cargo metadata knows no c 1.0.0.",
        ),
        (
            "0 app v0.1.0\n1 server v3.0.0\n",
            "server 3.0.0 has no checksum in Cargo.lock.",
        ),
    ];
    for (tree, sentence) in cases {
        assert_eq!(
            document(tree, &metadata(), LOCK),
            Err(sentence.to_owned()),
            "{tree}"
        );
    }
    let mut bare = metadata();
    bare["packages"][1]["license"] = Value::Null;
    assert_eq!(
        document(TREE, &bare, LOCK),
        Err("a 1.0.0 names no licence.".to_owned())
    );
}
