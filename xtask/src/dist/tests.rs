use std::fs;
use std::path::{Path, PathBuf};

use super::settings::{Settings, checker, connect, placeholder, plain_path};
use super::table::Table;
use super::{Base, Host, Site, folder, hosts};
use crate::args::HELP;
use crate::tools;

mod reading;

use reading::Served;

const FILES: [&str; 12] = [
    "404.html",
    "apple-touch-icon.png",
    "boot-0123456789abcdef.js",
    "catalogue.de.json",
    "catalogue.json",
    "de-0123456789abcdef.txt",
    "icon.svg",
    "index.html",
    "loop-0123456789abcdef.css",
    "loop-partner-0123456789abcdef.wasm",
    "loop.config.json",
    "manifest.webmanifest",
];
const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>App</title></html>";

fn table() -> Table {
    Table::parse(include_str!("../../../hosting/table.json")).unwrap()
}

fn settings(base: &Base) -> Settings {
    Settings {
        text: "{}".to_owned(),
        connect: connect("https://identity.example", "https://clinical.example"),
        callback: base.address("/auth/loop/callback"),
    }
}

fn made(host: Host, base: &Base) -> Vec<(String, String)> {
    made_with(host, base, false)
}

fn made_with(host: Host, base: &Base, offline: bool) -> Vec<(String, String)> {
    let files = FILES.map(str::to_owned);
    let site = Site {
        table: &table(),
        settings: &settings(base),
        base,
        files: &files,
        offline,
    };
    hosts::files(host, &site, PAGE).unwrap()
}

fn snapshots() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/dist/snapshots")
}

/// With `LOOP_SNAPSHOTS` set they are written anew, to be looked at.
#[test]
fn each_hosts_files_are_as_they_were_looked_at() {
    for host in Host::ALL {
        for (name, text) in made(host, &Base::default()) {
            let name = format!("{}-{}.txt", host.name(), name.replace('/', "-"));
            let file = snapshots().join(&name);
            if std::env::var_os("LOOP_SNAPSHOTS").is_some() {
                fs::create_dir_all(snapshots()).unwrap();
                fs::write(&file, &text).unwrap();
            }
            let looked_at = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(text, looked_at, "{name} (LOOP_SNAPSHOTS=1 writes it anew)");
        }
    }
}

#[test]
fn sentences_name_the_hosts_that_there_are() {
    let names = Host::ALL.map(Host::name);
    assert_eq!(Host::NAMES, names.join(", "));
    let (last, others) = names.split_last().unwrap();
    let on_the_page = format!("{} or {last}", others.join(", "));
    let line = HELP.lines().find_map(|line| line.split_once("--host NAME"));
    assert_eq!(line.unwrap().1.trim(), on_the_page);
    for name in names {
        assert_eq!(Host::of(name).map(Host::name), Some(name));
    }
}

#[test]
fn every_host_gets_every_header_the_policy_with_the_services_and_every_page() {
    let table = table();
    let mut wanted = Served::default();
    for (name, value) in &table.headers {
        let value = value.replace(
            "{connect}",
            "https://identity.example https://clinical.example",
        );
        wanted.headers.insert(name.clone(), value);
    }
    for page in &table.pages {
        wanted.pages.insert(page.clone());
        wanted
            .pages
            .insert(format!("{}/", page.trim_end_matches('/')));
    }
    wanted.pages.insert("/auth/loop/callback".to_owned());
    let below = table.below.iter();
    wanted.pages.extend(below.map(|below| format!("{below}*")));
    for host in Host::ALL {
        let mut wanted = wanted.clone();
        if host == Host::GithubPages {
            // It sets no header and knows no routes: what is not there is the page, with the policy in it.
            let policy = "Content-Security-Policy";
            let in_page = wanted.headers[policy].replace("frame-ancestors 'none'; ", "");
            wanted.headers = [(policy.to_owned(), in_page)].into();
            wanted.pages = ["*".to_owned()].into();
        }
        assert_eq!(
            reading::served(host, &made(host, &Base::default()), "/"),
            wanted,
            "{}",
            host.name()
        );
    }
}

