//! Hostile input for property tests: a valid document changed where it hurts, and plain bytes. Every crate's tests
//! take it from here.
//!
//! Everything is drawn from a list of numbers, so that a failing case shrinks: fewer and smaller numbers change less,
//! and without any the document is as it was.

#![allow(dead_code, reason = "each crate uses a part")]

use proptest::prelude::*;
use serde_json::{Value, json};

/// Cases a property is tried with.
pub const CASES: u32 = 100_000;

/// Numbers to draw from.
#[derive(Clone, Debug)]
pub struct Dice(Vec<u32>);

/// A few numbers.
pub fn dice() -> impl Strategy<Value = Dice> {
    proptest::collection::vec(any::<u32>(), 0..20).prop_map(Dice)
}

/// Numbers enough for a list of entries.
pub fn many_dice() -> impl Strategy<Value = Dice> {
    proptest::collection::vec(any::<u32>(), 0..100).prop_map(Dice)
}

const NUMBERS: [f64; 20] = [
    0.0,
    1.0,
    -0.0,
    -1.0,
    0.1,
    7.25,
    149.5,
    1e4,
    -273.15,
    1e9,
    1e15,
    9_007_199_254_740_993.0,
    1e100,
    1e300,
    -1e300,
    1e308,
    -1e308,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
];

const TEXTS: [&str; 28] = [
    "",
    " ",
    "a",
    "normal",
    "critical",
    "2026-03-03T08:30:00Z",
    "2026-02-30",
    "0000-01-01T00:00:00+23:59",
    "9999-12-31T23:59:60-23:59",
    "openid read:biomarkers",
    "openid admin:everything",
    "https://identity.example",
    "https://identity.example/",
    "http://identity.example/t",
    "https://user@evil.example/t",
    "javascript:alert(1)",
    "//evil.example",
    "none",
    "HS256",
    "RS256",
    "__proto__",
    "<img src=x onerror=alert(1)>",
    "a\r\nX-Header: b",
    "\u{0}\u{7f}\u{feff}",
    "\u{202e}abc\u{2066}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧ß٣",
    "NaN",
];

/// JSON that `serde_json` itself would not write; set in for a text that names it.
const RAW: [&str; 12] = [
    "1e400",
    "-1e400",
    "NaN",
    "01",
    "1.",
    "-",
    "tru",
    "\"\\ud800\"",
    "\"\\x\"",
    "{\"a\":1,\"a\":2}",
    "[1,]",
    "\"\n\"",
];
const RAW_MARK: &str = "raw json ";

impl Dice {
    /// Less than `count`; 0 when the numbers are used up.
    pub fn below(&mut self, count: usize) -> usize {
        self.number() as usize % count.max(1)
    }

    /// Once in so many times; never when the numbers are used up.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    /// The next number.
    pub fn number(&mut self) -> u32 {
        self.0.pop().unwrap_or(0)
    }

    /// One of these; the first when the numbers are used up.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// A finite number: an everyday one, an awkward one, or any.
    pub fn float(&mut self) -> f64 {
        match self.below(4) {
            0 => f64::from(self.number() % 30_000) / 100.0,
            1 | 2 => *self.one(&NUMBERS),
            _ => {
                let any = f64::from_bits(u64::from(self.number()) << 32 | u64::from(self.number()));
                if any.is_finite() { any } else { 0.5 }
            }
        }
    }

    /// A text: a known awkward one, a long one, or any characters.
    pub fn text(&mut self) -> String {
        match self.below(8) {
            0..=4 => (*self.one(&TEXTS)).to_owned(),
            5 => "x".repeat(self.below(5000)),
            _ => (0..self.below(6)).map(|_| self.character()).collect(),
        }
    }

    /// Any character, ASCII half of the time.
    pub fn character(&mut self) -> char {
        let number = self.number();
        let code = if number.is_multiple_of(2) {
            number / 2 % 128
        } else {
            number / 2 % 0x11_0000
        };
        char::from_u32(code).unwrap_or('\u{fffd}')
    }

    /// Any JSON value.
    pub fn value(&mut self) -> Value {
        match self.below(10) {
            0 => Value::Null,
            1 | 2 => json!(self.float()),
            3 => json!(self.number()),
            4 => json!([i64::MIN, -1, i64::MAX, 0][self.below(4)]),
            5 => json!(u64::MAX),
            6 => json!(self.below(2) == 0),
            7 => [json!([]), json!({}), json!([null]), json!([[[[1]]]])][self.below(4)].clone(),
            8 => format!("{RAW_MARK}{}", self.below(RAW.len())).into(),
            _ => self.text().into(),
        }
    }

