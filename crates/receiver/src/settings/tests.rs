//! How texts are read, and that the documentation has every setting.

use std::time::Duration;

use super::values::{Wanted, count, duration, path, size, span};
use super::{Flags, NAMES, Sources};

const SECOND: Duration = Duration::from_secs(1);
const FOREVER: Duration = Duration::from_secs(u64::MAX / 1_000);

#[test]
fn times_are_read_and_written() {
    for (text, seconds, written) in [
        ("10s", 10, "10s"),
        ("60s", 60, "1m"),
        ("90m", 5_400, "90m"),
        ("12h", 43_200, "12h"),
        ("90d", 7_776_000, "90d"),
        ("2000ms", 2, "2s"),
        ("0s", 0, "0s"),
    ] {
        let read = duration(text, Duration::ZERO..=FOREVER);
        assert_eq!(read, Ok(seconds * SECOND), "{text}");
        assert_eq!(span(seconds * SECOND), written);
    }
    for text in [
        "",
        "s",
        "10",
        "10 s",
        "-1s",
        "1.5s",
        "10S",
        "10w",
        "+1s",
        "99999999999999999999d",
        "9999999999999999999d",
    ] {
        assert!(duration(text, Duration::ZERO..=FOREVER).is_err(), "{text}");
    }
    assert!(duration("9s", 10 * SECOND..=20 * SECOND).is_err());
    assert!(duration("21s", 10 * SECOND..=20 * SECOND).is_err());
}

#[test]
fn sizes_and_counts_are_read() {
    for (text, bytes) in [("1024", 1024), ("256k", 262_144), ("1m", 1_048_576)] {
        assert_eq!(size(text, 0..=usize::MAX), Ok(bytes));
    }
    for text in [
        "",
        "k",
        "1kb",
        "1 k",
        "-1",
        "1e3",
        "99999999999999999999",
        "9999999999999999999m",
    ] {
        assert!(size(text, 0..=usize::MAX).is_err(), "{text}");
    }
    assert_eq!(count("7", 1..=9), Ok(7));
    assert_eq!(
        count("0", 1..=9),
        Err(Wanted("a number from 1 to 9".to_owned()))
    );
    assert!(count("many", 1..=9).is_err());
}

#[test]
fn a_path_is_as_it_stands_in_a_request() {
    for good in ["/", "/webhooks/loop", "/a-b_c.d~e:1@2"] {
        assert_eq!(path(good), Ok(good.to_owned()));
    }
    for bad in [
        "",
        "webhooks",
        "/a b",
        "/a?b",
        "/a#b",
        "/%41",
        "/ä",
        "http://host/",
    ] {
        assert!(path(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_empty_variable_says_nothing() {
    let sources = Sources::read(Flags::default(), |_| Some("".into()))
        .unwrap_or_else(|_| panic!("no file is named"));
    assert!(sources.database().is_err());
}

#[test]
fn the_documentation_has_every_setting() {
    let documentation = include_str!("../../../../docs/webhooks.md");
    for name in NAMES {
        assert!(documentation.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn the_documentation_shows_the_example_as_it_compiles() {
    let documentation = include_str!("../../../../docs/webhooks.md");
    let example = include_str!("../../../webhooks/examples/webhook-axum.rs");
    assert!(documentation.contains(&format!("```rust\n{example}```")));
}
