//! The app's origin: files, headers, configuration.

use std::path::PathBuf;

use loop_sandbox::LOOP_PARTNER;
use loop_sandbox::options::Options;
use serde_json::{Value, json};

use crate::driver::Platform;

struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("loop-sandbox-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        for (file, text) in [
            ("index.html", "<!doctype html><title>App</title>"),
            ("app-0123456789abcdef.js", "export {}"),
            ("app-0123456789abcdef_bg.wasm", "\0asm"),
            ("boot.js", "import './x.js'"),
            ("assets/icon.svg", "<svg/>"),
            (".secret", "no"),
        ] {
            std::fs::write(folder.join(file), text).unwrap();
        }
        Self(folder)
    }
}

/// A platform that serves the app.
fn serving(site: &Site) -> Platform {
    Platform::with(Options {
        app: Some(site.0.clone()),
        ..Options::on_free_ports()
    })
}

impl Drop for Site {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[test]
fn files_come_with_their_type_and_the_production_headers() {
    let site = Site::new("files");
    let platform = serving(&site);
    let app = platform.origins().app.clone();
    let html = "text/html; charset=utf-8";
    for (path, status, kind, cache) in [
        ("/", 200, html, "no-store"),
        ("/index.html", 200, html, "no-store"),
        ("/auth/loop/callback?code=x", 200, html, "no-store"),
        ("/biomarkers/ferritin", 200, html, "no-store"),
        (
            "/app-0123456789abcdef.js",
            200,
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/app-0123456789abcdef_bg.wasm",
            200,
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            "/boot.js",
            200,
            "text/javascript; charset=utf-8",
            "no-store",
        ),
        ("/assets/icon.svg", 200, "image/svg+xml", "no-cache"),
        ("/missing.js", 404, "text/plain; charset=utf-8", "no-store"),
        (
            "/biomarkers/missing.wasm",
            404,
            "text/plain; charset=utf-8",
            "no-store",
        ),
        ("/missing.css", 404, "text/plain; charset=utf-8", "no-store"),
        ("/.secret", 404, "text/plain; charset=utf-8", "no-store"),
    ] {
        let answer = platform.get(&format!("{app}{path}"));
        assert_eq!(
            (
                answer.status,
                answer.header("content-type"),
                answer.header("cache-control")
            ),
            (status, kind, cache),
            "{path}"
        );
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; font-src 'self'; \
             connect-src 'self' {} {}; manifest-src 'self'; worker-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             object-src 'none'; require-trusted-types-for 'script'; trusted-types default",
            platform.origins().identity,
            platform.origins().clinical
        );
        for (name, value) in [
            ("content-security-policy", policy.as_str()),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
    }
}

/// What every host must do: the sandbox does the same, all but what needs HTTPS.
#[test]
fn headers_types_and_caching_are_those_of_the_table_for_hosts() {
    let table: Value =
        serde_json::from_str(include_str!("../../../../hosting/table.json")).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let site = Site::new("table");
    let types = table["types"].as_object().unwrap();
    for extension in types.keys() {
        std::fs::write(site.0.join(format!("page.{extension}")), "text").unwrap();
    }
    for name in ["catalogue.json", "catalogue.de.json", "icon-192.png"] {
        std::fs::write(site.0.join(name), "text").unwrap();
    }
    let platform = serving(&site);
    let origins = platform.origins().clone();
    let connect = format!("{} {}", origins.identity, origins.clinical);
    let get = |path: &str| platform.get(&format!("{}{path}", origins.app));

    for path in ["/", "/loop.config.json", "/page.js", "/missing.wasm"] {
        let answer = get(path);
        for header in list(&table["headers"]) {
            let wanted = text(&header["value"]).replace("{connect}", &connect);
            if header["needs"] != "https" {
                assert_eq!(answer.header(&text(&header["name"])), wanted, "{path}");
            }
        }
    }
    for (extension, kind) in types {
        let path = format!("/page.{extension}");
        assert_eq!(get(&path).header("content-type"), text(kind), "{path}");
    }
    let kinds = list(&table["caching"]["kinds"]);
    let named = |kind: &str| {
        let found = kinds.iter().find(|one| one["kind"] == kind).unwrap();
        text(&found["value"])
    };
    for (path, cache) in [
        ("/app-0123456789abcdef.js", named("hashed")),
        ("/catalogue.json", named("named")),
        ("/catalogue.de.json", named("named")),
        ("/icon-192.png", named("named")),
        ("/page.svg", named("named")),
        ("/page.webmanifest", named("named")),
        (
            "/loop.config.json",
            text(&table["caching"]["else"]["value"]),
        ),
        (
            "/auth/loop/callback",
            text(&table["caching"]["else"]["value"]),
        ),
    ] {
        assert_eq!(get(path).header("cache-control"), cache, "{path}");
    }
    for page in list(&table["routes"]["pages"]) {
        assert_eq!(get(&text(&page)).status, 200, "{page}");
    }
}

#[test]
fn the_configuration_is_generated_replaced_or_broken_on_demand() {
    let platform = Platform::start();
    let url = format!("{}/loop.config.json", platform.origins().app);
    let generated = platform.get(&url);
    assert_eq!(generated.header("cache-control"), "no-store");
    assert_eq!(
        generated.json(),
        json!({
            "client_id": LOOP_PARTNER,
            "issuer": platform.origins().identity,
            "clinical": platform.origins().clinical,
            "scopes": ["openid", "profile", "read:biomarkers"],
            "redirect_path": "/auth/loop/callback",
        })
    );
    platform.switch(json!({ "app_config": { "client_id": 7 } }));
    assert_eq!(platform.get(&url).json(), json!({ "client_id": 7 }));
    platform.switch(json!({ "app_config": "{ not json" }));
    assert_eq!(platform.get(&url).text(), "{ not json");
    platform.switch(json!({ "app_config": null }));
    assert_eq!(platform.get(&url).json(), generated.json());
}

#[test]
fn a_page_is_told_when_another_build_lies_in_the_folder() {
    let site = Site::new("reload");
    let file = site.0.join("index.html");
    std::fs::write(&file, "<head><title>one</title></head>").unwrap();
    let platform = Platform::with(Options {
        app: Some(site.0.clone()),
        reload: true,
        ..Options::on_free_ports()
    });
    let app = platform.origins().app.clone();
    let page = platform.get(&app).text();
    assert!(page.contains(r#"src="/sandbox-reload.js""#), "{page}");
    let script = platform.get(&format!("{app}/sandbox-reload.js"));
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    let build = || platform.get(&format!("{app}/sandbox-build"));
    let first = build();
    assert_eq!(first.status, 200);
    assert_eq!(build().text(), first.text());
    // While it is on its way.
    std::fs::remove_file(&file).unwrap();
    assert_eq!(build().status, 404);
    std::fs::write(&file, "<head><title>another</title></head>").unwrap();
    assert_ne!(build().text(), first.text());
}

#[test]
fn nothing_of_that_is_there_unless_it_is_asked_for() {
    let site = Site::new("no-reload");
    let platform = serving(&site);
    let app = platform.origins().app.clone();
    assert!(!platform.get(&app).text().contains("sandbox-reload"));
    let script = platform.get(&format!("{app}/sandbox-reload.js"));
    assert_eq!(script.status, 404);
}

#[test]
fn another_identity_server_and_client_can_be_told_to_the_app() {
    let platform = Platform::with(Options {
        issuer: Some("http://localhost:3999/oidc".to_owned()),
        client_id: Some("their-client".to_owned()),
        ..Options::on_free_ports()
    });
    let answer = platform.get(&format!("{}/loop.config.json", platform.origins().app));
    assert_eq!(answer.json()["issuer"], "http://localhost:3999/oidc");
    assert_eq!(answer.json()["client_id"], "their-client");
    let policy = answer.header("content-security-policy");
    let services = format!(
        "connect-src 'self' http://localhost:3999 {};",
        platform.origins().clinical
    );
    assert!(policy.contains(&services), "{policy}");
}

#[test]
fn behind_tls_services_are_called_by_the_name_of_what_is_in_front() {
    let platform = Platform::with(Options {
        identity_origin: Some("https://localhost:9443".to_owned()),
        clinical_origin: Some("https://localhost:9444".to_owned()),
        ..Options::on_free_ports()
    });
    let answer = platform.get(&format!("{}/loop.config.json", platform.origins().app));
    assert_eq!(answer.json()["issuer"], "https://localhost:9443");
    assert_eq!(answer.json()["clinical"], "https://localhost:9444");
    let policy = answer.header("content-security-policy");
    let services = "connect-src 'self' https://localhost:9443 https://localhost:9444;";
    assert!(policy.contains(services), "{policy}");
}

#[test]
fn without_an_app_the_page_says_how_to_serve_one() {
    let platform = Platform::start();
    let answer = platform.get(&platform.origins().app.clone());
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("--app"));
}
