//! A Loop platform on localhost, for building and testing apps against: strict where the documentation is clear, and
//! switchable where it is silent or contradicts itself.
//!
//! Four origins, so that CORS and cookies behave as they do in production:
//!
//! | origin | module | what it does |
//! |---|---|---|
//! | app | `app` | serves a built static app under production headers |
//! | identity | `identity` | sign-in, consent, tokens, grants, keys |
//! | clinical | `clinical` | lab results and what stands beside them |
//! | portal | `portal`, `control` | for people: clients, BAA, log; for tests: switches, faults, clock |
//!
//! A request comes in through `server` and passes `gate`, which applies `faults` and `cors`, lets the service
//! answer, adds the headers of every answer, and writes the `log`. All state is in `world`. The invented people are
//! in `people`; `import` reads a person's results from a file, and `results` adds new ones, of which `webhooks` tells.
//!
//! ```no_run
//! # async fn example() -> Result<(), loop_sandbox::options::StartError> {
//! use loop_sandbox::{Sandbox, options::Options};
//! let running = Sandbox::start(Options::on_free_ports()).await?;
//! assert!(running.origins().identity.starts_with("http://localhost:"));
//! running.stop();
//! # Ok(())
//! # }
//! ```

mod app;
mod clinical;
mod clock;
mod control;
mod cors;
mod endpoint;
mod faults;
mod form;
mod gate;
#[cfg(test)]
#[path = "../../contracts/tests/support/hostile.rs"]
mod hostile;
mod identity;
mod import;
mod limits;
mod log;
#[cfg(test)]
#[path = "../../contracts/tests/support/loinc.rs"]
mod loinc;
pub mod options;
mod page;
mod people;
mod portal;
mod reload;
mod reply;
mod results;
mod secret;
mod server;
mod switches;
mod webhooks;
mod world;

use std::fmt::Write as _;
use std::sync::Arc;

use loop_contracts::time::{DateTime, Timestamp};
use tokio::task::JoinHandle;

pub use crate::identity::clients::{ADMIN_TOKEN, LOOP_PARTNER};
pub use crate::identity::revoke::SERVICE_CLIENT;
pub use crate::people::Person;
pub use crate::webhooks::settings::{OLD_WEBHOOK_SECRET, WEBHOOK_SECRET};
pub use crate::world::Origins;

use crate::app::App;
use crate::clinical::introspection::IdentityServer;
use crate::endpoint::Service;
use crate::faults::PlannedFault;
use crate::identity::keys::Keys;
use crate::import::Imported;
use crate::options::{Options, StartError};
use crate::server::Port;
use crate::switches::Switches;
use crate::webhooks::courier;
use crate::webhooks::start::Start;
use crate::world::{Beginning, World};

/// How to start one.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

/// A platform that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    world: Arc<World>,
    tasks: Vec<JoinHandle<()>>,
    notices: Vec<String>,
}

impl Sandbox {
    /// Takes the ports and begins to answer. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`]: one sentence that says what to do.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let today = match &options.today {
            None => clock::machine_now(),
            Some(text) => today(text)?,
        };
        let switches = switches(&options.switches)?;
        let faults = faults(&options.faults)?;
        let identity_server = match (&options.introspect, &options.introspect_auth) {
            (Some(url), Some(auth)) => Some(
                IdentityServer::new(url, auth)
                    .map_err(|reason| flag("--introspect", url, reason))?,
            ),
            _ => None,
        };
        let imported = options.data.as_deref().map(import::read).transpose()?;
        let (results, mut notices) = match imported {
            Some(Imported {
                results, notices, ..
            }) => (Some(results), notices),
            None => (None, Vec::new()),
        };
        let webhooks = Start::read(&options)?;
        notices.extend(webhooks.notice.map(str::to_owned));
        let (people, records) = people::cast::everybody(today, results);

        let app_port = Port::take("app", options.app_port, "--app-port").await?;
        let identity_port =
            Port::take("identity service", options.identity_port, "--identity-port").await?;
        let clinical_port =
            Port::take("clinical service", options.clinical_port, "--clinical-port").await?;
        let portal_port =
            Port::take("developer portal", options.portal_port, "--portal-port").await?;
        let origins = Origins {
            app: app_port.origin(),
            identity: origin(
                "--identity-origin",
                options.identity_origin.as_deref(),
                &identity_port,
            )?,
            clinical: origin(
                "--clinical-origin",
                options.clinical_origin.as_deref(),
                &clinical_port,
            )?,
            portal: portal_port.origin(),
        };
        let app = app_of(&options, &origins)?;
        let beginning = Beginning {
            switches,
            faults,
            records,
            webhook: webhooks.settings,
            webhook_fault: webhooks.fault,
        };
        let world = Arc::new(World::new(
            origins,
            Keys::generate()?,
            app,
            identity_server,
            people,
            beginning,
        ));
        let services = [
            (app_port, Service::App, app::router(Arc::clone(&world))),
            (
                identity_port,
                Service::Identity,
                identity::router(Arc::clone(&world)),
            ),
            (
                clinical_port,
                Service::Clinical,
                clinical::router(Arc::clone(&world)),
            ),
            (
                portal_port,
                Service::Portal,
                portal::router(Arc::clone(&world)),
            ),
        ]
        .into_iter()
        .map(|(port, service, router)| {
            tokio::spawn(port.serve(Arc::clone(&world), service, router))
        });
        let courier = tokio::spawn(courier::run(Arc::clone(&world)));
        let tasks = services.chain([courier]).collect();
        Ok(Running {
            world,
            tasks,
            notices,
        })
    }
}

