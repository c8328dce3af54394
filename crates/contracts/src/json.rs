//! JSON, read member by member.
//!
//! Derived deserializers are written out anew for each type, field by field, which weighs in a download. Here an object is
//! split once into its members, each still text, and a type asks for those it knows.
//! Reading stays strict: a member that stands there twice, or is of another kind, makes the whole unreadable, while
//! members nobody asks for are ignored. [`json_object`](crate::json_object) writes what is the same for every type.
//!
//! Values are found without recursion, so text that is nested a million deep is refused like any other.
//!
//! The reader and the writer are our own and small. `serde_json` is the judge in the tests, where both accept the same texts, and
//! stands in a type only where somebody works with it.

mod number;
mod raw;
mod read;
mod write;

use std::borrow::Cow;
use std::fmt;

pub use raw::{Decimal, RawJson};
use read::Reader;
#[cfg(feature = "serde")]
#[doc(no_inline)]
pub use serde_json::value::RawValue;
pub use write::{Members, ToJson, text};

/// A JSON value that is still text, without white space around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// Reads a whole text.
    ///
    /// # Errors
    /// Where it stops being JSON.
    pub fn new(text: &'a str) -> Result<Self, NoJson> {
        let mut reader = Reader::new(text);
        match reader.value() {
            Some(json) if reader.is_done() => Ok(json),
            _ => Err(NoJson::at(text, reader.at())),
        }
    }

    /// Its text.
    pub fn get(self) -> &'a str {
        self.0
    }
}

/// Without the value, which may be anybody's.
impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(..)")
    }
}

/// Where a text stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoJson {
    /// From 1.
    pub line: usize,
    /// In bytes, from 1.
    pub column: usize,
}

impl NoJson {
    fn at(text: &str, at: usize) -> Self {
        let before = text.as_bytes().iter().take(at);
        let (line, column) = before.fold((1, 1), |(line, column), byte| match byte {
            b'\n' => (line + 1, 1),
            _ => (line, column + 1),
        });
        Self { line, column }
    }
}

/// A type that can be read from a JSON value.
pub trait FromJson<'a>: Sized {
    /// Reads it; `None` when the value is of another kind.
    fn from_json(json: Json<'a>) -> Option<Self>;

    /// What stands for a member that is missing; `None` when it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads a whole text; `None` when it is no JSON, or not of this type.
pub fn parse<'a, T: FromJson<'a>>(text: &'a [u8]) -> Option<T> {
    T::from_json(Json::new(std::str::from_utf8(text).ok()?).ok()?)
}

/// The members of an object, in the order in which they stand.
#[derive(Debug, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// A member that the type must, or may, have. `None` when it is of another kind, stands there twice, or is missing
    /// and must not be.
    pub fn get<T: FromJson<'a>>(&self, name: &str) -> Option<T> {
        match self.member(name)? {
            Some(json) => T::from_json(json),
            None => T::absent(),
        }
    }

    /// A member that reads as its default when it is missing or `null`.
    pub fn get_or_default<T: FromJson<'a> + Default>(&self, name: &str) -> Option<T> {
        match self.member(name)? {
            Some(json) if json.0 != "null" => T::from_json(json),
            _ => Some(T::default()),
        }
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_ref())
    }

    /// Whether there is a member of that name.
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// `None` when it stands there twice, `Some(None)` when it is missing.
    #[expect(
        clippy::option_option,
        reason = "there are three answers, and two of them go on"
    )]
    fn member(&self, name: &str) -> Option<Option<Json<'a>>> {
        let mut found = None;
        for (own, json) in &self.0 {
            if own == name && found.replace(*json).is_some() {
                return None;
            }
        }
        Some(found)
    }
}

impl<'a> FromJson<'a> for Object<'a> {
    fn from_json(json: Json<'a>) -> Option<Self> {
        let mut members = Vec::new();
        Reader::new(json.0).each(*b"{}", &mut |reader| {
            let name = read::text(reader.name()?)?;
            members.push((name, reader.value()?));
            Some(())
        })?;
        Some(Self(members))
    }
}

impl<'a> FromJson<'a> for Json<'a> {
    fn from_json(json: Json<'a>) -> Option<Self> {
        Some(json)
    }
}

#[cfg(feature = "serde")]
impl FromJson<'_> for Box<RawValue> {
    fn from_json(json: Json<'_>) -> Option<Self> {
        serde_json::from_str(json.0).ok()
    }
}

impl FromJson<'_> for String {
    fn from_json(json: Json<'_>) -> Option<Self> {
        read::text(json).map(Cow::into_owned)
    }
}

impl<'a> FromJson<'a> for Cow<'a, str> {
    fn from_json(json: Json<'a>) -> Option<Self> {
        read::text(json)
    }
}

/// Only text without escapes: for files of our own.
impl<'a> FromJson<'a> for &'a str {
    fn from_json(json: Json<'a>) -> Option<Self> {
        match read::text(json)? {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }
}

