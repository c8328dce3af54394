//! Lists in which one unreadable entry does not hide the others.

use crate::json::{self, FromJson, Json};

/// A list as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What could be read, in the platform's order.
    pub items: Vec<T>,
    /// How many entries could not be read. Never silently dropped: a view says so.
    pub unreadable: usize,
    /// How many entries there are over all pages, when the answer says.
    pub total: Option<u64>,
}

/// Why a list could not be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAList;

impl<T> Page<T> {
    /// Reads `{ "<key>": [ … ], "count": n }`. Clinical lists stand under a key named after what they hold, identity
    /// lists under `data`; `total` is read where there is no `count`.
    ///
    /// # Errors
    /// [`NotAList`] when the body is no JSON object, or has no array under `key`.
    pub fn parse<'a>(body: &'a [u8], key: &str) -> Result<Self, NotAList>
    where
        T: FromJson<'a>,
    {
        let mut items = Vec::new();
        let mut unreadable = 0;
        let total = each(body, key, &mut |entry| match T::from_json(entry) {
            Some(item) => items.push(item),
            None => unreadable += 1,
        })?;
        Ok(Self {
            items,
            unreadable,
            total,
        })
    }
}

/// Hands out each entry of a list as [`Page::parse`] finds it, and says how many there are over all pages. One piece of code for
/// every type of entry.
///
/// # Errors
/// As [`Page::parse`]. The body may turn out to be none after entries were handed out, which then mean nothing.
pub fn each<'a>(
    body: &'a [u8],
    key: &str,
    take: &mut dyn FnMut(Json<'a>),
) -> Result<Option<u64>, NotAList> {
    let others = json::list(body, key, take).ok_or(NotAList)?;
    Ok(["count", "total"].iter().find_map(|name| others.get(name)))
}
