//! What is said when it cannot start: one sentence, and nothing of what was written.

use std::net::TcpListener;
use std::process::Command;

use super::support::{CURRENT, Folder, Server, bare, program, run};

/// Says one line, without what may be a secret, and ends with this code.
fn fails(command: Command, code: i32, parts: &[&str]) {
    let (status, out, error) = run(command);
    assert_eq!(status, Some(code), "{parts:?} {out} {error}");
    assert_eq!(out, "");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert!(error.trim_end().ends_with('.'), "{error}");
    for part in parts {
        assert!(error.contains(part), "{part} in {error}");
    }
    assert!(
        !error.contains("CANARY") && !error.contains(CURRENT),
        "{error}"
    );
}

#[test]
fn a_wrong_setting_is_one_sentence() {
    let folder = Folder::new();
    let table = [
        ("--client-id", " CANARY", "developer portal"),
        (
            "--database",
            "mysql://CANARY@host/name",
            "postgres://user@host/name",
        ),
        (
            "--database",
            "postgres://user:CANARY@host/name",
            "LOOP_WEBHOOK_DATABASE",
        ),
        ("--database", "folder/", "/var/lib/loop/inbox.db"),
        // As libpq takes it, and no file.
        (
            "--database",
            "host=db user=loop password=CANARY",
            "postgres://user@host/name",
        ),
        (
            "--database",
            " password = CANARY",
            "postgres://user@host/name",
        ),
        ("--listen", "CANARY:1", "127.0.0.1:8787"),
        ("--listen", "8787", "127.0.0.1:8787"),
        ("--admin", "localhost", "127.0.0.1:8787"),
        ("--path", "CANARY", "/webhooks/loop"),
        ("--path", "/a?b", "without ?"),
        ("--body-limit", "CANARY", "256k"),
        ("--body-limit", "1g", "to 16m"),
        ("--body-limit", "999999999999999999999k", "256k"),
        ("--body-timeout", "10", "10s"),
        ("--body-timeout", "0s", "from 100ms to 5m"),
        ("--header-timeout", "1h", "from 100ms to 5m"),
        ("--connections", "0", "from 1 to 65536"),
        ("--retention", "1h", "from 1d to"),
        ("--keep-bodies", "-1d", "90"),
        ("--tries", "0", "from 1 to 1000"),
        ("--exhausted", "CANARY", "hold or go_on"),
        ("--workers", "many", "from 1 to 256"),
        ("--log", "xml", "text or json"),
        // A secret that was taken for a path.
        ("--secret-file", "whsec_CANARY", "permissions"),
        ("--settings", "whsec_CANARY", "permissions"),
    ];
    for (flag, value, wanted) in table {
        let wanted = if flag == "--keep-bodies" {
            "10s"
        } else {
            wanted
        };
        let value = format!("{flag}={value}");
        fails(program(&folder, &["serve", &value]), 2, &[flag, wanted]);
    }
    let second = folder.path("whsec_CANARY");
    let words = ["serve", "--secret-file", &folder.file("own", CURRENT)];
    let mut command = program(&folder, &words);
    command.args(["--secret-file", &second]);
    fails(command, 2, &["File 2 of --secret-file"]);
}

#[test]
fn a_missing_setting_is_named() {
    let folder = Folder::new();
    for (variable, wanted) in [
        ("LOOP_WEBHOOK_CLIENT_ID", "--client-id"),
        ("LOOP_WEBHOOK_DATABASE", "--database"),
        ("LOOP_WEBHOOK_SECRET_FILES", "--secret-file"),
    ] {
        let mut command = program(&folder, &["serve"]);
        command.env(variable, "");
        fails(command, 2, &[wanted, "LOOP_WEBHOOK_"]);
    }
}

#[test]
fn a_wrong_variable_is_named() {
    let folder = Folder::new();
    let mut command = program(&folder, &["serve"]);
    command.env("LOOP_WEBHOOK_WORKERS", "CANARY");
    fails(command, 2, &["LOOP_WEBHOOK_WORKERS", "from 1 to 256"]);
    let mut command = program(&folder, &["serve"]);
    command.env("LOOP_WEBHOOK_SECRETS", CURRENT);
    fails(
        command,
        2,
        &["LOOP_WEBHOOK_SECRETS", "LOOP_WEBHOOK_SECRET_FILES"],
    );
    for variable in ["LOOP_WEBHOOK_SECRET_FILES", "LOOP_WEBHOOK_SETTINGS"] {
        let mut command = program(&folder, &["serve"]);
        command.env(variable, "whsec_CANARY");
        fails(command, 2, &[variable, "permissions"]);
    }
    let mut command = program(&folder, &["serve", "--admin=127.0.0.1:1"]);
    command.env("LOOP_WEBHOOK_LISTEN", "127.0.0.1:1");
    fails(command, 2, &["`listen` and `admin`"]);
    let mut command = program(&folder, &["serve"]);
    command.env("LOOP_WEBHOOK_DATABASE", "host=db password=CANARY");
    fails(command, 2, &["LOOP_WEBHOOK_DATABASE", "postgres://"]);
}

#[test]
fn a_file_may_have_an_equals_sign_in_its_path() {
    let folder = Folder::new();
    let file = folder.path("stage=test.db");
    let mut command = program(&folder, &["serve"]);
    command.env("LOOP_WEBHOOK_DATABASE", &file);
    let server = Server::run(folder, command, &[]);
    assert!(std::fs::exists(&file).unwrap(), "{}", server.said());
}