impl FromJson<'_> for bool {
    fn from_json(json: Json<'_>) -> Option<Self> {
        match json.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl FromJson<'_> for f64 {
    /// A number that is too large for a float is unreadable, not infinite.
    fn from_json(json: Json<'_>) -> Option<Self> {
        number::nearest(json.0)
    }
}

impl FromJson<'_> for i64 {
    /// Only what is written as a whole number: neither `1.0` nor `1e3`.
    fn from_json(json: Json<'_>) -> Option<Self> {
        json.0.parse().ok()
    }
}

macro_rules! whole_number {
    ($($number:ty),+) => {
        $(impl FromJson<'_> for $number {
            fn from_json(json: Json<'_>) -> Option<Self> {
                i64::from_json(json)?.try_into().ok()
            }
        })+
    };
}

whole_number!(u8, u32, u64);

impl<'a, T: FromJson<'a>> FromJson<'a> for Option<T> {
    fn from_json(json: Json<'a>) -> Option<Self> {
        if json.0 == "null" {
            return Some(None);
        }
        T::from_json(json).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<'a, T: FromJson<'a>> FromJson<'a> for Vec<T> {
    fn from_json(json: Json<'a>) -> Option<Self> {
        entries(json)?.into_iter().map(T::from_json).collect()
    }
}

/// Reads a whole text as an object with a list under `key`, and hands out the entries of that one as they are found, so that nothing
/// is looked through twice. What comes back has the other members; `None` when the text is no such object, whatever was handed out.
pub(crate) fn list<'a>(
    text: &'a [u8],
    key: &str,
    take: &mut dyn FnMut(Json<'a>),
) -> Option<Object<'a>> {
    let mut reader = Reader::new(std::str::from_utf8(text).ok()?);
    let (mut lists, mut others) = (0, Vec::new());
    reader.each(*b"{}", &mut |reader| {
        let name = read::text(reader.name()?)?;
        if name == key {
            lists += 1;
            return reader.entries(take);
        }
        others.push((name, reader.value()?));
        Some(())
    })?;
    (lists == 1 && reader.is_done()).then_some(Object(others))
}

/// The entries of an array, each still text.
pub(crate) fn entries(json: Json<'_>) -> Option<Vec<Json<'_>>> {
    let mut entries = Vec::new();
    Reader::new(json.0).entries(&mut |entry| entries.push(entry))?;
    Some(entries)
}

/// How a type is read: the names of its fields.
///
/// `default` behind a field reads a missing member, or a `null`, as the type's default; `= "name"` says how the member is called
/// where the field is called otherwise. An `Option` may always be missing. With the feature `serde` the
/// type also gets a [`Deserialize`](serde::Deserialize) that reads in the same way, for those who work with `serde_json`.
///
/// ```
/// # use loop_contracts::json;
/// struct Flag {
///     id: String,
///     note: String,
///     kind: Option<String>,
/// }
/// loop_contracts::json_object!(Flag { id, note default, kind = "type" });
///
/// let flag: Flag = json::parse(br#"{"id": "f1", "type": "warn", "more": {}}"#).unwrap();
/// assert_eq!((flag.id.as_str(), flag.note.as_str(), flag.kind.as_deref()), ("f1", "", Some("warn")));
/// assert!(json::parse::<Flag>(br#"{"id": 1}"#).is_none());
/// assert!(json::parse::<Flag>(br#"{"id": "f1", "id": "f2"}"#).is_none());
/// ```
#[macro_export]
macro_rules! json_object {
    ($name:ident { $($field:ident $(= $key:literal)? $($default:ident)?),+ $(,)? }) => {
        impl<'a> $crate::json::FromJson<'a> for $name {
            fn from_json(json: $crate::json::Json<'a>) -> Option<Self> {
                let object = $crate::json::Object::from_json(json)?;
                Some(Self {
                    $($field: $crate::json_object!(@member object, $field [$($key)?] $($default)?)?,)+
                })
            }
        }
        $crate::json_object!(@serde $name);
    };
    (@member $object:ident, $field:ident []) => { $object.get(stringify!($field)) };
    (@member $object:ident, $field:ident [] default) => { $object.get_or_default(stringify!($field)) };
    (@member $object:ident, $field:ident [$key:literal]) => { $object.get($key) };
    (@member $object:ident, $field:ident [$key:literal] default) => { $object.get_or_default($key) };
    // For a type that reads itself.
    (@serde $name:ty) => { $crate::deserialize_as_json!($name); };
}

/// `Deserialize` in terms of [`FromJson`].
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! deserialize_as_json {
    ($name:ty) => {
        impl<'de> $crate::json::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::json::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let json =
                    <Box<$crate::json::RawValue> as $crate::json::serde::Deserialize>::deserialize(
                        deserializer,
                    )?;
                $crate::json::parse::<Self>(json.get().as_bytes()).ok_or_else(|| {
                    <D::Error as $crate::json::serde::de::Error>::custom(concat!(
                        "not a readable ",
                        stringify!($name)
                    ))
                })
            }
        }
    };
}

/// Without the feature `serde` there is no `Deserialize`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! deserialize_as_json {
    ($name:ty) => {};
}

#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde;

#[cfg(test)]
mod tests;
