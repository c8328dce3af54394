//! JSON, written: texts, whole numbers, lists and objects of them.

use std::fmt::Write as _;

/// A type that can be written as a JSON value.
pub trait ToJson {
    /// Appends it.
    fn to_json(&self, out: &mut String);
}

/// The whole text of a value.
pub fn text(value: &impl ToJson) -> String {
    let mut out = String::new();
    value.to_json(&mut out);
    out
}

/// An object that is being written, member by member.
#[derive(Debug)]
pub struct Members<'a> {
    out: &'a mut String,
    next: char,
}

impl<'a> Members<'a> {
    /// Begins an object.
    pub fn begin(out: &'a mut String) -> Self {
        Self { out, next: '{' }
    }

    /// Adds a member. Each name may be added once.
    pub fn add(&mut self, name: &str, value: &(impl ToJson + ?Sized)) {
        self.out.push(self.next);
        self.next = ',';
        name.to_json(self.out);
        self.out.push(':');
        value.to_json(self.out);
    }

    /// Ends the object.
    pub fn end(self) {
        if self.next == '{' {
            self.out.push('{');
        }
        self.out.push('}');
    }
}

impl ToJson for str {
    fn to_json(&self, out: &mut String) {
        out.push('"');
        for letter in self.chars() {
            match letter {
                '"' | '\\' => {
                    out.push('\\');
                    out.push(letter);
                }
                '\0'..' ' => {
                    // Writing to a `String` cannot fail.
                    let _ = write!(out, "\\u{:04x}", u32::from(letter));
                }
                letter => out.push(letter),
            }
        }
        out.push('"');
    }
}

impl ToJson for String {
    fn to_json(&self, out: &mut String) {
        self.as_str().to_json(out);
    }
}

impl ToJson for bool {
    fn to_json(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl ToJson for i64 {
    fn to_json(&self, out: &mut String) {
        let _ = write!(out, "{self}");
    }
}

macro_rules! whole_number {
    ($($number:ty),+) => {
        $(impl ToJson for $number {
            fn to_json(&self, out: &mut String) {
                i64::from(*self).to_json(out);
            }
        })+
    };
}

whole_number!(u8, u32);

/// Nothing is `null`.
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self, out: &mut String) {
        match self {
            Some(value) => value.to_json(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self, out: &mut String) {
        let mut next = '[';
        for value in self {
            out.push(next);
            next = ',';
            value.to_json(out);
        }
        if next == '[' {
            out.push('[');
        }
        out.push(']');
    }
}

/// How a type is read and written: the names of its fields, which are those of the members. It is read as by
/// [`json_object`](crate::json_object).
#[macro_export]
macro_rules! json_record {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        $crate::json_object!($name { $($field),+ });
        impl $crate::json::ToJson for $name {
            fn to_json(&self, out: &mut String) {
                let mut members = $crate::json::Members::begin(out);
                $(members.add(stringify!($field), &self.$field);)+
                members.end();
            }
        }
    };
}
