use super::*;

fn numbers(port: Option<u16>, webhooks: bool) -> Result<Vec<u16>, String> {
    let demo = Demo {
        webhooks,
        port,
        ..Demo::default()
    };
    match ports(&demo) {
        Ok(ports) => Ok(ports.into_iter().map(|(_, port)| port).collect()),
        Err(failure) => Err(failure.to_string()),
    }
}

#[test]
fn ports_follow_each_other() {
    assert_eq!(numbers(None, false), Ok((8080..=8083).collect()));
    assert_eq!(numbers(None, true), Ok((8080..=8085).collect()));
    assert_eq!(numbers(Some(9000), false), Ok((9000..=9003).collect()));
    assert_eq!(numbers(Some(65_530), true), Ok((65_530..=65_535).collect()));
}

#[test]
fn too_few_ports_are_told_before_anything_is_built() {
    for (first, webhooks, count) in [(65_533, false, "four"), (65_531, true, "six")] {
        let sentence = format!("`--port` leaves no room for {count} ports below 65536.");
        assert_eq!(numbers(Some(first), webhooks), Err(sentence));
    }
    assert_eq!(
        numbers(Some(65_531), false),
        Ok((65_531..=65_534).collect())
    );
}

#[test]
fn every_port_that_no_flag_sets_is_looked_at() {
    let demo = Demo {
        webhooks: true,
        ..Demo::default()
    };
    let ports = ports(&demo).unwrap();
    assert_eq!(unset(&ports, &[]), ports);
    assert_eq!(unset(&ports, &["--app-port=0".to_owned()]), RECEIVER);
    assert_eq!(unset(&PLATFORM, &["--app-port=0".to_owned()]), []);
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
