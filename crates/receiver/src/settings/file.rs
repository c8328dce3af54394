//! The file with settings: TOML, one level.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::sources::Given;
use super::{NAMES, SettingError};

/// Files with secrets, and where they are named.
pub(super) struct Paths {
    pub(super) from: String,
    pub(super) paths: Vec<PathBuf>,
}

/// What a file says.
#[derive(Default)]
pub(super) struct File {
    pub(super) texts: BTreeMap<String, Given>,
    pub(super) secret_files: Option<Paths>,
}

/// Neither its path nor a name that is no setting is said: either may be a secret at the wrong place.
pub(super) fn read(path: &Path) -> Result<File, SettingError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        SettingError(format!(
            "The file of --settings or LOOP_WEBHOOK_SETTINGS cannot be read ({}): look at its path and its permissions.",
            error.kind()
        ))
    })?;
    let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let table = DeTable::parse(&text).map_err(|error| {
        // Its own message shows the line, which may hold a password.
        let line = line(error.span().map_or(0, |span| span.start));
        SettingError(format!(
            "Line {line} of the file of --settings is no TOML: write name = \"value\", each name once."
        ))
    })?;
    let mut file = File::default();
    for (key, value) in table.into_inner() {
        let name = key.get_ref().as_ref();
        if !NAMES.contains(&name) {
            let hint = if name.starts_with("secret") {
                "secrets stand in files of their own, named by secret_files".to_owned()
            } else {
                format!("there are {}", NAMES.join(", "))
            };
            return Err(SettingError(format!(
                "The name in line {} of the file of --settings is no setting: {hint}.",
                line(key.span().start)
            )));
        }
        let from = format!("`{name}` in the file of --settings");
        if name == "secret_files" {
            let paths = paths(value.get_ref());
            let paths = paths.ok_or_else(|| {
                SettingError(format!("{from} cannot be read: write [\"path\", …]."))
            })?;
            file.secret_files = Some(Paths { from, paths });
            continue;
        }
        let text = text_of(value.get_ref()).ok_or_else(|| {
            SettingError(format!("{from} cannot be read: write its value in quotes."))
        })?;
        file.texts.insert(name.to_owned(), Given { from, text });
    }
    Ok(file)
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            number.ok().map(|number| number.to_string())
        }
        _ => None,
    }
}

fn paths(value: &DeValue<'_>) -> Option<Vec<PathBuf>> {
    match value {
        DeValue::String(path) => Some(vec![path.as_ref().into()]),
        DeValue::Array(paths) => paths
            .iter()
            .map(|path| path.get_ref().as_str().map(PathBuf::from))
            .collect(),
        _ => None,
    }
}
