//! Makes the phrases of `languages/en.txt` names of the program, and takes the names out of the texts: at run time a phrase is
//! its line. docs/languages.md says what such a file looks like.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

/// What the page says before there is a program; `public/boot.js` reads these lines.
const BOOT: &str = "Boot";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=languages");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let text = fs::read_to_string("languages/en.txt")?;
    let lines = || text.lines().filter_map(|line| line.split_once(" = "));
    let is_phrase = |name: &str| name.starts_with(char::is_uppercase) && !name.starts_with(BOOT);

    let mut names = String::from(
        "/// Something the app says. Its text is in `languages/`.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u16)]\npub enum Phrase {\n",
    );
    let head = ["tag", "name", "direction", "plurals", "small_names"].map(|wanted| {
        let found = lines().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value)
    });
    let mut texts = head.join("\t") + "\n";
    let mut count = 0;
    for (name, text) in lines().filter(|(name, _)| is_phrase(name)) {
        // As code, so that nobody reads marks of a text as marks of its documentation.
        let doc = format!("`{text}`");
        writeln!(names, "    #[doc = {doc:?}]\n    {name},")?;
        writeln!(texts, "{text}")?;
        count += 1;
    }
    let boot = lines().filter(|(name, _)| name.starts_with(BOOT)).count();
    writeln!(
        names,
        "}}\n\n/// How many phrases there are.\nconst PHRASES: usize = {count};\n/// How many lines of a file come before them: its head, and what the page says before there is a program.\nconst LINES_BEFORE: usize = {};",
        boot + 1
    )?;
    fs::write(out.join("phrases.rs"), names)?;
    fs::write(out.join("en.txt"), texts)?;
    Ok(())
}
