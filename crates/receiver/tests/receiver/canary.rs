//! Nothing of what is received is said anywhere.

use loop_webhooks::Secret;

use super::support::{CLIENT, CURRENT, Folder, PATH, Post, Server, program, run, until};

/// In every part of a delivery, and in no other word.
const MARK: &str = "CANARY7f3a";

fn everything(server: &Server) {
    let id = format!("evt_{MARK}");
    let name = format!("name.{MARK}.v1");
    let good = |id: &str, name: &str, client: &str, data: &str| {
        format!(
            r#"{{"id":"{id}","type":"{name}","user_id":"usr_{MARK}","client_id":"{client}","occurred_at":"2100-01-01T00:00:00Z","data":{data}}}"#
        )
    };
    let data = format!(r#"{{"value":"{MARK}"}}"#);
    let known = "clinical.biomarker.parsed.v1";
    let marked = |body: String| {
        Post::new(body)
            .line(&format!("POST {PATH}?{MARK} HTTP/1.1"))
            .and("User-Agent", MARK)
            .and(&format!("X-{MARK}"), MARK)
    };
    let mut half = good(&format!("{id}_4"), "protocol.started", CLIENT, &data);
    half.pop();
    let lacking = good(&format!("{id}_5"), "protocol.started", CLIENT, &data);
    let lacking = lacking.replace("\"user_id\"", "\"user\"");
    let all = [
        (
            200,
            marked(good(&id, &name, CLIENT, &data))
                .and("X-Loop-Event-Id", &id)
                .and("X-Loop-Event-Type", &name),
        ),
        (200, marked(good(&format!("{id}_2"), known, CLIENT, &data))),
        (
            200,
            marked(good(&format!("{id}_3"), "protocol.started", CLIENT, &data)),
        ),
        (
            200,
            marked(good(&format!("{id}_3"), "protocol.started", CLIENT, "1")),
        ),
        (200, marked(format!("no JSON {MARK}"))),
        (200, marked(half)),
        (200, marked(lacking)),
        (400, marked(good(&id, &name, MARK, &data))),
        (
            400,
            marked(good(&id, &name, CLIENT, &data)).and("X-Loop-Event-Id", MARK),
        ),
        (
            400,
            marked(good(&id, &name, CLIENT, &data)).and("X-Loop-Event-Type", MARK),
        ),
        (
            401,
            marked(good(&id, &name, CLIENT, &data)).with("X-Loop-Signature", MARK),
        ),
        (
            401,
            marked(good(&id, &name, CLIENT, &data)).without("X-Loop-Signature"),
        ),
        (
            404,
            marked(String::new()).line(&format!("POST /{MARK} HTTP/1.1")),
        ),
        (
            405,
            marked(String::new()).line(&format!("{MARK} {PATH} HTTP/1.1")),
        ),
        (415, marked(String::new()).and("Content-Encoding", MARK)),
        (413, marked(MARK.repeat(40_000))),
    ];
    for (status, post) in all {
        assert_eq!(server.send(&post).status, status);
    }
    let garbage = format!("{MARK}\r\n\r\n");
    assert_eq!(server.connect().send(garbage.as_bytes()).status, 400);
}

/// With a database, in which `spoil` has it refuse a handler's statement and say why, with the values.
fn nothing_is_said(database: Option<&str>, log: &str, spoil: impl FnOnce(&Folder)) {
    let folder = Folder::new();
    let secret = format!("whsec_{MARK}_longer_than_24");
    let secrets = folder.file("own", &format!("{CURRENT}\n{secret}\nwhsec_{MARK}\n"));
    let own = |folder: &Folder, words: &[&str]| {
        let mut command = program(folder, words);
        command.args(["--secret-file", &secrets]);
        if let Some(database) = database {
            command.env("LOOP_WEBHOOK_DATABASE", database);
        }
        command
    };
    let command = own(&folder, &["serve", log]);
    let mut server = Server::run(folder, command, &[]);
    everything(&server);
    let body = format!(r#"{{"user":"{MARK}"}}"#);
    let signature = Secret::new(&secret).unwrap().sign(body.as_bytes());
    let signed = Post::new(body).with("X-Loop-Signature", &signature);
    assert_eq!(server.send(&signed).status, 200);
    until("all is handled", || {
        server.metric("events_handled_total") == 2
    });
    assert_eq!(server.outcome("parked"), 5);
    spoil(&server.folder);
    let refused = Post::event(&format!("evt_{MARK}_6"), MARK);
    assert_eq!(server.send(&refused).status, 200);
    until("a try has failed", || {
        server.metric("failed_tries_total") >= 1
    });
    let metrics = server.ask("/metrics").body + &server.ask("/readyz").body;
    let check = run(own(&server.folder, &["check"]));
    server.terminate();
    assert_eq!(server.wait().code(), Some(0));
    until("its last line has come", || {
        server.said().contains("stopped")
    });
    let said = server.said();
    assert!(said.contains("signature_malformed"), "{said}");
    for text in [said, metrics, check.1, check.2] {
        assert!(!text.contains(MARK), "{text}");
        assert!(
            !text.contains(CURRENT) && !text.contains(&signature),
            "{text}"
        );
    }
}

const LOGS: [&str; 2] = ["--log=text", "--log=json"];

#[test]
fn nothing_of_a_delivery_or_a_secret_is_said() {
    for log in LOGS {
        nothing_is_said(None, log, |folder| {
            let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON loop_events BEGIN SELECT RAISE(ABORT, NEW.body); END";
            folder.database().execute_batch(refuse).unwrap();
        });
    }
}

#[cfg(feature = "postgres")]
#[test]
fn nothing_is_said_with_postgres_either() {
    for log in LOGS {
        let Some(mut schema) = super::postgres::Schema::new() else {
            return;
        };
        let address = schema.address.clone();
        nothing_is_said(Some(&address), log, |_| {
            let refuse = "ALTER TABLE loop_events ADD CHECK (length(body) < 0) NOT VALID";
            schema.client.batch_execute(refuse).unwrap();
        });
    }
}
