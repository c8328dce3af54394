//! Which deployment is looked at.

use loop_sdk::url::Endpoint;

/// The address of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Scheme, host and port.
    pub origin: String,
    /// The path under which the app is, with a slash at both ends.
    pub base: String,
}

impl Target {
    /// Reads an address. `https`, and `http` on this computer alone; a path is the folder of the app.
    ///
    /// # Errors
    /// One sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let address = Endpoint::parse(text).map_err(|error| {
            format!("The address of the app {error}: write one such as https://app.example.")
        })?;
        let path = address.path_and_query();
        if path.contains('?') {
            return Err("The address of the app has a query: leave it out.".to_owned());
        }
        let path = path.trim_matches('/');
        let base = if path.is_empty() {
            "/".to_owned()
        } else {
            format!("/{path}/")
        };
        Ok(Self {
            origin: address.origin().to_owned(),
            base,
        })
    }

    /// The whole address of a path of this origin.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The whole address of a path below the app.
    pub fn below(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.base)
    }

    /// Whether the connection is encrypted.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether it runs on this computer.
    pub fn is_local(&self) -> bool {
        is_local(&self.origin)
    }

    /// The same address without encryption; `None` where it cannot be known, because this one names a port.
    pub fn plain(&self) -> Option<String> {
        let host = self.origin.strip_prefix("https://")?;
        (!host.contains(':')).then(|| format!("http://{host}{}", self.base))
    }

    /// The whole address that a page means by `reference`; `None` for what is no address of a server.
    pub fn resolve(&self, reference: &str) -> Option<String> {
        let reference = reference.trim();
        if reference.starts_with("//") {
            let scheme = self.origin.split("//").next().unwrap_or_default();
            Some(format!("{scheme}{reference}"))
        } else if reference.starts_with('/') {
            Some(self.at(reference))
        } else if reference.starts_with('#') || reference.is_empty() {
            None
        } else if has_scheme(reference) {
            Some(reference.to_owned())
        } else {
            Some(self.below(reference.trim_start_matches("./")))
        }
    }

    /// Whether a whole address is of this origin.
    pub fn owns(&self, url: &str) -> bool {
        url.strip_prefix(&self.origin)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    }
}

/// Whether a text begins with a scheme (RFC 3986 §3.1).
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

/// Whether an address is of this computer.
pub fn is_local(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    matches!(host, "localhost" | "127.0.0.1")
}

/// Scheme, host and port of a whole address.
pub fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| host + at);
    &url[..end]
}
