use std::fs;
use std::path::PathBuf;

use super::{FILE, MARK, mark, marked, worker, write};
use crate::dist::folder;
use crate::dist::table::Table;
use crate::finish::integrity;

const PAGE: &str =
    "<!doctype html><html lang=en><meta charset=utf-8><script src=/boot.js></script></html>";
/// Names, and whether the worker keeps the file.
const FILES: [(&str, bool); 14] = [
    ("404.html", false),
    ("boot-0123456789abcdef.js", true),
    ("boot-0123456789abcdef.js.br", false),
    ("catalogue.de.json", false),
    ("catalogue.json", false),
    ("de-0123456789abcdef.txt", true),
    ("icon.svg", false),
    ("icon-192.png", false),
    ("loop-0123456789abcdef.css", true),
    ("loop-partner-0123456789abcdef.js", true),
    ("loop-partner-0123456789abcdef.wasm", true),
    ("loop.config.json", false),
    ("manifest.webmanifest", false),
    ("notes.txt", false),
];

fn table() -> Table {
    Table::parse(include_str!("../../../../hosting/table.json")).unwrap()
}

/// A folder that is served, which goes when the test ends.
struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("loop-offline-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), PAGE).unwrap();
        for (name, _) in FILES {
            fs::write(folder.join(name), name).unwrap();
        }
        Self(folder)
    }

    /// The worker that is made for it.
    fn worker(&self) -> String {
        mark(&self.0, &table()).unwrap();
        write(&self.0, &table()).unwrap();
        fs::read_to_string(self.0.join(FILE)).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn version(worker: &str) -> &str {
    let (_, rest) = worker.split_once("`${OWN}").unwrap();
    rest.split_once('`').unwrap().0
}

/// With `LOOP_SNAPSHOTS` set it is written anew, to be looked at.
#[test]
fn the_worker_is_as_it_was_looked_at() {
    let text = Site::new("snapshot").worker();
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("src/dist/snapshots/offline-service-worker.js.txt");
    if std::env::var_os("LOOP_SNAPSHOTS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let looked_at = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, looked_at, "LOOP_SNAPSHOTS=1 writes it anew");
}

#[test]
fn it_keeps_what_is_named_after_its_content_and_nothing_that_a_deployer_may_replace() {
    let site = Site::new("list");
    let worker = site.worker();
    for (name, is_kept) in FILES {
        let entry = format!("{name:?}:{:?}", integrity(name.as_bytes()));
        assert_eq!(worker.contains(&entry), is_kept, "{name}");
        assert_eq!(worker.contains(&format!("{name:?}")), is_kept, "{name}");
    }
    let page = fs::read(site.0.join("index.html")).unwrap();
    assert!(
        worker.contains(&integrity(&page)),
        "the page as it is served"
    );
    for placeholder in ["$PAGE", "$LIST", "$VERSION"] {
        assert!(!worker.contains(placeholder), "{placeholder}");
    }
}

#[test]
fn no_address_in_it_is_absolute() {
    let worker = Site::new("addresses").worker();
    let code = worker
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    for line in code {
        assert!(!line.contains("\"/") && !line.contains("'/"), "{line}");
        assert!(!line.contains("://"), "{line}");
    }
}

#[test]
fn the_same_files_give_the_same_worker_and_any_other_byte_another_version() {
    let first = Site::new("first");
    let once = first.worker();
    assert_eq!(once, Site::new("second").worker());
    let files = |digest: &str| vec![("a-0123456789abcdef.js".to_owned(), digest.to_owned())];
    let versions = [
        worker("sha384-page", files("sha384-a")),
        worker("sha384-other", files("sha384-a")),
        worker("sha384-page", files("sha384-b")),
        worker("sha384-page", Vec::new()),
    ]
    .map(|text| version(&text).to_owned());
    for (index, one) in versions.iter().enumerate() {
        assert_eq!(one.len(), 16, "{one}");
        assert!(!versions[..index].contains(one), "{one}");
    }
    // What is not kept does not count.
    fs::write(first.0.join("catalogue.json"), "another one").unwrap();
    write(&first.0, &table()).unwrap();
    assert_eq!(once, fs::read_to_string(first.0.join(FILE)).unwrap());
}

#[test]
fn the_page_is_marked_once_and_the_file_is_there_for_the_host() {
    let site = Site::new("mark");
    mark(&site.0, &table()).unwrap();
    let page = fs::read_to_string(site.0.join("index.html")).unwrap();
    assert_eq!(page.matches(MARK).count(), 1);
    assert!(page.find(MARK) < page.find("<script"));
    assert!(folder::names(&site.0).unwrap().contains(&FILE.to_owned()));
    assert_eq!(
        table().cache(FILE),
        table().not_kept,
        "always asked for anew"
    );
    let refused = marked("<p>no script</p>").unwrap_err().to_string();
    assert!(refused.contains("has no `<script`"), "{refused}");
}
