//! Sends requests, and says with which status they were answered.

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use ureq::http::{Request, Uri};
use ureq::{Agent, SendBody};

use super::cases::{Post, Step};

/// For one request, a slow one included.
const PATIENCE: Duration = Duration::from_mins(6);

/// Sends to one address.
pub(super) struct Client {
    agent: Agent,
    uri: Uri,
}

impl Client {
    /// `None` when it is no whole address.
    pub(super) fn new(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build();
        let agent = Agent::new_with_config(config);
        (is_web && uri.host().is_some()).then_some(Self { agent, uri })
    }

    /// The status, or all of them when they are not the same.
    pub(super) fn run(&self, step: Step) -> String {
        let got: BTreeSet<String> = match step {
            Step::One(post) => [self.post(post)].into(),
            Step::Each(posts) => posts.into_iter().map(|post| self.post(post)).collect(),
            Step::AtOnce(post, count) => thread::scope(|scope| {
                let posts: Vec<_> = (0..count)
                    .map(|_| scope.spawn(|| self.post(post.clone())))
                    .collect();
                let answers = posts.into_iter().map(thread::ScopedJoinHandle::join);
                answers
                    .map(|answer| answer.unwrap_or_else(|_| "no answer".to_owned()))
                    .collect()
            }),
        };
        got.into_iter().collect::<Vec<_>>().join(", ")
    }

    fn post(&self, post: Post) -> String {
        let mut request = Request::post(&self.uri);
        for (name, value) in &post.headers {
            request = request.header(*name, value);
        }
        let body = match post.pause {
            None => Body::Whole(post.body),
            Some(pause) => {
                request = request.header("Content-Length", post.body.len());
                Body::Slow(Slow::new(post.body, pause))
            }
        };
        let answer = match body {
            Body::Whole(body) => request.body(body).map(|request| self.agent.run(request)),
            Body::Slow(body) => request
                .body(SendBody::from_owned_reader(body))
                .map(|request| self.agent.run(request)),
        };
        match answer {
            Ok(Ok(answer)) => answer.status().as_str().to_owned(),
            Ok(Err(error)) => format!("no answer: {error}"),
            Err(_) => "not sent: a header has letters that are not allowed".to_owned(),
        }
    }
}

enum Body {
    Whole(Vec<u8>),
    Slow(Slow),
}

/// A body with a pause in the middle.
struct Slow {
    first: io::Cursor<Vec<u8>>,
    pause: Option<Duration>,
    second: io::Cursor<Vec<u8>>,
}

impl Slow {
    fn new(mut body: Vec<u8>, pause: Duration) -> Self {
        let second = body.split_off(body.len() / 2);
        Self {
            first: io::Cursor::new(body),
            pause: Some(pause),
            second: io::Cursor::new(second),
        }
    }
}

impl Read for Slow {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.first.read(into)?;
        if count > 0 || into.is_empty() {
            return Ok(count);
        }
        if let Some(pause) = self.pause.take() {
            thread::sleep(pause);
        }
        self.second.read(into)
    }
}
