//! Results that are asked for before whoever shows them is there.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use loop_contracts::scope::Scope;

use super::{Biomarkers, Clinical};
use crate::env::Env;
use crate::error::Error;
use crate::session::Session;

/// The results of one person, on their way since this was made. Dropped, it drops what came.
pub struct Ahead {
    subject: String,
    answer: Rc<Answer>,
}

#[derive(Default)]
struct Answer {
    outcome: RefCell<Option<Result<Biomarkers, Error>>>,
    waiting: RefCell<Option<Waker>>,
}

impl Ahead {
    /// Asks for the results of whoever is connected, as [`Clinical::biomarkers`] does.
    ///
    /// # Errors
    /// [`Error::SignedOut`] when that is nobody, [`Error::InsufficientScope`] when they did not allow it. Nothing is asked then.
    pub fn results<E: Env>(session: &Session<E>) -> Result<Self, Error> {
        let state = session.state();
        let account = state.account().ok_or(Error::SignedOut)?;
        if !account.granted.contains(&Scope::ReadBiomarkers) {
            let missing = Scope::ReadBiomarkers.into();
            return Err(Error::InsufficientScope { missing });
        }
        let clinical = Clinical::new(session.clone());
        let subject = account.subject.clone();
        let answer = Rc::new(Answer::default());
        let to = Rc::downgrade(&answer);
        session.env().spawn(async move {
            let outcome = clinical.biomarkers_of(&subject).await;
            if let Some(answer) = to.upgrade() {
                answer.outcome.replace(Some(outcome));
                if let Some(waiting) = answer.waiting.take() {
                    waiting.wake();
                }
            }
        });
        Ok(Self {
            subject: account.subject.clone(),
            answer,
        })
    }

    /// Whose results they are.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// As [`Clinical::biomarkers`].
    pub async fn answer(self) -> Result<Biomarkers, Error> {
        poll_fn(|context| {
            if let Some(outcome) = self.answer.outcome.take() {
                return Poll::Ready(outcome);
            }
            self.answer.waiting.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }
}