#[test]
fn in_a_folder_everything_is_as_at_the_root_and_lies_there() {
    let base = Base::parse("/app/").unwrap();
    for host in Host::ALL {
        let [files, root] = [&base, &Base::default()].map(|base| made(host, base));
        let mut wanted = reading::served(host, &root, "/");
        if host != Host::GithubPages {
            let pages = wanted.pages.iter();
            wanted.pages = pages.map(|page| format!("/app{page}")).collect();
        }
        assert_eq!(reading::served(host, &files, "/app/"), wanted);
        for ((name, text), (_, root)) in files.iter().zip(&root) {
            // Caching, error pages, logs.
            assert_eq!(text.replace("/app/", "/"), *root, "{name}");
            for file in FILES
                .iter()
                .filter(|file| root.contains(&format!("/{file}")))
            {
                let there = format!("/app/{file}");
                let counts = (text.matches(file).count(), text.matches(&there).count());
                assert_eq!(counts.0, counts.1, "{file} in {name}");
            }
        }
    }
}

#[test]
fn what_lies_in_a_folder_is_ours_as_well() {
    let temporary = std::env::temp_dir().join(format!("loop-dist-base-{}", std::process::id()));
    let [built, served] = ["built", "served"].map(|name| temporary.join(name));
    fs::create_dir_all(&built).unwrap();
    fs::write(built.join("index.html"), "").unwrap();
    let fill = |site: &Path| folder::fill(&built, &served, site, &settings(&Base::default()));
    fill(&served.join("a/b")).unwrap();
    fs::write(served.join("_headers"), "").unwrap();
    fill(&served).unwrap();
    assert!(!served.join("a").exists() && served.join("index.html").exists());
    fill(&served.join("app")).unwrap();
    assert!(!served.join("index.html").exists());
    fs::write(served.join("mine.txt"), "").unwrap();
    assert!(fill(&served).is_err());
    fs::remove_dir_all(&temporary).unwrap();
}

#[test]
fn a_worker_may_be_installed_in_a_deployment_that_has_one() {
    for host in Host::ALL {
        for (offline, yes, no) in [
            (false, "worker-src 'none'", "worker-src 'self'"),
            (true, "worker-src 'self'", "worker-src 'none'"),
        ] {
            let made = made_with(host, &Base::default(), offline);
            let all: String = made.into_iter().map(|(_, text)| text).collect();
            assert!(all.contains(yes), "{} {offline}", host.name());
            assert!(!all.contains(no), "{} {offline}", host.name());
        }
    }
}

#[test]
fn a_name_with_its_digest_is_kept_for_good_and_a_page_never() {
    let table = table();
    for (name, kind) in [
        ("loop-partner-0123456789abcdef.wasm", Some("hashed")),
        ("loop-partner-0123456789abcdef.js", Some("hashed")),
        ("de-0123456789abcdef.txt", Some("hashed")),
        ("loop-0123456789abcde.css", None),
        ("loop-0123456789ABCDEF.css", None),
        ("index.html", None),
        ("404.html", None),
        ("loop.config.json", None),
        ("catalogue.json", Some("named")),
        ("catalogue.de.json", Some("named")),
        ("catalogueXjson", None),
        ("icon-192.png", Some("named")),
        ("manifest.webmanifest", Some("named")),
        ("boot.js", None),
    ] {
        let wanted = table.kept.iter().find(|kept| Some(&*kept.kind) == kind);
        let wanted = wanted.map_or(table.not_kept.as_str(), |kept| &kept.value);
        assert_eq!(table.cache(name), wanted, "{name}");
    }
}

