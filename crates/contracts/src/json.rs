//! JSON, read member by member.
//!
//! Derived deserializers are written out anew for each type, field by field, which weighs in a download. Here an object is
//! split once into its members, each still text, and a type asks for those it knows.
//! Reading stays strict: a member that stands there twice, or is of another kind, makes the whole unreadable, while
//! members nobody asks for are ignored. [`json_object`](crate::json_object) writes what is the same for every type.
//!
//! Values are found without recursion, so text that is nested a million deep is refused like any other.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
#[doc(no_inline)]
pub use serde_json::value::RawValue;

/// A type that can be read from a JSON value.
pub trait FromJson<'a>: Sized {
    /// Reads it; `None` when the value is of another kind.
    fn from_json(json: &'a RawValue) -> Option<Self>;

    /// What stands for a member that is missing; `None` when it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads a whole text; `None` when it is no JSON, or not of this type.
pub fn parse<'a, T: FromJson<'a>>(text: &'a [u8]) -> Option<T> {
    T::from_json(raw(text)?)
}

fn raw(text: &[u8]) -> Option<&RawValue> {
    // Always as `str`: the parser is then part of the program once.
    serde_json::from_str(std::str::from_utf8(text).ok()?).ok()
}

/// The members of an object, in the order in which they stand.
#[derive(Debug, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// Reads an object.
    ///
    /// # Errors
    /// Where the text stops being JSON; an error of category [`Data`](serde_json::error::Category::Data) when it is JSON
    /// and no object.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

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
            Some(json) if json.get() != "null" => T::from_json(json),
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
    fn member(&self, name: &str) -> Option<Option<&'a RawValue>> {
        let mut found = None;
        for (own, json) in &self.0 {
            if own == name && found.replace(*json).is_some() {
                return None;
            }
        }
        Some(found)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), json)) = map.next_entry()? {
                    members.push((name, json));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A member's name: borrowed, unless it is written with escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl<'a> FromJson<'a> for Object<'a> {
    fn from_json(json: &'a RawValue) -> Option<Self> {
        Self::parse(json.get()).ok()
    }
}

impl<'a> FromJson<'a> for &'a RawValue {
    fn from_json(json: &'a RawValue) -> Option<Self> {
        Some(json)
    }
}

/// For a member whose shape is not documented.
impl FromJson<'_> for serde_json::Value {
    fn from_json(json: &RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }
}

impl FromJson<'_> for Box<RawValue> {
    fn from_json(json: &RawValue) -> Option<Self> {
        Some(json.to_owned())
    }
}

impl FromJson<'_> for String {
    fn from_json(json: &RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }
}

/// Only text without escapes: for files of our own.
impl<'a> FromJson<'a> for &'a str {
    fn from_json(json: &'a RawValue) -> Option<Self> {
        let text = json.get().strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains('\\')).then_some(text)
    }
}

impl FromJson<'_> for bool {
    fn from_json(json: &RawValue) -> Option<Self> {
        match json.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl FromJson<'_> for f64 {
    /// A number that is too large for a float is unreadable, not infinite.
    fn from_json(json: &RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }
}

impl FromJson<'_> for i64 {
    fn from_json(json: &RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }
}

macro_rules! whole_number {
    ($($number:ty),+) => {
        $(impl FromJson<'_> for $number {
            fn from_json(json: &RawValue) -> Option<Self> {
                i64::from_json(json)?.try_into().ok()
            }
        })+
    };
}

whole_number!(u8, u32, u64);

impl<'a, T: FromJson<'a>> FromJson<'a> for Option<T> {
    fn from_json(json: &'a RawValue) -> Option<Self> {
        if json.get() == "null" {
            return Some(None);
        }
        T::from_json(json).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<'a, T: FromJson<'a>> FromJson<'a> for Vec<T> {
    fn from_json(json: &'a RawValue) -> Option<Self> {
        entries(json)?.into_iter().map(T::from_json).collect()
    }
}

/// The entries of an array, each still text.
pub(crate) fn entries(json: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json.get()).ok()
}

/// How a type is read: the names of its fields.
///
/// `default` behind a field reads a missing member, or a `null`, as the type's default; `= "name"` says how the member is called
/// where the field is called otherwise. An `Option` may always be missing. The type also gets a
/// [`Deserialize`](serde::Deserialize) that reads in the same way, for those who work with `serde_json`.
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
            fn from_json(json: &'a $crate::json::RawValue) -> Option<Self> {
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
    // For a type that reads itself: `Deserialize` in terms of it.
    (@serde $name:ty) => {
        impl<'de> $crate::json::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::json::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let json = <Box<$crate::json::RawValue> as $crate::json::serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::json::FromJson<'_>>::from_json(&json)
                    .ok_or_else(|| <D::Error as $crate::json::serde::de::Error>::custom(concat!("not a readable ", stringify!($name))))
            }
        }
    };
}

#[doc(hidden)]
pub use serde;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_not_mixed_up() {
        assert_eq!(parse::<String>(br#" "a\u0062" "#), Some("ab".to_owned()));
        assert_eq!(parse::<f64>(b"3"), Some(3.0));
        assert_eq!(parse::<f64>(b"1e400"), None);
        assert_eq!(parse::<f64>(br#""3""#), None);
        assert_eq!(parse::<u8>(b"256"), None);
        assert_eq!(parse::<u64>(b"-1"), None);
        assert_eq!(parse::<bool>(b"true"), Some(true));
        assert_eq!(parse::<bool>(b"1"), None);
        assert_eq!(parse::<Option<f64>>(b"null"), Some(None));
        assert_eq!(parse::<Vec<u8>>(b"[1, 2]"), Some(vec![1, 2]));
        assert_eq!(parse::<Vec<u8>>(br#"[1, "2"]"#), None);
        assert_eq!(parse::<String>(b"\"\xff\""), None);
        assert_eq!(parse::<&str>(br#""a\nb""#), None);
        assert_eq!(parse::<f64>(b"1 2"), None);
    }

    #[test]
    fn a_member_is_missing_twice_or_there() {
        let object =
            Object::parse(r#"{"a": 1, "b": null, "c": 1, "\u0063": 2}"#).expect("an object");
        assert_eq!(object.get::<f64>("a"), Some(1.0));
        assert_eq!(object.get::<String>("a"), None);
        assert_eq!(object.get::<Option<f64>>("b"), Some(None));
        assert_eq!(object.get::<f64>("b"), None);
        assert_eq!(object.get::<f64>("c"), None, "it stands there twice");
        assert_eq!(object.get::<Option<f64>>("d"), Some(None));
        assert_eq!(object.get::<f64>("d"), None);
        assert_eq!(object.get_or_default::<String>("d"), Some(String::new()));
        assert_eq!(object.get_or_default::<String>("b"), Some(String::new()));
        assert_eq!(object.get_or_default::<String>("a"), None);
        assert!(object.has("b") && !object.has("d"));
    }

    #[test]
    fn what_is_no_object_is_told_from_what_is_no_json() {
        assert!(Object::parse("[]").is_err_and(|error| error.is_data()));
        assert!(Object::parse("{\n,").is_err_and(|error| error.line() == 2 && !error.is_data()));
    }

    #[test]
    fn nesting_without_end_is_refused_without_harm() {
        let deep = [vec![b'['; 1_000_000], vec![b']'; 1_000_000]].concat();
        assert!(parse::<Object<'_>>(&deep).is_none());
        assert!(parse::<Vec<String>>(&deep).is_none());
    }
}
