//! The webhook receiver of the demo: a program of its own, which says what it has handled.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::guard::{self, Guard};
use crate::term::{Outcome, Tried, say};
use crate::tools::Tools;
use crate::trials;

/// What platform and receiver share here. It is for localhost, and no secret.
const SECRET: &str = "whsec_demo_on_localhost_and_no_secret\n";

/// A receiver with a folder of its own; both are gone at the end, whatever that is.
pub(super) struct Hook {
    guard: Guard,
    folder: PathBuf,
    /// Where deliveries come in, and what watches it.
    ports: [u16; 2],
}

impl Hook {
    /// Builds it, and prepares its folder.
    pub(super) fn new(tools: &Tools, ports: [u16; 2]) -> Outcome<Self> {
        let built = trials::receiver(tools)?;
        let folder = guard::folder("demo")?;
        let mut receiver = Command::new(built);
        let [port, admin] = ports.map(|port| format!("127.0.0.1:{port}"));
        receiver.args(["serve", "--log", "json", "--log-events", "yes"]);
        receiver.args(["--listen", &port, "--admin", &admin]);
        receiver.arg("--secret-file").arg(folder.join("secret"));
        receiver.arg("--database").arg(folder.join("inbox.db"));
        let mut shell = tools.command("sh");
        shell.stdout(Stdio::piped());
        // Nothing of it is kept, so there is nothing to wait for.
        let guard = Guard::new(shell, &folder, "KILL", &receiver)?;
        let written = std::fs::write(folder.join("secret"), SECRET);
        written.tried(format_args!("write into {}", folder.display()))?;
        Ok(Self {
            guard,
            folder,
            ports,
        })
    }

    /// What the platform has to know.
    pub(super) fn flags(&self) -> [String; 4] {
        [
            "--webhook-url".to_owned(),
            format!("http://localhost:{}/webhooks/loop", self.ports[0]),
            "--webhook-secret-file".to_owned(),
            self.folder.join("secret").display().to_string(),
        ]
    }

    /// Starts it for an app, and says what it says.
    pub(super) fn start(&mut self, client_id: &str) -> Outcome<()> {
        self.guard.start(&format!("--client-id={client_id}"))?;
        if let Some(out) = self.guard.stdout() {
            thread::spawn(|| {
                let lines = BufReader::new(out).lines().map_while(Result::ok);
                lines.filter_map(|line| told(&line)).for_each(say);
            });
        }
        Ok(())
    }

    /// What it is good for.
    pub(super) fn welcome(&self) -> String {
        format!(
            "  Webhooks go to http://localhost:{}/webhooks/loop (watched at http://localhost:{}/metrics). Add a lab result\n  in the portal for somebody who has connected, and its arrival is said here.",
            self.ports[0], self.ports[1]
        )
    }
}

/// A line of the receiver's log, for somebody who looks on.
fn told(line: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| line[name].as_str();
    match text("message")? {
        "handled" => Some(format!(
            "  An event came, was kept and was handled: {} ({})",
            text("name")?,
            text("id")?
        )),
        "started" | "stopped" => None,
        message if message.starts_with("stopping") => None,
        message => Some(format!("  The receiver says: {message}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_sentence() {
        let line = r#"{"level":"INFO","message":"handled","id":"evt_1","name":"protocol.started"}"#;
        assert_eq!(
            told(line).as_deref(),
            Some("  An event came, was kept and was handled: protocol.started (evt_1)")
        );
        assert_eq!(told(r#"{"message":"started"}"#), None);
        assert_eq!(told("no JSON"), None);
    }
}
