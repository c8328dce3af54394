//! Where a value begins and ends in a text, and what a text or a number of JSON means (RFC 8259).
//!
//! Nothing here recurses, so text that is nested a million deep costs memory and no stack.

use std::borrow::Cow;

use super::Json;

/// A value's text, and how far it is read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes were understood.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no white space; 0 at the end, which stands nowhere outside a text.
    pub(super) fn peek(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.byte()
    }

    /// Steps over this byte, if it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == byte;
        if is_next {
            self.at += 1;
        }
        is_next
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.peek();
        self.at == self.text.len()
    }

    /// Steps over one whole value, whatever it is.
    pub(super) fn value(&mut self) -> Option<Json<'a>> {
        self.peek();
        let start = self.at;
        // What closes the objects and arrays that are open.
        let mut open = Vec::new();
        loop {
            match self.peek() {
                b'{' => {
                    self.at += 1;
                    if !self.eat(b'}') {
                        self.name()?;
                        open.push(b'}');
                        continue;
                    }
                }
                b'[' => {
                    self.at += 1;
                    if !self.eat(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                b'"' => self.text()?,
                b't' => self.word("true")?,
                b'f' => self.word("false")?,
                b'n' => self.word("null")?,
                _ => self.number()?,
            }
            loop {
                let Some(close) = open.last().copied() else {
                    return Some(Json(self.text.get(start..self.at)?));
                };
                if self.eat(b',') {
                    if close == b'}' {
                        self.name()?;
                    }
                    break;
                }
                if !self.eat(close) {
                    return None;
                }
                open.pop();
            }
        }
    }

    /// Steps over what stands between two brackets, parted by commas; `one` steps over each.
    pub(super) fn each(
        &mut self,
        brackets: [u8; 2],
        one: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        let [open, close] = brackets;
        if !self.eat(open) {
            return None;
        }
        if self.eat(close) {
            return Some(());
        }
        loop {
            one(self)?;
            if !self.eat(b',') {
                return self.eat(close).then_some(());
            }
        }
    }

    /// Steps over an array, and hands out its entries.
    pub(super) fn entries(&mut self, take: &mut dyn FnMut(Json<'a>)) -> Option<()> {
        self.each(*b"[]", &mut |reader| {
            take(reader.value()?);
            Some(())
        })
    }

    /// Steps over a member's name and its colon.
    pub(super) fn name(&mut self) -> Option<Json<'a>> {
        self.peek();
        let start = self.at;
        self.text()?;
        let name = self.text.get(start..self.at)?;
        self.eat(b':').then_some(Json(name))
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.strip_prefix(word)?;
        self.at += word.len();
        Some(())
    }

    fn text(&mut self) -> Option<()> {
        if self.byte() != b'"' {
            return None;
        }
        loop {
            self.at += 1;
            self.at += self.plain_letters();
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    match self.byte() {
                        b'u' => {
                            let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                            if !digits.iter().all(u8::is_ascii_hexdigit) {
                                return None;
                            }
                            self.at += 4;
                        }
                        escaped => {
                            plain(escaped)?;
                        }
                    }
                }
                // A control character, or the end.
                _ => return None,
            }
        }
        self.at += 1;
        Some(())
    }

    /// How many of the next bytes say nothing but themselves.
    fn plain_letters(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        rest.iter().position(special).unwrap_or(rest.len())
    }

    fn number(&mut self) -> Option<()> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        let begins_with_zero = self.byte() == b'0';
        let whole = self.digits()?;
        if begins_with_zero && whole > 1 {
            return None;
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<usize> {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        (self.at > start).then_some(self.at - start)
    }
}

/// What one letter behind a backslash means.
fn plain(escaped: u8) -> Option<char> {
    Some(match escaped {
        b'"' | b'\\' | b'/' => char::from(escaped),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

/// What a text says; `None` for another kind of value, and for half a surrogate pair, which is no character.
pub(super) fn text(json: Json<'_>) -> Option<Cow<'_, str>> {
    let inside = json.0.strip_prefix('"')?.strip_suffix('"')?;
    let Some(first) = inside.find('\\') else {
        return Some(Cow::Borrowed(inside));
    };
    let (before, mut rest) = inside.split_at(first);
    let mut said = before.to_owned();
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            None => return Some(Cow::Owned(said)),
            Some('\\') => {
                let escaped = u8::try_from(letters.next()?).ok()?;
                rest = letters.as_str();
                if escaped == b'u' {
                    let mut code = unit(&mut rest)?;
                    if (0xd800..0xdc00).contains(&code) {
                        rest = rest.strip_prefix("\\u")?;
                        let low = unit(&mut rest)?.checked_sub(0xdc00)?;
                        code = 0x10000 + ((code - 0xd800) << 10) + (low < 0x400).then_some(low)?;
                    }
                    said.push(char::from_u32(code)?);
                } else {
                    said.push(plain(escaped)?);
                }
            }
            Some(letter) => {
                said.push(letter);
                rest = letters.as_str();
            }
        }
    }
}

/// The four hexadecimal digits of an escape.
fn unit(rest: &mut &str) -> Option<u32> {
    let (digits, behind) = rest.split_at_checked(4)?;
    *rest = behind;
    u32::from_str_radix(digits, 16).ok()
}
