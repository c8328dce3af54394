//! What a person reads: numbers, dates, and text from outside.

use loop_contracts::time::DateTime;
use proptest::prelude::*;

use super::*;

#[test]
fn numbers_keep_what_the_lab_printed() {
    for (value, decimals, expected) in [
        (128.0, 0, "128"),
        (5.3, 1, "5.3"),
        (5.0, 1, "5.0"),
        (0.9, 2, "0.90"),
        (5.37, 1, "5.37"),
        (0.3, 0, "0.3"),
        (1234.56, 0, "1,234.56"),
        (1_234_567.0, 0, "1,234,567"),
        (100_000.25, 0, "100,000.25"),
        (-0.0, 0, "0"),
        (-2.5, 1, "-2.5"),
        (7.033_333_333_333, 1, "7.03333"),
        (0.1 + 0.2, 1, "0.3"),
        (0.004_56, 0, "0.00456"),
        (1e308, 2, "1e308"),
        (0.000_01, 2, "1e-5"),
    ] {
        assert_eq!(
            number(value, decimals).as_deref(),
            Some(expected),
            "{value}"
        );
    }
    assert_eq!(number(f64::NAN, 0), None);
    assert_eq!(number(f64::NEG_INFINITY, 0), None);
}

#[test]
fn a_rounded_number_has_the_decimals_it_was_given() {
    for (value, places, expected) in [
        (3.310_464, 2, "3.31"),
        (2.5, 2, "2.50"),
        (59.904, 0, "60"),
        (-1.26, 1, "-1.3"),
        (0.0, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (0.000_4, 2, "0.0004"),
        (5.4e12, 1, "5.4e12"),
    ] {
        assert_eq!(rounded(value, places).as_deref(), Some(expected), "{value}");
    }
    assert_eq!(rounded(f64::NAN, 1), None);
    assert_eq!(round(74.88, 0).to_bits(), 75f64.to_bits());
    assert_eq!(round(1e308, 6).to_bits(), 1e308f64.to_bits());
}

#[test]
fn a_number_for_a_program_is_the_one_that_came() {
    for (value, expected) in [
        (128.0, "128"),
        (0.3, "0.3"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (1_234_567.5, "1234567.5"),
        (0.000_001, "0.000001"),
        (1e-7, "1e-7"),
        (1e20, "100000000000000000000"),
        (1.5e21, "1.5e+21"),
        (f64::INFINITY, "0"),
    ] {
        assert_eq!(exact(value), expected);
    }
}

#[test]
fn dates_percent_and_time_since() {
    let at = DateTime("2026-03-03T08:30:00Z".to_owned())
        .timestamp()
        .expect("a date");
    assert_eq!(date(at, DateStyle::Long), "3 March 2026");
    assert_eq!(date(at, DateStyle::Short), "3 Mar 2026");
    assert_eq!(date(at, DateStyle::TickMonth), "Mar");
    assert_eq!(percent(0.468), "47%");
    for (milliseconds, expected) in [
        (-5000, "just now"),
        (59_000, "just now"),
        (120_000, "2 minutes ago"),
        (3_600_000, "1 hour ago"),
        (172_800_000, "2 days ago"),
    ] {
        assert_eq!(ago(at, at.plus(milliseconds)), expected);
    }
}

#[test]
fn hostile_text_is_defused() {
    for (text, expected) in [
        ("LDL\u{202e}lortseloohc", "LDLlortseloohc"),
        ("a\u{0}b\u{1b}[31mc", "ab[31mc"),
        ("  two\n\tlines  ", "two lines"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("zero\u{200b}width\u{feff}", "zerowidth"),
        (
            "e\u{301}\u{301}\u{301}\u{301}\u{301}",
            "e\u{301}\u{301}\u{301}",
        ),
        ("\u{200e}\u{2066}", ""),
    ] {
        assert_eq!(clean(text, 40), expected);
    }
    assert_eq!(clean("abcdef", 6), "abcdef");
    assert_eq!(clean("abcdefg", 6), "abcde…");
}

proptest! {
    #[test]
    fn a_number_for_a_program_reads_as_itself(value in any::<f64>()) {
        let read: f64 = exact(value).parse().expect("a number");
        let is_same = read.to_bits() == value.to_bits() || value.classify() == std::num::FpCategory::Zero;
        prop_assert!(is_same || !value.is_finite(), "{} {}", value, read);
    }

    #[test]
    fn clean_text_is_one_short_visible_line(text in any::<String>(), most in 1usize..60) {
        let out = clean(&text, most);
        prop_assert!(out.chars().count() <= most);
        prop_assert!(!out.chars().any(|c| c.is_control() || is_invisible(c)));
        prop_assert!(out.trim() == out || out.ends_with('…'));
        prop_assert_eq!(clean(&out, most), out);
    }

    #[test]
    fn plain_text_keeps_its_words(text in "[a-c%. ]{0,14}") {
        let words: Vec<&str> = text.split_whitespace().collect();
        prop_assert_eq!(clean(&text, 14), words.join(" "));
    }

    #[test]
    fn any_number_is_written_or_refused(value in any::<f64>(), decimals in any::<u8>()) {
        prop_assert_eq!(number(value, decimals).is_some(), value.is_finite());
    }

    #[test]
    fn writing_a_lab_value_loses_nothing(thousandths in -9_999_999i32..9_999_999) {
        let value = f64::from(thousandths) / 100.0;
        let text = number(value, 0).unwrap_or_default().replace(',', "");
        let read: f64 = text.parse().expect("a number");
        prop_assert!((read - value).abs() <= value.abs() * 1e-5, "{} {}", value, text);
    }

    #[test]
    fn any_moment_can_be_written(ms in any::<i64>()) {
        let _ = date(Timestamp(ms), DateStyle::Long);
        let _ = ago(Timestamp(ms), Timestamp(0));
    }
}
