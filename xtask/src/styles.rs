//! Trunk's first hook: `style/*.css` → `target/loop.css`, so that a visitor loads one style sheet.

use std::fs;
use std::path::Path;

use crate::term::{Failure, Outcome, Tried};

/// What the others build on comes first, what overrides them last; the rest goes by name.
const FIRST: [&str; 3] = ["tokens.css", "base.css", "shell.css"];
const LAST: [&str; 1] = ["print.css"];

/// Writes the one style sheet.
pub(crate) fn command(root: &Path) -> Outcome<()> {
    let folder = root.join("style");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .tried("read style/")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "css")
        })
        .collect();
    if names.is_empty() {
        return Err(Failure::new("style/ holds no .css file."));
    }
    put_in_order(&mut names);
    let mut sheet = String::new();
    for name in &names {
        sheet.push_str(
            &fs::read_to_string(folder.join(name)).tried(format_args!("read style/{name}"))?,
        );
        sheet.push('\n');
    }
    let file = root.join("target/loop.css");
    // An unchanged file keeps its time, so that `trunk serve` does not see a change of its own making.
    if fs::read_to_string(&file).is_ok_and(|before| before == sheet) {
        return Ok(());
    }
    fs::create_dir_all(root.join("target")).tried("create target/")?;
    fs::write(&file, sheet).tried("write target/loop.css")
}

fn put_in_order(names: &mut [String]) {
    let place = |name: &str| match (
        FIRST.iter().position(|first| *first == name),
        LAST.contains(&name),
    ) {
        (Some(at), _) => at,
        (None, false) => FIRST.len(),
        (None, true) => FIRST.len() + 1,
    };
    names.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cascade_has_an_order() {
        let mut names = [
            "trend.css",
            "print.css",
            "base.css",
            "list.css",
            "tokens.css",
        ]
        .map(str::to_owned);
        put_in_order(&mut names);
        assert_eq!(
            names,
            [
                "tokens.css",
                "base.css",
                "list.css",
                "trend.css",
                "print.css"
            ]
        );
    }
}
