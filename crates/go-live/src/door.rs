//! What is asked and what comes back, as plain data, and the only way out.

/// The most bytes of a page, a document or an answer of the platform.
pub const SMALL: usize = 1 << 20;
/// The most bytes of a file of the app.
pub const LARGE: usize = 32 << 20;

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// As it stands on the wire.
    pub method: &'static str,
    /// Whole, with scheme and host.
    pub url: String,
    /// Lower-case names.
    pub headers: Vec<(&'static str, String)>,
    /// `None` sends no body.
    pub body: Option<Vec<u8>>,
    /// The most bytes of the answer's body that are read.
    pub cap: usize,
}

impl Ask {
    /// A GET of something small.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET",
            url: url.into(),
            headers: Vec::new(),
            body: None,
            cap: SMALL,
        }
    }

    /// A POST with a body of this type.
    pub fn post(url: impl Into<String>, kind: &str, body: Vec<u8>) -> Self {
        let mut ask = Self::get(url);
        ask.method = "POST";
        ask.body = Some(body);
        ask.with("content-type", kind)
    }

    /// What a browser asks before a request of another origin that is not simple (Fetch §3.3).
    pub fn preflight(url: impl Into<String>, origin: &str, method: &str, headers: &str) -> Self {
        let mut ask = Self::get(url);
        ask.method = "OPTIONS";
        ask.with("origin", origin)
            .with("access-control-request-method", method)
            .with("access-control-request-headers", headers)
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Reads more or less of the body.
    #[must_use]
    pub fn at_most(mut self, cap: usize) -> Self {
        self.cap = cap;
        self
    }
}

/// What was answered. A redirect is an answer like any other.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Lower-case names, in the order of the wire; a header that came twice is here twice.
    pub headers: Vec<(String, String)>,
    /// At most [`Ask::cap`] bytes, unpacked when they came compressed.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

impl Answer {
    /// All values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = self.headers.iter().filter(move |(own, _)| own == name);
        same.map(|(_, value)| value.as_str())
    }

    /// The first value of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The media type, in lower case and without parameters; empty without one.
    pub fn kind(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        let kind = value.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    }

    /// Whether the body is all there is and the status is 200.
    pub fn is_ok(&self) -> bool {
        self.status == 200 && self.is_whole
    }

    /// Whether it is a page, by its type or by how it begins.
    pub fn is_page(&self) -> bool {
        let start = self.body.trim_ascii_start();
        let start = start.get(..9).unwrap_or(start).to_ascii_lowercase();
        self.kind() == "text/html" || start == b"<!doctype" || start.starts_with(b"<html")
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// Nothing listens there.
    Closed,
    /// The certificate does not hold, or the encryption failed.
    Insecure(String),
    /// Anything else, in words.
    Other(String),
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Closed => f.write_str("nothing listens there"),
            Self::Insecure(words) => write!(f, "no secure connection: {words}"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

/// An answer, or why there is none.
pub type Fetched = Result<Answer, Lost>;

/// The only way out.
pub trait Door {
    /// Sends one request. Follows no redirect.
    fn send(&self, ask: &Ask) -> Fetched;
}
