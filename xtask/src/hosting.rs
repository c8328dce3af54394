//! `cargo xtask test hosting`: real web servers, started by the tests in `tests/hosting/` with the files that `dist` makes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::smoke::Browser;
use crate::term::{Failure, Outcome, Tried, detail};
use crate::tools::Tools;
use crate::{apt, build, process, trials};

/// Where Debian puts them when a person's PATH has no folder for administration.
const SBIN: &str = "/usr/sbin";
/// What a package asks before it starts what it installed. Nothing of this exists on a person's machine unless they made it.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// The programs of the workspace that the tests start.
pub(crate) struct Programs {
    sandbox: PathBuf,
    receiver: PathBuf,
    go_live: PathBuf,
}

impl Programs {
    /// Builds them.
    pub(crate) fn build(tools: &Tools) -> Outcome<Self> {
        Ok(Self {
            sandbox: build::sandbox(tools)?,
            receiver: trials::receiver(tools)?,
            go_live: build::program(tools, "loop-go-live")?,
        })
    }
}

/// The servers that the tests start.
pub(crate) struct Servers {
    nginx: PathBuf,
    caddy: PathBuf,
}

impl Servers {
    /// Finds them, or installs Debian's.
    pub(crate) fn find(tools: &Tools) -> Outcome<Self> {
        if find(tools, "openssl").is_none() {
            return Err(Failure::new(
                "openssl is missing: install it, so that the tests can make a certificate.",
            ));
        }
        let found = || Some((find(tools, "nginx")?, find(tools, "caddy")?));
        if found().is_none() && apt::is_there(tools) {
            install(tools)?;
        }
        let (nginx, caddy) = found().ok_or_else(|| {
            Failure::new(
                "nginx or Caddy is missing: install both (on Debian: apt-get install nginx libnginx-mod-http-brotli-static caddy).",
            )
        })?;
        Ok(Self { nginx, caddy })
    }

    /// The run of the tests.
    pub(crate) fn playwright(
        &self,
        tools: &Tools,
        root: &Path,
        browser: &Browser,
        programs: &Programs,
    ) -> Outcome<Command> {
        let own = std::env::current_exe().tried("find this program")?;
        let mut playwright = browser.playwright(tools, root, &programs.sandbox);
        playwright
            .args(["--config", "hosting/playwright.config.mjs"])
            .args(["--reporter=list", "--forbid-only"])
            .env("LOOP_XTASK", own)
            .env("LOOP_NGINX", &self.nginx)
            .env("LOOP_CADDY", &self.caddy)
            .env("LOOP_RECEIVER", &programs.receiver)
            .env("LOOP_GO_LIVE", &programs.go_live);
        Ok(playwright)
    }
}

fn find(tools: &Tools, name: &str) -> Option<PathBuf> {
    let debian = Path::new(SBIN).join(name);
    tools
        .find(name)
        .or_else(|| process::is_program(&debian).then_some(debian))
}

/// Without the services that Debian would start along with them.
fn install(tools: &Tools) -> Outcome<()> {
    detail("nginx or Caddy is missing; installing Debian's (about a minute, once)");
    let is_ours = !Path::new(POLICY).exists();
    if is_ours {
        fs::write(POLICY, "#!/bin/sh\nexit 101\n").tried(format_args!("write {POLICY}"))?;
        executable(Path::new(POLICY))?;
    }
    let packages = ["nginx", "libnginx-mod-http-brotli-static", "caddy"];
    let installed = apt::install(tools, "nginx and Caddy", &packages);
    if is_ours {
        fs::remove_file(POLICY).tried(format_args!("remove {POLICY}"))?;
    }
    installed
}

#[cfg(unix)]
fn executable(file: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))
        .tried(format_args!("make {} a program", file.display()))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Outcome<()> {
    Ok(())
}
