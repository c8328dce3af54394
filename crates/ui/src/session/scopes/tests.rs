use super::*;

#[test]
fn every_scope_is_told_as_the_consent_page_tells_it() {
    for scope in Scope::KNOWN {
        let (title, detail) = scope_words(scope);
        let told = detail.map(|detail| (&*title, detail.text()));
        let consent = scope.plain_words();
        assert_eq!(told, consent.map(|words| (words.title, words.detail)));
    }
}

#[test]
fn a_scope_that_nobody_knows_is_shown_by_its_name() {
    assert_eq!(scope_words(&Scope::Openid), ("openid".into(), None));
    let long = Scope::from("x".repeat(80).as_str());
    let (title, words) = scope_words(&long);
    assert_eq!((title.chars().count(), words), (60, None));
}
