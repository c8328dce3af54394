//! The style sheet of the elements, and the manifest against the modules that it describes.

use super::*;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

#[test]
fn the_sheet_has_what_the_views_need_and_nothing_of_the_page() {
    let css = style(root(), &BUNDLES[0]).unwrap();
    for there in [
        ":host{--_rem",
        ".number-line__segment--in{",
        ".status--high{",
        ".trend__card{",
        ".row__link::after{",
        "@container (max-width:640px)",
        ".line-card__value{",
    ] {
        assert!(css.contains(there), "{there}");
    }
    for not_there in [
        "}body{",
        "}html{",
        ":root",
        ".shell-header",
        ".report__",
        ".care__",
        "rem;",
        "prefers-color-scheme",
    ] {
        assert!(!css.contains(not_there), "{not_there}");
    }
    // Everything that is used is one of the tokens, or set by a rule.
    for used in css.split("var(--_").skip(1) {
        let name: String = used
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        assert!(css.contains(&format!("--_{name}:")), "{name}");
    }
}

/// Modules of `crates/elements/js`, one after the other.
fn sources(names: &[&str]) -> String {
    let folder = root().join(SOURCE).join("js");
    let files = names.iter().map(|name| text(&folder.join(name)).unwrap());
    files.collect()
}

fn names_of<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap().iter();
    list.map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn the_manifest_says_what_the_modules_observe_and_tell() {
    let manifest = text(&root().join(SOURCE).join("npm/custom-elements.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["schemaVersion"], "1.0.0");
    let told = sources(&["element.js", "of-session.js", "session.js"]);
    let mut described = Vec::new();
    for (place, script, module) in [
        (0, "index.js", "elements.js"),
        (2, "session.js", "of-session.js"),
    ] {
        let own = &manifest["modules"][place];
        assert_eq!(own["path"], script);
        let source = sources(&[module]);
        let declared = own["declarations"].as_array().unwrap();
        assert_eq!(
            declared.len(),
            source.matches("static kind = ").count(),
            "{module}"
        );
        for element in declared {
            is_as_its_class(element, &source, &told);
            described.push((
                element["name"].as_str().unwrap(),
                element["tagName"].as_str().unwrap(),
            ));
        }
        // A script defines all elements that are described up to here.
        let defined = &manifest["modules"][place + 1]["exports"];
        let names = described.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let tags = described.iter().map(|(_, tag)| *tag).collect::<Vec<_>>();
        assert_eq!(names_of(&own["exports"], "name"), names, "{script}");
        assert_eq!(names_of(defined, "name"), tags, "{script}");
    }
}

/// Attributes are those that the class observes, and events are told somewhere.
fn is_as_its_class(element: &Value, source: &str, told: &str) {
    let class = element["name"].as_str().unwrap();
    let body = source.split(&format!("class {class} ")).nth(1).unwrap();
    let between = |start: &str, end: char| {
        let rest = body.split(start).nth(1).unwrap();
        rest.split(end).next().unwrap()
    };
    let kind = between("static kind = '", '\'');
    assert_eq!(element["tagName"], format!("loop-{kind}"), "{class}");
    let observed: Vec<&str> = between("observedAttributes = [", ']')
        .split(", ")
        .map(|name| name.trim_matches('\''))
        .filter(|name| !name.is_empty())
        .collect();
    let listed = names_of(&element["attributes"], "name");
    assert_eq!(listed, [&observed[..], &["theme"]].concat(), "{class}");
    for event in names_of(&element["events"], "name") {
        assert!(told.contains(&format!("'{event}'")), "{class}: {event}");
    }
}
