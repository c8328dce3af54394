//! The server.
//!
//! | room | what happens there |
//! |---|---|
//! | `connections` | connections: how many, how long, how they end |
//! | `hook` | a delivery: verified, kept, answered |
//! | `refusals` | lines about refused deliveries, not too many |
//! | `admin` | liveness, readiness and metrics, on an address of their own |
//! | `readiness` | whether the database takes a write now |
//! | `backlog` | how much there is to do |
//! | `metrics` | what is counted |
//! | `signals` | when to stop |

mod admin;
mod backlog;
mod connections;
mod hook;
mod metrics;
mod readiness;
mod refusals;
mod signals;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use loop_webhooks::Verifier;
use loop_webhooks::axum::Limits;
use loop_webhooks::inbox::Inbox;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::events::Events;
use crate::logging;
use crate::settings::Settings;
use backlog::Backlogs;
use connections::Bounds;
use hook::Hook;
use metrics::Metrics;
use readiness::Readiness;
use refusals::Refusals;
use signals::Signals;

/// Beside the time of a body: what an answer may take when the server stops. Longer than a file is waited for; PostgreSQL may take
/// more for a lock or a statement, and then the sender has no answer and sends it again.
const ANSWER: Duration = Duration::from_secs(10);
/// Connections to the other address.
const ADMIN_CONNECTIONS: usize = 32;

/// Receives deliveries until it is told to stop.
pub(crate) fn command(settings: Settings) -> ExitCode {
    logging::begin(settings.log);
    match run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => failed(&sentence),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "why it did not start is said on the terminal"
)]
fn failed(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

fn run(settings: Settings) -> Result<(), String> {
    for (slot, secret) in settings.secrets.iter().enumerate() {
        if secret.is_short() {
            tracing::warn!(
                slot,
                "a signing secret has fewer than 24 bytes, and may be guessed: let the developer portal make a new one"
            );
        }
    }
    let secrets = settings.secrets.len();
    let verifier = Verifier::new(&settings.client_id, settings.secrets);
    let verifier = verifier.map_err(|error| error.to_string())?;
    let runtime = Runtime::new()
        .map_err(|error| format!("The system gives no threads ({}).", error.kind()))?;
    // Both addresses before the database, which is another receiver's until it has stopped.
    let (listen, admin) = runtime.block_on(async {
        let listen = bind("listen", settings.listen).await?;
        Ok::<_, String>((listen, bind("admin", settings.admin).await?))
    })?;
    let events = Events::new(&settings.database, settings.log_events);
    let inbox = settings.database.inbox(settings.inbox, events);
    let inbox = inbox.map_err(|error| format!("`database`: {error}"))?;
    let backlogs = Backlogs::new(settings.database.clone());
    let server = Server {
        metrics: Arc::new(Metrics::new(inbox.clone(), secrets)),
        inbox,
        backlogs,
        bounds: Bounds {
            connections: settings.connections,
            header_timeout: settings.header_timeout,
            grace: settings.body_timeout + ANSWER,
        },
        limits: Limits {
            bytes: settings.body_limit,
            time: settings.body_timeout,
        },
        path: settings.path,
        verifier: Arc::new(verifier),
        database: settings.database.kind(),
    };
    let ended = runtime.block_on(server.serve(listen, admin));
    // Whatever still waits for a database has had its time.
    runtime.shutdown_background();
    ended
}

async fn bind(name: &str, address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        format!(
            "`{name}`: cannot listen on {address} ({}). Stop what runs there, or write another address.",
            error.kind()
        )
    })
}

struct Server {
    metrics: Arc<Metrics>,
    inbox: Inbox,
    backlogs: Backlogs,
    bounds: Bounds,
    limits: Limits,
    path: String,
    verifier: Arc<Verifier>,
    database: &'static str,
}

impl Server {
    async fn serve(self, listen: TcpListener, admin: TcpListener) -> Result<(), String> {
        let cannot =
            |error: std::io::Error| format!("Cannot listen for signals ({}).", error.kind());
        let mut signals = Signals::new().map_err(cannot)?;
        let (stop, stopping) = watch::channel(false);
        let (stop_admin, admin_stopping) = watch::channel(false);
        let address = |listener: &TcpListener| {
            listener
                .local_addr()
                .map_or_else(|_| String::new(), |at| at.to_string())
        };
        tracing::info!(
            listen = address(&listen),
            admin = address(&admin),
            database = self.database,
            version = env!("CARGO_PKG_VERSION"),
            "started"
        );
        let readiness = Arc::new(Readiness::new(self.inbox.clone(), stopping.clone()));
        let admin_state = Arc::new(admin::Admin {
            readiness: Arc::clone(&readiness),
            backlogs: self.backlogs,
            metrics: Arc::clone(&self.metrics),
        });
        let admin_bounds = Bounds {
            connections: ADMIN_CONNECTIONS,
            grace: Duration::from_secs(1),
            ..self.bounds
        };
        let admin = tokio::spawn(connections::serve(
            admin,
            admin_bounds,
            None,
            admin_stopping,
            move |_, request| admin::answer(Arc::clone(&admin_state), request),
        ));
        let hook = Arc::new(Hook {
            path: self.path,
            verifier: self.verifier,
            inbox: self.inbox.clone(),
            limits: self.limits,
            metrics: Arc::clone(&self.metrics),
            readiness,
            refusals: Refusals::default(),
        });
        let receiving = tokio::spawn(connections::serve(
            listen,
            self.bounds,
            Some(self.metrics.connections.clone()),
            stopping,
            move |peer, request| hook::answer(Arc::clone(&hook), peer, request),
        ));
        signals.next().await;
        tracing::info!("stopping: no new connections, and those that are open get their answers");
        stop.send_replace(true);
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("told twice to stop: it ends at once");
            std::process::exit(1);
        });
        let unanswered = receiving.await.unwrap_or_default();
        if unanswered > 0 {
            tracing::warn!(unanswered, "connections were cut off: they took too long");
        }
        let inbox = self.inbox;
        let stopped = tokio::task::spawn_blocking(move || inbox.stop()).await;
        stop_admin.send_replace(true);
        drop(admin.await);
        tracing::info!("stopped");
        stopped.map_err(|_| "The inbox did not stop.".to_owned())
    }
}
