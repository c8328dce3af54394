use std::collections::BTreeSet;

use super::*;

#[test]
fn each_refusal_has_its_own_word_and_says_what_now() {
    let codes: BTreeSet<_> = Reject::ALL.iter().map(|reject| reject.code()).collect();
    assert_eq!(codes.len(), Reject::ALL.len());
    let displays: BTreeSet<_> = Reject::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(displays.len(), Reject::ALL.len());
    for reject in Reject::ALL {
        assert!(reject.what_now().ends_with('.'));
        let is_word = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        assert!(reject.code().chars().all(is_word));
    }
}

#[test]
fn who_is_unknown_gets_401_and_what_disagrees_400() {
    for reject in Reject::ALL {
        let expected = if reject.code().starts_with("signature") {
            401
        } else {
            400
        };
        assert_eq!(reject.status(), expected, "{reject}");
    }
}
