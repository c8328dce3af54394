//! Whatever the platform sends is read or refused, and what is read is what was sent.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "helpers of tests may panic, and compare what was copied"
)]

#[path = "support/hostile.rs"]
mod hostile;

use hostile::{CASES, Dice, dice};
use loop_contracts::clinical::{BiomarkerResult, BiomarkerStatus, Measured};
use loop_contracts::error::{ErrorBody, ErrorCode};
use loop_contracts::events::EventEnvelope;
use loop_contracts::hosts::{Service, Stage, platform_host};
use loop_contracts::http_date::parse_http_date;
use loop_contracts::oauth::{DiscoveryDocument, JwkSet, TokenResponse};
use loop_contracts::page::Page;
use loop_contracts::scope::{Scope, ScopeSet};
use loop_contracts::time::{DateTime, Timestamp, parse_rfc3339};
use proptest::prelude::*;
use serde_json::{Value, json};

fn result(id: usize) -> Value {
    json!({
        "id": format!("bio_{id}"), "patient_id": "usr_1", "biomarker_code": "ferritin", "biomarker_name": "Ferritin",
        "value": 8.5, "unit": "ng/mL", "reference_low": 15, "reference_high": 150.0, "status": "low",
        "collected_at": "2026-03-03T08:30:00Z", "parsed_at": "2026-03-04T08:30:00Z",
    })
}

/// The same number, give or take the last bit of numbers with a huge exponent, which `serde_json` may lose.
fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || ((a - b) / b).abs() < 1e-15,
        (a, b) => a == b,
    }
}