#[test]
fn what_is_left_of_the_example_is_named() {
    for (file, member) in [
        (r#"{"client_id": "YOUR_CLIENT_ID"}"#, Some("client_id")),
        (r#"{"client_id": "<your client_id>"}"#, Some("client_id")),
        (
            r#"{"client_id": "app_1", "issuer": "https://<issuer>"}"#,
            Some("issuer"),
        ),
        (
            r#"{"client_id": "app_1", "scopes": ["openid", "{scope}"]}"#,
            Some("scopes"),
        ),
        (r#"{"client_id": "app_1"}"#, None),
        ("no JSON, which the SDK tells", None),
    ] {
        let sentence = member.map(|member| format!("{member} is still a placeholder"));
        assert_eq!(placeholder(file), sentence, "{file}");
    }
}

#[test]
fn a_callback_that_a_host_may_read_otherwise_is_refused() {
    for good in ["/auth/loop/callback", "/cb", "/a_b/c-d.html"] {
        assert_eq!(plain_path(good).as_deref(), Some(good));
    }
    for bad in ["/a b", "/a{b", "/a;b", "/a\"b", "/ä", "/a*", "/$uri"] {
        assert_eq!(plain_path(bad), None, "{bad}");
    }
}

#[test]
fn one_service_on_one_origin_is_named_once() {
    assert_eq!(
        connect("https://a.example", "https://a.example"),
        "https://a.example"
    );
}

#[test]
fn the_same_files_give_the_same_folder_and_the_configuration_is_not_compressed() {
    let base = std::env::temp_dir().join(format!("loop-dist-{}", std::process::id()));
    let built = base.join("built");
    fs::create_dir_all(&built).unwrap();
    for name in FILES {
        fs::write(built.join(name), name.repeat(50)).unwrap();
    }
    let write = |name: &str| {
        let site = base.join(name);
        folder::fill(&built, &site, &site, &settings(&Base::default())).unwrap();
        folder::compress(&site, &table()).unwrap();
        let names = folder::names(&site).unwrap();
        let read = |name: &String| (name.clone(), fs::read(site.join(name)).unwrap());
        names.iter().map(read).collect::<Vec<_>>()
    };
    let once = write("once");
    assert_eq!(once, write("twice"));
    // What is there from before is replaced.
    assert_eq!(once, write("once"));
    let names: Vec<&str> = once.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "index.html.br",
        "index.html.gz",
        "loop-partner-0123456789abcdef.wasm.br",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(
        !names
            .iter()
            .any(|name| name.starts_with("loop.config.json."))
    );
    assert!(!names.contains(&"apple-touch-icon.png.br"));

    fs::remove_dir_all(&base).unwrap();
}

#[test]
fn a_folder_is_not_emptied_for_nothing_and_never_when_it_is_somebodys() {
    let base = std::env::temp_dir().join(format!("loop-dist-kept-{}", std::process::id()));
    let [built, site, other] = ["built", "site", "other"].map(|name| base.join(name));
    for folder in [&built, &site, &other] {
        fs::create_dir_all(folder).unwrap();
    }
    fs::write(built.join("index.html"), "new").unwrap();
    fs::write(other.join("index.html"), "somebody's").unwrap();
    folder::fill(&built, &site, &site, &settings(&Base::default())).unwrap();

    fs::remove_file(built.join("index.html")).unwrap();
    let nothing = folder::fill(&built, &site, &site, &settings(&Base::default())).unwrap_err();
    assert_eq!(
        nothing.to_string(),
        "There is no dist/ yet: leave `--built` out, and it is made."
    );
    let names = ["index.html", "loop.config.json"].map(str::to_owned);
    assert_eq!(folder::names(&site).unwrap(), names, "they are served on");

    let refused = folder::fill(&site, &other, &other, &settings(&Base::default())).unwrap_err();
    let sentence = format!(
        "{} holds something else: name another folder with `--out`.",
        other.display()
    );
    assert_eq!(refused.to_string(), sentence);
    assert_eq!(folder::names(&other).unwrap(), ["index.html"]);
    fs::remove_dir_all(&base).unwrap();
}

#[test]
fn a_relative_configuration_is_the_one_in_the_folder_where_the_command_was_given() {
    let tools = tools::unchecked(Path::new("/nonexistent")).unwrap();
    let here = std::env::current_dir().unwrap();
    for (named, read) in [
        ("mine.json", here.join("mine.json")),
        ("below/mine.json", here.join("below/mine.json")),
        ("/etc/mine.json", PathBuf::from("/etc/mine.json")),
    ] {
        let checker = checker(&tools, Path::new(named)).unwrap();
        assert_eq!(checker.get_args().last(), Some(read.as_os_str()));
    }
}

#[test]
fn the_page_for_what_is_not_there_has_the_style_and_no_script() {
    let files = FILES.map(str::to_owned);
    let page = folder::missing(&files, &Base::default());
    assert!(page.contains("href=\"/loop-0123456789abcdef.css\""));
    assert!(!page.contains("<script") && !page.contains("style="));
    let below = folder::missing(&files, &Base::parse("/app/").unwrap());
    assert_eq!(below, page.replace("href=\"/", "href=\"/app/"));
}
