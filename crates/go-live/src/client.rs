//! The way out on a real network: no redirects, bounded bodies, bounded time.

use std::io::{ErrorKind, Read as _};
use std::sync::Arc;
use std::time::Duration;

use ureq::config::AutoHeaderValue;
use ureq::http::Request;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error};

use crate::door::{Answer, Ask, Door, Fetched, Lost};
use crate::target::is_local;

/// For one request, body included.
const PATIENCE: Duration = Duration::from_secs(30);
/// For the connection.
const TO_CONNECT: Duration = Duration::from_secs(10);

/// Sends over the network.
#[derive(Debug)]
pub struct Client {
    /// One for each set of roots; the next is tried when a certificate does not hold.
    agents: Vec<Agent>,
    /// Without a proxy, which would look for this computer at its own.
    local: Vec<Agent>,
}

impl Client {
    /// Trusts Mozilla's roots, and with `ca` those of that PEM text too.
    ///
    /// # Errors
    /// One sentence when `ca` has no certificate.
    pub fn new(ca: Option<&[u8]>) -> Result<Self, String> {
        let mut roots = vec![RootCerts::WebPki];
        if let Some(pem) = ca {
            let certificates: Vec<Certificate<'static>> = parse_pem(pem)
                .filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                })
                .collect();
            if certificates.is_empty() {
                return Err("The file of `--ca` has no certificate in PEM form.".to_owned());
            }
            roots.insert(0, RootCerts::Specific(Arc::new(certificates)));
        }
        let agents = |with_proxy: bool| {
            let roots = roots.iter().cloned();
            roots.map(|roots| agent(roots, with_proxy)).collect()
        };
        Ok(Self {
            agents: agents(true),
            local: agents(false),
        })
    }
}

fn agent(roots: RootCerts, with_proxy: bool) -> Agent {
    let tls = TlsConfig::builder().root_certs(roots).build();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(TO_CONNECT))
        .user_agent(concat!("loop-go-live/", env!("CARGO_PKG_VERSION")))
        // A request that wants a compressed answer says so itself.
        .accept_encoding(AutoHeaderValue::None)
        .tls_config(tls);
    let config = if with_proxy {
        config
    } else {
        config.proxy(None)
    };
    Agent::new_with_config(config.build())
}

impl Door for Client {
    fn send(&self, ask: &Ask) -> Fetched {
        let agents = if is_local(&ask.url) {
            &self.local
        } else {
            &self.agents
        };
        let mut last = Lost::Closed;
        for agent in agents {
            match once(agent, ask) {
                Err(insecure @ Lost::Insecure(_)) => last = insecure,
                other => return other,
            }
        }
        Err(last)
    }
}

fn once(agent: &Agent, ask: &Ask) -> Fetched {
    let mut request = Request::builder().method(ask.method).uri(&ask.url);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let unsendable = |_| {
        Lost::Other("the request cannot be written: a header or the address has letters that are not allowed".to_owned())
    };
    let answer = match &ask.body {
        Some(body) => agent.run(request.body(body.as_slice()).map_err(unsendable)?),
        None => agent.run(request.body(()).map_err(unsendable)?),
    };
    let answer = answer.map_err(lost)?;
    let (head, body) = answer.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let headers = headers.collect();
    let mut bytes = Vec::new();
    let limit = u64::try_from(ask.cap).unwrap_or(u64::MAX).saturating_add(1);
    let read = body.into_reader().take(limit).read_to_end(&mut bytes);
    let is_whole = read.is_ok() && bytes.len() <= ask.cap;
    bytes.truncate(ask.cap);
    Ok(Answer {
        status: head.status.as_u16(),
        headers,
        body: bytes,
        is_whole,
    })
}

/// What the standard library says of a name that was not found, or could not be asked for.
const LOOKUP: &str = "failed to lookup address information";
const NOWHERE: &str = "the host name leads nowhere, or this computer has no network";

fn lost(error: Error) -> Lost {
    match error {
        Error::Rustls(error) => Lost::Insecure(error.to_string()),
        Error::Tls(words) => Lost::Insecure(words.to_owned()),
        Error::ConnectionFailed => Lost::Closed,
        Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => Lost::Closed,
        // What rustls says in the middle of a handshake comes wrapped.
        Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
            Lost::Insecure(error.to_string())
        }
        Error::HostNotFound => Lost::Other(NOWHERE.to_owned()),
        Error::Io(error) if error.to_string().starts_with(LOOKUP) => {
            Lost::Other(NOWHERE.to_owned())
        }
        other => Lost::Other(other.to_string()),
    }
}
