//! The program: its exit codes, its two ways of telling, and its sentences.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::served::served;
use crate::world::{SECRET, World, set};

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loop-go-live"))
        .args(words)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn file(name: &str, text: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).unwrap();
    file
}

fn good() -> World {
    served(|_, _, _| {})
}

#[test]
fn exit_codes_say_how_it_ended() {
    let world = good();
    let output = run(&[&world.app]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("only you can confirm"));
    assert_eq!(run(&[&world.app, "--strict"]).status.code(), Some(3));

    let bad = served(|_, _, answer| set(answer, "x-frame-options", "ALLOWALL"));
    let output = run(&[&bad.app, "--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("FAIL  headers.x-frame-options"),
        "{}",
        said(&output)
    );

    for wrong in [
        &["http://app.example"][..],
        &["app.example"],
        &["https://app.example?x=1"],
        &[],
        &["https://app.example", "--webhook-secret-file", "x"],
        &[&world.app, "--confirm", "person.nobody"],
        &[&world.app, "--ca", "/nowhere/ca.pem"],
        &[&world.app, "--webhook", "http://hooks.example"],
    ] {
        let output = run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{wrong:?}"
        );
    }
}

#[test]
fn with_all_confirmed_it_is_quiet_in_json_too() {
    let world = good();
    let hook = format!("{}/webhooks/loop", world.webhook);
    let secret = file("secret", &format!("{SECRET}\n"));
    let mut words = vec![
        world.app.as_str(),
        "--json",
        "--strict",
        "--yes-baa",
        "--webhook",
        &hook,
        "--webhook-secret-file",
    ];
    words.push(secret.to_str().unwrap());
    let output = run(&words);
    assert_eq!(output.status.code(), Some(3));
    let report: Value = serde_json::from_str(&said(&output)).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let verdict = |id: &str| &checks.iter().find(|check| check["id"] == id).unwrap()["verdict"];
    for id in [
        "webhook.signature",
        "webhook.event",
        "webhook.client",
        "scopes.baa",
    ] {
        assert_eq!(verdict(id), "pass", "{id}");
    }
    let left: Vec<String> = checks
        .iter()
        .filter(|check| check["verdict"] == "confirm")
        .map(|check| check["id"].as_str().unwrap().to_owned())
        .collect();
    for id in &left {
        words.extend(["--confirm", id]);
    }
    assert_eq!(run(&words).status.code(), Some(0));
}

#[test]
fn a_secret_is_never_said() {
    let world = good();
    let hook = format!("{}/webhooks/loop", world.webhook);
    for text in [
        format!("{SECRET}\n"),
        format!(" {SECRET}\n"),
        "other_secret_that_is_long_enough\n".to_owned(),
    ] {
        let secret = file("secret-canary", &text);
        let output = run(&[
            &world.app,
            "--webhook",
            &hook,
            "--webhook-secret-file",
            secret.to_str().unwrap(),
        ]);
        let all = said(&output) + &String::from_utf8(output.stderr).unwrap();
        assert!(!all.contains(text.trim()), "{all}");
    }
    // Without the file, only refusals can be seen.
    let output = run(&[&world.app, "--webhook", &hook]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        said(&output).contains("you   webhook.event"),
        "{}",
        said(&output)
    );
}
