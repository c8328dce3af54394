//! Where signing secrets come from: files, or the environment. Never a flag, which every user of the machine can see.

use std::path::PathBuf;

use loop_webhooks::Secret;

use super::sources::{Given, Sources};
use super::{SettingError, file};

/// The newest first.
pub(super) fn read(sources: &Sources) -> Result<Vec<Secret>, SettingError> {
    if !sources.flags.secret_files.is_empty() {
        return of_files("--secret-file", &sources.flags.secret_files);
    }
    let (own, files) = (
        sources.variable("secrets")?,
        sources.variable("secret_files")?,
    );
    match (own, files) {
        (Some(_), Some(_)) => Err(SettingError(
            "LOOP_WEBHOOK_SECRETS and LOOP_WEBHOOK_SECRET_FILES are both set: take one of them away.".to_owned(),
        )),
        (Some(Given { from, text }), None) => {
            let all = text.split_whitespace().map(|text| secret(&from, text));
            at_least_one(&from, all.collect::<Result<_, _>>()?)
        }
        (None, Some(Given { from, text })) => {
            let paths: Vec<_> = std::env::split_paths(&text).collect();
            of_files(&from, &paths)
        }
        (None, None) => match &sources.secret_files {
            Some(file::Paths { from, paths }) => of_files(from, paths),
            None => Err(SettingError(
                "There is no signing secret: write the developer portal's into a file and name it by --secret-file FILE, or set LOOP_WEBHOOK_SECRETS.".to_owned(),
            )),
        },
    }
}

/// One a line. A path is not said: it may be a secret that was taken for one.
fn of_files(from: &str, paths: &[PathBuf]) -> Result<Vec<Secret>, SettingError> {
    let mut secrets = Vec::new();
    for (place, path) in (1..).zip(paths) {
        let from = if paths.len() == 1 {
            format!("The file of {from}")
        } else {
            format!("File {place} of {from}")
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            SettingError(format!(
                "{from} cannot be read ({}): look at its path and its permissions. A secret itself stands in such a file, or in LOOP_WEBHOOK_SECRETS.",
                error.kind()
            ))
        })?;
        let before = secrets.len();
        for line in text.lines().filter(|line| !line.is_empty()) {
            secrets.push(secret(&from, line)?);
        }
        if secrets.len() == before {
            at_least_one(&from, Vec::new())?;
        }
    }
    Ok(secrets)
}

fn at_least_one(from: &str, secrets: Vec<Secret>) -> Result<Vec<Secret>, SettingError> {
    if secrets.is_empty() {
        return Err(SettingError(format!(
            "{from} has no signing secret: write the developer portal's there."
        )));
    }
    Ok(secrets)
}

fn secret(from: &str, text: &str) -> Result<Secret, SettingError> {
    Secret::new(text).map_err(|error| SettingError(format!("{from}: {error}")))
}
