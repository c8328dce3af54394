//! Makes the phrases of `languages/en.txt` names of the program, and takes the names out of the texts: at run time a phrase is
//! its line. docs/languages.md says what such a file looks like. And puts `style/` together for other people's pages.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What the page says before there is a program; `public/boot.js` reads these lines.
const BOOT: &str = "Boot";

/// Where the style is.
const STYLE: &str = "../../style";
/// What the others build on.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];
/// What is of a whole page, and so of the app alone.
const OF_THE_APP: [&str; 2] = ["shell.css", "print.css"];

/// The style of the views, for elements with the class `loop` and what is inside them: a host's page keeps its own.
fn style() -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={STYLE}");
    let mut names = Vec::new();
    for entry in fs::read_dir(STYLE)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        let is_sheet = Path::new(&name).extension().is_some_and(|end| end == "css");
        if is_sheet && !OF_THE_APP.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.sort_by_key(|name| {
        (
            !FIRST.contains(&name.as_str()),
            name != FIRST[0],
            name.clone(),
        )
    });
    let mut sheet = String::from("@scope (.loop) {\n");
    for name in names {
        let file = fs::read_to_string(PathBuf::from(STYLE).join(name))?;
        for line in file.lines() {
            // What is said of the root element is said of each of these, and follows what the root element has.
            let is_root = line.trim_start().starts_with(":root") && line.ends_with('{');
            let rule = line.strip_suffix(" {").filter(|_| is_root);
            match rule {
                Some(rule) => writeln!(sheet, "{rule} :scope {{")?,
                None => writeln!(sheet, "{line}")?,
            }
        }
    }
    sheet.push_str("}\n");
    Ok(sheet)
}

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
    fs::write(out.join("style.css"), style()?)?;
    fs::write(out.join("phrases.rs"), names)?;
    fs::write(out.join("en.txt"), texts)?;
    Ok(())
}