impl Running {
    /// Where it answers.
    pub fn origins(&self) -> &Origins {
        &self.world.origins
    }

    /// Who can sign in.
    pub fn people(&self) -> &[Person] {
        &self.world.people
    }

    /// What has to be said about the files that were named, one line each.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The one line of `--json`.
    pub fn to_json(&self) -> String {
        let origins = self.origins();
        serde_json::json!({
            "app": origins.app,
            "identity": origins.identity,
            "clinical": origins.clinical,
            "portal": origins.portal,
            "client_id": self.world.app.client_id,
            "people": self.people(),
        })
        .to_string()
    }

    /// What a person at a terminal wants to know.
    pub fn to_text(&self) -> String {
        let origins = self.origins();
        let mut text = format!(
            "A Loop platform is running on this computer.\n\n  app       {}\n  identity  {}\n  clinical  {}\n  portal    {}\n\n\
             Client {LOOP_PARTNER} is registered and may connect.\nSign in as:\n",
            origins.app, origins.identity, origins.clinical, origins.portal
        );
        let (leading, others): (Vec<_>, Vec<_>) =
            self.people().iter().partition(|person| person.leading);
        for person in leading {
            let _ok = writeln!(text, "  {:<16} {}", person.name, person.summary);
        }
        let others: Vec<_> = others
            .iter()
            .map(|person| format!("{} ({})", person.name, person.summary))
            .collect();
        let _ok = writeln!(text, "or {}.\n", others.join(", "));
        if let Some(target) = &self.world.beginning.webhook.target {
            let _ok = writeln!(text, "Webhooks of {LOOP_PARTNER} go to {}.\n", target.url());
        }
        text.push_str("Stop with Ctrl-C.\n");
        text
    }

    /// Closes the ports and every connection.
    pub fn stop(self) {}
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn flag(flag: &'static str, value: &str, reason: String) -> StartError {
    StartError::Flag {
        flag,
        value: value.to_owned(),
        reason,
    }
}

fn today(text: &str) -> Result<Timestamp, StartError> {
    DateTime(text.to_owned()).timestamp().ok_or_else(|| {
        flag(
            "--today",
            text,
            "it is no date such as 2026-03-03".to_owned(),
        )
    })
}

fn switches(given: &[String]) -> Result<Switches, StartError> {
    given
        .iter()
        .try_fold(Switches::default(), |switches, text| {
            switches
                .merge_flag(text)
                .map_err(|reason| flag("--switch", text, reason))
        })
}

fn faults(given: &[String]) -> Result<Vec<PlannedFault>, StartError> {
    given
        .iter()
        .map(|text| PlannedFault::parse(text).map_err(|reason| flag("--fault", text, reason)))
        .collect()
}

/// What a service calls itself: as it was told, or by its own port.
fn origin(name: &'static str, told: Option<&str>, port: &Port) -> Result<String, StartError> {
    let Some(url) = told else {
        return Ok(port.origin());
    };
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let is_origin = rest.is_some_and(|host| {
        let mut letters = host.chars();
        !host.is_empty() && letters.all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c))
    });
    if is_origin {
        Ok(url.to_owned())
    } else {
        let reason = "it is no origin such as https://localhost:9443".to_owned();
        Err(flag(name, url, reason))
    }
}

fn app_of(options: &Options, origins: &Origins) -> Result<App, StartError> {
    let issuer = match &options.issuer {
        None => origins.identity.clone(),
        Some(url)
            if (url.starts_with("http://") || url.starts_with("https://"))
                && !url.contains([';', ',', ' ', '\'']) =>
        {
            url.clone()
        }
        Some(url) => {
            return Err(flag(
                "--issuer",
                url,
                "it is no http or https URL".to_owned(),
            ));
        }
    };
    let folder = match &options.app {
        None => None,
        Some(folder) => {
            let fail = |reason: &str| StartError::File {
                what: "--app",
                path: folder.display().to_string(),
                reason: reason.to_owned(),
            };
            let folder = folder
                .canonicalize()
                .map_err(|error| fail(&error.to_string()))?;
            if !folder.join("index.html").is_file() {
                return Err(fail("it has no index.html; build the app first"));
            }
            Some(folder)
        }
    };
    let config = match &options.app_config {
        None => None,
        Some(path) => Some(
            std::fs::read_to_string(path).map_err(|error| StartError::File {
                what: "--app-config",
                path: path.display().to_string(),
                reason: error.to_string(),
            })?,
        ),
    };
    Ok(App {
        folder,
        reloads: options.reload,
        config,
        issuer,
        client_id: options
            .client_id
            .clone()
            .unwrap_or_else(|| LOOP_PARTNER.to_owned()),
    })
}
