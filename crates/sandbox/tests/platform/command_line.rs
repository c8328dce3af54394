//! The binary: what it prints, how it stops, what it says when it cannot start.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const FREE: [&str; 6] = [
    "--identity-port",
    "0",
    "--clinical-port",
    "0",
    "--portal-port",
    "0",
];

fn sandbox(more: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_loop-sandbox"))
        .args(FREE)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn prints_one_line_of_json_and_stops_with_its_parent() {
    let mut child = sandbox(&["--app-port", "0", "--json", "--stdin-guard"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    for name in ["app", "identity", "clinical", "portal"] {
        assert!(
            ready[name]
                .as_str()
                .unwrap()
                .starts_with("http://localhost:"),
            "{name}"
        );
    }
    assert_eq!(ready["people"][0]["id"], "usr_maya");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(lines.next().is_none());
}

#[test]
fn a_busy_port_is_named_with_the_flag_that_moves_it() {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let mut child = sandbox(&["--app-port", &port]);
    let mut words = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut words)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(
        words.trim(),
        format!(
            "Port {port} for the app is already in use: stop what runs there, or choose another with --app-port N."
        )
    );
}

#[test]
fn a_flag_that_makes_no_sense_is_named() {
    for (flag, value) in [
        ("--switch", "no_such_switch=1"),
        ("--fault", "token=melt"),
        ("--today", "spring"),
        ("--issuer", "localhost"),
        ("--identity-origin", "localhost:9443"),
        ("--identity-origin", "https://localhost:9443/"),
        ("--clinical-origin", "https://a b"),
        ("--app", "/no/such/folder"),
        ("--data", "/no/such/file"),
        ("--webhook-url", "http://example.com/hooks"),
        ("--webhook-secret-file", "/no/such/file"),
        ("--webhook-fault", "melt"),
    ] {
        let mut child = sandbox(&["--app-port", "0", flag, value]);
        let mut words = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut words)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(1), "{flag}");
        assert!(
            words.contains(flag) && words.contains(value) && words.trim().lines().count() == 1,
            "{words}"
        );
    }
}

#[cfg(unix)]
#[test]
fn stops_cleanly_when_told_to() {
    for signal in ["-TERM", "-INT"] {
        let mut child = sandbox(&["--app-port", "0"]);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        assert_eq!(first, "A Loop platform is running on this computer.");
        let text: Vec<_> = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| !line.starts_with("Stop"))
            .collect();
        for name in [
            "Maya Lindqvist",
            "Jonas Okafor",
            "Amina Haddad",
            "Noor New",
            "Sam Tenthousand",
        ] {
            assert!(text.iter().any(|line| line.contains(name)), "{name}");
        }
        let told = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(told.success());
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}
