//! What can be told on the command line.

use std::path::{Path, PathBuf};

use clap::Parser;
use loop_sdk::url::Endpoint;
use loop_webhooks::Secret;

use crate::receiver::Receiver;

/// Checks a deployment of the app from outside, without credentials, before people use it.
///
/// Exit codes: 0 when nothing failed, 1 when something did, 2 for a wrong command line, 3 with --strict when nothing failed and
/// something is left that only a person can confirm.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask go-live")]
pub struct Options {
    /// Where the app is: https, or http on this computer; with the path when it is not at the root.
    pub url: String,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
    /// Try this webhook receiver too.
    #[arg(long, value_name = "URL")]
    pub webhook: Option<String>,
    /// The file of its signing secret; with it one signed test event is sent, which the receiver keeps.
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub webhook_secret_file: Option<PathBuf>,
    /// A BAA has been signed: the same as `--confirm scopes.baa`.
    #[arg(long)]
    pub yes_baa: bool,
    /// You have confirmed what the check of this id asks. Repeatable.
    #[arg(long, value_name = "ID")]
    pub confirm: Vec<String>,
    /// Exit code 3 while something is left that only you can confirm.
    #[arg(long)]
    pub strict: bool,
    /// Trust the certificates in this PEM file too.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

impl Options {
    /// All that a person has confirmed.
    pub fn confirmed(&self) -> Vec<String> {
        let baa = self.yes_baa.then(|| "scopes.baa".to_owned());
        self.confirm.iter().cloned().chain(baa).collect()
    }

    /// The receiver to try.
    ///
    /// # Errors
    /// One sentence, which never repeats what stands in the file.
    pub fn receiver(&self) -> Result<Option<Receiver>, String> {
        let Some(url) = &self.webhook else {
            return Ok(None);
        };
        Endpoint::parse(url)
            .map_err(|error| format!("The address of the webhook receiver {error}."))?;
        let secret = match &self.webhook_secret_file {
            None => None,
            Some(file) => {
                let text = String::from_utf8(read(file, "--webhook-secret-file")?)
                    .map_err(|_| "The file of `--webhook-secret-file` is no text.".to_owned())?;
                let secret = text.lines().next().unwrap_or_default();
                let secret = Secret::new(secret);
                Some(secret.map_err(|error| format!("`--webhook-secret-file`: {error}"))?)
            }
        };
        let url = url.clone();
        Ok(Some(Receiver { url, secret }))
    }

    /// The bytes of `--ca`.
    ///
    /// # Errors
    /// One sentence.
    pub fn authority(&self) -> Result<Option<Vec<u8>>, String> {
        self.ca
            .as_deref()
            .map(|file| read(file, "--ca"))
            .transpose()
    }
}

fn read(file: &Path, flag: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("The file of `{flag}` cannot be read: {error}."))
}
