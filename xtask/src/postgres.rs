//! A PostgreSQL of our own for tests: a server in a temporary folder, reached by a socket in it, and gone at the end.

use std::fs;
use std::path::{Path, PathBuf};

use crate::term::{Failure, Outcome, Tried, detail};
use crate::tools::Tools;
use crate::{apt, process};

#[cfg(unix)]
mod cluster;

/// The variable that names a server for tests.
pub(crate) const NAMED: &str = "LOOP_TEST_POSTGRES";

/// A server for tests: the one that a person named, or one of our own.
pub(crate) enum Server {
    Named(String),
    #[cfg(unix)]
    Own(cluster::Cluster),
}

impl Server {
    /// Finds it or starts it.
    pub(crate) fn find(tools: &Tools) -> Outcome<Self> {
        if let Ok(address) = std::env::var(NAMED)
            && !address.is_empty()
        {
            return Ok(Self::Named(address));
        }
        let programs = programs(tools)?;
        #[cfg(unix)]
        return cluster::Cluster::start(tools, &programs).map(Self::Own);
        #[cfg(not(unix))]
        Err(Failure::new(format!(
            "The PostgreSQL in {} is not started here: start it, and name it in ${NAMED}.",
            programs.display()
        )))
    }

    /// How to reach it.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Named(address) => address.clone(),
            #[cfg(unix)]
            Self::Own(cluster) => cluster.address(),
        }
    }
}

/// Where Debian puts the programs, a folder for each version: they are not on PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
/// What says whether Debian makes a database of its own when a version is installed.
const CREATE: &str = "/etc/postgresql-common/createcluster.conf";
const MISSING: &str = "PostgreSQL is missing: install it (on Debian: apt-get install postgresql), put its programs on PATH, or name a server for tests in $LOOP_TEST_POSTGRES, for example postgres://user@localhost/name.";

/// The folder with `initdb` and `postgres`; installs Debian's when there is none.
fn programs(tools: &Tools) -> Outcome<PathBuf> {
    if let Some(folder) = find(tools) {
        return Ok(folder);
    }
    if apt::is_there(tools) {
        install(tools)?;
        if let Some(folder) = find(tools) {
            return Ok(folder);
        }
    }
    Err(Failure::new(MISSING))
}

fn find(tools: &Tools) -> Option<PathBuf> {
    let on_path = tools.find("initdb");
    let on_path = on_path.and_then(|initdb| Some(initdb.parent()?.to_path_buf()));
    on_path
        .into_iter()
        .chain(newest(Path::new(DEBIAN)))
        .find(|folder| process::is_program(&folder.join("postgres")))
}

/// The programs of the highest version below a folder that has one for each.
fn newest(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let versions = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        let version: u32 = path.file_name()?.to_str()?.parse().ok()?;
        let programs = path.join("bin");
        process::is_program(&programs.join("initdb")).then_some((version, programs))
    });
    versions.max().map(|(_, programs)| programs)
}

/// Without the database that Debian would make and start along with it. What says so is put back, for what a person installs
/// later.
fn install(tools: &Tools) -> Outcome<()> {
    detail("PostgreSQL is missing; installing Debian's postgresql (about a minute, once)");
    apt::install(tools, "PostgreSQL", &["postgresql-common"])?;
    let before = fs::read(CREATE).tried(format_args!("read {CREATE}"))?;
    let mut without = before.clone();
    without.extend_from_slice(b"\ncreate_main_cluster = false\n");
    fs::write(CREATE, without).tried(format_args!("write {CREATE}"))?;
    let installed = apt::add(tools, "PostgreSQL", &["postgresql"]);
    fs::write(CREATE, before).tried(format_args!("write {CREATE}"))?;
    installed
}

#[cfg(test)]
mod tests;
