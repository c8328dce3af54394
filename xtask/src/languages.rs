//! The texts of `crates/ui/languages`: English is part of the program, every other language becomes a file of the page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::term::{Failure, Outcome, Tried};

/// Where the texts are.
pub(crate) const FOLDER: &str = "crates/ui/languages";
/// The language that the others are compared with.
const ENGLISH: &str = "en";
/// What the page says before there is a program.
const BOOT: &str = "Boot";

/// A language file as it is written by hand.
struct Source<'a> {
    head: Vec<(&'a str, &'a str)>,
    texts: Vec<(&'a str, &'a str)>,
}

impl<'a> Source<'a> {
    fn read(text: &'a str) -> Self {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "));
        let (texts, head) = lines.partition(|(name, _)| name.starts_with(char::is_uppercase));
        Self { head, texts }
    }

    fn head(&self, wanted: &str) -> &'a str {
        let found = self.head.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value)
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.texts.iter().map(|(name, _)| *name)
    }
}

/// A language as a page loads it.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) tag: String,
    pub(crate) name: String,
    /// A head, and then each text in the order of the English file.
    pub(crate) file: String,
}

/// All languages but English.
pub(crate) fn all(root: &Path) -> Outcome<Vec<Language>> {
    let english = text(root, ENGLISH)?;
    let english = Source::read(&english);
    let mut tags: Vec<String> = fs::read_dir(root.join(FOLDER))
        .tried(format_args!("read {FOLDER}"))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".txt").map(str::to_owned))
        .filter(|tag| tag != ENGLISH)
        .collect();
    tags.sort();
    tags.iter()
        .map(|tag| built(tag, &Source::read(&text(root, tag)?), &english))
        .collect()
}

fn text(root: &Path, tag: &str) -> Outcome<String> {
    let file = format!("{FOLDER}/{tag}.txt");
    fs::read_to_string(root.join(&file)).tried(format_args!("read {file}"))
}

/// The language as a page loads it, if it says everything that English says.
fn built(tag: &str, source: &Source, english: &Source) -> Outcome<Language> {
    let wrong = |what: String| Err(Failure::new(format!("{FOLDER}/{tag}.txt {what}.")));
    if source.head("tag") != tag {
        return wrong(format!("names the language “{}”", source.head("tag")));
    }
    let [own, wanted] = [source, english].map(|source| source.names().collect::<BTreeSet<&str>>());
    let missing: Vec<&str> = wanted.difference(&own).copied().collect();
    let unknown: Vec<&str> = own.difference(&wanted).copied().collect();
    if !missing.is_empty() || !unknown.is_empty() {
        return wrong(format!(
            "does not fit en.txt: it lacks [{}], and has of its own [{}]",
            missing.join(", "),
            unknown.join(", ")
        ));
    }
    if source.texts.len() != own.len() {
        return wrong("says something twice".to_owned());
    }
    let head = ["tag", "name", "direction", "plurals", "small_names"].map(|name| source.head(name));
    let find = |wanted: &str| {
        let found = source.texts.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, text)| text)
    };
    let texts: Vec<&str> = english.names().map(find).collect();
    Ok(Language {
        tag: tag.to_owned(),
        name: source.head("name").to_owned(),
        file: format!("{}\n{}\n", head.join("\t"), texts.join("\n")),
    })
}

/// What the page says in English before there is a program, as a JSON list.
pub(crate) fn boot_words(root: &Path) -> Outcome<String> {
    let english = text(root, ENGLISH)?;
    let texts = Source::read(&english).texts.into_iter();
    let words: Vec<&str> = texts
        .filter(|(name, _)| name.starts_with(BOOT))
        .map(|(_, text)| text)
        .collect();
    serde_json::to_string(&words)
        .map_err(|error| Failure::new(format!("The words for boot.js are no JSON: {error}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "# English\ntag = en\nplurals = one other\n\nBootAgain = Again\n# a = b\nYes = Yes\nNo = {0} = no\n";

    fn german(text: &str) -> Outcome<Language> {
        built("de", &Source::read(text), &Source::read(EN))
    }

    #[test]
    fn a_language_is_its_texts_in_the_order_of_english() {
        let file = "tag = de\nname = Deutsch\ndirection = ltr\nplurals = one other\nsmall_names = no\nNo = {0} = nein\nYes = Ja\nBootAgain = Neu\n";
        let built = german(file).unwrap();
        assert_eq!(
            built.file,
            "de\tDeutsch\tltr\tone other\tno\nNeu\nJa\n{0} = nein\n"
        );
        assert_eq!((built.tag.as_str(), built.name.as_str()), ("de", "Deutsch"));
    }

    #[test]
    fn a_language_that_does_not_say_everything_is_not_built() {
        for (text, said) in [
            (
                "tag = de\nBootAgain = Neu\nYes = Ja\nNein = no\n",
                "it lacks [No], and has of its own [Nein]",
            ),
            (
                "tag = de\nBootAgain = Neu\nYes = Ja\nYes = Ja\nNo = no\n",
                "twice",
            ),
            ("tag = fr\nBootAgain = Neu\nYes = Ja\nNo = no\n", "“fr”"),
        ] {
            let why = german(text).unwrap_err().to_string();
            assert!(why.contains(said), "{why}");
        }
    }
}
