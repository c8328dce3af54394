//! The issuer's own description (OpenID Connect Discovery, RFC 8414).

use loop_contracts::oauth::DiscoveryDocument;
use loop_sdk::config::Config;
use loop_sdk::url::Endpoint;

use super::headers::short;
use crate::facts::{Facts, told};
use crate::platform::document;
use crate::verdict::{Line, Verdict};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let checks = [
        (
            "discovery.document",
            readable as fn(&DiscoveryDocument, &Config) -> Verdict,
        ),
        ("discovery.issuer", issuer),
        ("discovery.endpoints", endpoints),
        ("discovery.pkce", pkce),
        ("discovery.revocation", revocation),
    ];
    let judge = |id: &str, check: fn(&DiscoveryDocument, &Config) -> Verdict| {
        let Some((platform, config)) = facts.connected() else {
            return Verdict::after("config.valid");
        };
        let Some(got) = &platform.discovery else {
            return Verdict::Skipped(
                "`assumptions.discovery` is off, so the app uses the documented addresses"
                    .to_owned(),
            );
        };
        match got.as_ref().ok().and_then(document) {
            Some(document) => check(&document, config),
            None if id == "discovery.document" => Verdict::Fail(format!(
                "{}: {}, and no document that can be read: see whether `issuer` or `stage` is right",
                config.issuer.join(loop_contracts::oauth::path::DISCOVERY),
                told(got)
            )),
            None => Verdict::after("discovery.document"),
        }
    };
    let lines = checks.map(|(id, check)| Line::new(id, judge(id, check)));
    lines.into()
}

fn readable(_: &DiscoveryDocument, config: &Config) -> Verdict {
    Verdict::Pass(format!("{} describes itself", config.issuer))
}

fn issuer(document: &DiscoveryDocument, config: &Config) -> Verdict {
    if document.issuer == config.issuer.as_str() {
        return Verdict::Pass("the issuer is the configured one, byte for byte".to_owned());
    }
    Verdict::Fail(format!(
        "it calls itself `{}` and the configuration says `{}`: write it exactly so, with or without the slash at its end",
        short(&document.issuer),
        config.issuer
    ))
}

fn endpoints(document: &DiscoveryDocument, config: &Config) -> Verdict {
    let all = [
        (
            "authorization_endpoint",
            Some(&document.authorization_endpoint),
        ),
        ("token_endpoint", Some(&document.token_endpoint)),
        ("jwks_uri", document.jwks_uri.as_ref()),
        ("revocation_endpoint", document.revocation_endpoint.as_ref()),
    ];
    // On this computer alone, which the configuration has made sure of.
    let is_plain = config.issuer.as_str().starts_with("http://");
    let is_secure =
        |text: &str| Endpoint::parse(text).is_ok() && (is_plain || text.starts_with("https://"));
    let wrong = all.iter().filter_map(|(name, text)| {
        let text = (*text)?;
        (!is_secure(text)).then(|| {
            format!(
                "{name} is `{}`: the platform must give an https address",
                short(text)
            )
        })
    });
    let mut wrong: Vec<String> = wrong.collect();
    // A person is sent to the first; a script calls the others, and the page's policy names two origins.
    let ours = [config.issuer.origin(), config.clinical.origin()];
    for (name, text) in &all[1..] {
        let Some(endpoint) = text.and_then(|text| Endpoint::parse(text).ok()) else {
            continue;
        };
        if is_secure(endpoint.as_str()) && !ours.contains(&endpoint.origin()) {
            wrong.push(format!(
                "{name} is at {}, and connect-src lets the app reach {} alone: ask the platform",
                short(endpoint.origin()),
                ours.join(" and ")
            ));
        }
    }
    if is_plain && wrong.is_empty() {
        return Verdict::Skipped("the platform is on this computer, over plain http".to_owned());
    }
    Verdict::of(
        wrong,
        "all endpoints are over https, where the app may call them",
    )
}

fn pkce(document: &DiscoveryDocument, _: &Config) -> Verdict {
    match &document.code_challenge_methods_supported {
        Some(methods) if methods.iter().any(|method| method == "S256") => Verdict::Pass("PKCE with S256 is offered".to_owned()),
        Some(_) => Verdict::Fail("PKCE with S256 is not offered: the app refuses to connect; ask the platform".to_owned()),
        None => Verdict::Warn("code_challenge_methods_supported is not there, so nothing says that PKCE is checked: ask the platform".to_owned()),
    }
}

fn revocation(document: &DiscoveryDocument, config: &Config) -> Verdict {
    if document.revocation_endpoint.is_some() {
        return Verdict::Pass("there is a revocation endpoint".to_owned());
    }
    if !config.assumptions.revoke_as_public_client {
        return Verdict::Skipped("`assumptions.revoke_as_public_client` is off".to_owned());
    }
    Verdict::Fail(
        "no revocation_endpoint: disconnecting would end nothing at the platform; ask the platform"
            .to_owned(),
    )
}
