//! What is said while it runs: lines of this program and of the inbox, and of nothing else.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::Log;

/// Begins to write lines to standard output. What other crates say is left out: nobody knows what it holds.
pub(crate) fn begin(log: Log) {
    let own = Targets::new()
        .with_target("loop_webhook_receiver", Level::INFO)
        .with_target("loop_webhooks", Level::INFO);
    let lines = fmt::layer().with_ansi(false).with_writer(io::stdout);
    let all = tracing_subscriber::registry().with(own);
    let begun = match log {
        Log::Text => all.with(lines).try_init(),
        Log::Json => all.with(lines.json().flatten_event(true)).try_init(),
    };
    // Somebody else has begun, and writes the lines.
    drop(begun);
    // Where it was, and not what it says, which may hold what was received.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(|at| (at.file(), at.line()));
        let (file, line) = at.unwrap_or_default();
        tracing::error!(file, line, "a panic");
    }));
}
