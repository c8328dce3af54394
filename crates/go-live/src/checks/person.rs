//! What nothing from outside tells: questions to whoever goes live.

use crate::facts::Facts;
use crate::verdict::{Line, Verdict};

/// What is asked, and where to look.
const QUESTIONS: [(&str, &str); 6] = [
    (
        "person.logs",
        "do the logs of the host, the proxy and the receiver leave out query strings, tokens and health data? (docs/security.md, What the host must do)",
    ),
    (
        "person.refresh",
        "have you seen a session live on after its access token expired? The SDK does it and tests it; see it once on this platform (docs/session.md)",
    ),
    (
        "person.errors",
        "have you seen each error that this platform answers with, the refused consent and the missing permission too? (docs/security.md, checks 28 to 31 and 50 to 54)",
    ),
    (
        "person.backoff",
        "does everything else of yours that calls the platform wait as long as Retry-After says, with jitter? The app does (docs/security.md, check 51)",
    ),
    (
        "person.one-app",
        "is this the only app of its origin? Another one there could read its tokens (docs/security.md, What the host must do)",
    ),
    (
        "person.portal",
        "does the developer portal show this app’s name, logo, redirect URI and origin as people should see them? (docs/quickstart.md, step 2)",
    ),
];

pub(super) fn lines(_: &Facts) -> Vec<Line> {
    let lines = QUESTIONS
        .iter()
        .map(|(id, question)| Line::new(*id, Verdict::Confirm((*question).to_owned())));
    lines.collect()
}
