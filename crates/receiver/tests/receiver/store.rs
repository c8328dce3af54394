//! What is said while the database does not take a write.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Command;

use super::support::{Folder, Post, Server, program, until};

fn is_refused(server: &Server, code: &str) {
    let answer = server.send(&Post::event("evt_1", "usr_1"));
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("60"))
    );
    assert_eq!(server.outcome(code), 1);
    let ready = server.ask("/readyz");
    assert_eq!((ready.status, ready.body.trim_end()), (503, code));
    assert_eq!(server.ask("/livez").status, 200);
    assert!(server.metric("store_errors_total") >= 1);
    assert!(server.said().contains(code));
}

fn is_accepted(server: &Server) {
    assert_eq!(server.send(&Post::event("evt_1", "usr_1")).status, 200);
    until("it is ready", || server.ask("/readyz").status == 200);
    until("it is handled", || {
        server.metric("events_handled_total") == 1
    });
}

#[test]
fn another_program_holds_it() {
    let server = Server::start(&[]);
    let holder = server.folder.database();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    is_refused(&server, "store_locked");
    holder.execute_batch("COMMIT").unwrap();
    is_accepted(&server);
}

/// The disk is a small one in memory, which only the receiver sees. Where the system does not allow that, nothing is tested.
#[test]
fn the_disk_is_full() {
    let try_it = ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"];
    let tried = Command::new("unshare").args(try_it).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        return;
    }
    let folder = Folder::new();
    let disk = folder.path("disk");
    fs::create_dir(&disk).unwrap();
    let own = program(&folder, &[]);
    let script = format!(
        "mount -t tmpfs -o size=2m none {disk} && exec {} serve --database {disk}/inbox.db",
        own.get_program().to_str().unwrap()
    );
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script]).env_clear();
    for (name, value) in own.get_envs() {
        command.env(name, value.unwrap());
    }
    command.env("PATH", std::env::var_os("PATH").unwrap());
    let server = Server::run(folder, command, &[]);
    let filler = format!("/proc/{}/root{disk}/filler", server.pid());
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    is_refused(&server, "store_full");
    fs::remove_file(filler).unwrap();
    drop(file);
    is_accepted(&server);
}