    /// Changes one place of a document: the whole, a member, or something deep inside.
    pub fn change(&mut self, document: &mut Value) {
        let place = self.below(count(document));
        let kind = self.below(8);
        let value = self.value();
        let text = self.text();
        at(document, place, &mut |there| match (kind, &mut *there) {
            (0, Value::Object(members)) => {
                let name = members.keys().next().cloned();
                name.and_then(|name| members.remove(&name));
            }
            (1, Value::Object(members)) => {
                members.insert(text.clone(), value.clone());
            }
            (2, Value::Object(members)) => {
                let name = members.keys().next_back().cloned();
                if let Some(old) = name.and_then(|name| members.remove(&name)) {
                    members.insert(text.clone(), old);
                }
            }
            (0, Value::Array(entries)) => drop(entries.pop()),
            (1, Value::Array(entries)) => entries.push(value.clone()),
            (2, Value::Array(entries)) => {
                let again = entries.last().cloned();
                entries.extend(again);
            }
            (3, _) => *there = json!([there.clone()]),
            (4, Value::String(old)) => *there = json!(format!("{old}{text}")),
            (5, Value::String(old)) => *there = json!(old.to_uppercase()),
            _ => *there = value.clone(),
        });
    }

    /// A document with up to three changes, as bytes; one in eight is damaged as bytes too.
    pub fn document(&mut self, valid: &Value) -> Vec<u8> {
        let mut document = valid.clone();
        for _ in 0..self.below(4) {
            self.change(&mut document);
        }
        let mut bytes = written(&document);
        if self.once_in(8) {
            self.damage(&mut bytes);
        }
        bytes
    }

    /// Cuts, repeats, or changes bytes.
    pub fn damage(&mut self, bytes: &mut Vec<u8>) {
        let place = self.below(bytes.len() + 1);
        match self.below(4) {
            0 => bytes.truncate(place),
            1 => {
                let more: Vec<u8> = (0..self.below(6)).map(|_| self.byte()).collect();
                bytes.splice(place..place, more);
            }
            2 => {
                let end = (place + self.below(12)).min(bytes.len());
                let part = bytes[place..end].to_vec();
                bytes.splice(place..place, part);
            }
            _ => {
                let byte = self.byte();
                if let Some(there) = bytes.get_mut(place) {
                    *there = byte;
                }
            }
        }
    }

    /// Plain bytes, many of them such as stand in JSON.
    pub fn bytes(&mut self) -> Vec<u8> {
        const OFTEN: &[u8] = b"{}[]\":,0123456789.eE+-\\ntrufalsn \n";
        let length = self.below(40);
        (0..length)
            .map(|_| {
                if self.below(3) == 0 {
                    self.byte()
                } else {
                    *self.one(OFTEN)
                }
            })
            .collect()
    }

    /// A text with up to three of its characters changed, left out, doubled or set between.
    pub fn near(&mut self, valid: &str, often: &[char]) -> String {
        let mut text: Vec<char> = valid.chars().collect();
        for _ in 0..self.below(4) {
            let place = self.below(text.len() + 1);
            let character = if self.below(3) == 0 {
                self.character()
            } else {
                *self.one(often)
            };
            match self.below(4) {
                0 if place < text.len() => text[place] = character,
                1 => text.truncate(place),
                2 if place < text.len() => drop(text.remove(place)),
                _ => text.insert(place, character),
            }
        }
        text.into_iter().collect()
    }

    fn byte(&mut self) -> u8 {
        self.number().to_le_bytes()[0]
    }
}

/// A document as text, with what `serde_json` would not write set in.
pub fn written(document: &Value) -> Vec<u8> {
    let mut text = document.to_string();
    if text.contains(RAW_MARK) {
        for (place, raw) in RAW.iter().enumerate().rev() {
            text = text.replace(&format!("\"{RAW_MARK}{place}\""), raw);
        }
    }
    text.into_bytes()
}

/// How many places a document has.
fn count(document: &Value) -> usize {
    1 + match document {
        Value::Array(entries) => entries.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Acts on one place of a document, counted from the root. Gives how many places are left to go.
fn at(document: &mut Value, place: usize, act: &mut dyn FnMut(&mut Value)) -> Option<usize> {
    if place == 0 {
        act(document);
        return None;
    }
    let below: Vec<&mut Value> = match document {
        Value::Array(entries) => entries.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => vec![],
    };
    let mut left = place - 1;
    for next in below {
        left = at(next, left, act)?;
    }
    Some(left)
}
