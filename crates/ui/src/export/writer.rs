//! JSON text, member by member. Each entry of a list stands on a line of its own.

use std::fmt::Write as _;

use crate::format::is_invisible;

/// How deep a list may stand for its entries to have lines of their own.
const LINES: usize = 2;

/// JSON that is being written. What is opened must be closed; names come from the program, and everything else is escaped.
pub(super) struct Writer {
    out: String,
    depth: usize,
    /// Something stands before, so a comma is due.
    is_later: bool,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            out: String::new(),
            depth: 0,
            is_later: false,
        }
    }

    /// What was written.
    pub(super) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// Opens an object or a list, as the value of the name before or as an entry.
    pub(super) fn open(&mut self, bracket: char) {
        self.next();
        self.out.push(bracket);
        self.depth += 1;
        self.is_later = false;
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if self.depth < LINES && self.is_later {
            self.out.push('\n');
        }
        self.out.push(bracket);
        self.is_later = true;
    }

    /// The name of a member; its value comes next.
    pub(super) fn name(&mut self, name: &'static str) {
        self.next();
        self.string(name);
        self.out.push(':');
        self.is_later = false;
    }

    /// A text, as the value of the name before or as an entry.
    pub(super) fn text(&mut self, text: &str) {
        self.next();
        self.string(text);
        self.is_later = true;
    }

    /// What is JSON already: a number, `true`, `null`.
    pub(super) fn raw(&mut self, json: &str) {
        self.next();
        self.out.push_str(json);
        self.is_later = true;
    }

    /// A member that is a text.
    pub(super) fn member(&mut self, name: &'static str, text: &str) {
        self.name(name);
        self.text(text);
    }

    /// A member that is JSON already.
    pub(super) fn raw_member(&mut self, name: &'static str, json: &str) {
        self.name(name);
        self.raw(json);
    }

    /// The comma, and the line that begins.
    fn next(&mut self) {
        let is_value = self.out.ends_with(':');
        if self.is_later {
            self.out.push(',');
        }
        if self.depth <= LINES && self.depth > 0 && !is_value {
            self.out.push('\n');
        }
    }

    /// A text in quotes. What a reader of the file would not see, or a browser would take for markup, is written with its
    /// number: the text stays the same, and the file shows what is in it.
    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => self.number(c),
                _ if c.is_control() || is_invisible(c) => self.number(c),
                _ => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn number(&mut self, c: char) {
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            // Writing to a `String` cannot fail.
            let _ = write!(self.out, "\\u{unit:04x}");
        }
    }
}
