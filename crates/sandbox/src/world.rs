//! The state that the four services share, behind one lock.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use loop_contracts::time::Timestamp;

use crate::app::App;
use crate::clinical::Caller;
use crate::clinical::check_ins::Answered;
use crate::clinical::introspection::IdentityServer;
use crate::clock::Clock;
use crate::faults::{Faults, PlannedFault};
use crate::identity::authorize::{Code, Pending};
use crate::identity::browser::Session;
use crate::identity::clients::Client;
use crate::identity::keys::Keys;
use crate::identity::store::TokenStore;
use crate::limits::{Bucket, Limits};
use crate::log::Log;
use crate::people::{Person, Record};
use crate::reply::{LimitLeft, Refusal};
use crate::switches::Switches;
use crate::webhooks::Webhooks;
use crate::webhooks::faults::PlannedWebhookFault;
use crate::webhooks::settings::Settings;

/// The four origins, as browsers write them: `http://localhost:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Origins {
    /// The partner's app.
    pub app: String,
    /// Sign-in, consent, tokens. Also the issuer.
    pub identity: String,
    /// Lab results.
    pub clinical: String,
    /// Developer portal and control.
    pub portal: String,
}

/// What a reset goes back to.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) switches: Switches,
    pub(crate) faults: Vec<PlannedFault>,
    pub(crate) records: BTreeMap<String, Record>,
    /// Of the client that is always there.
    pub(crate) webhook: Settings,
    pub(crate) webhook_fault: Option<PlannedWebhookFault>,
}

/// A running platform.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) origins: Origins,
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) app: App,
    /// Whom clinical asks about tokens; `None` for this sandbox's own identity service.
    pub(crate) identity_server: Option<IdentityServer>,
    pub(crate) people: Vec<Person>,
    pub(crate) beginning: Beginning,
    state: Mutex<State>,
}

/// What changes while the platform runs.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) switches: Switches,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) log: Log,
    pub(crate) clients: BTreeMap<String, Client>,
    /// By cookie hash.
    pub(crate) sessions: HashMap<String, Session>,
    /// By the id that the forms carry.
    pub(crate) pending: HashMap<String, Pending>,
    /// By code hash.
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) tokens: TokenStore,
    /// What clinical was told about a token, and until when it believes it (C4). By token hash.
    pub(crate) introspected: HashMap<String, (Caller, Timestamp)>,
    /// By person.
    pub(crate) records: BTreeMap<String, Record>,
    /// Answers by person, client and idempotency key.
    pub(crate) answered: HashMap<(String, String, String), Answered>,
    pub(crate) webhooks: Webhooks,
}

impl World {
    /// A platform at its beginning.
    pub(crate) fn new(
        origins: Origins,
        keys: Keys,
        app: App,
        identity_server: Option<IdentityServer>,
        people: Vec<Person>,
        beginning: Beginning,
    ) -> Self {
        let world = Self {
            origins,
            clock: Clock::default(),
            keys,
            app,
            identity_server,
            people,
            beginning,
            state: Mutex::default(),
        };
        world.reset();
        world
    }

    /// Everything as it was at the start: no tokens, no log, no webhooks, the clients, switches, faults and results of the beginning.
    pub(crate) fn reset(&self) {
        self.clock.reset();
        let mut state = State {
            switches: self.beginning.switches.clone(),
            records: self.beginning.records.clone(),
            ..State::default()
        };
        for fault in &self.beginning.faults {
            state.faults.plan(fault.clone());
        }
        let mut client = Client::loop_partner(&self.origins);
        client.webhook = self.beginning.webhook.clone();
        state.clients.insert(client.id.clone(), client);
        let mut current = self.state();
        state.webhooks = current.webhooks.anew(self.beginning.webhook_fault.clone());
        *current = state;
    }

    /// The state, for as long as the guard lives. A panic in one request must not take the platform down.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it is on the platform.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Who signs in under an id.
    pub(crate) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}

impl State {
    /// Counts a request against its limit, unless limits are switched off.
    pub(crate) fn count(
        &mut self,
        bucket: Bucket,
        who: &str,
        now: Timestamp,
    ) -> Result<Option<LimitLeft>, Refusal> {
        if self.switches.rate_limits {
            self.limits.count(bucket, who, now).map(Some)
        } else {
            Ok(None)
        }
    }
}
