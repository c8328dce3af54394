//! URLs as this crate needs them: checked origins and endpoints, and the form encoding of RFC 6749 Appendix B.
//!
//! The browser has `URL`, but the protocol core runs on bytes alone and on the host. So this is not a general URL
//! parser: it accepts a strict subset, and refuses what it does not understand.

use std::fmt;

/// A checked absolute `https:` URL without user info and fragment; `http:` only on a loopback host.
///
/// # Specification
/// RFC 8252 §7.3 for the loopback exception
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    text: String,
    origin_length: usize,
}

/// Why a text is not an [`Endpoint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Neither `https:` nor `http:` on a loopback host.
    #[error("must begin with https:// (http:// only for localhost)")]
    Scheme,
    /// Empty, or with characters that do not belong in a host name or port.
    #[error("has no valid host name")]
    Host,
    /// A character outside the URL set, a fragment, or too long.
    #[error("has a character that does not belong in a URL, or is too long")]
    Character,
}

impl Endpoint {
    /// Checks a text.
    ///
    /// ```
    /// # use loop_sdk::url::Endpoint;
    /// assert!(Endpoint::parse("https://identity.platform.loop.health/v1/oauth/token").is_ok());
    /// assert!(Endpoint::parse("http://localhost:8081").is_ok());
    /// assert!(Endpoint::parse("http://identity.platform.loop.health").is_err());
    /// assert!(Endpoint::parse("https://user@evil.example").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        const MAX_LENGTH: usize = 2048;
        let (secure, rest_at) = if text.starts_with("https://") {
            (true, 8)
        } else if text.starts_with("http://") {
            (false, 7)
        } else {
            return Err(EndpointError::Scheme);
        };
        let rest = &text[rest_at..];
        let authority_length = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(authority_length);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let port_ok = port.is_none_or(|port| {
            !port.is_empty()
                && port.bytes().all(|b| b.is_ascii_digit())
                && port.parse::<u16>().is_ok_and(|n| n > 0)
        });
        if !is_host(host) || !port_ok {
            return Err(EndpointError::Host);
        }
        if !secure && !matches!(host, "localhost" | "127.0.0.1") {
            return Err(EndpointError::Scheme);
        }
        if text.len() > MAX_LENGTH || !path.bytes().all(is_path_or_query_byte) {
            return Err(EndpointError::Character);
        }
        Ok(Self {
            text: text.to_owned(),
            origin_length: rest_at + authority_length,
        })
    }

    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.text[..self.origin_length]
    }

    /// What follows the origin: path and query.
    pub fn path_and_query(&self) -> &str {
        &self.text[self.origin_length..]
    }

    /// The URL with `path` behind it, one slash between them. `path` is our own or percent-encoded already.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!(
            "{}/{}",
            self.text.trim_end_matches('/'),
            path.trim_start_matches('/')
        )
    }

    /// The URL with form parameters in its query, after those it has already.
    #[must_use]
    pub fn with_query(&self, parameters: &[(&str, &str)]) -> String {
        let separator = if self.text.contains('?') { '&' } else { '?' };
        format!("{}{separator}{}", self.text, encode_form(parameters))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A name, or an IPv4 address as everybody writes it. A browser also reads `1.2.3` and `0x7f.1` as addresses, of other
/// hosts than the text says.
fn is_host(host: &str) -> bool {
    let labels = || host.split('.');
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    let is_byte =
        |label: &str| label.parse::<u8>().is_ok() && (label.len() == 1 || !label.starts_with('0'));
    let is_number = labels()
        .next_back()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()));
    host.len() <= 253
        && labels().all(is_label)
        && (!is_number || (labels().count() == 4 && labels().all(is_byte)))
}

fn is_path_or_query_byte(b: u8) -> bool {
    matches!(b, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9') || b"-._~!$&'()*+,;=:@/?%".contains(&b)
}

/// Percent-encodes everything but the unreserved set. A space becomes `%20`, which every decoder reads.
///
/// # Specification
/// RFC 3986 §2.3
pub fn encode_component(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    out
}

fn encode_into(out: &mut String, text: &str) {
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(b >> 4)]));
            out.push(char::from(HEX[usize::from(b & 15)]));
        }
    }
}

