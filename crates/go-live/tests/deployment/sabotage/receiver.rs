//! What a webhook receiver may get wrong.

use super::*;

pub(super) const ALL: &[Sabotage] = &[
    // The receiver.
    (
        "the receiver takes a wrong signature",
        &["webhook.signature"],
        |_, ask, answer| {
            if signed(ask) == Some(false) {
                answer.status = 200;
            }
        },
    ),
    (
        "the receiver takes what has no signature",
        &["webhook.signature"],
        |world, ask, answer| {
            if ask.method == "POST" && ask.url.starts_with(&world.webhook) && signed(ask).is_none()
            {
                answer.status = 200;
            }
        },
    ),
    (
        "the receiver fails",
        &["webhook.event"],
        |_, ask, answer| {
            if signed(ask) == Some(true) && answer.status == 200 {
                answer.status = 500;
            }
        },
    ),
    (
        "the receiver takes another app’s events",
        &["webhook.client"],
        |_, ask, answer| {
            if signed(ask) == Some(true) && answer.status == 400 {
                answer.status = 200;
            }
        },
    ),
    (
        "the receiver answers a GET",
        &["webhook.get"],
        |world, ask, answer| {
            if ask.method == "GET" && ask.url.starts_with(&world.webhook) {
                answer.status = 200;
            }
        },
    ),
];