#[test]
fn a_wrong_file_is_named_with_its_line() {
    let folder = Folder::new();
    for (text, parts) in [
        (
            "client_id = \"a\"\nlisten = CANARY\n",
            ["Line 2 of the file", "name = \"value\""],
        ),
        (
            "path = \"/a\"\npath = \"/CANARY\"\n",
            ["Line 2 of the file", "once"],
        ),
        (
            "path = \"/\"\nlisen = \"127.0.0.1:0\"\n",
            ["name in line 2", "body_limit"],
        ),
        ("whsec_CANARY = \"\"\n", ["name in line 1", "body_limit"]),
        ("whsec_CANARY\n", ["Line 1 of the file", "name = \"value\""]),
        ("secrets = [\"CANARY\"]\n", ["line 1", "secret_files"]),
        (
            "secret_files = [\"whsec_CANARY\"]\n",
            ["`secret_files` in", "permissions"],
        ),
        ("secret_files = 1\n", ["`secret_files`", "[\"path\""]),
        ("workers = true\n", ["`workers`", "in quotes"]),
        ("workers = 0\n", ["`workers` in", "from 1 to 256"]),
        (
            "database = \"ftp://CANARY\"\n",
            ["`database` in", "postgres://"],
        ),
    ] {
        let file = folder.file("settings.toml", text);
        let mut command = program(&folder, &["serve", "--settings", &file]);
        if text.starts_with("database") {
            command.env_remove("LOOP_WEBHOOK_DATABASE");
        }
        if text.starts_with("secret_files") {
            command.env_remove("LOOP_WEBHOOK_SECRET_FILES");
        }
        fails(command, 2, &parts);
    }
}

#[test]
fn a_wrong_secret_is_one_sentence() {
    let folder = Folder::new();
    for (text, wanted) in [
        ("", "no signing secret"),
        ("\n\n", "no signing secret"),
        ("CANARY ", "white space"),
        ("a\nb\nc\nd\nCANARY\n", "more than 4"),
    ] {
        let file = folder.file("own", text);
        fails(
            program(&folder, &["serve", "--secret-file", &file]),
            2,
            &[wanted],
        );
    }
    // No flag takes the secret itself.
    let (status, _, error) = run(program(&folder, &["serve", "--secret", "whsec_x"]));
    assert_eq!(status, Some(2), "{error}");
}

#[test]
fn a_database_that_cannot_be_opened_is_one_sentence() {
    let folder = Folder::new();
    let cannot = |path: &str, wanted| {
        let database = format!("--database={path}");
        fails(
            program(&folder, &["serve", &database]),
            1,
            &["`database`", wanted],
        );
    };
    cannot("/nowhere/inbox.db", "make its folder");
    cannot(
        &folder.file("no-database", &"no database".repeat(1000)),
        "restore it from a copy",
    );
    let newer = folder.path("newer.db");
    let made = rusqlite::Connection::open(&newer).unwrap();
    let table = "CREATE TABLE loop_inbox_meta (one, version, salt); INSERT INTO loop_inbox_meta VALUES (1, 99, x'00');";
    made.execute_batch(table).unwrap();
    cannot(&newer, "newer version");
    let other = folder.path("other.db");
    let made = rusqlite::Connection::open(&other).unwrap();
    made.execute_batch("CREATE TABLE loop_events (id)").unwrap();
    cannot(&other, "look whether other tables have their names");
    let server = Server::start(&[]);
    cannot(&server.folder.path("inbox.db"), "Another receiver");
}

#[test]
fn an_address_that_is_taken_is_one_sentence() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for flag in ["listen", "admin"] {
        let words = ["serve", &format!("--{flag}={address}")];
        fails(
            program(&folder, &words),
            1,
            &[&format!("`{flag}`"), "another address"],
        );
    }
}

#[test]
fn flags_count_before_the_environment_and_that_before_the_file() {
    let folder = Folder::new();
    let secrets = folder.file("own", CURRENT);
    let settings = format!(
        "# A comment.\nclient_id = \"of_the_file\"\nsecret_files = [\"{secrets}\"]\ndatabase = \"{}\"\npath = \"/of/the/file\"\nlisten = \"127.0.0.1:1\"\nworkers = 2\n",
        folder.path("inbox.db")
    );
    let settings = folder.file("settings.toml", &settings);
    let check = |command: Command| run(command).1;
    let own = |words: &[&str]| {
        let mut command = bare();
        command.env("LOOP_WEBHOOK_SETTINGS", &settings).args(words);
        command
    };
    assert!(check(own(&["check"])).contains("POST /of/the/file on 127.0.0.1:1"));
    let mut command = own(&["check"]);
    command.env("LOOP_WEBHOOK_PATH", "/of/the/environment");
    assert!(check(command).contains("POST /of/the/environment on 127.0.0.1:1"));
    let mut command = own(&["check", "--path", "/of/a/flag"]);
    command.env("LOOP_WEBHOOK_PATH", "/of/the/environment");
    assert!(check(command).contains("POST /of/a/flag on 127.0.0.1:1"));
}

#[test]
fn a_short_secret_is_said_and_works() {
    let folder = Folder::new();
    let short = folder.file("own", "whsec_short");
    let command = program(&folder, &["serve", "--secret-file", &short]);
    let server = Server::run(folder, command, &[]);
    assert!(server.said().contains("fewer than 24 bytes"));
    assert!(!server.said().contains("whsec_short"));
    let post = super::support::Post::event("evt_1", "usr_1").signed_with("whsec_short");
    assert_eq!(server.send(&post).status, 200);
}
