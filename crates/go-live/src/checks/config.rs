//! `loop.config.json`: read as the app reads it, for this platform, and without anything that does not belong in public.

use loop_contracts::json::{FromJson, Json, Object};

use super::headers::short;
use crate::facts::Facts;
use crate::target::is_local;
use crate::verdict::{Line, Verdict};

/// The client of the sandbox on a developer's computer.
pub(crate) const SANDBOX_CLIENT: &str = "app_sandbox_spa";
/// Parts of a member's name that promise something secret.
const SECRET_NAMES: [&str; 8] = [
    "secret",
    "password",
    "passwd",
    "private",
    "apikey",
    "token",
    "credential",
    "signing",
];
/// How secrets begin that this platform or its neighbours give out.
const SECRET_VALUES: [&str; 5] = ["whsec_", "lph_at_", "lph_rt_", "-----BEGIN", "eyJ"];

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    vec![
        Line::new("config.no-secret", no_secret(facts)),
        Line::new("config.valid", valid(facts)),
        Line::new("config.client", client(facts)),
        Line::new("config.stage", stage(facts)),
        Line::new("config.redirect", redirect(facts)),
        Line::new("config.strict", strict(facts)),
    ]
}

fn no_secret(facts: &Facts) -> Verdict {
    let Some(answer) = facts.config.ok() else {
        return Verdict::after("config.valid");
    };
    let text = String::from_utf8_lossy(&answer.body);
    let found = secret_member(&text).or_else(|| {
        SECRET_VALUES
            .iter()
            .find(|begin| text.contains(&format!("\"{begin}")))
            .map(|begin| format!("a value that begins with {begin}"))
    });
    match found {
        None => Verdict::Pass("nothing in it looks like a secret".to_owned()),
        Some(what) => Verdict::Fail(format!(
            "{what} looks like a secret, and everybody can read this file: take it out, and have it replaced in the developer portal"
        )),
    }
}

/// The first member whose name promises a secret.
fn secret_member(text: &str) -> Option<String> {
    let object = Object::from_json(Json::new(text).ok()?)?;
    let sections = ["assumptions", "dangerously"]
        .iter()
        .filter_map(|name| object.get::<Object<'_>>(name));
    let names: Vec<String> = sections
        .flat_map(|section| section.names().map(str::to_owned).collect::<Vec<_>>())
        .chain(object.names().map(str::to_owned))
        .collect();
    let found = names.into_iter().find(|name| promises_secret(name));
    found.map(|name| format!("the member `{}`", short(&name)))
}

fn promises_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| plain.contains(part))
}

fn valid(facts: &Facts) -> Verdict {
    match &facts.settings {
        Ok(_) => Verdict::Pass(format!("{} is read as the app reads it", facts.config.path)),
        Err(_) if facts.index.got.is_err() && facts.config.got.is_err() => {
            Verdict::after("tls.certificate")
        }
        // One fault, one line.
        Err(refused) if promises_secret(&refused.field) => Verdict::after("config.no-secret"),
        Err(refused) => Verdict::Fail(format!(
            "{} {} {}: correct it in {}; nothing has to be built anew",
            facts.config.path,
            short(&refused.field),
            refused.why,
            facts.table.config
        )),
    }
}

fn client(facts: &Facts) -> Verdict {
    let Ok(config) = &facts.settings else {
        return Verdict::after("config.valid");
    };
    let is_sandbox = config.client_id == SANDBOX_CLIENT;
    if is_sandbox && !is_local(config.issuer.as_str()) {
        return Verdict::Fail(format!(
            "`client_id` is the sandbox’s: register the app in the developer portal ({}) and write its client_id",
            loop_contracts::hosts::DEVELOPER_PORTAL
        ));
    }
    Verdict::Pass(format!("client_id {}", short(&config.client_id)))
}

fn stage(facts: &Facts) -> Verdict {
    use loop_contracts::hosts::{Service, Stage, platform_host};
    let Ok(config) = &facts.settings else {
        return Verdict::after("config.valid");
    };
    let hosts = [config.issuer.as_str(), config.clinical.as_str()];
    if let Some(local) = hosts.iter().find(|host| is_local(host)) {
        if facts.target.is_local() {
            return Verdict::Skipped(format!("the platform is {local}, on this computer"));
        }
        return Verdict::Fail(format!(
            "{local} is each visitor’s own computer: write `\"stage\": \"production\"`, without `issuer` and `clinical`"
        ));
    }
    let production = [Service::Identity, Service::Clinical]
        .map(|service| platform_host(&service, Stage::Production));
    if hosts == production.each_ref().map(String::as_str) {
        return Verdict::Pass("the platform’s production".to_owned());
    }
    Verdict::Warn(format!(
        "the platform is {} and {}, which is not its production ({})",
        hosts[0],
        hosts[1],
        production.join(", ")
    ))
}

fn redirect(facts: &Facts) -> Verdict {
    let Ok(config) = &facts.settings else {
        return Verdict::after("config.valid");
    };
    let uri = &config.redirect_uri;
    if !config.redirect_path.starts_with(&facts.target.base) {
        return Verdict::Fail(format!(
            "`redirect_path` {} is not below {}, where the app is: write it with that in front",
            config.redirect_path, facts.target.base
        ));
    }
    Verdict::Pass(format!("people come back to {uri}"))
}

fn strict(facts: &Facts) -> Verdict {
    let Ok(config) = &facts.settings else {
        return Verdict::after("config.valid");
    };
    if config.dangerously == loop_sdk::protocol::discovery::Dangerously::default() {
        return Verdict::Pass("no strict check is switched off".to_owned());
    }
    Verdict::Fail(
        "`dangerously` switches a strict check off: take the section out, and have the server send `iss` (RFC 9207)".to_owned(),
    )
}
