//! A receiver as a process: started, killed, stopped.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::post::{CLIENT, PATH, SECRET};
use crate::table::Table;

/// A receiver has to be there in this time.
const START: Duration = Duration::from_secs(30);
/// Between two looks whether it is there.
const LOOK: Duration = Duration::from_millis(2);
/// What a receiver says when it has come to the point at which it was told to stand still.
pub(crate) const MARK: &str = "crash point";

/// How to start a receiver.
pub(crate) struct Program {
    pub(crate) command: Vec<String>,
    pub(crate) table: Table,
    /// The lines of its log, when a trial fails.
    pub(crate) log: PathBuf,
}

/// A receiver that was started.
pub(crate) struct Receiver {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Says when it stands still.
    pub(crate) stands: mpsc::Receiver<()>,
}

impl Program {
    /// Starts it, and waits until it takes connections. `point` is where it is to stand still, and after how many times.
    pub(crate) fn start(&self, point: Option<(&str, u64)>) -> Result<Receiver, Failure> {
        let [address, admin] = free()?;
        let (name, words) = self.command.split_first().ok_or("no program was named")?;
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&self.log)?;
        let mut command = Command::new(name);
        command
            .args(words)
            .env("LOOP_WEBHOOK_SECRETS", SECRET)
            .env("LOOP_WEBHOOK_CLIENT_ID", CLIENT)
            .env("LOOP_WEBHOOK_DATABASE", self.table.setting())
            .env("LOOP_WEBHOOK_LISTEN", address.to_string())
            .env("LOOP_WEBHOOK_ADMIN", admin.to_string())
            .env("LOOP_WEBHOOK_PATH", PATH)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::piped());
        if let Some((point, times)) = point {
            command.env("LOOP_CRASH_AT", format!("{point}:{times}"));
        }
        let mut child = command.spawn()?;
        let words = child.stderr.take().ok_or("its words cannot be read")?;
        let (stands, stood) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(words).lines().map_while(Result::ok) {
                if line.contains(MARK) {
                    let _ = stands.send(());
                } else {
                    crate::say_wrong(line);
                }
            }
        });
        let mut receiver = Receiver {
            child,
            address,
            stands: stood,
        };
        receiver.wait()?;
        Ok(receiver)
    }
}

impl Receiver {
    fn wait(&mut self) -> Result<(), Failure> {
        let until = Instant::now() + START;
        while TcpStream::connect(self.address).is_err() {
            // At its crash point it may stand still before anybody could reach it.
            if self.stands.try_recv().is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("the receiver ended with {status}").into());
            }
            if Instant::now() > until {
                return Err("the receiver did not start".into());
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    /// SIGKILL: nothing of it runs any more when this returns.
    pub(crate) fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Its resident memory at the most so far, in bytes.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two addresses that nobody uses now.
fn free() -> Result<[SocketAddr; 2], Failure> {
    let bind = || TcpListener::bind("127.0.0.1:0");
    let (one, other) = (bind()?, bind()?);
    Ok([one.local_addr()?, other.local_addr()?])
}
