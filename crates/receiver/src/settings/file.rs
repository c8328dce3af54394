//! The file with settings: TOML, one level.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

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

pub(super) fn read(path: &Path) -> Result<File, SettingError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        SettingError(format!(
            "The file of --settings, {shown}, cannot be read ({}): look at its path and its permissions.",
            error.kind()
        ))
    })?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        // Its own message shows the line, which may hold a password.
        let at = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        SettingError(format!(
            "{shown}, line {line}, is no TOML: write name = \"value\", each name once."
        ))
    })?;
    let mut file = File::default();
    for (name, value) in table {
        if !NAMES.contains(&name.as_str()) {
            let hint = if name.starts_with("secret") {
                "secrets stand in files of their own, named by secret_files".to_owned()
            } else {
                format!("there are {}", NAMES.join(", "))
            };
            return Err(SettingError(format!(
                "`{}` in {shown} is no setting: {hint}.",
                name.escape_debug()
            )));
        }
        let from = format!("`{name}` in {shown}");
        if name == "secret_files" {
            let paths = paths(value);
            let paths = paths.ok_or_else(|| {
                SettingError(format!("{from} cannot be read: write [\"path\", …]."))
            })?;
            file.secret_files = Some(Paths { from, paths });
            continue;
        }
        let text = match value {
            Value::String(text) => text,
            Value::Integer(number) => number.to_string(),
            _ => {
                return Err(SettingError(format!(
                    "{from} cannot be read: write its value in quotes."
                )));
            }
        };
        file.texts.insert(name, Given { from, text });
    }
    Ok(file)
}

fn paths(value: Value) -> Option<Vec<PathBuf>> {
    match value {
        Value::String(path) => Some(vec![path.into()]),
        Value::Array(paths) => paths
            .into_iter()
            .map(|path| path.as_str().map(PathBuf::from))
            .collect(),
        _ => None,
    }
}
