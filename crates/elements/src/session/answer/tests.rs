use loop_contracts::scope::Scope;
use loop_sdk::protocol::Reason;
use serde_json::{Value, json};

use super::*;

fn said(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn an_error_says_its_code_and_what_now() {
    let cases = [
        (
            Error::SignedOut,
            json!({"code": "signed_out", "action": "sign_in"}),
        ),
        (
            Error::SignInLoop,
            json!({"code": "sign_in_loop", "action": "diagnose"}),
        ),
        (
            Error::NotVisible,
            json!({"code": "not_found", "action": "tell"}),
        ),
        (
            Error::NoProvider,
            json!({"code": "no_provider", "action": "owner"}),
        ),
        (
            Error::RateLimited { retry_after: 7000 },
            json!({"code": "rate_limited", "action": "retry", "after": 7000}),
        ),
        (
            Error::Offline,
            json!({"code": "offline", "action": "retry", "after": 0}),
        ),
        (
            Error::InsufficientScope {
                missing: [Scope::ReadRedFlags, Scope::Other("a\"b".to_owned())]
                    .into_iter()
                    .collect(),
            },
            json!({"code": "insufficient_scope", "action": "ask_consent", "scopes": "read:red_flags a\"b"}),
        ),
        (
            Error::Refused(Reason::UnknownState),
            json!({"code": "unknown_state", "action": "sign_in"}),
        ),
    ];
    for (error, expected) in cases {
        let mut told = said(&super::error(&error))["error"].take();
        let message = told.as_object_mut().expect("object").remove("message");
        assert_eq!(told, expected);
        assert_eq!(message, Some(error.to_string().into()));
    }
}

#[test]
fn what_a_configuration_has_in_it_cannot_leave_its_text() {
    let wrong = ConfigError {
        field: "a\"}\u{0}<b>".to_owned(),
        why: "is \\ wrong".to_owned(),
    };
    let told = said(&config_wrong(&wrong));
    assert_eq!(told["error"]["message"], "a\"}\u{0}<b>: is \\ wrong");
    assert_eq!(told["error"]["code"], "config_wrong");
}

#[test]
fn good_answers_are_told_apart_from_errors() {
    assert_eq!(said(&done()), json!({"ok": null}));
    assert_eq!(said(&text("a\"b")), json!({"ok": "a\"b"}));
    let landing = Landing {
        return_to: "/a?b=\"c\"".to_owned(),
        missing: Scope::ReadRedFlags.into(),
        denied: true,
        action: None,
    };
    assert_eq!(
        said(&super::landing(&landing)),
        json!({"ok": {"return_to": "/a?b=\"c\"", "missing": "read:red_flags", "denied": true, "action": null}})
    );
}
