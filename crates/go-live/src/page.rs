//! What the served page names: the files that it loads, and their digests.

use crate::html::{Element, elements};
use crate::target::Target;

/// A file that the page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its whole address.
    pub url: String,
    /// The digest that the page gives, as it stands in `integrity`.
    pub integrity: Option<String>,
    /// Whether it must have one: code, style and what is shown as text.
    pub needs_integrity: bool,
}

/// A page, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its start tags.
    pub elements: Vec<Element>,
    /// The files of this origin that it loads, each once.
    pub files: Vec<Named>,
}

impl Page {
    /// Reads a page.
    pub fn read(html: &[u8], target: &Target) -> Self {
        let elements = elements(&String::from_utf8_lossy(html));
        let mut files: Vec<Named> = Vec::new();
        for named in elements
            .iter()
            .filter_map(|element| file(element, &elements))
        {
            let (reference, integrity, needs_integrity) = named;
            let Some(url) = target.resolve(reference).filter(|url| target.owns(url)) else {
                continue;
            };
            let integrity = integrity.map(str::to_owned);
            let named = Named {
                url,
                integrity,
                needs_integrity,
            };
            // The glue stands in a link and in a meta element: one file, unless they disagree.
            if !files.contains(&named) {
                files.push(named);
            }
        }
        Self { elements, files }
    }

    /// Whether the app was made with the worker that says that there is no network.
    pub fn has_worker(&self) -> bool {
        meta(&self.elements, "app-offline").is_some()
    }

    /// The address of the app's own wasm, as it stands in the page.
    pub fn wasm(&self) -> Option<&str> {
        meta(&self.elements, "app-wasm")
    }

    /// The parts of it that `boot.js` takes out one after the other: how long each is, and its digest. `None` where a length is none.
    pub fn parts(&self) -> Option<Vec<(usize, &str)>> {
        let is_part =
            |element: &&Element| element.name == "meta" && element.get("name") == Some("app-part");
        let parts = self.elements.iter().filter(is_part);
        parts
            .map(|part| {
                let length = part.get("content")?.parse().ok()?;
                Some((length, part.get("data-integrity")?))
            })
            .collect()
    }

    /// Whether it is the page of this app: it names the script and the wasm that `boot.js` starts.
    pub fn is_app(&self) -> bool {
        ["app-js", "app-wasm"]
            .iter()
            .all(|name| meta(&self.elements, name).is_some())
    }
}

/// Address, digest, and whether there must be one.
type Reference<'a> = (&'a str, Option<&'a str>, bool);

fn file<'a>(element: &'a Element, all: &'a [Element]) -> Option<Reference<'a>> {
    match element.name.as_str() {
        "script" => Some((element.get("src")?, element.get("integrity"), true)),
        "img" => Some((element.get("src")?, None, false)),
        "link" => {
            let rel = element.get("rel")?.to_ascii_lowercase();
            // What is only fetched is nothing until a script takes it, which holds it to its digest.
            let is_fetch = element
                .get("as")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("fetch"));
            let is_code = rel.split_ascii_whitespace().any(|word| match word {
                "stylesheet" | "modulepreload" => true,
                "preload" => !is_fetch,
                _ => false,
            });
            let is_file = is_code || rel.contains("icon") || rel == "manifest";
            let href = element.get("href").filter(|_| is_file)?;
            Some((href, element.get("integrity"), is_code))
        }
        "meta" => {
            let content = element.get("content")?;
            match element.get("name")? {
                "app-js" => Some((content, meta(all, "app-js-integrity"), true)),
                "app-wasm" => Some((content, meta(all, "app-wasm-integrity"), true)),
                "app-chunk" | "app-language" => {
                    Some((content, element.get("data-integrity"), true))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn meta<'a>(elements: &'a [Element], name: &str) -> Option<&'a str> {
    let named = |element: &&Element| element.name == "meta" && element.get("name") == Some(name);
    elements.iter().find(named)?.get("content")
}
