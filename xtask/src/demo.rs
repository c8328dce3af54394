//! `cargo xtask demo`: everything from nothing to a running app, a Loop platform on localhost, and where to look.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use serde_json::Value;

use crate::args::Demo;
use crate::term::{Failure, Outcome, Steps, Tried, say};
use crate::tools::Tools;
use crate::{build, process, smoke, tools};

mod hook;

use hook::Hook;

/// The platform's listeners, and the port each has by default.
const PORTS: [(&str, u16); 4] = [
    ("app", 8080),
    ("identity", 8081),
    ("clinical", 8082),
    ("portal", 8083),
];

/// Builds, starts, says where to look, and waits for Ctrl-C; or does the journey.
pub(crate) fn command(root: &Path, options: &Demo) -> Outcome<ExitCode> {
    let ports = ports(options)?;
    // What would stop the demo after minutes of building is better known now.
    if !options.smoke && !sets_ports(&options.sandbox) {
        ports
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
    steps.next("app", "the app, as it is released");
    build::app(&tools, false)?;
    steps.next("platform", "the platform on localhost");
    let sandbox = build::sandbox(&tools)?;
    let hook = if options.webhooks {
        steps.next("receiver", "the webhook receiver");
        Some(Hook::new(&tools, ports[3].1)?)
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

/// The four ports: the defaults, or four from `--port` on.
fn ports(options: &Demo) -> Outcome<[(&'static str, u16); 4]> {
    let mut ports = PORTS;
    if let Some(first) = options.port {
        for (at, (_, port)) in (0..).zip(ports.iter_mut()) {
            *port = first.checked_add(at).ok_or_else(|| {
                Failure::new("`--port` leaves no room for four ports below 65536.")
            })?;
        }
    }
    Ok(ports)
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
    ports: &[(&str, u16); 4],
    options: &Demo,
    mut hook: Option<Hook>,
) -> Outcome<ExitCode> {
    let mut command = tools.command(sandbox);
    command
        .arg("--app")
        .arg(root.join(build::DIST))
        .args(["--json", "--stdin-guard"]);
    if !sets_ports(&options.sandbox) {
        for (service, port) in ports {
            command
                .arg(format!("--{service}-port"))
                .arg(port.to_string());
        }
    }
    if let Some(hook) = &hook {
        command.args(hook.flags());
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
                        hook.start(tools, ready["client_id"].as_str().unwrap_or_default())?;
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
    drop(guard);
    // It has said in its own sentence why it could not start.
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
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
mod tests {
    use super::*;

    #[test]
    fn ports_follow_each_other() {
        let from = |port| {
            ports(&Demo {
                port,
                ..Demo::default()
            })
            .map(|ports| ports.map(|(_, port)| port))
            .map_err(|failure| failure.to_string())
        };
        assert_eq!(from(None), Ok([8080, 8081, 8082, 8083]));
        assert_eq!(from(Some(9000)), Ok([9000, 9001, 9002, 9003]));
        assert_eq!(
            from(Some(65_533)),
            Err("`--port` leaves no room for four ports below 65536.".to_owned())
        );
    }

    #[test]
    fn own_ports_are_noticed() {
        let flags = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(sets_ports(&flags("--fault token=429 --app-port 0")));
        assert!(sets_ports(&flags("--portal-port=0")));
        assert!(!sets_ports(&flags("--data port")));
    }

    #[test]
    fn a_busy_port_is_one_sentence() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let sentence = is_free("app", port).unwrap_err().to_string();
        assert_eq!(
            sentence,
            format!(
                "Port {port} for the app is already in use: stop what runs there, or choose others with `cargo xtask demo --port N`."
            )
        );
        drop(taken);
        assert!(is_free("app", port).is_ok());
    }

    #[test]
    fn the_welcome_names_addresses_and_people() {
        let ready = serde_json::json!({
            "app": "http://localhost:8080", "identity": "http://localhost:8081", "clinical": "http://localhost:8082",
            "portal": "http://localhost:8083", "client_id": "app_sandbox_spa",
            "people": [{ "id": "usr_maya", "name": "Maya Lindqvist", "summary": "62 results" }, { "id": "usr_new", "name": "Noor New", "summary": "none" }],
        });
        let text = welcome(&ready, None);
        for wanted in [
            "http://localhost:8080",
            "http://localhost:8083",
            "Maya Lindqvist   62 results",
            "Noor New         none",
            "Ctrl-C",
        ] {
            assert!(text.contains(wanted), "{wanted} in {text}");
        }
    }
}
