//! What stands beside the results, in memory and nowhere else: each part is loaded when it is first looked at, and all of it is
//! gone when the person changes.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use loop_contracts::clinical::{
    CheckIn, NewCheckIn, NextCheckIn, Protocol, Recommendation, RecommendationSource, RedFlag,
};
use loop_contracts::scope::Scope;
use loop_contracts::time::DateTime;
use loop_sdk::api::{Clinical, IdempotencyKey, List};
use loop_sdk::env::browser::Browser;
use loop_sdk::{Error, Recovery};
use loop_ui::session::LoopSession;
use loop_ui::views::care::Draft;

use crate::routes::{CHECK_IN, Routes};

/// The most protocols that are asked for, each with a call of its own.
const MOST_PROTOCOLS: usize = 10;

/// A part that is drawn, and mostly loaded, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Flags,
    Advice,
    CheckIns,
    Protocols,
    /// Which check-in comes next. Loaded once it is known since when the person is enrolled.
    Next,
    /// The check-in that is being written.
    Form,
}

impl Part {
    /// What the person has to allow.
    pub(crate) fn scope(self) -> Scope {
        match self {
            Self::Flags => Scope::ReadRedFlags,
            Self::Advice => Scope::ReadRecommendations,
            Self::CheckIns | Self::Next => Scope::ReadCheckIns,
            Self::Protocols => Scope::ReadProtocols,
            Self::Form => Scope::WriteCheckIns,
        }
    }
}

/// What a part holds.
pub(crate) enum Data {
    Flags(Vec<RedFlag>),
    Advice(Vec<Recommendation>),
    CheckIns(Vec<CheckIn>),
    Protocols(Vec<Protocol>),
    Next(NextCheckIn),
}

/// What was loaded, and what of it is missing.
pub(crate) struct Loaded {
    pub(crate) data: Data,
    pub(crate) unreadable: usize,
    pub(crate) more: bool,
}

impl Loaded {
    fn list<T>(list: List<T>, data: fn(Vec<T>) -> Data) -> Self {
        Self {
            data: data(list.items),
            unreadable: list.unreadable,
            more: list.more,
        }
    }
}

/// How a part stands.
#[derive(Default)]
pub(crate) enum Shown {
    /// Nobody has asked for it.
    #[default]
    Nothing,
    Loading,
    Failed(Error),
    Ready(Loaded),
}

/// All that is known of one person.
#[derive(Default)]
pub(crate) struct Known {
    parts: [Shown; 5],
    /// Since when the person is enrolled, as they said; empty before.
    pub(crate) since: DateTime,
    /// Whether what they said last was no such day.
    pub(crate) is_no_day: bool,
    /// The check-in that is being written.
    pub(crate) draft: Draft,
    /// What is on its way, or nobody knows whether it arrived: with its key, to be repeated as it is.
    pub(crate) pending: Option<(NewCheckIn, IdempotencyKey)>,
    /// Why sending failed last.
    pub(crate) failed: Option<Error>,
}

impl Known {
    /// How a part stands.
    pub(crate) fn part(&self, part: Part) -> &Shown {
        &self.parts[part as usize]
    }

    /// The protocols that recommendations name; `None` while there are no recommendations to look at.
    fn protocol_ids(&self) -> Option<Vec<String>> {
        let Shown::Ready(loaded) = self.part(Part::Advice) else {
            return None;
        };
        let mut ids: Vec<String> = Vec::new();
        if let Data::Advice(advice) = &loaded.data {
            for one in advice {
                if one.source == RecommendationSource::Protocol
                    && let Some(id) = &one.source_id
                    && !ids.contains(id)
                {
                    ids.push(id.clone());
                }
            }
        }
        Some(ids)
    }
}

/// What is known, in context. One value for all, and a signal for each part that tells when it changed.
#[derive(Clone, Copy)]
pub(crate) struct Care {
    session: LoopSession,
    routes: Routes,
    clinical: StoredValue<Rc<Clinical<Browser>>, LocalStorage>,
    known: StoredValue<Known>,
    changed: [RwSignal<bool>; 6],
    /// Whether a check-in is on its way now.
    pub(crate) busy: RwSignal<bool>,
    /// Whether a check-in has just been written down.
    pub(crate) written: RwSignal<bool>,
}

impl Care {
    /// Puts it into context. It is emptied whenever the person changes.
    pub(crate) fn provide(session: LoopSession, routes: Routes) {
        let care = Self {
            session,
            routes,
            clinical: StoredValue::new_local(Rc::new(Clinical::new(session.session()))),
            known: StoredValue::new(Known::default()),
            changed: [(); 6].map(|()| RwSignal::new(false)),
            busy: RwSignal::new(false),
            written: RwSignal::new(false),
        };
        let subject = session.subject();
        Effect::new(move |is_later: Option<()>| {
            subject.track();
            if is_later.is_some() {
                care.forget();
            }
        });
        provide_context(care);
    }

    /// What is known, in the app.
    pub(crate) fn use_context() -> Self {
        expect_context()
    }

    /// Drops everything.
    pub(crate) fn forget(self) {
        self.change(&mut |known| *known = Known::default());
        self.written.set(false);
    }

    /// Changes what is known, and tells nobody.
    pub(crate) fn change(self, change: &mut dyn FnMut(&mut Known)) {
        self.known.update_value(|known| change(known));
    }

    /// Looks at what is known.
    fn with(self, look: &mut dyn FnMut(&Known)) {
        self.known.with_value(|known| look(known));
    }

    /// Looks at what is known. Reactive: again, when the part has changed.
    pub(crate) fn watch(self, part: Part, look: &mut dyn FnMut(&Known)) {
        self.changed[part as usize].track();
        self.with(look);
    }

