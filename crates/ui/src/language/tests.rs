use super::*;

/// A language in which each text is its place, with two values and two forms.
fn numbered(head: &str) -> String {
    let texts =
        (1..LINES_BEFORE + PHRASES).map(|line| format!("{line}: {{1}} of {{0}}|{line}: {{0}}"));
    let lines: Vec<String> = [head.to_owned()].into_iter().chain(texts).collect();
    lines.join("\n") + "\n"
}

/// Speaks it, and says which place [`Phrase::JustNow`] has.
fn choose(head: &str) -> usize {
    Language::read(&numbered(head)).unwrap().choose();
    LINES_BEFORE + Phrase::JustNow as usize
}

/// The pairs of a language file, without its head.
fn texts(file: &str) -> Vec<(&str, &str)> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(" = "))
        .filter(|(name, _)| name.starts_with(char::is_uppercase))
        .collect()
}

fn head<'a>(file: &'a str, name: &str) -> &'a str {
    let lines = file.lines().filter_map(|line| line.split_once(" = "));
    let mut found = lines.filter(|(own, _)| *own == name);
    found.next().map_or("", |(_, value)| value)
}

#[test]
fn english_is_there_without_a_file() {
    let english = Language::current();
    assert_eq!((english.tag, english.is_rtl), ("en", false));
    assert_eq!(Phrase::JustNow.text(), "just now");
    assert_eq!(Phrase::ListLast.fill(&["{1}", "b"]), "{1} and b");
}

#[test]
fn a_language_that_was_chosen_says_everything() {
    let place = choose("xx\tXx\tltr\tone other\tno");
    assert_eq!(
        Phrase::JustNow.count(1, &["1", "a"]),
        format!("{place}: a of 1")
    );
    assert_eq!(Phrase::JustNow.count(2, &["2"]), format!("{place}: 2"));
    // A category that the language does not name takes the last form.
    choose("xx\tXx\tltr\tother\tno");
    assert_eq!(Phrase::JustNow.count(1, &["1"]), format!("{place}: 1"));
}

#[test]
fn a_file_of_another_version_is_refused() {
    let file = numbered("xx\tXx\tltr\tone other\tno");
    let (shorter, _) = file.trim_end().rsplit_once('\n').unwrap();
    for wrong in ["", "xx", shorter, &format!("{file}one more\n")] {
        assert!(Language::read(wrong).is_none());
    }
}

#[test]
fn from_right_to_left_values_keep_their_own_direction() {
    let place = choose("xx\tXx\trtl\tone other\tno");
    assert_eq!(
        Phrase::JustNow.fill(&["70", "99"]),
        format!("{place}: \u{2068}99\u{2069} of \u{2068}70\u{2069}|{place}: \u{2068}70\u{2069}")
    );
}

/// The build refuses a language that lacks a text (`xtask/src/languages.rs`); here, what is in the texts.
#[test]
fn every_language_fills_in_the_same_places_and_has_its_forms() {
    let english = include_str!("../../languages/en.txt");
    let german = include_str!("../../languages/de.txt");
    for (tag, file) in [("en", english), ("de", german)] {
        let forms = head(file, "plurals").split(' ').count();
        let english_forms = head(english, "plurals").split(' ').count();
        assert_eq!(head(file, "tag"), tag);
        assert!(["ltr", "rtl"].contains(&head(file, "direction")));
        for ((name, own), (english_name, english)) in texts(file).into_iter().zip(texts(english)) {
            assert_eq!(name, english_name, "{tag}: in the order of en.txt");
            let places = |text: &str| -> Vec<String> {
                let pieces = text.split('{').skip(1);
                let mut places: Vec<String> = pieces
                    .map(|piece| piece.split('}').next().unwrap_or("?").to_owned())
                    .collect();
                places.sort();
                places.dedup();
                places
            };
            assert_eq!(places(own), places(english), "{tag}: {name}");
            let count = own.split('|').count();
            let is_list = name == "NumberWords";
            assert!(
                count == 1 || count == forms || is_list && count == 10,
                "{tag}: {name} has {count} forms"
            );
            let is_plural = english.split('|').count() == english_forms && english_forms > 1;
            assert!(
                !is_plural || count == forms,
                "{tag}: {name} has {count} forms"
            );
            assert!(
                !own.contains(['\t', '\u{202e}']) && own.trim() == own && !own.is_empty(),
                "{tag}: {name}"
            );
        }
    }
}
