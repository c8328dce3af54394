//! `cargo xtask size --parts`: what each room of the code weighs in the download.
//!
//! The weight of a room is what brotli saves when the functions of that room are taken out of the release. Small functions
//! are part of whoever calls them, so a page that draws a view once may hold the view.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::term::{Failure, Outcome, Tried, say};
use crate::{build, compress, finish, tools, wasm};

/// Rooms that weigh less are shown together.
const SMALL: usize = 300;

/// The quality of brotli for differences: what a host sends takes ten times as long, and there are many rooms.
const QUICK: u32 = 9;

/// What a person sees, and the rooms that are there for nothing else.
const VIEWS: [(&str, &[&str]); 6] = [
    (
        "number line, sparkline, chart",
        &[
            "loop_ui::views::number_line",
            "loop_ui::views::sparkline",
            "loop_ui::views::trend",
            "loop_ui::views::paths",
        ],
    ),
    (
        "list and overview",
        &[
            "loop_ui::views::biomarker_list",
            "loop_ui::views::overview",
            "loop_ui::views::draw",
            "loop_ui::views::drawing",
            "loop_partner::pages::home",
        ],
    ),
    (
        "one biomarker",
        &[
            "loop_ui::views::biomarker_detail",
            "loop_ui::views::units",
            "loop_ui::views::change",
            "loop_ui::views::notes",
            "loop_partner::pages::biomarker",
        ],
    ),
    (
        "report",
        &["loop_ui::views::report_grid", "loop_partner::pages::report"],
    ),
    (
        "care and check-ins",
        &[
            "loop_ui::views::care",
            "loop_partner::care",
            "loop_partner::pages::care",
            "loop_partner::pages::check_in",
        ],
    ),
    ("export", &["loop_ui::export"]),
];

/// A room, its functions and bytes, and what is saved without it.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    room: String,
    functions: usize,
    raw: usize,
    br: usize,
}

/// Builds the app as it is released, once more with names, and prints a table.
pub(super) fn print(root: &Path) -> Outcome<()> {
    let named = root.join("target/named.wasm");
    // What was built before would be taken for what is built now.
    if named.exists() {
        fs::remove_file(&named).tried("remove the wasm file with names")?;
    }
    build::app_with_names(&tools::unchecked(root)?, &named)?;
    let bytes = fs::read(&named).map_err(|_| {
        Failure::new("No wasm file with names was made: `cargo xtask tools` installs wasm-opt.")
    })?;
    let functions = wasm::functions(&bytes)
        .ok_or_else(|| Failure::new("The wasm file is of an unknown form."))?;
    say(format_args!(
        "{:<36}{:>10}{:>12}{:>15}",
        "", "functions", "raw", "brotli"
    ));
    for part in weighed(&functions)? {
        part.say();
    }
    say("");
    for (name, rooms) in VIEWS {
        together(&functions, name, rooms)?.say();
    }
    Ok(())
}

impl Part {
    fn say(&self) {
        let (raw, br) = (super::kilo(self.raw), super::kilo(self.br));
        say(format_args!(
            "{:<36}{:>10}{raw:>12} kB{br:>12} kB",
            self.room, self.functions
        ));
    }
}

/// What several rooms weigh together.
fn together(functions: &[(&str, &[u8])], name: &str, rooms: &[&str]) -> Outcome<Part> {
    let (own, others): (Vec<_>, Vec<_>) = functions
        .iter()
        .partition(|(name, _)| rooms.iter().any(|outer| is_within(&room(name), outer)));
    let whole = compressed(functions.iter())?;
    Ok(Part {
        room: name.to_owned(),
        functions: own.len(),
        raw: own.iter().map(|(_, body)| body.len()).sum(),
        br: whole.saturating_sub(compressed(others.iter())?),
    })
}

fn is_within(room: &str, outer: &str) -> bool {
    room.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// What brotli makes of these functions, one after the other.
fn compressed<'a>(functions: impl Iterator<Item = &'a (&'a str, &'a [u8])>) -> Outcome<usize> {
    let bytes: Vec<u8> = functions
        .flat_map(|(_, body)| body.iter().copied())
        .collect();
    compress::brotli(&bytes, QUICK).map(|packed| packed.len())
}

/// Each room, the heaviest first, and all small ones as one at the end.
fn weighed(functions: &[(&str, &[u8])]) -> Outcome<Vec<Part>> {
    let mut rooms: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (name, body) in functions {
        let (count, raw) = rooms.entry(room(name)).or_default();
        *count += 1;
        *raw += body.len();
    }
    let without =
        |left_out: &str| compressed(functions.iter().filter(|(name, _)| room(name) != left_out));
    let whole = compressed(functions.iter())?;
    let mut parts = Vec::new();
    let mut small = Part {
        room: "all others".to_owned(),
        functions: 0,
        raw: 0,
        br: 0,
    };
    for (room, (functions, raw)) in rooms {
        // Too little to be shown on its own, so it is not tried, which takes a second.
        let br = if raw < SMALL {
            raw / 3
        } else {
            whole.saturating_sub(without(&room)?)
        };
        if br < SMALL {
            small.functions += functions;
            small.raw += raw;
            small.br += br;
        } else {
            parts.push(Part {
                room,
                functions,
                raw,
                br,
            });
        }
    }
    parts.sort_by_key(|part| std::cmp::Reverse(part.br));
    parts.push(small);
    Ok(parts)
}

