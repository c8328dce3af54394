//! `cargo xtask demo`: everything from nothing to a running app, a Loop platform on localhost, and where to look.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use serde_json::Value;

use crate::args::Demo;
use crate::guard::{self, Guard};
use crate::term::{Failure, Outcome, Steps, Tried, say};
use crate::tools::Tools;
use crate::{build, process, smoke, tools};

mod hook;

use hook::Hook;

/// What listens, and on which port.
type Port = (&'static str, u16);

/// The platform's listeners, and the port that each has by default.
const PLATFORM: [Port; 4] = [
    ("app", 8080),
    ("identity", 8081),
    ("clinical", 8082),
    ("portal", 8083),
];
/// Those of the receiver.
const RECEIVER: [Port; 2] = [
    ("webhook receiver", 8084),
    ("metrics of the webhook receiver", 8085),
];

/// Builds, starts, says where to look, and waits for Ctrl-C; or does the journey.
pub(crate) fn command(root: &Path, options: &Demo) -> Outcome<ExitCode> {
    let ports = ports(options)?;
    // What would stop the demo after minutes of building is better known now.
    if !options.smoke {
        unset(&ports, &options.sandbox)
            .iter()
            .try_for_each(|(service, port)| is_free(service, *port))?;
    }
    let mut steps = Steps::new(5 + usize::from(options.webhooks));
    steps.next("tools", "tools");
    let tools = tools::ensure(root)?;
    let browser = if options.smoke {
        Some(smoke::Browser::find(&tools)?)
    } else {
        None
    };
    steps.next("crates", "crates");
    build::fetch(&tools)?;
    if options.watch {
        steps.next("app", "the app, quickly");
        build::watched(&tools)?;
    } else {
        steps.next("app", "the app, as it is released");
        build::app(&tools, false)?;
    }
    steps.next("platform", "the platform on localhost");
    let sandbox = build::sandbox(&tools)?;
    let hook = if let [_, _, _, _, (_, port), (_, admin)] = ports[..] {
        steps.next("receiver", "the webhook receiver");
        Some(Hook::new(&tools, [port, admin])?)
    } else {
        None
    };
    if let Some(browser) = browser {
        steps.next("journey", "the journey, in headless Chromium");
        let outcome = smoke::journey(&tools, root, &browser, &sandbox, &options.sandbox);
        say(steps.summary());
        outcome.map(|()| ExitCode::SUCCESS)
    } else {
        steps.next("start", "start");
        say(steps.summary());
        run(&tools, root, &sandbox, &ports, options, hook)
    }
}

/// The ports of the platform, then those of a receiver if there is one: the defaults, or as many from `--port` on.
fn ports(options: &Demo) -> Outcome<Vec<Port>> {
    let mut ports = PLATFORM.to_vec();
    if options.webhooks {
        ports.extend(RECEIVER);
    }
    if let Some(first) = options.port {
        let count = if options.webhooks { "six" } else { "four" };
        for (at, (_, port)) in (0..).zip(ports.iter_mut()) {
            *port = first.checked_add(at).ok_or_else(|| {
                Failure::new(format!(
                    "`--port` leaves no room for {count} ports below 65536."
                ))
            })?;
        }
    }
    Ok(ports)
}

/// Those that the flags for the platform leave as they are.
fn unset<'ports>(ports: &'ports [Port], flags: &[String]) -> &'ports [Port] {
    if sets_ports(flags) {
        ports.get(PLATFORM.len()..).unwrap_or_default()
    } else {
        ports
    }
}

/// Whether the flags for the platform say themselves where it listens.
fn sets_ports(flags: &[String]) -> bool {
    flags.iter().any(|flag| {
        flag.split('=')
            .next()
            .is_some_and(|name| name.ends_with("-port"))
    })
}

fn is_free(service: &str, port: u16) -> Outcome<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Err(Failure::new(format!(
            "Port {port} for the {service} is already in use: stop what runs there, or choose others with `cargo xtask demo --port N`."
        ))),
        Err(error) => Err(Failure::new(format!(
            "Port {port} for the {service} cannot be used: {error}."
        ))),
    }
}

