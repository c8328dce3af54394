//! Where the app lies on its origin: at the root, or in a folder.

use super::settings::plain_path;

/// A path that begins and ends with a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Default for Base {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl Base {
    /// Reads `/`, `/app/`, `/a/b/`, with or without the slash at the end.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let path = plain_path(text.strip_suffix('/').unwrap_or(text))?;
        let mut folders = path.strip_prefix('/').unwrap_or(&path).split('/');
        let is_root = path.is_empty();
        let is_path = path.starts_with('/');
        // A folder that begins with a dot is hidden, or is another one.
        let is_plain = folders.all(|folder| !folder.is_empty() && !folder.starts_with('.'));
        (is_root || is_path && is_plain).then(|| Self(path + "/"))
    }

    /// The path, with a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder in the one that is served: nothing at the root.
    pub(super) fn folder(&self) -> &str {
        self.0.trim_matches('/')
    }

    /// Where a path of the app is, such as `/report` or `index.html`.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{}", self.0, path.strip_prefix('/').unwrap_or(path))
    }

    /// The page with this address in place of the root for each file that it loads.
    pub(super) fn moved(&self, page: &str, files: &[String]) -> String {
        let mut page = page.to_owned();
        for name in files {
            for quote in ["", "\"", "'"] {
                let [from, to] = [format!("/{name}"), self.address(name)]
                    .map(|address| format!("={quote}{address}"));
                page = page.replace(&from, &to);
            }
        }
        page
    }
}

#[cfg(test)]
mod tests;
