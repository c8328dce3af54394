//! The person's results and what they chose to see of them, gone as soon as the person is.

use leptos::prelude::*;
use loop_sdk::api::Ahead;
use loop_sdk::env::Env;
use loop_ui::catalogue::Catalogue;
use loop_ui::session::{LoopSession, ResultStore};
use loop_ui::views::biomarker_list::Choice;
use loop_ui::views::report_grid::View;

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

/// The results and the state of the list, in context.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    /// What was loaded, and what loads it.
    pub(crate) results: ResultStore,
    /// What the person chose to see in the list.
    pub(crate) choice: RwSignal<Choice>,
    /// What the person chose to see in the report. In memory only.
    pub(crate) report: View,
    /// Whether the list was shown before, and is come back to.
    pub(crate) is_return: StoredValue<bool>,
}

impl Record {
    /// Puts the record into context. It is emptied whenever the person changes. `ahead` are results that are on their way.
    pub(crate) fn provide(
        session: LoopSession,
        catalogue: RwSignal<Option<&'static Catalogue>>,
        ahead: Option<Ahead>,
    ) {
        let choice = RwSignal::new(kept_choice(session));
        let (report, is_return) = (View::default(), StoredValue::new(false));
        Effect::new(move || keep_choice(session, &choice.read()));
        let units = move || preferences::units(session.session().env());
        let forgotten = move || {
            choice.set(Choice::default());
            report.reset();
            is_return.set_value(false);
        };
        let results = ResultStore::new(session, catalogue, units, forgotten);
        results.take_up(ahead);
        provide_context(Self {
            results,
            choice,
            report,
            is_return,
        });
    }

    /// The record of the app.
    pub(crate) fn use_context() -> Self {
        expect_context()
    }
}