/// Writes `application/x-www-form-urlencoded` parameters.
pub fn encode_form(parameters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in parameters {
        if !out.is_empty() {
            out.push('&');
        }
        encode_into(&mut out, name);
        out.push('=');
        encode_into(&mut out, value);
    }
    out
}

/// Reads `application/x-www-form-urlencoded` parameters as a browser's `URLSearchParams` does, but refuses bytes that
/// are no UTF-8 after decoding. `None` when the text cannot be read.
pub fn decode_form(text: &str) -> Option<Vec<(String, String)>> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name, b' ')?, decode(value, b' ')?))
        })
        .collect()
}

/// Undoes percent-encoding. A `%` that begins no escape stays as it is, as in browsers; `None` when the bytes are no UTF-8.
pub fn decode_component(text: &str) -> Option<String> {
    decode(text, b'+')
}

/// The same, where a plus stands for another byte.
fn decode(text: &str, plus: u8) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        at += 1;
        out.push(match b {
            b'+' => plus,
            b'%' => match bytes.get(at..at + 2).and_then(escaped) {
                Some(byte) => {
                    at += 2;
                    byte
                }
                None => b,
            },
            _ => b,
        });
    }
    String::from_utf8(out).ok()
}

/// The byte of two hexadecimal digits.
fn escaped(digits: &[u8]) -> Option<u8> {
    let [high, low] = *digits else { return None };
    Some(hex(high)? << 4 | hex(low)?)
}