/// Starts the platform and stays until it ends. Ctrl-C reaches it directly; when only this process dies, the pipe to
/// its standard input closes, and it ends, too.
fn run(
    tools: &Tools,
    root: &Path,
    sandbox: &Path,
    ports: &[Port],
    options: &Demo,
    mut hook: Option<Hook>,
) -> Outcome<ExitCode> {
    let mut command = tools.command(sandbox);
    command
        .arg("--app")
        .arg(root.join(if options.watch {
            build::WATCHED
        } else {
            build::DIST
        }))
        .args(["--json", "--stdin-guard"]);
    if !sets_ports(&options.sandbox) {
        for (service, port) in &ports[..PLATFORM.len()] {
            command
                .arg(format!("--{service}-port"))
                .arg(port.to_string());
        }
    }
    if let Some(hook) = &hook {
        command.args(hook.flags());
    }
    let watch = options.watch.then(|| watch(tools)).transpose()?;
    if watch.is_some() {
        command.arg("--reload");
    }
    // Two of them would be refused, and the answer is read here anyway.
    command.args(
        options
            .sandbox
            .iter()
            .filter(|flag| !["--json", "--stdin-guard"].contains(&flag.as_str())),
    );
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .tried("start the platform")?;
    // Waiting for a child closes its standard input, unless somebody else holds it.
    let guard = child.stdin.take();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line.tried("read what the platform says")?;
            match serde_json::from_str::<Value>(&line)
                .ok()
                .filter(Value::is_object)
            {
                Some(ready) => {
                    if let Some(hook) = &mut hook {
                        hook.start(ready["client_id"].as_str().unwrap_or_default())?;
                    }
                    say(welcome(&ready, hook.as_ref()));
                    if options.open {
                        open(tools, ready["app"].as_str().unwrap_or_default());
                    }
                }
                None => say(line),
            }
        }
    }
    let status = child.wait().tried("wait for the platform")?;
    drop((guard, watch));
    // It has said in its own sentence why it could not start.
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Builds the app again whenever a file of it is saved, for as long as it is held.
fn watch(tools: &Tools) -> Outcome<Guard> {
    let trunk = build::watch(tools);
    let mut shell = tools.command("sh");
    for (name, value) in trunk.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let mut watch = Guard::new(shell, &guard::folder("watch")?, "KILL", &trunk)?;
    watch.start("")?;
    Ok(watch)
}

/// Where to look and as whom, from what the platform says when it is ready.
fn welcome(ready: &Value, hook: Option<&Hook>) -> String {
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        String::new(),
        format!("  The app       {}", text(ready, "app")),
        format!(
            "  The portal    {}   registered apps, BAA, what happened, faults",
            text(ready, "portal")
        ),
        format!("  Identity      {}", text(ready, "identity")),
        format!("  Clinical      {}", text(ready, "clinical")),
        String::new(),
        "  Open the app, choose Connect, and sign in as one of these people:".to_owned(),
    ];
    let people = ready["people"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let width = people
        .iter()
        .map(|person| text(person, "name").chars().count())
        .max()
        .unwrap_or_default();
    lines.extend(people.iter().map(|person| {
        format!(
            "    {:<width$}   {}",
            text(person, "name"),
            text(person, "summary")
        )
    }));
    if let Some(hook) = hook {
        lines.extend([String::new(), hook.welcome()]);
    }
    lines.extend([String::new(), "  Ctrl-C stops everything.".to_owned()]);
    lines.join("\n")
}

/// Opens the person's browser; when that fails they still have the address.
fn open(tools: &Tools, address: &str) {
    let openers: [&str; 3] = if cfg!(target_os = "macos") {
        ["open"; 3]
    } else {
        ["xdg-open", "wslview", "explorer.exe"]
    };
    let Some(opener) = openers.iter().find_map(|name| tools.find(name)) else {
        say("  No program to open a browser was found; open the address yourself.");
        return;
    };
    let started = process::answer(tools.command(opener).arg(address));
    if started.is_none() {
        say("  The browser could not be opened; open the address yourself.");
    }
}

#[cfg(test)]
mod tests;
