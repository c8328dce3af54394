//! Tests that the documentation quotes are tests that are there: a name that changes, changes in both places.
//!
//! docs/security.md says how tests are quoted. A path such as `protocol::tokens::token_answers` is a function in a file or folder
//! named like what stands before it, or such a file or folder itself. What stands in quotation marks after `start.spec`, table or sim
//! is a title in that file (`hosting/start.spec` is one behind a web server), a line of the table of mutations, or a rule of the simulation; … is what a loop fills in.

use std::fs;
use std::path::{Path, PathBuf};

/// The documents that quote tests in this way.
const DOCUMENTS: [&str; 2] = ["docs/security.md", "docs/standards.md"];
/// Where a path may lead.
const RUST: [&str; 3] = ["crates", "src", "xtask/src"];
/// Folders and files that say nothing of what is in them.
const PLAIN: [&str; 4] = ["src", "tests", "platform", "mod"];
/// Folders of journeys, and what stands before their names.
const JOURNEYS: [(&str, &str); 2] = [("tests/journeys", ""), ("tests/hosting", "hosting/")];
const TABLE: &str = "tests/mutations.json";
const SIM: &str = "crates/simulation/src";

/// What there is to quote.
struct Tests {
    /// Each function of each Rust file, with the folders and the file it is in, joined by `::`.
    functions: Vec<String>,
    /// Each title of each journey, with its file.
    titles: Vec<(String, String)>,
    /// Names of the table of mutations.
    table: String,
    /// The simulation, as it stands there.
    sim: String,
}

/// What quotation marks belong to.
#[derive(Clone, Copy)]
enum Place<'text> {
    Nowhere,
    Journey(&'text str),
    Table,
    Sim,
}

/// Everything in a document that is quoted and not there.
fn missing<'text>(document: &'text str, tests: &Tests) -> Vec<&'text str> {
    document
        .lines()
        .flat_map(|line| missing_of_line(line, tests))
        .collect()
}

fn missing_of_line<'text>(line: &'text str, tests: &Tests) -> Vec<&'text str> {
    let mut missing = Vec::new();
    let mut place = Place::Nowhere;
    let mut rest = line;
    while let Some(at) = rest.find(['`', '"']) {
        let (before, from) = rest.split_at(at);
        let mark = if from.starts_with('`') { '`' } else { '"' };
        let Some((text, after)) = from[1..].split_once(mark) else {
            break;
        };
        rest = after;
        place = match before.split_whitespace().last() {
            Some("table") => Place::Table,
            Some("sim") => Place::Sim,
            _ => place,
        };
        if mark == '"' {
            if !is_there(text, place, tests) {
                missing.push(text);
            }
            continue;
        }
        // A crate may stand before a path: `receiver: statuses::…`.
        let path = text.rsplit(' ').next().unwrap_or(text);
        if let Some(journey) = path.strip_suffix(".spec") {
            place = Place::Journey(journey);
        } else {
            place = Place::Nowhere;
            if is_path(path)
                && !tests
                    .functions
                    .iter()
                    .any(|function| leads_to(path, function))
            {
                missing.push(text);
            }
        }
    }
    missing
}

fn is_there(text: &str, place: Place<'_>, tests: &Tests) -> bool {
    match place {
        Place::Nowhere => true,
        Place::Table => tests.table.contains(&format!("\"{text}\"")),
        Place::Sim => tests.sim.contains(text),
        Place::Journey(file) => {
            let mut titles = tests.titles.iter().filter(|(of, _)| of == file);
            titles.any(|(_, title)| fits(title, text))
        }
    }
}

