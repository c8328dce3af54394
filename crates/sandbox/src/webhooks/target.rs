//! Where deliveries go: this computer, and nowhere else.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

/// A receiver on this computer.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    url: String,
    /// `host:port`, as it was written.
    pub(crate) host: String,
    pub(crate) path: String,
    /// Loopback addresses alone, whatever a name would resolve to.
    pub(crate) addresses: Vec<SocketAddr>,
}

impl Target {
    /// Takes `http://localhost`, `http://127.0.0.1` or `http://[::1]`, with a port, a path and a query if there are any.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn new(url: &str) -> Result<Self, String> {
        let uri: Uri = url.parse().map_err(|_| "it is not a URL".to_owned())?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if uri.scheme_str() != Some("http") || authority.contains('@') || url.contains('#') {
            return Err(
                "it needs the form http://localhost:PORT/PATH: webhooks stay on this computer"
                    .to_owned(),
            );
        }
        let host = uri.host().unwrap_or_default();
        // `Uri` reads a port that is too large as none.
        let port = match uri.port_u16() {
            None if authority == host => 80,
            port => port.unwrap_or(0),
        };
        if port == 0 {
            return Err("its port is not a number from 1 to 65535".to_owned());
        }
        let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
        let addresses = match host {
            "localhost" => vec![v4, v6],
            "127.0.0.1" => vec![v4],
            "[::1]" => vec![v6],
            _ => {
                return Err(
                    "webhooks stay on this computer: the host is localhost, 127.0.0.1 or [::1]"
                        .to_owned(),
                );
            }
        };
        Ok(Self {
            url: url.to_owned(),
            host: authority.to_owned(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            addresses: addresses
                .into_iter()
                .map(|address| SocketAddr::new(address, port))
                .collect(),
        })
    }

    /// As it was given.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// A URL may carry a token in its path.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_computer() {
        for (url, host, path, addresses) in [
            (
                "http://localhost:9000/hooks",
                "localhost:9000",
                "/hooks",
                "127.0.0.1:9000 [::1]:9000",
            ),
            (
                "http://127.0.0.1:9000",
                "127.0.0.1:9000",
                "/",
                "127.0.0.1:9000",
            ),
            (
                "http://[::1]:9000/a?b=c",
                "[::1]:9000",
                "/a?b=c",
                "[::1]:9000",
            ),
            (
                "http://localhost/",
                "localhost",
                "/",
                "127.0.0.1:80 [::1]:80",
            ),
        ] {
            let target = Target::new(url).unwrap();
            let known: Vec<_> = target.addresses.iter().map(ToString::to_string).collect();
            assert_eq!(
                (
                    target.url(),
                    target.host.as_str(),
                    target.path.as_str(),
                    known.join(" ").as_str()
                ),
                (url, host, path, addresses)
            );
        }
    }

    #[test]
    fn nowhere_else() {
        for url in [
            "https://localhost:9000/",
            "http://example.com/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.2:9000/",
            "http://10.0.0.1/",
            "http://[::2]/",
            "http://user@localhost:9000/",
            "http://localhost@example.com/",
            "http://localhost:0/",
            "http://localhost:99999/",
            "http://localhost:9000/#part",
            "localhost:9000",
            "/hooks",
            "",
        ] {
            assert!(Target::new(url).is_err(), "{url}");
        }
    }
}
