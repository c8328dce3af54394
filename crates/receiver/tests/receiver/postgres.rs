//! The same on the PostgreSQL that `LOOP_TEST_POSTGRES` names; without one nothing is tested.

use std::process::Command;

use ::postgres::{Client, NoTls};

use super::support::{Folder, Post, Server, program, run, unique, until};

/// A schema, and its address.
pub struct Schema {
    pub client: Client,
    name: String,
    pub address: String,
}

impl Schema {
    pub fn new() -> Option<Self> {
        let server = std::env::var("LOOP_TEST_POSTGRES").ok()?;
        let name = unique("loop_receiver").replace('-', "_");
        let mut client = Client::connect(&server, NoTls).unwrap();
        let make = format!("CREATE SCHEMA {name}; SET search_path = {name}");
        client.batch_execute(&make).unwrap();
        let mark = if server.contains('?') { '&' } else { '?' };
        Some(Self {
            client,
            address: format!("{server}{mark}options=-csearch_path%3D{name}"),
            name,
        })
    }

    fn number(&mut self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).unwrap().get(0)
    }
}

fn at(address: &str, folder: &Folder, words: &[&str]) -> Command {
    let mut command = program(folder, words);
    command.env("LOOP_WEBHOOK_DATABASE", address);
    command
}

fn serve(address: &str) -> Server {
    let folder = Folder::new();
    let command = at(address, &folder, &["serve"]);
    Server::run(folder, command, &[])
}

impl Drop for Schema {
    fn drop(&mut self) {
        let gone = format!("DROP SCHEMA {} CASCADE", self.name);
        let _ = self.client.batch_execute(&gone);
    }
}

#[test]
fn several_receivers_keep_and_handle_each_event_once() {
    let Some(mut schema) = Schema::new() else {
        return;
    };
    let address = schema.address.clone();
    // At the same time, on a database without tables.
    let mut servers: Vec<Server> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..3).map(|_| scope.spawn(|| serve(&address))).collect();
        let servers = starting.into_iter().map(|one| one.join().unwrap());
        servers.collect()
    });
    for number in 0..60 {
        let post = Post::event(&format!("evt_{number}"), &format!("usr_{}", number % 7));
        for server in &servers {
            assert_eq!(server.send(&post).status, 200);
        }
    }
    let rows = "SELECT count(*) FROM loop_events";
    until("all are handled", || schema.number(rows) == 60);
    assert_eq!(
        schema.number("SELECT count(DISTINCT id) FROM loop_events"),
        60
    );
    let sum = |word| servers.iter().map(|one| one.outcome(word)).sum::<u64>();
    assert_eq!((sum("accepted"), sum("duplicate")), (60, 120));
    for server in &mut servers {
        assert_eq!(server.ask("/readyz").status, 200);
        assert_eq!(server.metric("pending_events"), 0);
        assert!(!server.said().contains("search_path"));
        let check = at(&address, &server.folder, &["check"]);
        let (code, said, _) = run(check);
        assert_eq!(code, Some(0), "{said}");
        server.terminate();
        assert_eq!(server.wait().code(), Some(0), "{}", server.said());
        assert!(!server.said().contains("panic"), "{}", server.said());
    }
    assert_eq!(schema.number(rows), 60);
}

#[test]
fn a_server_that_is_not_there_is_one_sentence() {
    let folder = Folder::new();
    let mut command = program(&folder, &["serve"]);
    command.env(
        "LOOP_WEBHOOK_DATABASE",
        "postgres://user:CANARY@127.0.0.1:1/name",
    );
    let (code, _, error) = run(command);
    assert_eq!(code, Some(1));
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert!(
        error.contains("look whether it runs") && !error.contains("CANARY"),
        "{error}"
    );
}