/// The room that a function's name speaks of: the first one of ours, with its inner room; else the crate.
fn room(name: &str) -> String {
    let plain = finish::plain(name);
    let words = |text: &str| -> Vec<String> {
        text.split("::")
            .map(|word| {
                let is_name = |letter: &char| letter.is_alphanumeric() || *letter == '_';
                word.chars().take_while(is_name).collect()
            })
            .collect()
    };
    if let Some(start) = plain.find("loop_") {
        let path = words(&plain[start..]);
        let is_room = |word: &String| word.starts_with(|first: char| first.is_ascii_lowercase());
        // The app's own crate has one storey less.
        let depth = match path.first().map(String::as_str) {
            Some("loop_partner") => 2 + usize::from(path.get(1).is_some_and(|it| it == "pages")),
            _ => 3,
        };
        let rooms: Vec<String> = path.into_iter().take(depth).take_while(is_room).collect();
        return rooms.join("::");
    }
    let first = plain.trim_start_matches(|letter: char| !letter.is_alphabetic());
    match words(first).into_iter().next().as_deref() {
        None | Some("") => "without a name".to_owned(),
        // A bare type or parameter is one that the standard library has implemented something for.
        Some("core" | "alloc" | "std" | "dlmalloc" | "compiler_builtins" | "hashbrown" | "fmt") => {
            "standard library".to_owned()
        }
        Some(word) if word.len() < 5 && !word.starts_with("sha") => "standard library".to_owned(),
        Some(word) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn a_function_knows_its_room() {
        for (name, expected) in [
            (
                "loop_ui::views::trend::Chart::view::{{closure}}::h0123",
                "loop_ui::views::trend",
            ),
            (
                "loop_partner::pages::home::home::{{closure}}",
                "loop_partner::pages::home",
            ),
            ("loop_partner::record::Record::load", "loop_partner::record"),
            (
                "loop_sdk::session::Session<E>::discover",
                "loop_sdk::session",
            ),
            (
                "core::ptr::drop_in_place<loop_sdk::api::list::List>",
                "loop_sdk::api::list",
            ),
            (
                "<loop_contracts[12ab]::json::Object>::member",
                "loop_contracts::json",
            ),
            (
                "core[c5930c85a12de822]::str::slice_error_fail",
                "standard library",
            ),
            (
                "<dlmalloc[e2]::dlmalloc::Dlmalloc>::malloc",
                "standard library",
            ),
            (
                "<T as alloc::string::SpecToString>::spec_to_string",
                "standard library",
            ),
            ("<char>::escape_debug_ext", "standard library"),
            ("sha2::sha256::compress256", "sha2"),
            ("reactive_graph::effect::Effect", "reactive_graph"),
            ("", "without a name"),
        ] {
            assert_eq!(room(name), expected, "{name}");
        }
    }

    #[test]
    fn a_room_weighs_what_is_saved_without_it() {
        // Bytes that brotli cannot shorten, so that each room weighs what it holds.
        let noise: Vec<u8> = (0..125_u8).flat_map(|at| Sha256::digest([at])).collect();
        let functions: Vec<(&str, &[u8])> = vec![
            ("loop_ui::views::a::x", &noise[..1_000]),
            ("loop_ui::views::b::x", &noise[1_000..3_000]),
            ("loop_ui::views::b::y", &noise[3_000..]),
            ("loop_ui::views::c::x", &noise[..30]),
        ];
        let parts = weighed(&functions).unwrap();
        let rooms: Vec<_> = parts
            .iter()
            .map(|part| (part.room.as_str(), part.functions, part.raw))
            .collect();
        assert_eq!(
            rooms,
            [
                ("loop_ui::views::b", 2, 3_000),
                ("loop_ui::views::a", 1, 1_000),
                ("all others", 1, 30)
            ]
        );
        assert!(is_within("loop_ui::export::csv", "loop_ui::export"));
        assert!(!is_within(
            "loop_ui::views::drawing",
            "loop_ui::views::draw"
        ));
        let both = together(
            &functions,
            "both",
            &["loop_ui::views::a", "loop_ui::views::c"],
        )
        .unwrap();
        assert_eq!((both.functions, both.raw), (2, 1_030));
        assert!(both.br.abs_diff(1_030) < 200, "{}", both.br);
        assert!(parts[0].br.abs_diff(3_000) < 200, "{}", parts[0].br);
        assert!(parts[1].br.abs_diff(1_000) < 200, "{}", parts[1].br);
    }
}
