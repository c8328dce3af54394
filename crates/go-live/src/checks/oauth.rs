//! What the authorization server knows of this app: its client, its redirect URI, its scopes, and how it disconnects.

use loop_contracts::scope::Scope;
use loop_sdk::config::Config;
use loop_sdk::url::decode_form;

use super::cors::{busy, error_code};
use crate::door::Fetched;
use crate::facts::{Facts, Platform, told};
use crate::verdict::{Line, Verdict};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let checks = [
        ("oauth.client", client as fn(&Platform, &Config) -> Verdict),
        ("oauth.redirect", redirect),
        ("oauth.scopes", scopes),
        ("disconnect.revoke", revoke),
        ("scopes.baa", baa),
    ];
    let judge = |check: fn(&Platform, &Config) -> Verdict| {
        facts.connected().map_or_else(
            || Verdict::after("config.valid"),
            |(platform, config)| check(platform, config),
        )
    };
    let lines = checks.map(|(id, check)| Line::new(id, judge(check)));
    lines.into()
}

fn client(platform: &Platform, config: &Config) -> Verdict {
    let Some(Ok(answer)) = &platform.token else {
        return Verdict::after("cors.token");
    };
    match error_code(answer).as_deref() {
        Some("invalid_client" | "unauthorized_client") => Verdict::Fail(format!(
            "the platform does not take {} without a secret: register the app as an SPA (`client_type: public`), and see whether client_id and stage belong together",
            super::headers::short(&config.client_id)
        )),
        Some("invalid_grant") => {
            Verdict::Pass("the platform knows this client, and asks it for no secret".to_owned())
        }
        Some(_) if answer.status == 429 => busy(),
        Some(other) => Verdict::Warn(format!(
            "the platform says `{}` to a code that was never issued, which does not tell whether it knows this client",
            super::headers::short(other)
        )),
        None => Verdict::after("cors.token"),
    }
}

/// What the authorization endpoint did.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    /// It went on: a page, or a way to one.
    GoesOn,
    /// It sent the person back to the redirect URI, with this error.
    Back(Option<String>),
    /// It showed a page of its own and told the app nothing.
    Refused,
    /// It was asked too often.
    Busy,
    /// Nothing came, or something that says nothing.
    Nothing,
}

fn seen(got: &Fetched, redirect_uri: &str) -> Seen {
    let Ok(answer) = got else {
        return Seen::Nothing;
    };
    match answer.status {
        429 => Seen::Busy,
        200..=299 => Seen::GoesOn,
        300..=399 => {
            let leads = answer.header("location").unwrap_or_default();
            let (path, query) = leads.split_once('?').unwrap_or((leads, ""));
            if path == redirect_uri {
                let pairs = decode_form(query).unwrap_or_default();
                let error = pairs.into_iter().find(|(name, _)| name == "error");
                return Seen::Back(error.map(|(_, error)| error));
            }
            // Some servers have a page of their own for errors, at an address of its own.
            if leads.contains("error") {
                Seen::Refused
            } else {
                Seen::GoesOn
            }
        }
        400..=499 => Seen::Refused,
        _ => Seen::Nothing,
    }
}

const REGISTERED: &str = "only you can confirm that it is registered exactly so";

fn redirect(platform: &Platform, config: &Config) -> Verdict {
    let (Some(ours), Some((changed_uri, changed))) = (&platform.authorize, &platform.changed)
    else {
        return Verdict::after("discovery.endpoints");
    };
    let uri = &config.redirect_uri;
    match (seen(ours, uri), seen(changed, changed_uri)) {
        (Seen::Busy, _) | (_, Seen::Busy) => busy(),
        (Seen::Refused, _) => Verdict::Fail(format!(
            "the platform refuses to send people back to {uri}: register exactly this redirect URI for client_id {}",
            super::headers::short(&config.client_id)
        )),
        (Seen::Nothing, _) => Verdict::Fail(format!(
            "the authorization endpoint does not answer a sign-in ({}): ask the platform",
            told(ours)
        )),
        (_, Seen::Back(_)) => Verdict::Fail(format!(
            "the platform also sends people to {changed_uri}, which is not the app’s: register redirect URIs one by one, without a pattern"
        )),
        (_, Seen::Refused) => {
            Verdict::Pass(format!("{uri} is registered, and a changed one is refused"))
        }
        (Seen::Back(_), _) => Verdict::Pass(format!(
            "{uri} is registered: the platform sends people back there"
        )),
        (Seen::GoesOn, Seen::GoesOn | Seen::Nothing) => Verdict::Confirm(format!(
            "{uri}: the platform answers a changed redirect URI in the same way, so {REGISTERED} (developer portal, entry of the app; docs/quickstart.md, step 2)"
        )),
    }
}

fn scopes(platform: &Platform, config: &Config) -> Verdict {
    let Some(ours) = &platform.authorize else {
        return Verdict::after("discovery.endpoints");
    };
    match seen(ours, &config.redirect_uri) {
        Seen::Busy => busy(),
        Seen::Refused | Seen::Nothing => Verdict::after("oauth.redirect"),
        Seen::Back(Some(error)) => Verdict::Fail(format!(
            "the platform answers the app’s sign-in with `{}`: compare `scopes` ({}) with the app’s entry in the developer portal; health data needs a signed BAA",
            super::headers::short(&error),
            config.scopes
        )),
        Seen::GoesOn | Seen::Back(None) => {
            Verdict::Pass(format!("the platform does not refuse {}", config.scopes))
        }
    }
}

/// RFC 7009 §2.2: 200, also for a token that nobody knows.
fn revoke(platform: &Platform, config: &Config) -> Verdict {
    if !config.assumptions.revoke_as_public_client {
        return Verdict::Confirm(
            "`assumptions.revoke_as_public_client` is off: the app ends nothing at the platform. Confirm that it tells people where they can (docs/assumptions.md, A3)".to_owned(),
        );
    }
    let Some(got) = &platform.revoke else {
        return Verdict::after("discovery.revocation");
    };
    match got {
        Ok(answer) if answer.status == 200 => Verdict::Pass(
            "the revocation endpoint answers this app, which has no secret".to_owned(),
        ),
        Ok(answer) if answer.status == 429 => busy(),
        _ => Verdict::Fail(format!(
            "the revocation endpoint answers {} to this app: it must take a public client with its client_id alone (RFC 7009 §2.1); ask the platform, or switch `assumptions.revoke_as_public_client` off",
            told(got)
        )),
    }
}

fn baa(_: &Platform, config: &Config) -> Verdict {
    let health: Vec<&str> = config
        .scopes
        .iter()
        .filter(|scope| scope.is_phi())
        .map(Scope::as_str)
        .collect();
    if health.is_empty() {
        return Verdict::Pass("no scope is about health, so no BAA is needed".to_owned());
    }
    Verdict::Confirm(format!(
        "{}: has a BAA been signed? (developer portal under /baa; docs/quickstart.md, step 2)",
        health.join(", ")
    ))
}