fn hex(b: u8) -> Option<u8> {
    char::from(b)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hostile::{CASES, dice};

    #[test]
    fn endpoints_are_https_or_loopback_and_nothing_else() {
        for (text, expected) in [
            (
                "https://identity.platform.loop.health",
                Ok("https://identity.platform.loop.health"),
            ),
            (
                "https://a.example:8443/v1?x=1",
                Ok("https://a.example:8443"),
            ),
            ("http://localhost:8081/v1", Ok("http://localhost:8081")),
            ("http://127.0.0.1:8081", Ok("http://127.0.0.1:8081")),
            ("http://a.example", Err(EndpointError::Scheme)),
            ("http://localhost.evil.example", Err(EndpointError::Scheme)),
            ("HTTPS://a.example", Err(EndpointError::Scheme)),
            ("//a.example", Err(EndpointError::Scheme)),
            ("javascript:alert(1)", Err(EndpointError::Scheme)),
            ("data:text/html,x", Err(EndpointError::Scheme)),
            ("https://", Err(EndpointError::Host)),
            ("https://192.168.0.1/x", Ok("https://192.168.0.1")),
            ("https://3com.example", Ok("https://3com.example")),
            ("https://1.2.3", Err(EndpointError::Host)),
            ("https://2130706433", Err(EndpointError::Host)),
            ("https://0x7f.1", Err(EndpointError::Host)),
            ("https://127.0.0.01", Err(EndpointError::Host)),
            ("https://1.2.3.256", Err(EndpointError::Host)),
            ("https://a.example@evil.example/", Err(EndpointError::Host)),
            ("https://A.example", Err(EndpointError::Host)),
            ("https://a..example", Err(EndpointError::Host)),
            ("https://a.example:0", Err(EndpointError::Host)),
            ("https://a.example:99999", Err(EndpointError::Host)),
            ("https://a.example:+80", Err(EndpointError::Host)),
            ("https://[::1]/", Err(EndpointError::Host)),
            ("https://a.example\\evil", Err(EndpointError::Host)),
            ("https://a.example/#x", Err(EndpointError::Character)),
            ("https://a.example/\n", Err(EndpointError::Character)),
            ("https://a.example/ä", Err(EndpointError::Character)),
        ] {
            assert_eq!(
                Endpoint::parse(text)
                    .as_ref()
                    .map(Endpoint::origin)
                    .map_err(|e| *e),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn queries_are_read_as_a_browser_reads_them() {
        let read = |text: &str| {
            decode_form(text).map(|all| {
                all.into_iter()
                    .map(|(n, v)| format!("{n}={v}"))
                    .collect::<Vec<_>>()
                    .join("|")
            })
        };
        assert_eq!(read("a=1&b=2").as_deref(), Some("a=1|b=2"));
        assert_eq!(read("a=x+y%20z&&c").as_deref(), Some("a=x y z|c="));
        assert_eq!(read("a=%zz%4").as_deref(), Some("a=%zz%4"));
        assert_eq!(read("a=%ff"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn what_is_encoded_is_decoded(mut dice in dice()) {
            let (name, value) = (dice.text(), dice.text());
            let written = encode_form(&[(&name, &value), ("b", &name)]);
            prop_assert!(written.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%&=".contains(&b)));
            prop_assert_eq!(decode_form(&written), Some(vec![(name.clone(), value), ("b".to_owned(), name)]));
        }

        #[test]
        fn every_endpoint_is_the_same_url_to_a_browser(mut dice in dice()) {
            let start = *dice.one(&[
                "https://identity.platform.loop.health/v1/oauth/token", "https://a.example:8443/v1?x=1&y=%20", "http://localhost:8081/",
                "http://127.0.0.1:8081", "https://1.2.3.4", "https://xn--bcher-kva.example",
            ]);
            let text = dice.near(start, &['/', '\\', '@', ':', '.', '#', '?', '%', '[', ']', '0', '1', 'x', '-', 'A', ' ', '\t', 'ß', '。']);
            let Ok(endpoint) = Endpoint::parse(&text) else { return Ok(()) };
            prop_assert_eq!(endpoint.as_str(), &text);
            prop_assert_eq!(endpoint.origin().to_owned() + endpoint.path_and_query(), text.clone());
            // An international name has rules of its own; a browser that refuses one sends nothing.
            let international = endpoint.origin().contains("xn--");
            let browser = match ::url::Url::parse(&text) {
                Ok(browser) => browser,
                Err(error) => {
                    prop_assert!(international, "{}: {}", text, error);
                    return Ok(());
                }
            };
            prop_assert!(browser.username().is_empty() && browser.password().is_none() && browser.fragment().is_none());
            let (scheme, authority) = endpoint.origin().split_once("://").unwrap();
            let (host, port) = authority.split_once(':').unwrap_or((authority, if scheme == "https" { "443" } else { "80" }));
            prop_assert_eq!(browser.scheme(), scheme);
            prop_assert_eq!(browser.host_str(), Some(host), "{}", text);
            prop_assert_eq!(browser.port_or_known_default(), port.parse().ok());
            prop_assert!(scheme == "https" || host == "localhost" || host == "127.0.0.1");
            // Joining and asking never leaves the origin.
            let path = dice.text();
            let joined = Endpoint::parse(&endpoint.join(&encode_component(&path)));
            prop_assert!(joined.is_ok_and(|joined| joined.origin() == endpoint.origin()) || text.len() + path.len() > 600);
            let asked = endpoint.with_query(&[("a", &path)]);
            prop_assert_eq!(asked.parse::<::url::Url>().unwrap().origin(), browser.origin());
        }

        #[test]
        fn any_query_is_read_as_a_browser_reads_it(mut dice in dice()) {
            let start = *dice.one(&["code=abc&state=x%20y&iss=https%3A%2F%2Fa", "a=%C3%A4+b&&c", "=&==&%3D=%26"]);
            let text = dice.near(start, &['&', '=', '%', '+', '2', 'F', 'f', 'c', '3', 'ä', '\0']);
            let bytes: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            if let Some(read) = decode_form(&text) {
                prop_assert_eq!(read, bytes);
            } else {
                // What a browser would show as a replacement character is refused.
                let replaced = bytes.iter().any(|(name, value)| (name.clone() + value).contains(char::REPLACEMENT_CHARACTER));
                prop_assert!(replaced, "{}", text);
            }
        }
    }
}
