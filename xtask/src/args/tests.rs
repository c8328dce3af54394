use super::*;

fn read(line: &str) -> Result<Command, String> {
    parse(
        &line
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    )
}

/// What a person may ask for, in the order of the page.
const COMMANDS: [&str; 18] = [
    "demo", "test", "sim", "baseline", "bench", "crash", "fuzz", "gallery", "build", "rebuild",
    "package", "dist", "go-live", "size", "supply", "sbom", "tools", "help",
];

/// The word of a command, unless it is trunk's alone. A command that is new has to be named here.
const fn word(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::Help => "help",
        Command::Tools => "tools",
        Command::Build { .. } => "build",
        Command::Dist(_) => "dist",
        Command::Demo(_) => "demo",
        Command::Test(_) => "test",
        Command::Baseline(_) => "baseline",
        Command::Bench(..) | Command::BenchNative(_) | Command::BenchWebhooks(_) => "bench",
        Command::Crash(_) => "crash",
        Command::Fuzz { .. } => "fuzz",
        Command::Gallery(_) => "gallery",
        Command::GoLive(_) => "go-live",
        Command::Package => "package",
        Command::Rebuild => "rebuild",
        Command::Sbom(_) => "sbom",
        Command::Sim(_) => "sim",
        Command::Size(_) => "size",
        Command::Supply => "supply",
        Command::Styles | Command::Finish => return None,
    })
}

#[test]
fn every_command_is_read() {
    let cases = [
        ("", Command::Help),
        ("help", Command::Help),
        ("demo --help", Command::Help),
        ("tools", Command::Tools),
        ("build", Command::Build { dev: false }),
        ("rebuild", Command::Rebuild),
        ("package", Command::Package),
        ("build --dev", Command::Build { dev: true }),
        ("dist", Command::Dist(Dist::default())),
        (
            "dist --host github-pages --base /app --config a.json --out b --built --sbom --offline",
            Command::Dist(Dist {
                config: Some("a.json".into()),
                base: Base::parse("/app/").unwrap(),
                host: Some(Host::GithubPages),
                out: Some("b".into()),
                built: true,
                sbom: true,
                offline: true,
            }),
        ),
        ("size", Command::Size(Size::default())),
        (
            "size --check --json",
            Command::Size(Size {
                json: true,
                check: true,
                ..Size::default()
            }),
        ),
        (
            "size --parts --auth",
            Command::Size(Size {
                auth: true,
                parts: true,
                ..Size::default()
            }),
        ),
        (
            "sim --seeds 5",
            Command::Sim(vec!["--seeds".into(), "5".into()]),
        ),
        (
            "go-live https://app.example --json",
            Command::GoLive(vec!["https://app.example".into(), "--json".into()]),
        ),
        (
            "baseline --times 2",
            Command::Baseline(vec!["--times".into(), "2".into()]),
        ),
        (
            "gallery results --docs",
            Command::Gallery(vec!["results".into(), "--docs".into()]),
        ),
        (
            "crash --runs 20 --json",
            Command::Crash(Crash {
                runs: 20,
                seed: 1,
                json: true,
            }),
        ),
        (
            "fuzz --runs 5 url",
            Command::Fuzz {
                runs: 5,
                target: Some("url".into()),
            },
        ),
        ("supply", Command::Supply),
        ("sbom", Command::Sbom(Sbom::default())),
        (
            "sbom --features dpop --out a.json",
            Command::Sbom(Sbom {
                out: Some("a.json".into()),
                features: Some("dpop".into()),
            }),
        ),
        ("styles", Command::Styles),
        ("finish", Command::Finish),
    ];
    for (line, command) in cases {
        assert!(word(&command).is_none_or(|word| COMMANDS.contains(&word)));
        assert_eq!(read(line), Ok(command), "{line}");
    }
}

#[test]
fn every_measurement_is_read() {
    let cases = [
        (
            "bench list --json",
            Command::Bench(Measure::List, vec!["--json".into()]),
        ),
        (
            "bench memory --minutes 1",
            Command::Bench(Measure::Memory, vec!["--minutes".into(), "1".into()]),
        ),
        (
            "bench native --runs 2",
            Command::BenchNative(vec!["--runs".into(), "2".into()]),
        ),
        (
            "bench webhooks --json",
            Command::BenchWebhooks(vec!["--json".into()]),
        ),
    ];
    for (line, command) in cases {
        assert_eq!(word(&command), Some("bench"));
        assert_eq!(read(line), Ok(command), "{line}");
    }
}