    /// Draws a part anew.
    pub(crate) fn tell(self, part: Part) {
        self.changed[part as usize].update(|changed| *changed = !*changed);
    }

    fn set(self, part: Part, shown: Shown) {
        let mut shown = Some(shown);
        self.change(&mut |known| known.parts[part as usize] = shown.take().unwrap_or_default());
        self.tell(part);
    }

    /// Whether the person allowed what a part needs. Reactive.
    pub(crate) fn may(self, part: Part) -> bool {
        let account = self.session.account();
        account.is_some_and(|account| account.granted.contains(&part.scope()))
    }

    /// Loads a part that nobody has asked for yet, if the person allowed it.
    pub(crate) fn ensure(self, part: Part) {
        let mut is_due = false;
        self.with(&mut |known| {
            // Without the recommendations nobody knows which protocols there are.
            let is_known = part != Part::Protocols || known.protocol_ids().is_some();
            is_due = is_known && matches!(known.part(part), Shown::Nothing);
        });
        if is_due && untrack(|| self.may(part)) {
            self.load(part);
        }
    }

    /// Loads a part, whatever is there.
    pub(crate) fn load(self, part: Part) {
        let mut ids = Vec::new();
        let mut since = DateTime::default();
        self.with(&mut |known| {
            ids = known.protocol_ids().unwrap_or_default();
            since = known.since.clone();
        });
        self.set(part, Shown::Loading);
        let clinical = self.clinical.get_value();
        let subject = self.session.subject().get_untracked();
        spawn_local(async move {
            let outcome = match part {
                Part::Flags => clinical
                    .red_flags()
                    .await
                    .map(|list| Loaded::list(list, Data::Flags)),
                Part::Advice => clinical
                    .recommendations()
                    .await
                    .map(|list| Loaded::list(list, Data::Advice)),
                Part::CheckIns => clinical
                    .check_ins()
                    .await
                    .map(|list| Loaded::list(list, Data::CheckIns)),
                Part::Protocols => protocols(&clinical, ids).await,
                Part::Next | Part::Form => {
                    clinical.next_check_in(&since).await.map(|next| Loaded {
                        data: Data::Next(next),
                        unreadable: 0,
                        more: false,
                    })
                }
            };
            // An answer for somebody who has left meanwhile is nobody's.
            if self.session.subject().get_untracked() != subject {
                return;
            }
            self.set(part, outcome.map_or_else(Shown::Failed, Shown::Ready));
            if part == Part::Advice {
                self.ensure(Part::Protocols);
            }
        });
    }

    /// The form is to be sent: for that day. What is wrong with it is told, and nothing is sent then.
    pub(crate) fn submit(self, day_marker: u32) {
        if self.busy.get_untracked() {
            return;
        }
        let session = self.session.session();
        self.change(&mut |known| {
            let since = known.since.clone();
            known.failed = None;
            if let Some(new) = known.draft.read(day_marker, since) {
                match IdempotencyKey::new(session.env()) {
                    Ok(key) => known.pending = Some((new, key)),
                    Err(error) => known.failed = Some(error.into()),
                }
            }
        });
        if !self.send() {
            self.tell(Part::Form);
        }
    }

    /// Sends what is pending, under its own key: it is written down once, however often it is sent. `false`: there is nothing.
    pub(crate) fn send(self) -> bool {
        let mut pending = None;
        self.with(&mut |known| pending.clone_from(&known.pending));
        let Some((new, key)) = pending else {
            return false;
        };
        if self.busy.get_untracked() {
            return true;
        }
        self.busy.set(true);
        let clinical = self.clinical.get_value();
        let subject = self.session.subject().get_untracked();
        spawn_local(async move {
            let outcome = clinical.answer_check_in(&new, &key).await;
            self.busy.set(false);
            if self.session.subject().get_untracked() != subject {
                return;
            }
            match outcome {
                Ok(entry) => self.is_written(entry),
                Err(error) => {
                    let mut error = Some(error);
                    self.change(&mut |known| {
                        known.failed = error.take();
                        let recovery = known.failed.as_ref().map(Error::recovery);
                        if !matches!(recovery, Some(Recovery::Retry { .. })) {
                            known.pending = None;
                        }
                    });
                    self.tell(Part::Form);
                }
            }
        });
        true
    }

    fn is_written(self, mut entry: Option<CheckIn>) {
        self.change(&mut |known| {
            known.pending = None;
            known.draft = Draft::default();
            known.failed = None;
            let listed = &mut known.parts[Part::CheckIns as usize];
            match (listed, entry.take()) {
                (
                    Shown::Ready(Loaded {
                        data: Data::CheckIns(list),
                        ..
                    }),
                    Some(entry),
                ) => list.push(entry),
                // The list is loaded when it is looked at.
                (listed, _) => *listed = Shown::Nothing,
            }
        });
        self.written.set(true);
        self.tell(Part::CheckIns);
        self.load(Part::Next);
        // Whoever has gone elsewhere meanwhile stays there.
        if untrack(|| self.routes.path()) == CHECK_IN {
            self.routes.replace("/care");
        }
    }
}

/// Each protocol that is named. One that cannot be seen or read is counted; any other failure fails the whole.
async fn protocols(clinical: &Clinical<Browser>, ids: Vec<String>) -> Result<Loaded, Error> {
    let mut found = Vec::new();
    let mut unreadable = 0;
    let more = ids.len() > MOST_PROTOCOLS;
    for id in ids.into_iter().take(MOST_PROTOCOLS) {
        match clinical.protocol(&id).await {
            Ok(protocol) => found.push(protocol),
            Err(Error::NotVisible | Error::Unreadable(_)) => unreadable += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(Loaded {
        data: Data::Protocols(found),
        unreadable,
        more,
    })
}
