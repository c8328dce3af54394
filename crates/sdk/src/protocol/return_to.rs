//! Where the person was before they went to sign in: a path of this app and nothing else.

/// A path of this app, with its query, that may be returned to.
///
/// # Specification
/// RFC 9700 §4.11 (open redirectors)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Keeps the path when it is one of this app, and gives the home page otherwise.
    ///
    /// Only `/`, unreserved characters, `%XX` and the usual query characters pass. An encoded slash, backslash or
    /// control character does not: some server may decode it.
    ///
    /// ```
    /// # use loop_sdk::protocol::return_to::ReturnTo;
    /// assert_eq!(ReturnTo::own_path("/biomarkers/tsh").as_str(), "/biomarkers/tsh");
    /// assert_eq!(ReturnTo::own_path("//evil.example").as_str(), "/");
    /// assert_eq!(ReturnTo::own_path("https://evil.example").as_str(), "/");
    /// ```
    pub fn own_path(text: &str) -> Self {
        if is_own_path(text) {
            Self(text.to_owned())
        } else {
            Self("/".to_owned())
        }
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_own_path(text: &str) -> bool {
    const MAX_LENGTH: usize = 1024;
    let bytes = text.as_bytes();
    let escapes_ok = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'%')
        .all(|(at, _)| {
            let Some([high, low]) = bytes.get(at + 1..at + 3) else {
                return false;
            };
            let (Some(high), Some(low)) = (
                char::from(*high).to_digit(16),
                char::from(*low).to_digit(16),
            ) else {
                return false;
            };
            !matches!(high * 16 + low, 0..=0x1f | 0x25 | 0x2f | 0x5c | 0x7f)
        });
    text.len() <= MAX_LENGTH
        && text.starts_with('/')
        && !text.contains("//")
        && !text
            .split(['/', '?'])
            .any(|segment| segment == "." || segment == "..")
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~/?&=%:+,@".contains(b))
        && escapes_ok
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_path_of_this_app_is_returned_to() {
        for good in [
            "/",
            "/biomarkers",
            "/biomarkers/ldl_cholesterol",
            "/biomarkers?filter=out&sort=name",
            "/a%20b",
        ] {
            assert_eq!(ReturnTo::own_path(good).as_str(), good);
        }
        for evil in [
            "",
            "biomarkers",
            "//evil",
            "///evil",
            "https:evil",
            "https://evil",
            "/\\evil",
            "\\\\evil",
            "javascript:alert(1)",
            "data:text/html,x",
            "/%2f%2fevil",
            "/%2F/evil",
            "/%5cevil",
            "/\tevil",
            "/\nevil",
            " /x",
            "/x\u{0}",
            "/a//evil",
            "/../x",
            "/a/..",
            "/%0d%0aSet-Cookie:x",
            "/%",
            "/%2",
            "/%zz",
            "/%252fevil",
            "/ä",
            "/<script>",
            "/x#y",
            &format!("/{}", "a".repeat(5000)),
        ] {
            assert_eq!(ReturnTo::own_path(evil).as_str(), "/", "{evil:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]
        #[test]
        fn the_result_is_always_a_path_of_this_origin(text in "[/\\\\a-z.:%0-9?#@ \\t]{0,24}|\\PC{0,40}") {
            let path = ReturnTo::own_path(&text);
            let bytes = path.as_str().as_bytes();
            prop_assert_eq!(bytes[0], b'/');
            prop_assert!(!matches!(bytes.get(1), Some(b'/' | b'\\')));
            prop_assert!(bytes.iter().all(|b| (0x21..0x7f).contains(b) && *b != b'\\'));
        }
    }
}
