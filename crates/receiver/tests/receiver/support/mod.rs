//! A receiver in a process of its own, what is sent to it, and what it says.

mod http;

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use loop_webhooks::Secret;

pub use http::{Answer, Connection};

pub const CLIENT: &str = "client_1";
pub const CURRENT: &str = "whsec_current_7Zk2mQ9vT4xB8nR";
pub const PREVIOUS: &str = "whsec_previous_d1Wc5Ly0Hs3Pf6";
pub const PATH: &str = "/webhooks/loop";
/// For everything that is waited for.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for a condition.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        // Others need the processor for what is waited for.
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A name that no other test has.
pub fn unique(start: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{start}-{}-{number}", std::process::id())
}

/// A folder that is removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("loop-receiver"));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.0.join("inbox.db")).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, with the settings of all tests; later ones count.
pub fn program(folder: &Folder, words: &[&str]) -> Command {
    let secrets = folder.file("secrets", &format!("{CURRENT}\n{PREVIOUS}\n"));
    let mut command = bare();
    command.env("LOOP_WEBHOOK_CLIENT_ID", CLIENT);
    command.env("LOOP_WEBHOOK_SECRET_FILES", secrets);
    command.env("LOOP_WEBHOOK_DATABASE", folder.path("inbox.db"));
    command.env("LOOP_WEBHOOK_LISTEN", "127.0.0.1:0");
    command.env("LOOP_WEBHOOK_ADMIN", "127.0.0.1:0");
    command.args(words);
    command
}

/// The program, with no setting.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loop-webhook-receiver"));
    command.env_clear();
    command
}

/// How a program ended, and what it said on both streams.
pub fn run(mut command: Command) -> (Option<i32>, String, String) {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let [out, error] = [Said::default(), Said::default()];
    let threads = [
        listen_to(child.stdout.take().unwrap(), Arc::clone(&out)),
        listen_to(child.stderr.take().unwrap(), Arc::clone(&error)),
    ];
    let (ended, has_ended) = mpsc::channel();
    thread::spawn(move || {
        for thread in threads {
            thread.join().unwrap();
        }
        let _ = ended.send(());
    });
    if has_ended.recv_timeout(PATIENCE).is_err() {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    let text = |said: Said| said.lock().unwrap().clone();
    (status.code(), text(out), text(error))
}

type Said = Arc<Mutex<String>>;

/// A receiver that runs.
pub struct Server {
    child: Child,
    pub folder: Folder,
    pub listen: SocketAddr,
    pub admin: SocketAddr,
    said: Said,
}

impl Server {
    pub fn start(words: &[&str]) -> Self {
        let folder = Folder::new();
        let command = program(&folder, &["serve"]);
        Self::run(folder, command, words)
    }

    pub fn run(folder: Folder, mut command: Command, words: &[&str]) -> Self {
        command.args(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Said::default();
        listen_to(child.stdout.take().unwrap(), Arc::clone(&said));
        listen_to(child.stderr.take().unwrap(), Arc::clone(&said));
        until("it has started", || {
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?} {}", said.lock().unwrap());
            said.lock().unwrap().contains("started")
        });
        let line = said.lock().unwrap().clone();
        // `listen="127.0.0.1:1"` and `"listen":"127.0.0.1:1"`
        let address = |name: &str| {
            let rest = line.split_once(name).unwrap().1;
            let end = rest.split('"').find(|part| part.contains("127.")).unwrap();
            end.parse().unwrap()
        };
        Self {
            listen: address("listen"),
            admin: address("admin"),
            child,
            folder,
            said,
        }
    }

    pub fn connect(&self) -> Connection {
        Connection::to(self.listen)
    }

    pub fn send(&self, post: &Post) -> Answer {
        self.connect().send(&post.bytes())
    }

    /// Of the other address.
    pub fn ask(&self, path: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Connection::to(self.admin).send(request.as_bytes())
    }

    /// What one line of the metrics says, such as `connections` or `requests_total{outcome="accepted"}`.
    pub fn metric(&self, name: &str) -> u64 {
        let text = self.ask("/metrics").body;
        let name = format!("loop_webhook_{name} ");
        let line = text.lines().find_map(|line| line.strip_prefix(&name));
        let number = line.unwrap_or_else(|| panic!("{name} in {text}"));
        number.trim_end_matches(".0").parse().unwrap()
    }

    pub fn outcome(&self, word: &str) -> u64 {
        self.metric(&format!("requests_total{{outcome=\"{word}\"}}"))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn terminate(&self) {
        let pid = self.pid().to_string();
        let killed = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(killed.unwrap().success());
    }

    pub fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("it has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen_to(from: impl Read + Send + 'static, said: Said) -> JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let mut said = said.lock().unwrap();
            said.push_str(&line);
            said.push('\n');
        }
    })
}

/// A delivery.
#[derive(Clone)]
pub struct Post {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A body as the platform sends it.
pub fn body(id: &str, user: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"protocol.started","user_id":"{user}","client_id":"{CLIENT}","occurred_at":"2100-01-01T00:00:00Z","data":{{}}}}"#
    )
}

impl Post {
    /// Signed, with the length of its body.
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let signature = Secret::new(CURRENT).unwrap().sign(&body);
        Self {
            line: format!("POST {PATH} HTTP/1.1"),
            headers: Vec::new(),
            body: Vec::new(),
        }
        .with("Host", "receiver")
        .with("X-Loop-Signature", &signature)
        .with("Content-Length", &body.len().to_string())
        .of(body)
    }

    pub fn event(id: &str, user: &str) -> Self {
        Self::new(body(id, user))
    }

    fn of(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    pub fn line(mut self, line: &str) -> Self {
        line.clone_into(&mut self.line);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self
    }

    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    pub fn signed_with(self, secret: &str) -> Self {
        let signature = Secret::new(secret).unwrap().sign(&self.body);
        self.with("X-Loop-Signature", &signature)
    }

    /// In chunks instead of a length.
    pub fn chunked(self) -> Self {
        let mut body = Vec::new();
        for part in self.body.chunks(1000) {
            body.extend(format!("{:x}\r\n", part.len()).bytes());
            body.extend(part);
            body.extend(b"\r\n");
        }
        body.extend(b"0\r\n\r\n");
        self.without("Content-Length")
            .with("Transfer-Encoding", "chunked")
            .of(body)
    }

    pub fn head(&self) -> Vec<u8> {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| format!("{name}: {value}\r\n"));
        let headers: String = headers.collect();
        format!("{}\r\n{headers}\r\n", self.line).into_bytes()
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head(), self.body.clone()].concat()
    }
}