#[test]
fn demo_keeps_what_is_for_the_platform() {
    let demo = Demo {
        smoke: false,
        open: true,
        webhooks: true,
        watch: true,
        port: Some(9000),
        sandbox: vec!["--fault".into(), "429".into(), "--help".into()],
    };
    assert_eq!(
        read("demo --open --webhooks --watch --port 9000 -- --fault 429 --help"),
        Ok(Command::Demo(demo))
    );
    assert_eq!(
        read("demo --smoke --port=1"),
        Ok(Command::Demo(Demo {
            smoke: true,
            port: Some(1),
            ..Demo::default()
        }))
    );
}

#[test]
fn parts_come_in_the_sensible_order_once() {
    assert_eq!(read("test"), Ok(Command::Test(Part::ALL.to_vec())));
    assert_eq!(
        read("test browser lint lint"),
        Ok(Command::Test(vec![Part::Lint, Part::Browser]))
    );
}

#[test]
fn what_is_unknown_is_named() {
    let cases = [
        ("deploy", "There is no command `deploy`."),
        (
            "dist --host apache",
            "`--host` knows no `apache`; there are nginx, caddy, netlify, cloudflare, cloudfront, github-pages.",
        ),
        ("dist --config", "`--config` needs a value."),
        ("dist --root /x/", "`dist` knows no `--root`."),
        (
            "dist --base x/",
            "`--base` is a path such as /app/, of letters, digits, `-`, `_` and `.`; not x/.",
        ),
        ("build --fast", "`build` knows no `--fast`."),
        ("bench", "`bench` needs to know what, such as `bench list`."),
        ("crash --runs", "`--runs` needs a number."),
        ("sbom --out", "`--out` needs a value."),
        ("sbom --all", "`sbom` knows no `--all`."),
        ("supply --json", "`supply` knows no `--json`."),
        ("crash --all", "`crash` knows no `--all`."),
        (
            "bench all",
            "`bench` measures size, startup, list, chart, memory, reload, native and webhooks, and no `all`.",
        ),
        ("size extra", "`size` knows no `extra`."),
        (
            "size --json --parts",
            "`--parts` is a table: leave `--json` out.",
        ),
        (
            "demo --people 3",
            "`demo` knows no `--people`; flags for the platform go after `--`.",
        ),
        (
            "demo --watch --smoke",
            "`--smoke` does the journey with the app as it is released: leave `--watch` out.",
        ),
        (
            "demo --webhooks --smoke",
            "`--smoke` does the journey, in which no webhook comes: leave `--webhooks` out.",
        ),
        ("demo --port", "`--port` needs a number."),
        ("demo --port 0", "`--port` takes a number from 1 to 65535."),
        (
            "demo --port 70000",
            "`--port` takes a number from 1 to 65535.",
        ),
        (
            "test e2e",
            "`test` has no part `e2e`; the parts are lint, unit, webhooks, wasm, size, browser, hosting and embed.",
        ),
    ];
    for (line, sentence) in cases {
        assert_eq!(read(line), Err(sentence.to_owned()), "{line}");
    }
}

/// What follows this at the beginning of a line of the page, a word each.
fn first_words(start: &str) -> Vec<&'static str> {
    let lines = HELP.lines().filter_map(|line| line.strip_prefix(start));
    let mut words: Vec<_> = lines
        .filter_map(|rest| rest.split([' ', '\n']).next())
        .filter(|word| !word.is_empty())
        .collect();
    words.dedup();
    words
}

#[test]
fn the_help_page_names_every_command_and_no_other() {
    assert_eq!(first_words("cargo xtask "), COMMANDS);
    for name in COMMANDS {
        let unknown = format!("There is no command `{name}`.");
        assert_ne!(read(name), Err(unknown));
    }
}

#[test]
fn the_help_page_names_every_part_of_the_tests() {
    let [from, to] = ["cargo xtask test", "cargo xtask sim"].map(|text| HELP.find(text).unwrap());
    let parts = HELP[from..to].lines().skip(1);
    let parts: Vec<_> = parts
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(parts, Part::ALL.map(Part::name));
}