/// Whether a quoted text is a title: word by word, or with what a loop filled in.
fn fits(title: &str, quoted: &str) -> bool {
    let mut parts = title.split('…');
    let Some(mut rest) = parts.next().and_then(|first| quoted.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

fn is_path(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_lowercase())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    text.contains("::") && text.split("::").all(is_name)
}

/// Whether a path is the end of where a function is, or one of the rooms it is in: all of it, so also the room in front.
fn leads_to(path: &str, function: &str) -> bool {
    format!("::{function}::").contains(&format!("::{path}::"))
}

/// Reads what there is.
fn tests(root: &Path) -> Tests {
    let mut functions = Vec::new();
    for file in RUST
        .iter()
        .flat_map(|folder| files(&root.join(folder), "rs"))
    {
        let path = file.strip_prefix(root).unwrap().with_extension("");
        let path: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        // Folders that say no more than that there is code may be left out of a path.
        let short = path.iter().filter(|part| !PLAIN.contains(&part.as_ref()));
        let short: Vec<_> = short.cloned().collect();
        let text = fs::read_to_string(&file).unwrap();
        for rooms in [path.join("::"), short.join("::")] {
            let names = text.lines().filter_map(function);
            functions.extend(names.map(|name| format!("{rooms}::{name}")));
            functions.push(rooms);
        }
    }
    let mut titles = Vec::new();
    for (folder, prefix) in JOURNEYS {
        for file in files(&root.join(folder), "mjs") {
            let stem = file.file_stem().unwrap().to_string_lossy();
            let name = format!("{prefix}{}", stem.replace(".spec", ""));
            let text = fs::read_to_string(&file).unwrap();
            titles.extend(
                titles_of(&text)
                    .into_iter()
                    .map(|title| (name.clone(), title)),
            );
        }
    }
    let sim = files(&root.join(SIM), "rs");
    Tests {
        functions,
        titles,
        table: fs::read_to_string(root.join(TABLE)).unwrap(),
        sim: sim
            .iter()
            .map(|file| fs::read_to_string(file).unwrap())
            .collect(),
    }
}

/// The name of a function that begins in this line.
fn function(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let words = words.strip_prefix("async ").unwrap_or(words);
    words.strip_prefix("fn ")?.split(['(', '<']).next()
}

/// The titles in a journey, with … for what is filled in.
fn titles_of(text: &str) -> Vec<String> {
    text.split("test(")
        .skip(1)
        .filter_map(|call| {
            let call = call.trim_start();
            let mark = call.chars().next().filter(|mark| "'`\"".contains(*mark))?;
            let mut title = String::new();
            let mut letters = call.chars().skip(1);
            while let Some(letter) = letters.next() {
                match letter {
                    _ if letter == mark => return Some(title.replace("\"…\"", "…")),
                    '\\' => title.extend(letters.next()),
                    '$' if mark == '`' => {
                        letters.by_ref().find(|letter| *letter == '}')?;
                        title.push('…');
                    }
                    other => title.push(other),
                }
            }
            None
        })
        .collect()
}

/// All files with this ending, in a fixed order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            found.extend(files(&path, ending));
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_test_that_the_documentation_quotes_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tests = tests(&root);
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document)).unwrap();
        assert_eq!(missing(&text, &tests), [""; 0], "quoted in {document}");
    }
}

#[test]
fn what_is_not_there_is_found() {
    let tests = Tests {
        functions: vec![
            "crates::sdk::protocol::tokens::token_answers".to_owned(),
            "crates::sdk::session::bound".to_owned(),
        ],
        titles: titles_of(
            "test('it’s \\'so\\'', async () => {});\ntest(`coming ${'a'} and ${b}: no`, () => {});",
        )
        .into_iter()
        .map(|title| ("start".to_owned(), title))
        .collect(),
        table: "{ \"name\": \"one bit\" }".to_owned(),
        sim: "rule(\"two at once\")".to_owned(),
    };
    for (line, wanted) in [
        (
            "`protocol::tokens::token_answers`, `tokens::token_answers`, `sdk::session::bound`",
            vec![],
        ),
        ("`receiver: tokens::token_answers` and `Env::now`", vec![]),
        (
            "`protocol::tokens::token_answer`",
            vec!["protocol::tokens::token_answer"],
        ),
        (
            "`protocol::keys::token_answers`",
            vec!["protocol::keys::token_answers"],
        ),
        (
            "`keys::tokens::token_answers`, `col::tokens::token_answers`",
            vec!["keys::tokens::token_answers", "col::tokens::token_answers"],
        ),
        (
            "`start.spec` \"it’s 'so'\", \"coming … and …: no\", \"coming home and back: no\"",
            vec![],
        ),
        (
            "`start.spec` \"it’s 's\", \"coming home: no\"",
            vec!["it’s 's", "coming home: no"],
        ),
        ("`other.spec` \"it’s 'so'\"", vec!["it’s 'so'"]),
        ("table \"one bit\"; sim \"two at once\"", vec![]),
        (
            "table \"one\"; sim \"three at once\"",
            vec!["one", "three at once"],
        ),
        (
            "he says \"hello\"; `start.spec` says; `code` \"hello\"",
            vec![],
        ),
    ] {
        assert_eq!(missing(line, &tests), wanted, "{line}");
    }
}
