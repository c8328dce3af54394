//! What is told, as JSON: `{"ok": …}` or `{"error": {"code": "…", "message": "…", "action": "…"}}`, with what belongs to the action.
//!
//! | action | what now | with it |
//! |---|---|---|
//! | `retry` | try again | `after`, in milliseconds |
//! | `ask_consent` | ask the person for scopes | `scopes`, spaces between |
//! | `sign_in` | start again at Loop | |
//! | `diagnose`, `tell`, `owner` | say so · say so and lead back · the app or its registration is wrong | |

use loop_contracts::json::{Members, ToJson};
use loop_sdk::env::browser::Browser;
use loop_sdk::{
    ConfigError, Disconnected, Error, Landing, Recovery, Session, SessionState, SignedOutReason,
};

/// A good answer.
pub(super) struct Said;

impl Said {
    /// Of a value that is JSON already.
    pub(super) fn text(json: &str) -> String {
        [r#"{"ok":"#, json, "}"].concat()
    }

    /// Of an object.
    pub(super) fn object(fill: impl FnOnce(&mut Members<'_>)) -> String {
        Self::text(&object(fill))
    }
}

fn object(fill: impl FnOnce(&mut Members<'_>)) -> String {
    let mut text = String::new();
    let mut members = Members::begin(&mut text);
    fill(&mut members);
    members.end();
    text
}

/// An error of the SDK.
pub(super) fn error(error: &Error) -> String {
    let (action, after, scopes) = match error.recovery() {
        Recovery::Retry { after } => ("retry", Some(after), None),
        Recovery::AskConsent(scopes) => ("ask_consent", None, Some(scopes)),
        Recovery::SignIn => ("sign_in", None, None),
        Recovery::Diagnose => ("diagnose", None, None),
        Recovery::Tell => ("tell", None, None),
        Recovery::Owner => ("owner", None, None),
    };
    failed(error.code(), &error.to_string(), action, |members| {
        if let Some(after) = after {
            members.add("after", &after);
        }
        if let Some(scopes) = scopes {
            members.add("scopes", &scopes);
        }
    })
}

/// A field of the configuration is wrong.
pub(super) fn config_wrong(wrong: &ConfigError) -> String {
    let message = [wrong.field.as_str(), ": ", &wrong.why].concat();
    failed("config_wrong", &message, "owner", |_| ())
}

/// The page has a session already, of another configuration.
pub(super) fn config_differs() -> String {
    let message = "the page has a session that is configured differently";
    failed("config_differs", message, "owner", |_| ())
}

/// A call that there is not.
pub(super) fn unknown_call() -> String {
    failed("invalid_input", "there is no such call", "owner", |_| ())
}

fn failed(code: &str, message: &str, action: &str, more: impl FnOnce(&mut Members<'_>)) -> String {
    let error = object(|members| {
        members.add("code", code);
        members.add("message", message);
        members.add("action", action);
        more(members);
    });
    [r#"{"error":"#, &error, "}"].concat()
}

/// Whether somebody is connected, and if not, why.
pub(super) fn state(session: &Session<Browser>) -> String {
    object(|members| match session.state() {
        SessionState::Looking => members.add("state", "looking"),
        SessionState::SignedOut(why) => {
            members.add("state", "signed_out");
            members.add("reason", reason(why));
        }
        SessionState::Connected(account) => {
            members.add("state", "connected");
            members.add("subject", &account.subject);
            members.add("name", &account.name);
            members.add("granted", &account.granted);
            members.add("missing", &account.missing);
            if let Some(ending) = session.ending() {
                members.add("ends_in", &ending.left);
                members.add("ends_because", reason(ending.why));
            }
        }
    })
}

fn reason(why: SignedOutReason) -> &'static str {
    match why {
        SignedOutReason::NotYet => "not_yet",
        SignedOutReason::Disconnected => "disconnected",
        SignedOutReason::DisconnectedElsewhere => "disconnected_elsewhere",
        SignedOutReason::Ended => "ended",
        SignedOutReason::Interrupted => "interrupted",
        SignedOutReason::Idle => "idle",
        SignedOutReason::TooLong => "too_long",
    }
}

/// Where a callback ended.
pub(super) fn landing(landing: &Landing) -> String {
    Said::object(|members| {
        members.add("return_to", &landing.return_to);
        members.add("missing", &landing.missing);
        members.add("denied", &landing.denied);
        members.add("action", &landing.action);
    })
}

/// What disconnecting achieved.
pub(super) fn left(left: Disconnected) -> String {
    Said::object(|members| members.add("complete", &left.is_complete()))
}

/// Nothing, as a good answer.
pub(super) fn done() -> String {
    Said::text("null")
}

/// A text as a good answer.
pub(super) fn text(text: &str) -> String {
    let mut json = String::new();
    text.to_json(&mut json);
    Said::text(&json)
}

#[cfg(test)]
mod tests;