/// Three results, of which the one in the middle may be anything.
fn with_one_changed(dice: &mut Dice) -> (Vec<u8>, Value) {
    let mut changed = result(1);
    for _ in 0..=dice.below(3) {
        dice.change(&mut changed);
    }
    let list = json!({"results": [result(0), changed, result(2)], "count": 3});
    let bytes = hostile::written(&list);
    (bytes, changed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn one_strange_entry_never_hides_or_changes_its_neighbours(mut dice in dice()) {
        let (body, changed) = with_one_changed(&mut dice);
        let Ok(page) = Page::<BiomarkerResult>::parse(&body, "results") else {
            // Only what is no JSON at all takes the whole list with it.
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_err(), "{}", changed);
            return Ok(());
        };
        prop_assert_eq!(page.items.len() + page.unreadable, 3);
        prop_assert_eq!(&page.items[0].id, "bio_0");
        prop_assert_eq!(&page.items[page.items.len() - 1].id, "bio_2");
        prop_assert_eq!(page.total, Some(3));
        if let [_, one, _] = &page.items[..] {
            // What was read is what was written.
            prop_assert_eq!(changed["patient_id"].as_str(), Some(one.patient_id.as_str()));
            prop_assert_eq!(changed["status"].as_str(), Some(one.status.as_str()));
            prop_assert_eq!(changed["collected_at"].as_str(), Some(one.collected_at.0.as_str()));
            prop_assert!(same(changed["reference_high"].as_f64(), one.reference_high));
            match &one.value {
                Measured::Number(number) => prop_assert!(number.is_finite() && same(changed["value"].as_f64(), Some(*number))),
                Measured::Text(text) => prop_assert_eq!(changed["value"].as_str(), Some(text.as_str())),
                Measured::Missing => prop_assert!(changed["value"].is_null() || changed["value"].as_str().is_some_and(|text| text.trim().is_empty())),
            }
        }
    }

    #[test]
    fn any_list_is_read_entry_by_entry_or_is_no_list(mut dice in dice()) {
        let body = match dice.below(4) {
            0 => dice.bytes(),
            _ => dice.document(&json!({"results": [result(0), result(1)], "count": 2, "total": 9})),
        };
        let as_value = serde_json::from_slice::<Value>(&body).ok();
        let page = Page::<BiomarkerResult>::parse(&body, "results");
        if let (Ok(page), Some(value)) = (&page, &as_value) {
            let entries = value["results"].as_array().unwrap();
            prop_assert_eq!(page.items.len() + page.unreadable, entries.len());
            for item in &page.items {
                let again: BiomarkerResult = serde_json::from_str(&serde_json::to_string(item).unwrap()).unwrap();
                let texts = |one: &BiomarkerResult| (one.id.clone(), one.unit.clone(), one.status.clone(), one.collected_at.clone());
                prop_assert_eq!(texts(&again), texts(item), "it survives being written");
                prop_assert!(same(again.value.number(), item.value.number()) && same(again.reference_low, item.reference_low));
            }
        }
        if let Some(value) = as_value {
            prop_assert_eq!(page.is_ok(), value["results"].is_array());
        }
    }

    #[test]
    fn an_error_code_is_read_whatever_stands_beside_it(mut dice in dice()) {
        let mut members = json!({"error_description": "x", "message": "y", "error_uri": "z", "retry_after_ms": 5});
        for _ in 0..dice.below(4) {
            dice.change(&mut members);
        }
        if let Value::Object(members) = &mut members {
            members.insert("error".to_owned(), json!("rate_limited"));
        }
        let body = hostile::written(&members);
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_ok();
        let read = ErrorBody::parse(&body);
        prop_assert_eq!(
            read.as_ref().map(|body| body.error.clone()),
            (is_json && members.is_object()).then_some(ErrorCode::RateLimited),
            "{}", members
        );
        if let Some(again) = read {
            let written = serde_json::to_vec(&again).unwrap();
            prop_assert_eq!(ErrorBody::parse(&written), Some(again));
        }
    }

    #[test]
    fn any_bytes_are_an_error_body_or_are_not(mut dice in dice()) {
        let body = match dice.below(3) {
            0 => dice.bytes(),
            _ => dice.document(&json!({"error": "invalid_token", "message": "x", "retry_after_ms": 1500})),
        };
        if let (Some(read), Ok(value)) = (ErrorBody::parse(&body), serde_json::from_slice::<Value>(&body)) {
            prop_assert_eq!(value["error"].as_str(), Some(read.error.as_str()));
        }
    }

    #[test]
    fn oauth_answers_are_read_or_refused(mut dice in dice()) {
        let token = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r", "scope": "openid", "id_token": "x.y.z"});
        if let Ok(answer) = serde_json::from_slice::<TokenResponse>(&dice.document(&token)) {
            prop_assert!(answer.expires_in.0.is_none_or(|seconds| seconds.is_finite() && seconds >= 0.0));
            let printed = format!("{answer:?}");
            prop_assert!(!printed.contains("x.y.z"));
        }
        let discovery = json!({"issuer": "https://a", "authorization_endpoint": "https://a/a", "token_endpoint": "https://a/t",
            "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true});
        let body = dice.document(&discovery);
        if let (Ok(read), Ok(value)) = (serde_json::from_slice::<DiscoveryDocument>(&body), serde_json::from_slice::<Value>(&body)) {
            prop_assert_eq!(value["issuer"].as_str(), Some(read.issuer.as_str()));
            prop_assert_eq!(value["token_endpoint"].as_str(), Some(read.token_endpoint.as_str()));
            prop_assert_eq!(value["authorization_response_iss_parameter_supported"].as_bool().unwrap_or(false), read.authorization_response_iss_parameter_supported);
        }
    }

    #[test]
    fn a_strange_key_never_hides_the_others(mut dice in dice()) {
        let rsa = json!({"kty": "RSA", "n": "n", "e": "AQAB", "kid": "1"});
        let ec = json!({"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "2"});
        let mut changed = rsa.clone();
        for _ in 0..=dice.below(3) {
            dice.change(&mut changed);
        }
        let body = json!({"keys": [rsa, changed, ec]});
        let set: JwkSet = serde_json::from_value(body).unwrap();
        prop_assert!(set.keys.len() >= 2);
        prop_assert_eq!(set.keys[0].kid.as_deref(), Some("1"));
        prop_assert_eq!(set.keys[set.keys.len() - 1].kid.as_deref(), Some("2"));
        let _ = serde_json::from_slice::<JwkSet>(&dice.document(&json!({"keys": [changed]})));
    }

    #[test]
    fn an_event_keeps_its_data_as_it_came(mut dice in dice()) {
        let data = dice.value();
        let body = hostile::written(&json!({"id": "evt_1", "type": dice.text(), "user_id": "u", "client_id": "c", "occurred_at": "t", "data": data}));
        let Ok(event) = serde_json::from_slice::<EventEnvelope>(&body) else {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&body).is_err() || data.is_null(), "{}", data);
            return Ok(());
        };
        prop_assert!(String::from_utf8(body).unwrap().contains(event.data.get()));
    }

    #[test]
    fn a_set_of_scopes_is_the_same_after_it_was_written(mut dice in dice()) {
        let text = dice.near("openid profile read:biomarkers write:check_ins custom:thing", &[' ', ':', 'o', '"', '\\', '\t', '\u{a0}']);
        let set = ScopeSet::parse(&text);
        let written = set.to_string();
        prop_assert_eq!(&ScopeSet::parse(&written), &set);
        prop_assert_eq!(serde_json::from_str::<ScopeSet>(&serde_json::to_string(&set).unwrap()).unwrap(), set.clone());
        let mut words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        words.dedup();
        prop_assert_eq!(set.iter().count(), words.len());
        for word in words {
            prop_assert!(set.contains(&Scope::from(word)));
            prop_assert_eq!(Scope::from(word).to_string(), word, "carried unharmed");
            prop_assert_eq!(Scope::is_valid_token(word), word.chars().all(|c| ('!'..='~').contains(&c) && c != '"' && c != '\\'));
        }
        let other = ScopeSet::parse(&dice.near("openid read:biomarkers", &[' ']));
        let (missing, all) = (set.without(&other), set.union(&other));
        prop_assert!(missing.iter().all(|scope| set.contains(scope) && !other.contains(scope)));
        prop_assert_eq!(missing.union(&other), all);
        // What is not plainly about the account counts as health data.
        prop_assert!(set.iter().all(|scope| scope.is_phi() || Scope::KNOWN.contains(scope)));
    }

    #[test]
    fn an_unknown_word_survives_a_round_trip(mut dice in dice()) {
        let text = dice.text();
        let status: BiomarkerStatus = serde_json::from_value(json!(text)).unwrap();
        prop_assert_eq!(serde_json::to_value(&status).unwrap(), json!(text));
    }

    #[test]
    fn a_stage_is_one_of_four_kinds_and_never_leaves_the_platforms_domain(mut dice in dice()) {
        let start = *dice.one(&["pr-12", "staging", "dev", "production"]);
        let text = dice.near(start, &['.', '/', '-', '0', '9', '@', '#']);
        if let Some(stage) = Stage::parse(&text) {
            prop_assert!(Stage::parse(&stage.to_string()) == Some(stage));
            let host = platform_host(&Service::Identity, stage);
            prop_assert!(host.starts_with("https://identity.") && host.ends_with("platform.loop.health"));
            prop_assert!(host["https://".len()..].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-'));
        }
    }

    #[test]
    fn any_text_is_a_date_or_is_not(mut dice in dice()) {
        let start = *dice.one(&["2026-03-03", "2026-03-03T08:30:00Z", "2024-02-29t23:59:60.123456789+14:00", "0000-01-01 00:00:00-23:59"]);
        let text = dice.near(start, &['0', '1', '9', '-', ':', '.', 'T', 'Z', '+', ' ', '٣']);
        let Some(at) = parse_rfc3339(&text) else { return Ok(()) };
        prop_assert!(text.is_ascii() && text.len() >= 10);
        let written = DateTime::from(at).0;
        prop_assert_eq!(parse_rfc3339(&written), Some(at), "what is read can be written");
        if text.len() == 10 {
            prop_assert_eq!(&written[..10], text);
        }
    }

    #[test]
    fn any_text_is_an_http_date_as_another_reader_says(mut dice in dice()) {
        let start = *dice.one(&["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Thu, 29 Feb 2024 23:59:59 GMT"]);
        let text = dice.near(start, &['0', '1', '2', '9', '-', ':', ',', ' ', 'S', 'J', 'a', 'G', '٣']);
        let now = Timestamp(1_772_526_600_000);
        let Some(at) = parse_http_date(&text, now) else { return Ok(()) };
        prop_assert!(text.is_ascii());
        // The other compares the name of the day too, begins in 1970 and knows no leap second.
        if let Ok(other) = httpdate::parse_http_date(&text) {
            let since_1970 = other.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
            prop_assert_eq!(i64::try_from(since_1970), Ok(at.0), "{}", text);
        }
    }

    #[test]
    fn what_http_writes_is_read_in_every_form(seconds in 0..253_402_300_800_i64, ahead in -49 * 365 * 86_400_i64..49 * 365 * 86_400) {
        let write = |seconds: i64| {
            httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(seconds).unwrap()))
        };
        let (text, at) = (write(seconds), Some(Timestamp(seconds * 1000)));
        let now = Timestamp(1_772_526_600_000);
        prop_assert_eq!(parse_http_date(&text, now), at, "{}", text);
        let (day, month, year, time) = (&text[5..7], &text[8..11], &text[12..16], &text[17..25]);
        let asctime = format!("{} {month} {:>2} {time} {year}", &text[..3], day.trim_start_matches('0'));
        prop_assert_eq!(parse_http_date(&asctime, now), at, "{}", asctime);
        // Two digits of a year are enough within fifty years of today, whenever today is.
        let now = Timestamp(seconds.max(50 * 365 * 86_400) * 1000);
        let near = now.0 / 1000 + ahead;
        prop_assume!(near < 253_402_300_800);
        let text = write(near);
        let old = format!("Sunday, {}-{}-{} {} GMT", &text[5..7], &text[8..11], &text[14..16], &text[17..25]);
        prop_assert_eq!(parse_http_date(&old, now), Some(Timestamp(near * 1000)), "{}", old);
    }

    #[test]
    fn later_in_the_calendar_is_later_in_time(a in moment(), b in moment()) {
        // Texts of one form and zone sort as the moments do.
        let (first, second) = (parse_rfc3339(&a).unwrap(), parse_rfc3339(&b).unwrap());
        prop_assert_eq!(a.cmp(&b), first.cmp(&second), "{} {}", a, b);
        prop_assume!(!a.starts_with("0000-01-01"));
        let behind = format!("{}+01:30", &a[..a.len() - 1]);
        let earlier = Timestamp(first.0 - 5_400_000);
        prop_assert_eq!(parse_rfc3339(&behind), Some(earlier));
    }
}

/// A moment of a real calendar day, in UTC.
fn moment() -> impl Strategy<Value = String> {
    let day = (0..10_000u32, 1..=12u32, 0..31u32).prop_map(|(year, month, day)| {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = [
            31,
            if leap { 29 } else { 28 },
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ][month as usize - 1];
        format!("{year:04}-{month:02}-{:02}", day % length + 1)
    });
    (day, 0..24u32, 0..60u32, 0..60u32, 0..1000u32).prop_map(
        |(day, hour, minute, second, milli)| {
            format!("{day}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
        },
    )
}
