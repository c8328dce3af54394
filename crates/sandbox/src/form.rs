//! Parameters of a query or a form: each at most once, and empty is the same as absent.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use loop_contracts::error::ErrorCode;

use crate::reply::Refusal;

/// Parameters in the order in which they came.
///
/// # Specification
/// RFC 6749 §3.1, §3.2: a parameter without a value counts as omitted, and none may come more than once.
#[derive(Clone, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(text)
                .into_owned()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// The query of a request.
    pub(crate) fn of_query(uri: &Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default().as_bytes())
    }

    /// The body of a form post.
    pub(crate) fn of_form(list: &HeaderMap, body: &Bytes) -> Result<Self, Refusal> {
        let kind = list
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        {
            Ok(Self::parse(body))
        } else {
            Err(Refusal::bad(
                ErrorCode::InvalidRequest,
                "the body is not application/x-www-form-urlencoded",
            ))
        }
    }

    /// The first value under a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value under a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The name of a parameter that came twice.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        self.0
            .iter()
            .enumerate()
            .find(|(index, (name, _))| self.0[..*index].iter().any(|(other, _)| other == name))
            .map(|(_, (name, _))| name.as_str())
    }
}

/// The parameters of a form post, as an argument of a handler. It takes the body, so it is the last one.
pub(crate) struct Form(pub(crate) Params);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let list = request.headers().clone();
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(IntoResponse::into_response)?;
        let params = Params::of_form(&list, &body);
        params.map(Self).map_err(IntoResponse::into_response)
    }
}

/// A cookie of the request.
pub(crate) fn cookie<'a>(list: &'a HeaderMap, name: &str) -> Option<&'a str> {
    list.get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| {
            pair.split_once('=')
                .filter(|(known, _)| *known == name)
                .map(|(_, value)| value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_twice_is_seen() {
        let params = Params::parse(b"a=1&b=&c=x%20y&a=2");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.get("b"), None);
        assert_eq!(params.get("c"), Some("x y"));
        assert_eq!(params.duplicate(), Some("a"));
        assert_eq!(Params::parse(b"a=1&b=2").duplicate(), None);
    }
}
