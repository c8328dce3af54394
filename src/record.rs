//! The person's results, in memory only, and gone as soon as the person is.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::scope::Scope;
use loop_contracts::time::Timestamp;
use loop_sdk::Error;
use loop_sdk::api::Clinical;
use loop_sdk::env::browser::Browser;
use loop_ui::session::LoopSession;
use loop_ui::views::biomarker_list::Filter;
use loop_ui::views::series::Results;

/// What was loaded.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) results: Arc<Results>,
    pub(crate) unreadable: usize,
    pub(crate) more: bool,
    pub(crate) at: Timestamp,
}

/// The results and the state of the list, in context.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    session: LoopSession,
    clinical: StoredValue<Arc<Clinical<Browser>>, LocalStorage>,
    /// What was loaded last; kept when loading again fails, and then labelled with its time.
    pub(crate) loaded: RwSignal<Option<Loaded>>,
    /// Why loading failed last.
    pub(crate) error: RwSignal<Option<Error>>,
    pub(crate) loading: RwSignal<bool>,
    pub(crate) filter: RwSignal<Filter>,
    pub(crate) search: RwSignal<String>,
}

impl Record {
    /// Puts the record into context. It is emptied whenever the person changes.
    #[expect(
        clippy::arc_with_non_send_sync,
        reason = "a page has one thread; the store wants something that can be cloned"
    )]
    pub(crate) fn provide(session: LoopSession) -> Self {
        let record = Self {
            session,
            clinical: StoredValue::new_local(Arc::new(Clinical::new(session.session()))),
            loaded: RwSignal::new(None),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            filter: RwSignal::new(Filter::All),
            search: RwSignal::new(String::new()),
        };
        let subject = Memo::new(move |_| session.account().map(|account| account.subject));
        Effect::new(move |before: Option<Option<String>>| {
            let now = subject.get();
            if before.is_some_and(|before| before != now) {
                record.forget();
            }
            now
        });
        provide_context(record);
        record
    }

    /// Drops everything.
    pub(crate) fn forget(self) {
        self.loaded.set(None);
        self.error.set(None);
        self.filter.set(Filter::All);
        self.search.set(String::new());
    }

    /// Loads the results when a page needs them, and says why there are none: the last failure, or the scope that is
    /// missing.
    pub(crate) fn wanted(self) -> Memo<Option<Error>> {
        let may_read = Memo::new(move |_| {
            self.session
                .account()
                .is_some_and(|account| account.granted.contains(&Scope::ReadBiomarkers))
        });
        Effect::new(move || {
            if may_read.get() {
                self.ensure();
            }
        });
        Memo::new(move |_| {
            if may_read.get() {
                return self.error.get();
            }
            let missing = [Scope::ReadBiomarkers].into_iter().collect();
            Some(Error::InsufficientScope { missing })
        })
    }

    /// Tries again, from a clean slate.
    pub(crate) fn retry(self) {
        self.error.set(None);
        self.load();
    }

    /// Loads when nothing is there yet.
    fn ensure(self) {
        if self.loaded.with_untracked(Option::is_none) && self.error.with_untracked(Option::is_none)
        {
            self.load();
        }
    }

    /// Loads anew.
    fn load(self) {
        if self.loading.get_untracked() {
            return;
        }
        self.loading.set(true);
        let clinical = self.clinical.get_value();
        let subject = self.session.account().map(|account| account.subject);
        spawn_local(async move {
            let outcome = clinical.biomarkers().await;
            self.loading.set(false);
            // An answer for somebody who has left meanwhile is nobody's.
            if self.session.account().map(|account| account.subject) != subject {
                return;
            }
            match outcome {
                Ok(all) => {
                    self.error.set(None);
                    self.loaded.set(Some(Loaded {
                        results: Arc::new(Results::new(all.results)),
                        unreadable: all.unreadable,
                        more: all.more,
                        at: all.loaded_at,
                    }));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}
