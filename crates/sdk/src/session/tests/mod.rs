//! The session and the pipeline against a strict identity server, on the simulated environment. One room a story.

mod assumptions;
mod board;
#[cfg(feature = "dpop")]
mod bound;
mod connecting;
mod contradictions;
#[cfg(feature = "dpop")]
mod keys;
mod landing;
mod leaving;
pub(crate) mod proofs;
mod reading;
mod refreshing;
mod server;
mod siblings;
mod storage;
mod tabs;
mod time;

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value, json};

use super::{Purpose, Session};
use crate::api::Clinical;
use crate::config::Config;
use crate::env::Env as _;
use crate::env::sim::Sim;
use crate::error::Error;
use crate::url::decode_form;
use server::{Fault, Server};

/// Something a person or the app does, run side by side with others.
type Task<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

const ORIGIN: &str = "https://app.example";

const ISSUER: &str = "https://identity.example";

pub(crate) struct Bench {
    pub(crate) sim: Sim,
    pub(crate) server: Rc<RefCell<Server>>,
    pub(crate) session: Session<Sim>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(config(&json!({})))
    }

    pub(crate) fn with(config: Config) -> Self {
        let server = Rc::new(RefCell::new(Server::new()));
        let sim = Sim::new({
            let server = Rc::clone(&server);
            move |request| server.borrow_mut().answer(request)
        });
        sim.world(|world| {
            world.verifier = server::verify;
            proofs::real_keys(world);
        });
        server.borrow_mut().now = Box::new({
            let sim = sim.clone();
            move || sim.now().0
        });
        let session = Session::new(sim.clone(), config);
        Self {
            sim,
            server,
            session,
        }
    }

    /// Goes to the consent page, and gives the callback's query.
    pub(crate) fn consent(&self, return_to: &str) -> String {
        self.consent_for(Purpose::return_to(return_to))
    }

    /// Goes to the consent page for a purpose, and gives the callback's query.
    pub(super) fn consent_for(&self, purpose: Purpose) -> String {
        self.sim.block_on(self.session.connect(purpose)).unwrap();
        let url = self
            .sim
            .world(|world| world.navigated.last().cloned().unwrap());
        let query = decode_form(url.split_once('?').unwrap().1).unwrap();
        let field = |name: &str| {
            query
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .unwrap()
        };
        let mut server = self.server.borrow_mut();
        server.challenge = field("code_challenge");
        server.nonce = field("nonce");
        format!(
            "code=C&state={}&iss=https%3A%2F%2Fidentity.example",
            field("state")
        )
    }

    pub(crate) fn connected() -> Self {
        Self::new().connect()
    }

    /// Goes all the way to the consent page and back.
    pub(crate) fn connect(self) -> Self {
        let query = self.consent("/biomarkers/tsh");
        let landing = self
            .sim
            .block_on(self.session.complete(&query, ""))
            .unwrap();
        assert_eq!(landing.return_to, "/biomarkers/tsh");
        self
    }

    pub(crate) fn calls(&self, path: &str) -> usize {
        self.sim.world(|world| {
            world
                .sent
                .iter()
                .filter(|request| request.url.split('?').next().unwrap().ends_with(path))
                .count()
        })
    }

    /// So much later, while the person is there.
    pub(crate) fn later(&self, milliseconds: i64) {
        self.away(milliseconds);
        super::board::touch(&self.sim);
    }

    /// So much later, and nobody was there.
    pub(super) fn away(&self, milliseconds: i64) {
        self.sim
            .world(|world| world.now = world.now.plus(milliseconds));
    }

    fn fault(&self, path: &'static str, fault: Fault) {
        self.server.borrow_mut().faults.push((path, fault));
    }

    fn read(&self) -> Result<(), Error> {
        self.sim
            .block_on(Clinical::new(self.session.clone()).biomarkers())
            .map(|_| ())
    }
}

/// A configuration with these assumptions changed.
pub(crate) fn config(assumptions: &Value) -> Config {
    let file = json!({"client_id": "app", "issuer": ISSUER, "clinical": "https://clinical.example", "scopes": ["openid", "profile", "read:biomarkers"],
        "assumptions": assumptions});
    Config::from_json(file.to_string().as_bytes(), ORIGIN).unwrap()
}
