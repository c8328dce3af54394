//! What is sent, and what should be answered.

use std::cell::Cell;
use std::time::Duration;

use loop_contracts::headers::webhook;
use loop_webhooks::Secret;

use crate::cli::Kind;
use crate::events::now;
use crate::settings::{SettingError, Sources};

/// A request to send.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// How long to wait in the middle of the body.
    pub(super) pause: Option<Duration>,
}

/// What is done for one line of the table.
pub(super) enum Step {
    One(Post),
    /// One after the other.
    Each(Vec<Post>),
    /// All at the same time.
    AtOnce(Post, usize),
}

/// One line of the table.
pub(super) struct Case {
    pub(super) what: &'static str,
    pub(super) expected: &'static str,
    /// `None` when it cannot be sent.
    pub(super) step: Option<Step>,
}

impl Case {
    fn new(what: &'static str, expected: &'static str, step: Step) -> Self {
        let step = Some(step);
        Self {
            what,
            expected,
            step,
        }
    }
}

/// Makes what is sent.
pub(super) struct Cases {
    client_id: String,
    secrets: Vec<Secret>,
    stranger: Secret,
    body_limit: usize,
    body_timeout: Duration,
    count: Cell<u32>,
    run: i64,
}

const TYPE: &str = "protocol.started";
const UNKNOWN_TYPE: &str = "test.of_the_receiver.v1";
/// How much later than allowed the rest of a slow body comes. A receiver that is busy may notice late that the time is over.
const LATE: Duration = Duration::from_secs(2);

impl Cases {
    pub(super) fn new(sources: &Sources) -> Result<Self, SettingError> {
        let error = |error: loop_webhooks::SetupError| SettingError(error.to_string());
        Ok(Self {
            client_id: sources.client_id()?,
            secrets: sources.secrets()?,
            stranger: Secret::new("whsec_that_no_receiver_knows").map_err(error)?,
            body_limit: sources.body_limit()?,
            body_timeout: sources.body_timeout()?,
            count: Cell::new(0),
            run: now(),
        })
    }

    pub(super) fn of(&self, kind: Kind) -> Vec<Case> {
        let one = |what, expected, post| vec![Case::new(what, expected, Step::One(post))];
        match kind {
            Kind::Valid => one("an event", "200", self.event()),
            Kind::Duplicate => {
                let event = self.event();
                let step = Step::Each(vec![event.clone(), event]);
                vec![Case::new("the same event twice", "200", step)]
            }
            Kind::ConcurrentDuplicates => {
                let step = Step::AtOnce(self.event(), 8);
                vec![Case::new("the same event eight times at once", "200", step)]
            }
            Kind::Reordered => {
                let (first, second) = (self.event(), self.event());
                let step = Step::Each(vec![second, first]);
                vec![Case::new("the later of two events first", "200", step)]
            }
            Kind::BadSignature => {
                let body = self.body(TYPE, &self.client_id).1;
                one(
                    "signed with an unknown secret",
                    "401",
                    signed(&self.stranger, body),
                )
            }
            Kind::OldSecret => match self.secrets.get(1) {
                Some(secret) => {
                    let body = self.body(TYPE, &self.client_id).1;
                    one("signed with the second secret", "200", signed(secret, body))
                }
                None => vec![Case {
                    what: "there is no second secret",
                    expected: "-",
                    step: None,
                }],
            },
            Kind::NoSignature => one(
                "without a signature",
                "401",
                self.event().without(webhook::SIGNATURE),
            ),
            Kind::TwoSignatures => {
                let event = self.event();
                let again = [(webhook::SIGNATURE, self.stranger.sign(&event.body))];
                one("with two signatures", "401", event.and(&again))
            }
            Kind::WrongClient => {
                let body = self.body(TYPE, "app_of_somebody_else").1;
                one("for another app", "400", self.signed(body))
            }
            Kind::HeaderMismatch => {
                let mismatch = |name| {
                    let another = [(name, "evt_or_type_of_another".to_owned())];
                    self.event().without(name).and(&another)
                };
                let id = Step::One(mismatch(webhook::EVENT_ID));
                let name = Step::One(mismatch(webhook::EVENT_TYPE));
                vec![
                    Case::new("the header names another id", "400", id),
                    Case::new("the header names another type", "400", name),
                ]
            }
            Kind::Malformed => {
                let body = format!("no JSON, {}", self.run);
                one("signed, and no JSON", "200", self.signed(body))
            }
            Kind::UnknownType => {
                let body = self.body(UNKNOWN_TYPE, &self.client_id).1;
                one("an event with an unknown type", "200", self.signed(body))
            }
            Kind::Oversize => {
                let body = "0".repeat(self.body_limit + 1);
                one(
                    "a body of one byte more than the limit",
                    "413",
                    self.signed(body),
                )
            }
            Kind::Slow => {
                let mut post = self.event();
                post.pause = Some(self.body_timeout + LATE);
                one("half of a body, and the rest too late", "408", post)
            }
            Kind::Compressed => {
                let encoding = [("Content-Encoding", "gzip".to_owned())];
                one(
                    "a body that says it is compressed",
                    "415",
                    self.event().and(&encoding),
                )
            }
        }
    }

    /// An event as the platform sends it: its id is in the headers too.
    fn event(&self) -> Post {
        let (id, body) = self.body(TYPE, &self.client_id);
        let headers = [
            (webhook::EVENT_ID, id),
            (webhook::EVENT_TYPE, TYPE.to_owned()),
            (webhook::DELIVERY_ATTEMPT, "1".to_owned()),
        ];
        self.signed(body).and(&headers)
    }

    fn signed(&self, body: String) -> Post {
        // There is at least one.
        let secret = self.secrets.first().unwrap_or(&self.stranger);
        signed(secret, body)
    }

    /// A new event of a user of this run: its id, and the body.
    fn body(&self, name: &str, client_id: &str) -> (String, String) {
        let count = self.count.get();
        self.count.set(count + 1);
        let (run, now) = (self.run, loop_contracts::time::Timestamp(now()));
        let id = format!("evt_test_{run:x}_{count}");
        let client_id = loop_contracts::json::text(&client_id.to_owned());
        let body = format!(
            r#"{{"id":"{id}","type":"{name}","user_id":"usr_test_{run:x}","client_id":{client_id},"occurred_at":"{}","data":{{"test":true}}}}"#,
            loop_contracts::time::DateTime::from(now)
        );
        (id, body)
    }
}

fn signed(secret: &Secret, body: impl Into<Vec<u8>>) -> Post {
    let body = body.into();
    Post {
        headers: vec![
            ("Content-Type", "application/json".to_owned()),
            (webhook::SIGNATURE, secret.sign(&body)),
        ],
        body,
        pause: None,
    }
}

impl Post {
    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| *own != name);
        self
    }

    fn and(mut self, headers: &[(&'static str, String)]) -> Self {
        self.headers.extend_from_slice(headers);
        self
    }
}
