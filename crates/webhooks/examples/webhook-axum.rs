//! A receiver of one's own: axum takes deliveries in, the inbox keeps them in a file, and a handler writes down lab results.
//!
//! `LOOP_CLIENT_ID=… LOOP_WEBHOOK_SECRET=… cargo run --example webhook-axum --features axum,sqlite`

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::post;
use loop_webhooks::axum::Signed;
use loop_webhooks::inbox::{Accepted, Failure, Handler, Inbox, Settings, Tx, TxError, Unavailable};
use loop_webhooks::{Data, Event, Secret, Verifier};

#[derive(Clone, FromRef)]
struct App {
    verifier: Arc<Verifier>,
    inbox: Inbox,
}

/// What is written in `tx` counts once. Whatever it does elsewhere may happen twice, with the same `event.id()`.
struct Results;

impl Handler for Results {
    fn prepare(&self, tx: &mut Tx<'_>) -> Result<(), TxError> {
        let table = "CREATE TABLE IF NOT EXISTS results (user_id TEXT, code TEXT, event TEXT)";
        tx.execute(table, &[]).map(drop)
    }

    fn handle(&self, event: &Event, tx: &mut Tx<'_>) -> Result<(), Failure> {
        // This one wants nothing else.
        let Data::BiomarkerParsed(results) = event.data() else {
            return Ok(());
        };
        for result in results {
            let code = result.biomarker_code.as_str();
            let values = [event.user_id().into(), code.into(), event.id().into()];
            tx.execute("INSERT INTO results VALUES ($1, $2, $3)", &values)?;
        }
        Ok(())
    }
}

/// 200 once it is on the disk, 503 when it is not; what nobody signed does not come here.
async fn receive(State(app): State<App>, signed: Signed) -> Result<Accepted, Unavailable> {
    app.inbox.accept(signed.delivery).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = Secret::new(&std::env::var("LOOP_WEBHOOK_SECRET")?)?;
    let verifier = Verifier::new(&std::env::var("LOOP_CLIENT_ID")?, [secret])?.into();
    let inbox = Inbox::sqlite("inbox.db", Settings::default(), Results)?;
    let app = Router::new().route("/webhooks/loop", post(receive));
    let app = app.with_state(App { verifier, inbox });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8787").await?;
    Ok(axum::serve(listener, app).await?)
}
