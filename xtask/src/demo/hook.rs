//! The webhook receiver of the demo: a program of its own, which says what it has handled.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;

use serde_json::Value;

use crate::term::{Failure, Outcome, Tried, say};
use crate::tools::Tools;
use crate::trials;

/// What platform and receiver share here. It is for localhost, and no secret.
const SECRET: &str = "whsec_demo_on_localhost_and_no_secret\n";

/// A receiver with a folder of its own, which is removed at the end.
pub(super) struct Hook {
    program: PathBuf,
    folder: PathBuf,
    /// Where deliveries come in; what watches it is on the next one.
    port: u16,
    child: Option<Child>,
}

impl Hook {
    /// Builds it. Its ports are those after the last one of the platform.
    pub(super) fn new(tools: &Tools, last: u16) -> Outcome<Self> {
        let program = trials::receiver(tools)?;
        let folder = std::env::temp_dir().join(format!("loop-demo-{}", std::process::id()));
        let create = std::fs::create_dir_all(&folder);
        create.tried(format_args!("create {}", folder.display()))?;
        let port = last.checked_add(2).map(|port| port - 1);
        let port = port.ok_or_else(|| Failure::new("`--port` leaves no room for six ports."))?;
        let hook = Self {
            program,
            folder,
            port,
            child: None,
        };
        let written = std::fs::write(hook.secret(), SECRET);
        written.tried(format_args!("write into {}", hook.folder.display()))?;
        Ok(hook)
    }

    fn secret(&self) -> PathBuf {
        self.folder.join("secret")
    }

    /// What the platform has to know.
    pub(super) fn flags(&self) -> [String; 4] {
        [
            "--webhook-url".to_owned(),
            format!("http://localhost:{}/webhooks/loop", self.port),
            "--webhook-secret-file".to_owned(),
            self.secret().display().to_string(),
        ]
    }

    /// Starts it for an app, and says what it says.
    pub(super) fn start(&mut self, tools: &Tools, client_id: &str) -> Outcome<()> {
        let mut command = tools.command(&self.program);
        command.args(["serve", "--log", "json", "--log-events", "yes"]);
        command.args(["--client-id", client_id]);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--admin", &format!("127.0.0.1:{}", self.port + 1)]);
        command.arg("--secret-file").arg(self.secret());
        command.arg("--database").arg(self.folder.join("inbox.db"));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .tried("start the webhook receiver")?;
        if let Some(out) = child.stdout.take() {
            thread::spawn(|| {
                let lines = BufReader::new(out).lines().map_while(Result::ok);
                lines.filter_map(|line| told(&line)).for_each(say);
            });
        }
        self.child = Some(child);
        Ok(())
    }

    /// What it is good for.
    pub(super) fn welcome(&self) -> String {
        format!(
            "  Webhooks go to http://localhost:{}/webhooks/loop (watched at http://localhost:{}/metrics). Add a lab result\n  in the portal for somebody who has connected, and its arrival is said here.",
            self.port,
            self.port + 1
        )
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Ctrl-C has reached it, too; otherwise nothing that was answered is lost by this.
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
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
