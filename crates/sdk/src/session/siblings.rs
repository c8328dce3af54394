//! The other tabs of this browser: they share one session, so that nobody signs in twice, and every tab has the newest
//! tokens.
//!
//! Three things are said: `ask` (who has the session?), the session's record itself, and `left`. A record is believed only
//! when it is of the family that the board names, and newer than what is here.

use std::future::poll_fn;
use std::task::Poll;

use super::store::{self, Tokens};
use super::{Account, Session, SessionState, SignedOutReason, board};
use crate::env::{Env, Safeguard, Told, within};

/// How long siblings are waited for, in milliseconds. Those that are awake answer within a few; frozen ones never do.
const PATIENCE: u32 = 700;
const ASK: &str = "ask";
const LEFT: &str = "left ";

impl<E: Env> Session<E> {
    /// Listens to the other tabs. The page's own end is the end of it.
    pub(super) fn attend(&self) {
        let inner = std::rc::Rc::downgrade(&self.inner);
        self.inner.env.listen(std::rc::Rc::new(move |told| {
            if let Some(inner) = inner.upgrade() {
                Self { inner }.told(told);
            }
        }));
    }

    fn told(&self, told: Told) {
        match told {
            Told::LookAgain if self.inner.env.is_off(Safeguard::LookOnWake) => {}
            Told::LookAgain => self.revisit(),
            Told::Message(text) => match text.strip_prefix(LEFT) {
                Some(left) => self.sibling_left(left),
                None if text == ASK => {
                    if let Some(tokens) = self.current() {
                        self.share(&tokens);
                    }
                }
                None => self.adopt(&text),
            },
        }
    }

    /// Gives every sibling the session.
    pub(super) fn share(&self, tokens: &Tokens) {
        // Without a board nobody may refresh, and a record is of use to its own tab alone.
        if board::family(&self.inner.env).is_ok() {
            let record = store::record(&self.inner.config, tokens);
            self.inner.env.tell(&record);
        }
    }

    /// Tells every sibling that this family's session is over.
    pub(super) fn tell_left(&self, family: &str, why: SignedOutReason) {
        let why = match why {
            SignedOutReason::Disconnected => "disconnected",
            SignedOutReason::Idle => "idle",
            SignedOutReason::TooLong => "too-long",
            SignedOutReason::Interrupted => "interrupted",
            _ => "ended",
        };
        self.inner.env.tell(&format!("{LEFT}{family} {why}"));
    }

    fn sibling_left(&self, left: &str) {
        let Some((family, why)) = left.split_once(' ') else {
            return;
        };
        let why = match why {
            "disconnected" => SignedOutReason::DisconnectedElsewhere,
            "idle" => SignedOutReason::Idle,
            "too-long" => SignedOutReason::TooLong,
            "interrupted" => SignedOutReason::Interrupted,
            _ => SignedOutReason::Ended,
        };
        let inner = &self.inner;
        let own = store::tokens(&inner.env, &inner.config);
        // Where tabs share nothing each has a family of its own, and a person who leaves means all of them.
        let is_meant = |own: &Tokens| {
            let alone = board::family(&inner.env).is_err();
            own.family == family || (alone && why == SignedOutReason::DisconnectedElsewhere)
        };
        let is_own = own.as_ref().is_some_and(is_meant);
        let has_none = own.is_none();
        if let Some(own) = own.filter(|_| is_own) {
            self.drop_ended(own);
            self.set_state(SessionState::SignedOut(why));
        } else if has_none
            && matches!(
                self.state(),
                SessionState::Connected(_) | SessionState::SignedOut(SignedOutReason::Ended)
            )
        {
            // The board was seen, or the store emptied, before the message came; now there is a reason.
            self.set_state(SessionState::SignedOut(why));
        }
    }

    /// Takes over what a sibling has, when it is of this browser's session and newer.
    fn adopt(&self, record: &str) {
        let inner = &self.inner;
        let Some(tokens) = store::read(&inner.config, record) else {
            return;
        };
        let current = board::family(&inner.env).ok().flatten();
        let is_current = current.as_deref() == Some(tokens.family.as_str());
        if !is_current && !inner.env.is_off(Safeguard::Family) {
            return;
        }
        if let Some(own) = store::tokens(&inner.env, &inner.config)
            && own.family == tokens.family
            && own.generation >= tokens.generation
            && !inner.env.is_off(Safeguard::Generation)
        {
            return;
        }
        store::keep_tokens(&inner.env, &inner.config, &tokens);
        inner.looked_for.replace(None);
        self.set_state(SessionState::Connected(Account::from(&tokens)));
        for waker in inner.waiting.take() {
            waker.wake();
        }
    }

    /// Asks the siblings and waits until `enough` is true, or until nobody can be expected to answer any more.
    pub(super) async fn ask_siblings(&self, enough: impl Fn() -> bool) {
        let env = &self.inner.env;
        env.tell(ASK);
        let heard = poll_fn(|context| {
            if enough() {
                return Poll::Ready(());
            }
            self.inner
                .waiting
                .borrow_mut()
                .push(context.waker().clone());
            Poll::Pending
        });
        within(env, PATIENCE, heard).await;
    }

    /// Somebody is signed in in this browser and this tab does not have the session: a sibling may.
    pub(super) fn look_for(&self, otherwise: SignedOutReason) {
        self.set_state(SessionState::Looking);
        let session = self.clone();
        self.inner.env.spawn(async move {
            let is_decided = || session.state() != SessionState::Looking;
            session.ask_siblings(is_decided).await;
            if !is_decided() {
                session.set_state(SessionState::SignedOut(otherwise));
            }
        });
    }
}
