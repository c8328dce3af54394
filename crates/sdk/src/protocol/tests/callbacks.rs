//! What the browser may come back with.

use loop_contracts::error::ErrorCode;

use super::{ISSUER, NOW, server, transaction};
use crate::protocol::authorize::Transaction;
use crate::protocol::callback::TRANSACTION_LIFE;
use crate::protocol::discovery::{Dangerously, Server};
use crate::protocol::{ProtocolError, Reason, callback};
use crate::url::encode_form;

#[test]
fn callbacks() {
    use ProtocolError::{Refused, Server as Said};
    let iss = "&iss=https%3A%2F%2Fidentity.example";
    let judge = |query: &str, fragment: &str, later: i64| {
        let came = callback::parse(query, fragment)?;
        callback::process(
            came,
            &transaction(),
            &server(),
            Dangerously::default(),
            NOW.plus(later),
        )
        .map(|code| code.reveal().to_owned())
    };
    for (query, expected) in [
        (format!("code=C&state=S{iss}"), Ok("C".to_owned())),
        (
            format!("code=C&state=S&session_state=x{iss}"),
            Ok("C".to_owned()),
        ),
        (format!("code=C{iss}"), Err(Refused(Reason::MissingState))),
        (
            format!("code=C&state={iss}"),
            Err(Refused(Reason::MissingState)),
        ),
        (
            format!("code=C&state=X{iss}"),
            Err(Refused(Reason::UnknownState)),
        ),
        (
            format!("code=C&state=S&state=S{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (
            format!("code=C&code=D&state=S{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (
            format!("code=C&state=S{iss}{iss}"),
            Err(Refused(Reason::DuplicateParameter)),
        ),
        (format!("state=S{iss}"), Err(Refused(Reason::MissingCode))),
        (
            format!("code=&state=S{iss}"),
            Err(Refused(Reason::MissingCode)),
        ),
        (
            format!("code=C&error=access_denied&state=S{iss}"),
            Err(Refused(Reason::CodeAndError)),
        ),
        (
            format!("code=C&state=S&access_token=x{iss}"),
            Err(Refused(Reason::TokenInUrl)),
        ),
        (
            format!("code=C&state=S&id_token=x{iss}"),
            Err(Refused(Reason::TokenInUrl)),
        ),
        (
            "code=C&state=S".to_owned(),
            Err(Refused(Reason::CallbackIssuerMissing)),
        ),
        (
            "code=C&state=S&iss=https%3A%2F%2Fevil.example".to_owned(),
            Err(Refused(Reason::CallbackIssuerMismatch)),
        ),
        (
            format!("code=C&state=S{iss}%2F"),
            Err(Refused(Reason::CallbackIssuerMismatch)),
        ),
        (
            format!("error=access_denied&state=S{iss}"),
            Err(Said(ErrorCode::AccessDenied)),
        ),
        (
            format!("error=access_denied&error_description=%3Cimg%3E&state=S{iss}"),
            Err(Said(ErrorCode::AccessDenied)),
        ),
        (
            "error=access_denied&state=S".to_owned(),
            Err(Refused(Reason::CallbackIssuerMissing)),
        ),
        (
            "code=%FF&state=S".to_owned(),
            Err(Refused(Reason::MalformedCallback)),
        ),
        (
            format!("code={}&state=S", "x".repeat(9000)),
            Err(Refused(Reason::MalformedCallback)),
        ),
        (String::new(), Err(Refused(Reason::MissingState))),
    ] {
        assert_eq!(judge(&query, "", 0), expected, "{query}");
    }
    assert_eq!(
        judge(&format!("code=C&state=S{iss}"), "access_token=x", 0),
        Err(Refused(Reason::TokenInUrl))
    );
    assert_eq!(
        judge(&format!("code=C&state=S{iss}"), "", TRANSACTION_LIFE + 1),
        Err(Refused(Reason::TransactionExpired))
    );
    assert!(judge(&format!("code=C&state=S{iss}"), "", TRANSACTION_LIFE).is_ok());
    assert!(
        judge(&format!("code=C&state=S{iss}"), "", -3_600_000).is_ok(),
        "a clock that was set back"
    );
}

#[test]
fn a_query_or_a_fragment_of_8192_characters_is_the_longest() {
    let padded =
        |start: &str, length: usize| format!("{start}{}", "x".repeat(length - start.len()));
    let long = Some(ProtocolError::Refused(Reason::MalformedCallback));
    for (length, expected) in [(8192, None), (8193, long)] {
        let query = padded("code=C&state=S&more=", length);
        assert_eq!(callback::parse(&query, "").err(), expected, "{length}");
        let fragment = padded("more=", length);
        assert_eq!(
            callback::parse("code=C&state=S", &fragment).err(),
            expected,
            "{length}"
        );
    }
}

#[test]
fn a_missing_iss_is_accepted_where_the_server_does_not_promise_it_or_the_owner_says_so() {
    let judge = |server: &Server, dangerously| {
        callback::process(
            callback::parse("code=C&state=S", "").unwrap(),
            &transaction(),
            server,
            dangerously,
            NOW,
        )
        .is_ok()
    };
    assert!(judge(
        &Server {
            callback_iss: false,
            ..server()
        },
        Dangerously::default()
    ));
    assert!(!judge(&server(), Dangerously::default()));
    assert!(judge(
        &server(),
        Dangerously {
            allow_missing_iss: true
        }
    ));
}

#[test]
fn a_callback_of_another_server_than_the_one_that_was_asked_is_refused() {
    // The mix-up of RFC 9207 §1: two servers, and the callback of one with the transaction of the other.
    const OTHER: &str = "https://other.example";
    for (asked, judged, came, passes) in [
        (ISSUER, ISSUER, ISSUER, true),
        (ISSUER, ISSUER, OTHER, false),
        (ISSUER, OTHER, OTHER, false),
        (ISSUER, OTHER, ISSUER, false),
        (OTHER, ISSUER, ISSUER, false),
        (OTHER, ISSUER, OTHER, false),
    ] {
        let query = encode_form(&[("code", "C"), ("state", "S"), ("iss", came)]);
        let transaction = Transaction {
            issuer: asked.to_owned(),
            ..transaction()
        };
        let server = Server {
            issuer: judged.to_owned(),
            ..server()
        };
        let code = callback::process(
            callback::parse(&query, "").unwrap(),
            &transaction,
            &server,
            Dangerously::default(),
            NOW,
        );
        let expected = Reason::CallbackIssuerMismatch.into();
        assert_eq!(
            code.err(),
            (!passes).then_some(expected),
            "{asked} {judged} {came}"
        );
    }
}
