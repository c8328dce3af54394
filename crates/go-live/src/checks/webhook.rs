//! A webhook receiver: it takes what the platform signed for this app, and nothing else.

use crate::door::Fetched;
use crate::facts::{Facts, Webhook, told};
use crate::target::is_local;
use crate::verdict::{Line, Verdict};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let Some(webhook) = &facts.webhook else {
        let verdict = Verdict::Confirm(
            "no receiver was named: has none been registered? Otherwise name it with --webhook and --webhook-secret-file (docs/webhooks.md)".to_owned(),
        );
        return vec![Line::new("webhook.none", verdict)];
    };
    vec![
        Line::new("webhook.https", https(webhook)),
        Line::new("webhook.get", get(&webhook.get)),
        Line::new("webhook.signature", signature(webhook)),
        Line::new("webhook.event", event(facts, webhook)),
        Line::new("webhook.client", client(webhook)),
    ]
}

fn is_reached(webhook: &Webhook) -> bool {
    webhook.get.is_ok()
}

fn https(webhook: &Webhook) -> Verdict {
    if let Err(lost) = &webhook.get {
        return Verdict::Fail(format!("the receiver cannot be reached ({lost})"));
    }
    if webhook.url.starts_with("https://") {
        Verdict::Pass("over https, with a certificate that holds".to_owned())
    } else if is_local(&webhook.url) {
        Verdict::Skipped("plain http on this computer".to_owned())
    } else {
        Verdict::Fail(
            "plain http: events are health data; put it behind a proxy that speaks TLS".to_owned(),
        )
    }
}

fn get(got: &Fetched) -> Verdict {
    match got {
        Ok(answer) if (400..500).contains(&answer.status) => {
            Verdict::Pass(format!("a GET is refused ({})", answer.status))
        }
        Ok(_) => Verdict::Fail(format!(
            "a GET is answered {}: answer 405 to all but POST",
            told(got)
        )),
        Err(_) => Verdict::after("webhook.https"),
    }
}

fn signature(webhook: &Webhook) -> Verdict {
    if !is_reached(webhook) {
        return Verdict::after("webhook.https");
    }
    let tried = [
        ("no signature", &webhook.unsigned),
        ("a wrong signature", &webhook.forged),
    ];
    let wrong = tried
        .iter()
        .filter(|(_, got)| !matches!(got, Ok(answer) if answer.status == 401));
    let wrong = wrong.map(|(what, got)| {
        format!(
            "an event with {what} is answered {}: answer 401 before reading it",
            told(got)
        )
    });
    Verdict::of(wrong.collect(), "what nobody signed is refused (401)")
}

const SECRET: &str = "the signing secret was not given: name its file with --webhook-secret-file, or confirm that it has been tried";

fn event(facts: &Facts, webhook: &Webhook) -> Verdict {
    if !is_reached(webhook) {
        return Verdict::after("webhook.https");
    }
    match &webhook.signed {
        None if webhook.other_client.is_some() && facts.settings.is_err() => {
            Verdict::after("config.valid")
        }
        None => Verdict::Confirm(SECRET.to_owned()),
        Some(Ok(answer)) if answer.status == 200 => {
            Verdict::Pass("a signed event is taken (200)".to_owned())
        }
        Some(got) => Verdict::Fail(format!(
            "a signed event of a type that it does not know is answered {}: keep it and answer 200; at a 401 compare the secrets",
            told(got)
        )),
    }
}

fn client(webhook: &Webhook) -> Verdict {
    if !is_reached(webhook) {
        return Verdict::after("webhook.https");
    }
    match &webhook.other_client {
        None => Verdict::Confirm(SECRET.to_owned()),
        Some(Ok(answer)) if answer.status == 400 => {
            Verdict::Pass("an event of another app is refused (400)".to_owned())
        }
        Some(got) => Verdict::Fail(format!(
            "a signed event of another client_id is answered {}: compare `client_id` in the body, and answer 400",
            told(got)
        )),
    }
}
