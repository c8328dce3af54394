//! The person's results, in memory only, and gone as soon as the person is.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::scope::Scope;
use loop_contracts::time::Timestamp;
use loop_sdk::Error;
use loop_sdk::api::{Biomarkers, Clinical};
use loop_sdk::env::Env;
use loop_sdk::env::browser::Browser;
use loop_ui::catalogue::Catalogue;
use loop_ui::session::LoopSession;
use loop_ui::views::biomarker_list::Choice;
use loop_ui::views::report_grid::View;
use loop_ui::views::series::Results;
use loop_ui::views::units::UnitSystem;

use crate::preferences;

/// Where the tab's session store has the choice, so that it survives a reload. It goes with everything else that begins like
/// this when the session ends. `history.state` would keep it in each entry of the tab's history, out of reach.
const CHOICE: &str = "loop.list.v1";

/// The choice that was kept. What somebody else left behind is removed: before each sign-in the app is there with nobody.
fn kept_choice(session: LoopSession) -> Choice {
    let env = session.session().env().clone();
    if session.subject().read_untracked().is_none() {
        env.remove(CHOICE);
    }
    Choice::from_text(&env.load(CHOICE).unwrap_or_default())
}

fn keep_choice(session: LoopSession, choice: &Choice) {
    let session = session.session();
    match choice.to_text() {
        Some(text) => session.env().store(CHOICE, &text),
        None => session.env().remove(CHOICE),
    }
}

/// What was loaded.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) results: Arc<Results>,
    pub(crate) unreadable: usize,
    pub(crate) more: bool,
    pub(crate) at: Timestamp,
}

impl Loaded {
    fn new(all: Biomarkers, catalogue: &'static Catalogue, units: UnitSystem) -> Self {
        let mut results = Results::new(all.results, catalogue);
        results.tell_in(units);
        Self {
            results: Arc::new(results),
            unreadable: all.unreadable,
            more: all.more,
            at: all.loaded_at,
        }
    }
}

/// The results and the state of the list, in context.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    session: LoopSession,
    clinical: StoredValue<Rc<Clinical<Browser>>, LocalStorage>,
    is_loading: StoredValue<bool>,
    /// What came, until the catalogue is there too.
    came: RwSignal<Option<Biomarkers>>,
    /// What was loaded last.
    pub(crate) loaded: RwSignal<Option<Loaded>>,
    /// Why loading failed last.
    error: RwSignal<Option<Error>>,
    /// What the person chose to see in the list.
    pub(crate) choice: RwSignal<Choice>,
    /// What the person chose to see in the report. In memory only.
    pub(crate) report: View,
    /// Whether the list was shown before, and is come back to.
    pub(crate) is_return: StoredValue<bool>,
}

impl Record {
    /// Puts the record into context. It is emptied whenever the person changes.
    pub(crate) fn provide(session: LoopSession, catalogue: RwSignal<Option<&'static Catalogue>>) {
        let record = Self {
            session,
            clinical: StoredValue::new_local(Rc::new(Clinical::new(session.session()))),
            is_loading: StoredValue::new(false),
            came: RwSignal::new(None),
            loaded: RwSignal::new(None),
            error: RwSignal::new(None),
            choice: RwSignal::new(kept_choice(session)),
            report: View::default(),
            is_return: StoredValue::new(false),
        };
        Effect::new(move || keep_choice(session, &record.choice.read()));
        let subject = session.subject();
        Effect::new(move |is_later: Option<()>| {
            subject.track();
            if is_later.is_some() {
                record.forget();
            }
        });
        Effect::new(move || {
            if record.came.with(Option::is_some)
                && let Some(catalogue) = catalogue.get()
                && let Some(came) = record.came.try_update(Option::take).flatten()
            {
                let units = preferences::units(session.session().env());
                record.loaded.set(Some(Loaded::new(came, catalogue, units)));
            }
        });
        provide_context(record);
    }

    /// The record of the app.
    pub(crate) fn use_context() -> Self {
        expect_context()
    }

    /// Drops everything.
    pub(crate) fn forget(self) {
        self.came.set(None);
        self.loaded.set(None);
        self.error.set(None);
        self.choice.set(Choice::default());
        self.report.reset();
        self.is_return.set_value(false);
    }

    /// Tells all results in these units.
    pub(crate) fn tell_in(self, units: UnitSystem) {
        self.loaded.update(|loaded| {
            if let Some(loaded) = loaded {
                Arc::make_mut(&mut loaded.results).tell_in(units);
            }
        });
    }

    /// Why there is nothing: the last failure, or the scope that is missing. Reactive.
    pub(crate) fn trouble(self) -> Option<Error> {
        if self.may_read() {
            return self.error.get();
        }
        let missing = [Scope::ReadBiomarkers].into_iter().collect();
        Some(Error::InsufficientScope { missing })
    }

    /// Loads when nothing is there yet, and the person allowed it.
    pub(crate) fn ensure(self) {
        let is_new = self.loaded.with_untracked(Option::is_none)
            && self.error.with_untracked(Option::is_none);
        if is_new && untrack(|| self.may_read()) {
            self.load();
        }
    }

    /// Tries again, from a clean slate.
    pub(crate) fn retry(self) {
        self.error.set(None);
        self.load();
    }

    fn may_read(self) -> bool {
        let account = self.session.account();
        account.is_some_and(|account| account.granted.contains(&Scope::ReadBiomarkers))
    }

    fn load(self) {
        if self.is_loading.get_value() {
            return;
        }
        self.is_loading.set_value(true);
        let clinical = self.clinical.get_value();
        let subject = self.session.subject().get_untracked();
        spawn_local(async move {
            let outcome = clinical.biomarkers().await;
            self.is_loading.set_value(false);
            // An answer for somebody who has left meanwhile is nobody's.
            if self.session.subject().get_untracked() != subject {
                return;
            }
            match outcome {
                Ok(all) => {
                    self.error.set(None);
                    self.came.set(Some(all));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
