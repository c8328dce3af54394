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
    /// Only `/`, unreserved characters, `%XX` and the usual query characters pass. An encoded dot, slash, backslash or
    /// control character does not: a browser reads `%2e%2e` as `..`, and some server may decode the others.
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
            !matches!(high * 16 + low, 0..=0x1f | 0x25 | 0x2e | 0x2f | 0x5c | 0x7f)
        });
    text.len() <= MAX_LENGTH
        && text.starts_with('/')
        && !bytes.windows(2).any(|pair| pair == b"//")
        && !text
            .split(['/', '?'])
            .any(|segment| segment == "." || segment == "..")
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~/?&=%:+,@".contains(b))
        && escapes_ok
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hostile::{CASES, dice};

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
            "/%2e%2e/x",
            "/a/%2E",
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
        #![proptest_config(ProptestConfig::with_cases(CASES))]

        #[test]
        fn the_result_is_always_a_path_of_this_origin(mut dice in dice()) {
            let start = *dice.one(&["/biomarkers/ldl?filter=out", "/a/%20b", "//evil.example", "/\\evil.example", "https://evil.example", "/a/../b"]);
            let text = if dice.once_in(4) { dice.text() } else { dice.near(start, &['/', '\\', '.', '%', '2', 'f', '5', 'c', '?', '#', '@', ':', '\t', ' ']) };
            let kept = ReturnTo::own_path(&text);
            prop_assert!(kept.as_str() == text || kept.as_str() == "/");
            // As a browser reads it on our page: ours, and nothing but what it says.
            let here = ::url::Url::parse("https://app.example/auth/loop/callback").unwrap();
            let there = here.join(kept.as_str()).unwrap();
            prop_assert_eq!(there.origin(), here.origin());
            prop_assert_eq!(&there[::url::Position::BeforePath..], kept.as_str());
            // Neither once more decoded, as some servers do.
            let decoded = kept.as_str().replace("%2f", "/").replace("%2F", "/").replace("%5c", "\\").replace("%5C", "\\");
            prop_assert_eq!(here.join(&decoded).unwrap().origin(), here.origin());
        }
    }
}
