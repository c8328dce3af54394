//! `cargo xtask gallery`: a picture of every page and state.

use std::path::Path;
use std::process::ExitCode;

use crate::baseline::on_a_new_build;
use crate::smoke::Browser;
use crate::term::Outcome;

/// Builds what is needed and hands the words to the script.
pub(crate) fn command(root: &Path, words: &[String]) -> Outcome<ExitCode> {
    on_a_new_build(root, words, "the gallery", Browser::gallery)
}
