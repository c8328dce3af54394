//! The server, from an empty folder to nothing.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::thread::{self, JoinHandle};

use crate::apt;
use crate::guard::{self, Guard};
use crate::process;
use crate::term::{Failure, Outcome, Tried, say};
use crate::tools::Tools;

/// What the server says when it can be used.
const READY: &str = "database system is ready to accept connections";

/// A server that runs. It keeps its promises about the disk, as one in production does; only who may use it is left to the folder,
/// which nobody else can enter.
pub(crate) struct Cluster {
    /// Ends it; `None` once it has.
    guard: Option<Guard>,
    reader: Option<JoinHandle<()>>,
    folder: PathBuf,
}

impl Cluster {
    /// Makes one with the programs of this folder, and waits until it can be used.
    pub(crate) fn start(tools: &Tools, programs: &Path) -> Outcome<Self> {
        let owner = Owner::find()?;
        let folder = guard::folder("postgres")?;
        let cluster = Self::fill(tools, programs, &folder, &owner);
        if cluster.is_err() {
            let _ = std::fs::remove_dir_all(&folder);
        }
        cluster
    }

    fn fill(tools: &Tools, programs: &Path, folder: &Path, owner: &Owner) -> Outcome<Self> {
        if let Owner::Other { uid, gid } = owner {
            chown(folder, Some(*uid), Some(*gid))
                .tried(format_args!("give {} away", folder.display()))?;
        }
        let data = folder.join("data");
        let mut server = Command::new(programs.join("postgres"));
        server
            .arg("-D")
            .arg(&data)
            .args(["-p", "5432", "-c", "listen_addresses=", "-c"])
            .arg(format!("unix_socket_directories={}", folder.display()))
            .args(["-c", "max_connections=300", "-c", "logging_collector=off"]);
        let mut shell = owner.command(tools, "sh", folder);
        shell.stdout(Stdio::null()).stderr(Stdio::piped());
        // Without waiting for whoever is connected.
        let mut guard = Guard::new(shell, folder, "INT", &server)?;
        let mut initdb = owner.command(tools, programs.join("initdb"), folder);
        initdb
            .args(["--username=postgres", "--auth=trust", "--no-locale"])
            .args(["--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(&data);
        let output = initdb.output().tried("start initdb")?;
        if !output.status.success() {
            say(String::from_utf8_lossy(&output.stderr).trim_end());
            return Err(Failure::new(
                "initdb made no database; its own words are above.",
            ));
        }
        guard.start("")?;
        let mut lines = guard.stderr().map(BufReader::new);
        lines.as_mut().map_or(Ok(()), wait)?;
        Ok(Self {
            guard: Some(guard),
            // What else it says is about statements that tests want to be refused. Nobody may be made to wait by a full pipe.
            reader: lines.map(|lines| thread::spawn(|| lines.lines().for_each(drop))),
            folder: folder.to_path_buf(),
        })
    }

    /// How to reach it.
    pub(crate) fn address(&self) -> String {
        address(&self.folder)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.take());
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
        // The guard may not remove what is in a folder of somebody else's.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Reads what the server says until it can be used.
fn wait(lines: &mut BufReader<ChildStderr>) -> Outcome<()> {
    let mut said = String::new();
    loop {
        let start = said.len();
        let read = lines.read_line(&mut said);
        if read.tried("read what PostgreSQL says")? == 0 {
            say(said.trim_end());
            return Err(Failure::new(
                "PostgreSQL did not start; its own words are above.",
            ));
        }
        if said[start..].contains(READY) {
            return Ok(());
        }
    }
}

/// Who runs the server: it refuses to be root's.
enum Owner {
    /// Whoever runs this.
    Self_,
    /// A user that root becomes.
    Other { uid: u32, gid: u32 },
}

impl Owner {
    fn find() -> Outcome<Self> {
        if !apt::is_root() {
            return Ok(Self::Self_);
        }
        let number = |user: &str, flag: &str| {
            let id = process::answer(Command::new("id").args([flag, user]))?;
            id.trim().parse().ok()
        };
        let user = |user| Some((number(user, "-u")?, number(user, "-g")?));
        let (uid, gid) = user("postgres").or_else(|| user("nobody")).ok_or_else(|| {
            Failure::new("PostgreSQL may not run as root, and there is no user `postgres`: add one, or run this as another user.")
        })?;
        Ok(Self::Other { uid, gid })
    }

    /// A program that runs as this user, where this user may be, and speaks English.
    fn command(&self, tools: &Tools, program: impl AsRef<std::ffi::OsStr>, at: &Path) -> Command {
        let mut command = tools.command(program);
        command.current_dir(at).env("LC_ALL", "C");
        if let Self::Other { uid, gid } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }
}

/// A folder with a server's socket as a host.
fn address(folder: &Path) -> String {
    let mut address = "postgres://postgres@".to_owned();
    for byte in folder.as_os_str().as_encoded_bytes() {
        let letter = char::from(*byte);
        if letter.is_ascii_alphanumeric() || "-._".contains(letter) {
            address.push(letter);
        } else {
            // Writing into a text cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address.push_str("/postgres");
    address
}

#[cfg(test)]
mod tests;
