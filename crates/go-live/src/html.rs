//! The elements of a page, as far as it takes to know what the page loads and runs.
//!
//! Not a browser's parser: it reads tags and attributes, and the text of scripts and styles. What a browser would repair counts as
//! it stands.

/// A start tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// In lower case.
    pub name: String,
    /// Names in lower case, values without quotes.
    pub attributes: Vec<(String, String)>,
    /// What stands in a `script` or `style`; empty for others.
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        let own = self.attributes.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }
}

/// All start tags of a page, in order.
pub fn elements(html: &str) -> Vec<Element> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (mut element, after) = tag(rest);
        rest = after;
        if matches!(
            element.name.as_str(),
            "script" | "style" | "title" | "textarea"
        ) {
            let end = end_of(rest, &element.name);
            if matches!(element.name.as_str(), "script" | "style") {
                rest[..end].clone_into(&mut element.text);
            }
            rest = &rest[end..];
        }
        found.push(element);
    }
    found
}

/// Where the text of an element ends that holds no others.
fn end_of(text: &str, name: &str) -> usize {
    let lower = text.to_ascii_lowercase();
    lower.find(&format!("</{name}")).unwrap_or(text.len())
}

/// Reads a tag behind its `<`, and gives what follows it.
fn tag(text: &str) -> (Element, &str) {
    let ends = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>';
    let (name, mut rest) = split(text, ends);
    let mut element = Element {
        name: name.to_ascii_lowercase(),
        ..Element::default()
    };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (element, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (element, after);
        }
        // A leading `=` belongs to the name (HTML §13.2.5.32); so at least one character is taken.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let (more, _) = split(&rest[first..], |c| ends(c) || c == '=');
        let name = &rest[..first + more.len()];
        rest = rest[name.len()..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = value_of(after.trim_start());
        }
        element
            .attributes
            .push((name.to_ascii_lowercase(), value.replace("&amp;", "&")));
    }
}

/// Reads an attribute's value, and gives what follows it.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    split(text, |c| c.is_ascii_whitespace() || c == '>')
}

fn split(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}
