//! JSON text by pattern: a file is seen in the program as it will be.

use std::fmt::Write as _;

use crate::format::is_invisible;

/// Appends a pattern of JSON. `$` stands for the next value as the inside of a text, which is escaped, and `@` for the next
/// value as it is: a number, `true`, or JSON that was written before. A value that is not there is empty.
pub(super) fn fill(out: &mut String, pattern: &'static str, values: &[&str]) {
    let mut values = values.iter();
    for c in pattern.chars() {
        match c {
            '$' => escape(out, values.next().copied().unwrap_or_default()),
            '@' => out.push_str(values.next().copied().unwrap_or_default()),
            _ => out.push(c),
        }
    }
}

/// The inside of a text. What a reader of the file would not see, or a browser would take for markup, is written with its
/// number: the text stays the same, and the file shows what is in it.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
            || c.is_control()
            || is_invisible(c)
        {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(*unit));
            }
            continue;
        }
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}
