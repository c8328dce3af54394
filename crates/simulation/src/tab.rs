//! One tab: the app in it does what the real one does, on the real session and the real calls.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use loop_contracts::scope::ScopeSet;
use loop_sdk::api::Clinical;
use loop_sdk::env::Env;
use loop_sdk::env::sim::Sim;
use loop_sdk::{Config, Error, Purpose, Session, SessionState};

/// The app looks at the clock this often, in milliseconds. The real one does every second, which here would be most of
/// the work.
pub(crate) const TICK: u32 = 20_000;

/// What a tab shows.
pub(crate) enum Place {
    /// The app.
    App(Page),
    /// The consent page, by its URL.
    Consent(String),
}

/// One page of the app.
pub(crate) struct Page {
    pub(crate) session: Session<Sim>,
    /// Whose results are on the screen.
    pub(crate) shown: Rc<RefCell<Option<String>>>,
    /// The family and generation that were last seen in its store.
    pub(crate) newest: Rc<RefCell<Option<(String, u32)>>>,
    /// Whether its callback is being judged.
    pub(crate) returning: Rc<Cell<bool>>,
    /// Whether it is on its way to the consent page.
    pub(crate) connecting: Rc<Cell<bool>>,
    /// How each read ended.
    pub(crate) reads: Rc<RefCell<Reads>>,
}

/// Reads of one page.
#[derive(Default)]
pub(crate) struct Reads {
    pub(crate) running: u32,
    /// How many there were.
    pub(crate) made: u32,
    pub(crate) last: Option<Result<(), Error>>,
    /// When the oldest one that is running began.
    pub(crate) since: i64,
}

/// A tab.
pub(crate) struct Tab {
    pub(crate) name: usize,
    pub(crate) sim: Sim,
    pub(crate) place: Place,
    pub(crate) frozen: bool,
    /// Where the page wants to go.
    pub(crate) leaving: Rc<RefCell<Option<String>>>,
    /// The callback that brought this page, which the person may open again.
    pub(crate) callback: Option<String>,
    /// The consent page that the person came back from, and may go to again.
    pub(crate) forward: Option<String>,
}

impl Tab {
    /// A page of the app in this tab; `callback` is what the address bar carries.
    pub(crate) fn load(name: usize, sim: Sim, config: &Config, callback: Option<String>) -> Self {
        let page = Page::load(&sim, config, callback.clone());
        Self {
            name,
            sim,
            place: Place::App(page),
            frozen: false,
            leaving: Rc::default(),
            callback,
            forward: None,
        }
    }

    /// A tab at the consent page.
    pub(crate) fn at_consent(name: usize, sim: Sim, url: String) -> Self {
        sim.close();
        Self {
            name,
            sim,
            place: Place::Consent(url),
            frozen: false,
            leaving: Rc::default(),
            callback: None,
            forward: None,
        }
    }

    pub(crate) fn page(&self) -> Option<&Page> {
        match &self.place {
            Place::App(page) => Some(page),
            Place::Consent(_) => None,
        }
    }

    /// What was running waits no longer than from now on.
    pub(crate) fn has_slept(&self, now: i64) {
        if let Some(page) = self.page() {
            page.reads.borrow_mut().since = now;
        }
    }

    /// The person does something in this tab, and the app reads.
    pub(crate) fn use_it(&self) {
        if let Some(page) = self.page() {
            page.session.touch();
            page.read(&self.sim);
        }
    }

    /// The person clicks "Connect".
    pub(crate) fn connect(&self) {
        let Some(page) = self.page() else {
            return;
        };
        let (session, sim, leaving) = (
            page.session.clone(),
            self.sim.clone(),
            Rc::clone(&self.leaving),
        );
        let connecting = Rc::clone(&page.connecting);
        connecting.set(true);
        self.sim.spawn(async move {
            let before = sim.world(|world| world.navigated.len());
            if session.connect(Purpose::return_to("/")).await.is_ok() {
                let url = sim.world(|world| world.navigated.get(before).cloned());
                *leaving.borrow_mut() = url;
            }
            connecting.set(false);
        });
    }

    /// The person clicks "Disconnect".
    pub(crate) fn disconnect(&self) {
        if let Some(page) = self.page() {
            let session = page.session.clone();
            page.shown.replace(None);
            self.sim.spawn(async move {
                session.disconnect().await;
            });
        }
    }
}

impl Page {
    fn load(sim: &Sim, config: &Config, callback: Option<String>) -> Self {
        let page = Self {
            session: Session::new(sim.clone(), config.clone()),
            shown: Rc::default(),
            newest: Rc::default(),
            returning: Rc::new(Cell::new(callback.is_some())),
            connecting: Rc::default(),
            reads: Rc::default(),
        };
        page.draw(sim);
        if let Some(query) = callback {
            let (session, returning) = (page.session.clone(), Rc::clone(&page.returning));
            sim.spawn(async move {
                let _ = session.complete(&query, "").await;
                returning.set(false);
            });
        }
        page.tick(sim);
        page
    }

    /// Loads when somebody is connected, and clears when it is somebody else or nobody.
    fn draw(&self, sim: &Sim) {
        let (page, sim) = (self.handles(), sim.clone());
        let follow = move |state: SessionState| {
            let subject = state.account().map(|account| account.subject.clone());
            if *page.shown.borrow() != subject {
                page.shown.replace(None);
                if subject.is_some() {
                    page.read(&sim);
                }
            }
        };
        follow(self.session.state());
        self.session.on_change(follow);
    }

    fn tick(&self, sim: &Sim) {
        let (session, env) = (self.session.clone(), sim.clone());
        sim.spawn(async move {
            loop {
                env.sleep(TICK).await;
                session.revisit();
            }
        });
    }

    /// The same page, for what outlives a borrow.
    fn handles(&self) -> Self {
        Self {
            session: self.session.clone(),
            shown: Rc::clone(&self.shown),
            newest: Rc::clone(&self.newest),
            returning: Rc::clone(&self.returning),
            connecting: Rc::clone(&self.connecting),
            reads: Rc::clone(&self.reads),
        }
    }

    pub(crate) fn read(&self, sim: &Sim) {
        if self.session.state().account().is_none() {
            return;
        }
        let page = self.handles();
        let now = sim.world(|world| world.now.0);
        {
            let mut reads = page.reads.borrow_mut();
            if reads.running == 0 {
                reads.since = now;
            }
            reads.running += 1;
            reads.made += 1;
        }
        sim.spawn(async move {
            let outcome = Clinical::new(page.session.clone()).biomarkers().await;
            let mut reads = page.reads.borrow_mut();
            reads.running -= 1;
            reads.last = Some(match outcome {
                Ok(all) => {
                    let whose = all.results.first().map(|result| result.patient_id.clone());
                    page.shown.replace(whose);
                    Ok(())
                }
                Err(error) => Err(error),
            });
        });
    }
}

/// A parameter of a URL's query.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap_or_default();
    let pairs = loop_sdk::url::decode_form(query).unwrap_or_default();
    let found = pairs.into_iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

/// The scopes that a consent page's URL asks for.
pub(crate) fn asked(url: &str) -> ScopeSet {
    ScopeSet::parse(&parameter(url, "scope"))
}
