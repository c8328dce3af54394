//! Every answer that a partner's client reads, with the types it is read with.

use loop_contracts::assumptions::{
    BIOMARKERS_KEY, BIOMARKERS_PATH, BIOMARKERS_USER_PARAM, IDEMPOTENCY_HEADER,
    RECOMMENDATIONS_PATH,
};
use loop_contracts::clinical::{
    BiomarkerResult, CheckIn, LabMarker, NewCheckIn, NextCheckIn, Protocol, Recommendation,
    RedFlag, path as clinical,
};
use loop_contracts::identity::{ConnectedApp, Grant, path as identity};
use loop_contracts::json::{self, FromJson};
use loop_contracts::page::Page;
use loop_contracts::time::DateTime;
use loop_sandbox::LOOP_PARTNER;

use crate::driver::{Answer, Platform};

const ALL: &str = "openid read:biomarkers read:protocols read:check_ins write:check_ins read:recommendations \
                   read:red_flags manage:connected_apps";

/// A person who is connected.
struct Person<'a> {
    platform: &'a Platform,
    bearer: String,
}

impl Person<'_> {
    fn send(&self, method: &str, host: &str, path: &str, key: Option<&str>, body: &str) -> Answer {
        let mut headers = vec![("authorization", self.bearer.as_str())];
        headers.extend(key.map(|key| (IDEMPOTENCY_HEADER, key)));
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.platform
            .send(method, &format!("{host}{path}"), &headers, body)
    }

    fn clinical(&self, path: &str) -> Answer {
        self.send("GET", &self.platform.origins().clinical, path, None, "")
    }

    fn identity(&self, path: &str) -> Answer {
        self.send("GET", &self.platform.origins().identity, path, None, "")
    }

    fn end(&self, path: &str) -> u16 {
        let host = &self.platform.origins().identity;
        self.send("DELETE", host, path, Some("k"), "").status
    }
}

/// Every entry of a list; at least one.
fn entries<T: for<'a> FromJson<'a>>(answer: &Answer, key: &str) -> Page<T> {
    assert_eq!(answer.status, 200, "{key}: {}", answer.text());
    let page = Page::<T>::parse(&answer.body, key).unwrap_or_else(|_| panic!("{}", answer.text()));
    assert_eq!(page.unreadable, 0, "{key}: {}", answer.text());
    assert!(!page.items.is_empty(), "{key}");
    page
}

fn maya(platform: &Platform) -> Person<'_> {
    let tokens = platform.connect("usr_maya", ALL);
    let bearer = format!("Bearer {}", tokens.access);
    Person { platform, bearer }
}

#[test]
fn the_clinical_record_is_read_whole() {
    let platform = Platform::start();
    let maya = maya(&platform);
    let results = maya.clinical(&format!(
        "{BIOMARKERS_PATH}?{BIOMARKERS_USER_PARAM}=usr_maya&limit=500&offset=0"
    ));
    let results = entries::<BiomarkerResult>(&results, BIOMARKERS_KEY);
    assert_eq!(results.total, Some(results.items.len() as u64));
    let flags = maya.clinical(&format!("{}/usr_maya", clinical::RED_FLAGS));
    let flags = entries::<RedFlag>(&flags, "flags").items;
    assert!(flags.iter().all(|flag| flag.patient_id == "usr_maya"));
    let advice = maya.clinical(&format!("{RECOMMENDATIONS_PATH}/usr_maya"));
    let advice = entries::<Recommendation>(&advice, "recommendations").items;
    let is_protocol = |advice: &&Recommendation| advice.source.as_str() == "protocol";
    let from_protocol = advice.iter().find(is_protocol).unwrap();
    let id = from_protocol.source_id.clone().unwrap();
    let protocol = maya.clinical(&format!("{}/{id}", clinical::PROTOCOLS));
    assert_eq!(json::parse::<Protocol>(&protocol.body).unwrap().id, id);
    let query = "q=e&state=CA&tag=thyroid&limit=2&offset=0";
    let markers = maya.clinical(&format!("{}?{query}", clinical::LAB_CATALOG_MARKERS));
    let markers = entries::<LabMarker>(&markers, "markers");
    assert!(markers.total >= Some(2) && markers.items.len() == 2);
    assert!(
        markers
            .items
            .iter()
            .all(|marker| marker.tags == ["thyroid"] && !marker.name.is_empty())
    );
}

#[test]
fn a_check_in_is_listed_and_answered() {
    let platform = Platform::start();
    let maya = maya(&platform);
    let before = entries::<CheckIn>(&maya.clinical(clinical::CHECK_INS), "check_ins").items;
    let next = maya.clinical(&format!(
        "{}?enrolled_at=2026-01-01T00%3A00%3A00%2B01%3A00",
        clinical::NEXT_CHECK_IN
    ));
    let next: NextCheckIn = json::parse(&next.body).unwrap();
    let list = |word: &str| vec![word.to_owned()];
    let new = NewCheckIn {
        day_marker: next.day_marker.unwrap(),
        enrolled_at: DateTime("2026-01-01T00:00:00+01:00".to_owned()),
        goals: list("run"),
        wins: list("ran"),
        blockers: list("rain"),
        mood: 7,
        sleep_quality: 8,
        protocol_changes: None,
        weight_kg: json::Decimal::new("70.5"),
    };
    let host = &platform.origins().clinical;
    let body = serde_json::to_string(&new).unwrap();
    let key = "00112233445566778899aabbccddeeff";
    let post = || maya.send("POST", host, clinical::CHECK_INS, Some(key), &body);
    let (first, second) = (post(), post());
    assert_eq!((first.status, second.status), (201, 201));
    let written: CheckIn = json::parse(&first.body).unwrap();
    assert_eq!(
        json::parse::<CheckIn>(&second.body).as_ref(),
        Some(&written)
    );
    assert_eq!(
        (written.patient_id.as_str(), written.weight_kg),
        ("usr_maya", Some(70.5))
    );
    let after = entries::<CheckIn>(&maya.clinical(clinical::CHECK_INS), "check_ins").items;
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.contains(&written));
}

#[test]
fn connected_apps_and_grants_are_listed_and_ended() {
    let platform = Platform::start();
    let maya = maya(&platform);
    let apps = entries::<ConnectedApp>(&maya.identity(identity::CONNECTED_APPS), "data").items;
    assert_eq!(apps[0].client_id, LOOP_PARTNER);
    assert!(!apps[0].scopes_granted.is_empty());
    let grants = entries::<Grant>(&maya.identity(identity::GRANTS), "data").items;
    assert_eq!(grants[0].client_id.as_deref(), Some(LOOP_PARTNER));
    // C8: nothing is active under these.
    assert_eq!(
        maya.end(&format!("{}/app_x", identity::CONNECTED_APPS)),
        404
    );
    assert_eq!(maya.end(&format!("{}/grt_x", identity::GRANTS)), 204);
    assert_eq!(
        maya.end(&format!("{}/{LOOP_PARTNER}", identity::CONNECTED_APPS)),
        204
    );
    assert_eq!(maya.identity(identity::GRANTS).error(), "invalid_token");
}
