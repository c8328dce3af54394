//! Reads `hosting/table.json`, which says what every host of this app must do.

use std::fs;
use std::path::Path;

use regex_lite::Regex;
use serde_json::Value;

use super::{Base, bad_table};
use crate::term::{Outcome, Tried};

/// What every host must do.
pub(crate) struct Table {
    /// Name and value; `{connect}` stands for the origins of the two services.
    pub(crate) headers: Vec<(String, String)>,
    /// What a policy says of workers: without one, and with the one of `--offline`.
    pub(crate) workers: (String, String),
    /// Which names may be kept, and how long.
    pub(crate) kept: Vec<Kept>,
    /// `Cache-Control` of everything else.
    pub(crate) not_kept: String,
    /// The page that all pages of the app are.
    pub(crate) document: String,
    /// Paths of pages, beside the callback.
    pub(crate) pages: Vec<String>,
    /// Paths below which everything is a page, with a slash at the end.
    pub(crate) below: Vec<String>,
    /// The page for what is not there.
    pub(crate) missing: String,
    /// Extension and media type.
    pub(crate) types: Vec<(String, String)>,
    /// Extensions of files that are compressed beforehand.
    pub(crate) compressed: Vec<String>,
}

/// Files that may be kept.
pub(crate) struct Kept {
    /// `hashed` or `named`.
    pub(crate) kind: String,
    /// A regular expression for the names of files at the root.
    pub(crate) names: String,
    /// The same, ready to be used.
    pub(crate) matcher: Regex,
    /// The value of `Cache-Control`.
    pub(crate) value: String,
}

impl Table {
    /// Reads the file.
    pub(crate) fn read(root: &Path) -> Outcome<Self> {
        let text =
            fs::read_to_string(root.join("hosting/table.json")).tried("read hosting/table.json")?;
        Self::parse(&text)
    }

    /// Reads its text.
    pub(crate) fn parse(text: &str) -> Outcome<Self> {
        let table: Value = serde_json::from_str(text).tried("read hosting/table.json")?;
        let [headers, kinds] = [&table["headers"], &table["caching"]["kinds"]];
        let routes = &table["routes"];
        Ok(Self {
            headers: list(headers)?
                .iter()
                .map(|header| Ok((word(&header["name"])?, word(&header["value"])?)))
                .collect::<Outcome<_>>()?,
            workers: (
                word(&table["offline"]["without"])?,
                word(&table["offline"]["with"])?,
            ),
            kept: list(kinds)?.iter().map(kept).collect::<Outcome<_>>()?,
            not_kept: word(&table["caching"]["else"]["value"])?,
            document: word(&routes["document"])?,
            pages: words(&routes["pages"])?,
            below: words(&routes["below"])?,
            missing: word(&routes["missing"]["document"])?,
            types: table["types"]
                .as_object()
                .ok_or_else(|| bad_table("`types` is no object"))?
                .iter()
                .map(|(extension, kind)| Ok((extension.clone(), word(kind)?)))
                .collect::<Outcome<_>>()?,
            compressed: words(&table["precompressed"]["files"])?,
        })
    }

    /// `Cache-Control` of a file at the root.
    pub(crate) fn cache(&self, name: &str) -> &str {
        let kept = self.kept.iter().find(|kept| kept.matcher.is_match(name));
        kept.map_or(&self.not_kept, |kept| &kept.value)
    }

    /// Whether a file is compressed beforehand.
    pub(crate) fn is_compressed(&self, name: &str) -> bool {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| self.compressed.iter().any(|one| one == extension))
    }
}

impl Kept {
    /// The regular expression for paths instead of names.
    pub(crate) fn paths(&self, base: &Base) -> String {
        match self.names.strip_prefix('^') {
            Some(rest) => format!("^{}{rest}", base.as_str().replace('.', r"\.")),
            None => self.names.clone(),
        }
    }
}

fn kept(kind: &Value) -> Outcome<Kept> {
    let names = word(&kind["names"])?;
    Ok(Kept {
        kind: word(&kind["kind"])?,
        matcher: Regex::new(&names).map_err(|_| bad_table("a pattern cannot be read"))?,
        names,
        value: word(&kind["value"])?,
    })
}

fn list(value: &Value) -> Outcome<&Vec<Value>> {
    value
        .as_array()
        .ok_or_else(|| bad_table("a list is missing"))
}

fn word(value: &Value) -> Outcome<String> {
    // What no quotes of any host's language can end.
    value
        .as_str()
        .filter(|text| !text.contains(['"', '\n', '`']))
        .map(str::to_owned)
        .ok_or_else(|| bad_table("a text is missing, or has a quote or a line end"))
}

fn words(value: &Value) -> Outcome<Vec<String>> {
    list(value)?.iter().map(word).collect()
}
