//! Fetches: the app's origin first, then what its configuration names.

use loop_sdk::config::Config;

use crate::door::{Ask, Door, LARGE};
use crate::facts::{Facts, Refused, Spot};
use crate::page::{Named, Page};
use crate::table::Table;
use crate::target::{Target, origin_of};
use crate::{platform, receiver};

/// Where people come back to when the configuration does not say it.
const CALLBACK: &str = "/auth/loop/callback";
/// What is known about biomarkers, beside the page.
const CATALOGUE: &str = "catalogue.json";
/// What browsers take; a host may keep a copy of each file for each.
const ENCODINGS: [&str; 2] = ["gzip", "br"];
/// Files that nobody has, one of each kind that must not be answered with a page.
const MISSING: [&str; 3] = [
    "go-live-0000000000000000.wasm",
    "go-live-0000000000000000.js",
    "go-live-0000000000000000.css",
];

/// Asks everything there is to ask. `webhook` is a receiver to try.
pub fn gather(
    door: &impl Door,
    target: Target,
    table: Table,
    webhook: Option<&receiver::Receiver>,
) -> Facts {
    let spot = |path: String, query: &str, cap: usize| {
        let ask = Ask::get(format!("{}{query}", target.at(&path))).at_most(cap);
        Spot {
            got: door.send(&ask),
            path,
        }
    };
    let small = |path: String| spot(path, "", crate::door::SMALL);
    let base = &target.base;

    let index = small(base.clone());
    let deep = small(format!("{base}{}", table.page.trim_start_matches('/')));
    let config = small(format!("{base}{}", table.config));
    let settings = settings(&config, &target);
    let callback = settings.as_ref().map_or_else(
        |_| CALLBACK.to_owned(),
        |config| config.redirect_path.clone(),
    );
    // As the platform sends people back: with a query, which no host may answer in another way.
    let callback = spot(callback, "?code=go-live&state=go-live", crate::door::SMALL);
    let page = index
        .ok()
        .map_or_else(Page::default, |answer| Page::read(&answer.body, &target));
    let mut files: Vec<(Named, Spot)> = Vec::new();
    for named in &page.files {
        let known = files.iter().position(|(known, _)| known.url == named.url);
        let fetched = if let Some(known) = known {
            files[known].1.clone()
        } else {
            let path = named.url[origin_of(&named.url).len()..].to_owned();
            spot(path, "", LARGE)
        };
        files.push((named.clone(), fetched));
    }
    // No page names it, and whoever runs the host may replace it.
    let catalogue = spot(format!("{base}{CATALOGUE}"), "", LARGE);
    let mut encoded: Vec<(&'static str, Spot)> = Vec::new();
    for path in [&index, &config, &catalogue]
        .into_iter()
        .chain(files.iter().map(|(_, spot)| spot))
        .filter_map(|spot| spot.ok().map(|_| spot.path.clone()))
    {
        for encoding in ENCODINGS {
            let is_known = encoded
                .iter()
                .any(|(own, spot)| *own == encoding && spot.path == path);
            if !is_known {
                let ask = Ask::get(target.at(&path))
                    .at_most(LARGE)
                    .with("accept-encoding", encoding);
                let got = door.send(&ask);
                let path = path.clone();
                encoded.push((encoding, Spot { path, got }));
            }
        }
    }
    let missing = MISSING.map(|name| small(format!("{base}{name}"))).into();
    let plain = target.plain().map(|url| door.send(&Ask::get(url)));
    let platform = settings
        .as_ref()
        .ok()
        .map(|config| platform::gather(door, config, &target.origin));
    let client_id = settings
        .as_ref()
        .ok()
        .map(|config: &Config| config.client_id.as_str());
    let webhook = webhook.map(|receiver| receiver.gather(door, client_id));
    Facts {
        target,
        table,
        plain,
        index,
        deep,
        callback,
        config,
        settings,
        page,
        files,
        catalogue,
        encoded,
        missing,
        platform,
        webhook,
    }
}

/// Reads the configuration as the app does.
fn settings(spot: &Spot, target: &Target) -> Result<Config, Refused> {
    let refused = |field: &str, why: String| Refused {
        field: field.to_owned(),
        why,
    };
    match spot.ok() {
        None => Err(refused("file", format!("was not served: {}", spot.told()))),
        Some(answer) if answer.is_page() => {
            Err(refused("file", "is a page instead of JSON".to_owned()))
        }
        Some(answer) => Config::from_json(&answer.body, &target.origin)
            .map_err(|error| refused(&error.field, error.why)),
    }
}
