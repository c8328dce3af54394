//! One request and one answer, as plain data.

use std::borrow::Cow;
use std::fmt;

/// Of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// A request. Prints neither body nor headers: they carry tokens.
#[derive(Clone)]
pub struct HttpRequest {
    /// What to do.
    pub method: Method,
    /// Where. Never holds a token, a code or a health value.
    pub url: String,
    /// Lower-case names.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body.
    pub body: Option<String>,
    /// The most bytes of the answer that are read.
    pub max_answer: usize,
    /// After so many milliseconds the request is given up.
    pub timeout: u32,
    /// Whether the browser may keep the answer, and ask the server next time whether it still holds.
    pub may_be_kept: bool,
    /// Whether the page asks for it by itself before the app is there, so that what came is taken.
    pub is_preloaded: bool,
}

impl HttpRequest {
    /// How long an answer is waited for, in milliseconds.
    pub(crate) const TIMEOUT: u32 = 15_000;

    /// A GET.
    pub fn get(url: String) -> Self {
        Self::new(Method::Get, url)
    }

    /// A DELETE.
    pub fn delete(url: String) -> Self {
        Self::new(Method::Delete, url)
    }

    /// A POST of a form.
    pub fn post_form(url: String, form: String) -> Self {
        Self::post(url, "application/x-www-form-urlencoded", form)
    }

    /// A POST of JSON.
    pub fn post_json(url: String, json: String) -> Self {
        Self::post(url, "application/json", json)
    }

    fn post(url: String, kind: &str, body: String) -> Self {
        let request = Self::new(Method::Post, url).header("content-type", kind.to_owned());
        Self {
            body: Some(body),
            ..request
        }
    }

    fn new(method: Method, url: String) -> Self {
        Self {
            method,
            url,
            headers: vec![],
            body: None,
            max_answer: 1 << 20,
            timeout: Self::TIMEOUT,
            may_be_kept: false,
            is_preloaded: false,
        }
    }

    /// With `Accept: application/json`.
    #[must_use]
    pub fn accept_json(self) -> Self {
        self.header("accept", "application/json".to_owned())
    }

    /// With one header more.
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: String) -> Self {
        self.headers.push((name.into(), value));
        self
    }

    /// For a file that is the same for everybody: the browser may keep it, and asks whether it still holds.
    #[must_use]
    pub fn may_be_kept(mut self) -> Self {
        self.may_be_kept = true;
        self
    }

    /// For a file of the app's own origin that the page names in a `<link rel="preload">`. A browser gives what came to a request
    /// that is like its own alone: with the cookies of that origin, where there are any.
    #[must_use]
    pub fn preloaded(mut self) -> Self {
        self.is_preloaded = true;
        self
    }

    /// Given up after so many milliseconds.
    #[must_use]
    pub fn within(mut self, milliseconds: u32) -> Self {
        self.timeout = milliseconds;
        self
    }

    /// Reads at most so many bytes of the answer.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// An answer. Prints its status alone.
#[derive(Clone, Default)]
pub struct HttpResponse {
    /// 100 to 599.
    pub status: u16,
    /// Lower-case names; only what CORS lets a page see.
    pub headers: Vec<(String, String)>,
    /// At most `max_answer` bytes.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Why there is no answer. A page is told little: a refused connection, a lost answer and a missing CORS header all
/// look like [`HttpFailure::Network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpFailure {
    /// The browser says it has no network; nothing was sent.
    #[error("offline")]
    Offline,
    /// No answer, or none that a page may read. The server may have acted.
    #[error("no answer")]
    Network,
    /// No answer in time. The server may have acted.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than what is read.
    #[error("the answer is too large")]
    TooLarge,
}
