use std::fs;
use std::io::{BufRead as _, BufReader};

use super::*;

/// A shell that is guarded in a folder: it says its number and its last word, and stays.
fn guard(name: &str) -> (Guard, PathBuf) {
    let folder = folder(name).unwrap();
    fs::write(folder.join("secret"), "no secret").unwrap();
    let mut program = Command::new("sh");
    program.args(["-c", "echo \"$$ $1\"; exec sleep 1000", "sh"]);
    let mut shell = Command::new("sh");
    shell.stdout(Stdio::piped()).stderr(Stdio::null());
    let guard = Guard::new(shell, &folder, "KILL", &program).unwrap();
    (guard, folder)
}

/// Its number, once it is there, and its last word.
fn started(guard: &mut Guard, word: &str) -> (String, String) {
    guard.start(word).unwrap();
    let mut line = String::new();
    let mut lines = BufReader::new(guard.stdout().unwrap());
    lines.read_line(&mut line).unwrap();
    let (number, word) = line.trim_end_matches('\n').split_once(' ').unwrap();
    (number.to_owned(), word.to_owned())
}

fn signal(signal: &str, number: &str) -> bool {
    let mut kill = Command::new("kill");
    let kill = kill.args([signal, number]).stderr(Stdio::null());
    kill.status().unwrap().success()
}

#[test]
fn the_program_and_its_folder_go_with_whoever_holds_them() {
    let (mut guard, folder) = guard("guard-held");
    let (number, word) = started(&mut guard, "--name=a  b");
    assert_eq!(word, "--name=a  b");
    assert!(signal("-0", &number) && folder.join("secret").exists());
    drop(guard);
    assert!(!signal("-0", &number) && !folder.exists());
}

#[test]
fn no_signal_for_the_whole_group_leaves_the_folder() {
    let (mut guard, folder) = guard("guard-signals");
    let (number, word) = started(&mut guard, "");
    assert_eq!(word, "");
    let shell = guard.shell.id().to_string();
    for name in ["-INT", "-HUP", "-TERM"] {
        assert!(signal(name, &shell));
    }
    drop(guard);
    assert!(!signal("-0", &number) && !folder.exists());
}

#[test]
fn a_program_that_was_never_started_leaves_no_folder() {
    let (guard, kept) = guard("guard-never");
    assert!(folder("guard-never").is_err(), "it is somebody's");
    assert!(kept.exists());
    drop(guard);
    assert!(!kept.exists());
}
