//! What a host must do, from the one table that the files of every host are made of: `hosting/table.json`.

use serde_json::Value;

const TABLE: &str = include_str!("../../../hosting/table.json");

/// A header of every answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// As it stands in the table; `{connect}` is in place of the services' origins.
    pub value: String,
    /// Whether it means something over HTTPS alone.
    pub needs_https: bool,
    /// What it is for.
    pub why: String,
}

/// What this program needs of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// On every answer.
    pub headers: Vec<Header>,
    /// What a policy says of workers: without one, and with the one that says that there is no network.
    pub workers: (String, String),
    /// `Cache-Control` of files that are named after their content.
    pub hashed: String,
    /// `Cache-Control` of pages, the callback and the configuration.
    pub document: String,
    /// File name extensions and their media types, without parameters.
    pub types: Vec<(String, String)>,
    /// The name of the configuration.
    pub config: String,
    /// A page of the app that is no file.
    pub page: String,
}

impl Table {
    /// Reads the table. `None` when it has another form, which a test of this crate rules out.
    pub fn read() -> Option<Self> {
        let table: Value = serde_json::from_str(TABLE).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let header = |header: &Value| {
            Some(Header {
                name: text(&header["name"])?.to_ascii_lowercase(),
                value: text(&header["value"])?,
                needs_https: header["needs"] == "https",
                why: text(&header["why"])?,
            })
        };
        let headers = table["headers"].as_array()?.iter().map(header);
        let mut kinds = table["caching"]["kinds"].as_array()?.iter();
        let mut pages = table["routes"]["pages"].as_array()?.iter();
        let types = table["types"].as_object()?.iter().map(|(extension, kind)| {
            let kind = kind.as_str()?.split(';').next()?;
            Some((extension.clone(), kind.trim().to_owned()))
        });
        Some(Self {
            headers: headers.collect::<Option<_>>()?,
            workers: (
                text(&table["offline"]["without"])?,
                text(&table["offline"]["with"])?,
            ),
            hashed: text(&kinds.find(|kind| kind["kind"] == "hashed")?["value"])?,
            document: text(&table["caching"]["else"]["value"])?,
            types: types.collect::<Option<_>>()?,
            config: text(&table["routes"]["config"])?,
            page: text(pages.find(|page| page.as_str() != Some("/"))?)?,
        })
    }

    /// The media type that a file of this name has, when the table knows it.
    pub fn kind_of(&self, path: &str) -> Option<&str> {
        let (_, extension) = path.rsplit_once('.')?;
        let known = self.types.iter().find(|(known, _)| known == extension);
        known.map(|(_, kind)| kind.as_str())
    }

    /// The Content-Security-Policy of the table.
    pub fn policy(&self) -> &str {
        let header = self
            .headers
            .iter()
            .find(|header| header.name == "content-security-policy");
        header.map_or("", |header| &header.value)
    }

    /// The same for an app with a worker.
    pub fn policy_with_worker(&self) -> String {
        let (without, with) = &self.workers;
        self.policy().replace(without, with)
    }
}

/// Whether the name of a file follows its content: `name-0123456789abcdef.js`.
pub fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    stem.rsplit_once('-')
        .is_some_and(|(_, hash)| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}
