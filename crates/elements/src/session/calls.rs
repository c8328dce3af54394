//! The calls, each under a number by which it can be given up.
//!
//! | call | input | answer |
//! |---|---|---|
//! | `connect` | `return_to`, `scopes` (spaces between), `action` | `null`, unless the page is left |
//! | `complete` | `query`, `fragment`: of the callback, without `?` and `#` | `return_to`, `missing`, `denied`, `action` |
//! | `disconnect` | | `complete` |
//! | `biomarkers`, `red_flags`, `recommendations`, `check_ins` | `subject`: who must be connected | `items`, `unreadable`, `more`, `loaded_at` |
//! | `protocol` | `id`, `subject` | the protocol |
//! | `next_check_in` | `enrolled_at`, `subject` | the next check-in |
//! | `answer_check_in` | `check_in`, `key`, `subject` | the check-in as it was written down, or `null` |
//! | `key` | | a new key for one write |

use std::cell::RefCell;
use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use loop_contracts::json::{self, FromJson, Object, RawJson};
use loop_contracts::scope::ScopeSet;
use loop_contracts::time::DateTime;
use loop_sdk::api::{Clinical, IdempotencyKey, Listed};
use loop_sdk::env::browser::Browser;
use loop_sdk::{Error, Purpose, Session};
use wasm_bindgen_futures::spawn_local;

use super::answer::{self, Said};
use super::{Begun, begun, tell};

thread_local! {
    /// Those that can be given up.
    static UNDER_WAY: RefCell<Vec<(i32, AbortHandle)>> = const { RefCell::new(Vec::new()) };
}

/// Makes a call.
pub(super) fn make(number: i32, call: &str, input: &str) {
    let Some(begun) = begun() else {
        return tell(number, &answer::error(&Error::NoProvider));
    };
    let Some(input) = json::parse::<Object<'_>>(input.as_bytes()) else {
        return say(number, Err(Error::Invalid("input")));
    };
    let input = Input(&input);
    let session = begun.session.clone();
    match call {
        "connect" => {
            let purpose = Purpose {
                return_to: input.text("return_to"),
                more: ScopeSet::parse(&input.text("scopes")),
                action: input.get("action"),
            };
            reads(number, async move {
                let connected = session.connect(purpose).await;
                connected.map(|()| answer::done())
            });
        }
        "complete" => {
            let (query, fragment) = (input.text("query"), input.text("fragment"));
            goes_on(number, async move {
                let landed = complete(&begun, &query, &fragment).await;
                landed.map(|landing| answer::landing(&landing))
            });
        }
        "disconnect" => goes_on(number, async move {
            Ok(answer::left(session.disconnect().await))
        }),
        "key" => {
            let key = IdempotencyKey::new(session.env()).map_err(Error::from);
            say(number, key.map(|key| answer::text(key.as_str())));
        }
        call => clinical(number, call, &session, input),
    }
}

#[cfg(feature = "views")]
async fn complete(begun: &Begun, query: &str, fragment: &str) -> Result<loop_sdk::Landing, Error> {
    begun.page.complete(query, fragment).await
}

#[cfg(not(feature = "views"))]
async fn complete(begun: &Begun, query: &str, fragment: &str) -> Result<loop_sdk::Landing, Error> {
    begun.session.complete(query, fragment).await
}

fn clinical(number: i32, call: &str, session: &Session<Browser>, input: Input<'_>) {
    if let Err(error) = is_person(session, &input.text("subject")) {
        return say(number, Err(error));
    }
    let clinical = Clinical::new(session.clone());
    let list = |which| {
        let clinical = Clinical::new(session.clone());
        reads(number, async move {
            let list = clinical.list_text(which).await;
            list.map(|text| Said::text(&text))
        });
    };
    match call {
        "biomarkers" => list(Listed::Biomarkers),
        "red_flags" => list(Listed::RedFlags),
        "recommendations" => list(Listed::Recommendations),
        "check_ins" => list(Listed::CheckIns),
        "protocol" => {
            let id = input.text("id");
            reads(number, async move {
                let text = clinical.protocol_text(&id).await;
                text.map(|text| Said::text(&text))
            });
        }
        "next_check_in" => {
            let enrolled_at = DateTime(input.text("enrolled_at"));
            reads(number, async move {
                let text = clinical.next_check_in_text(&enrolled_at).await;
                text.map(|text| Said::text(&text))
            });
        }
        "answer_check_in" => {
            let new: RawJson = input.get("check_in").unwrap_or_default();
            let Some(key) = IdempotencyKey::parse(&input.text("key")) else {
                return say(number, Err(Error::Invalid("key")));
            };
            goes_on(number, async move {
                let written = clinical.answer_check_in_text(new.get(), &key).await;
                written.map(|text| Said::text(&text))
            });
        }
        _ => tell(number, &answer::unknown_call()),
    }
}

/// A call for somebody else than who is connected is not made.
fn is_person(session: &Session<Browser>, subject: &str) -> Result<(), Error> {
    let state = session.state();
    let account = state.account().ok_or(Error::SignedOut)?;
    if subject == account.subject {
        Ok(())
    } else {
        Err(Error::NotVisible)
    }
}

/// Members of the input; one that is missing, or of another kind, is empty.
#[derive(Clone, Copy)]
struct Input<'a>(&'a Object<'a>);

impl<'a> Input<'a> {
    fn get<T: FromJson<'a>>(self, name: &str) -> Option<T> {
        self.0.has(name).then(|| self.0.get(name)).flatten()
    }

    fn text(self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }
}

/// A call that changes nothing, and ends when it is given up.
fn reads(number: i32, call: impl Future<Output = Result<String, Error>> + 'static) {
    let (call, handle) = abortable(call);
    UNDER_WAY.with_borrow_mut(|all| all.push((number, handle)));
    spawn_local(async move {
        let said = call.await;
        drop(taken(number));
        if let Ok(said) = said {
            say(number, said);
        }
    });
}

/// A call that may change something: nobody would know whether it did.
fn goes_on(number: i32, call: impl Future<Output = Result<String, Error>> + 'static) {
    spawn_local(async move { say(number, call.await) });
}

fn say(number: i32, said: Result<String, Error>) {
    let said = said.unwrap_or_else(|error| answer::error(&error));
    tell(number, &said);
}

/// Gives a call up.
pub(super) fn give_up(number: i32) {
    if let Some(handle) = taken(number) {
        handle.abort();
    }
}

fn taken(number: i32) -> Option<AbortHandle> {
    UNDER_WAY.with_borrow_mut(|all| {
        let place = all.iter().position(|(own, _)| *own == number)?;
        Some(all.swap_remove(place).1)
    })
}
