//! Whose entries a list holds, what is counted, page after page; and the ids in paths.

use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use super::desk::{CALLS, Desk};
use crate::api::MarkerQuery;
use crate::error::Error;

#[test]
fn one_strange_entry_never_hides_its_neighbours_and_another_persons_is_not_shown() {
    for (name, path, key) in [
        ("biomarkers", "/v1/biomarkers", "results"),
        ("red flags", "/v1/red-flags/usr_1", "flags"),
        ("check-ins", "/v1/check-ins", "check_ins"),
        (
            "recommendations",
            "/v1/recommendations/usr_1",
            "recommendations",
        ),
        ("lab catalog", "/v1/lab-catalog/markers", "markers"),
        ("connected apps", "/v1/users/me/connected-apps", "data"),
        ("grants", "/v1/me/grants", "data"),
    ] {
        let call = CALLS.iter().find(|call| call.name == name).unwrap();
        let good = serde_json::from_str::<Value>(call.answer).unwrap()[key][0].clone();
        let belongs = good.get("patient_id").is_some();
        let mut foreign = good.clone();
        foreign["patient_id"] = json!("usr_2");
        for same in [true, false] {
            let asks_by_id = name == "red flags" || name == "recommendations";
            let desk = Desk::with(&json!({"sub_is_patient_id": same}));
            let entries = json!([null, good, {}, foreign, 7, "x", [], {"id": {"a": []}}, good]);
            let answer = json!({ key: entries });
            desk.service
                .borrow_mut()
                .answers
                .insert(path.to_owned(), answer);
            let said = (call.make)(&desk);
            if asks_by_id && !same {
                assert_eq!(said, Err(Error::NoPatientId), "{name}");
                assert_eq!(desk.seen(), 0, "{name}");
                continue;
            }
            let shown = if belongs && same { 2 } else { 3 };
            let expected = format!("{shown}+{} false", 9 - shown);
            assert_eq!(said, Ok(expected), "{name} {same}");
        }
    }
}

#[test]
fn a_list_that_says_it_has_more_is_not_taken_for_the_whole() {
    let desk = Desk::new();
    let mut answer: Value = serde_json::from_str(CALLS[2].answer).unwrap();
    answer["count"] = json!(2);
    desk.service
        .borrow_mut()
        .answers
        .insert("/v1/red-flags/usr_1".to_owned(), answer);
    assert!(desk.wait(desk.clinical.red_flags()).unwrap().more);
}

#[test]
fn a_list_that_lies_about_its_length_takes_no_memory_for_it() {
    let desk = Desk::new();
    let mut answer: Value = serde_json::from_str(CALLS[0].answer).unwrap();
    answer["count"] = json!(u32::MAX);
    let came = answer["results"].as_array().unwrap().len();
    desk.service
        .borrow_mut()
        .answers
        .insert("/v1/biomarkers".to_owned(), answer);
    let list = desk.wait(desk.clinical.biomarkers()).unwrap();
    // Every page is the same here, and all that are read have entries.
    assert_eq!(list.results.len(), 100 * came);
    assert!(list.results.capacity() < 300 * came);
}

#[test]
fn the_catalog_is_read_page_by_page_until_its_total_or_an_empty_page() {
    let entries: Vec<_> = (0..100)
        .map(|number| json!({"code": format!("m{number}")}))
        .collect();
    for (total, calls, read, more) in [
        (json!(250), 3, 300, false),
        (json!(300), 3, 300, false),
        (json!(100), 1, 100, false),
        (json!(null), 100, 10_000, true),
    ] {
        let desk = Desk::new();
        let answer = json!({"markers": entries, "total": total});
        desk.service
            .borrow_mut()
            .answers
            .insert("/v1/lab-catalog/markers".to_owned(), answer);
        let list = desk
            .wait(desk.clinical.lab_markers(&MarkerQuery::default()))
            .unwrap();
        assert_eq!(
            (desk.seen(), list.items.len(), list.more),
            (calls, read, more),
            "{total}"
        );
        let service = desk.service.borrow();
        assert!(
            service.seen[calls - 1]
                .1
                .ends_with(&format!("markers?limit=100&offset={}", (calls - 1) * 100))
        );
    }
}

#[test]
fn an_id_is_one_segment_of_a_path_or_is_not_sent() {
    for (id, segment) in [
        ("prt_1", "prt_1"),
        ("a b", "a%20b"),
        ("../me", "..%2Fme"),
        ("%2e%2e", "%252e%252e"),
        ("x?y=1#z", "x%3Fy%3D1%23z"),
        ("a\\b", "a%5Cb"),
        ("@evil.example/", "%40evil.example%2F"),
        ("...", "..."),
        ("ä\r\n", "%C3%A4%0D%0A"),
    ] {
        let desk = Desk::new();
        assert_eq!(
            desk.wait(desk.clinical.protocol(id)).err(),
            (id != "prt_1").then_some(Error::NotVisible)
        );
        desk.wait(desk.identity.disconnect_app(id, &desk.key()))
            .unwrap();
        desk.wait(desk.identity.end_grant(id, &desk.key())).unwrap();
        let service = desk.service.borrow();
        let asked: Vec<_> = service
            .seen
            .iter()
            .map(|(_, url, _)| url.as_str())
            .collect();
        let expected = [
            format!("https://clinical.example/v1/protocols/{segment}"),
            format!("https://identity.example/v1/users/me/connected-apps/{segment}"),
            format!("https://identity.example/v1/me/grants/{segment}"),
        ];
        assert_eq!(asked, expected, "{id}");
    }
    for id in ["", ".", ".."] {
        let desk = Desk::new();
        assert_eq!(
            desk.wait(desk.clinical.protocol(id)).err(),
            Some(Error::NotVisible),
            "{id}"
        );
        let ended = desk.wait(desk.identity.disconnect_app(id, &desk.key()));
        assert_eq!(ended, Err(Error::NotVisible), "{id}");
        assert_eq!(desk.seen(), 0, "{id}");
    }
}

#[test]
fn a8_the_recommendations_are_asked_for_as_the_configuration_says() {
    let desk = Desk::with(&json!({"recommendations_path": "/v2/advice"}));
    let answer = json!({"recommendations": []});
    desk.service
        .borrow_mut()
        .answers
        .insert("/v2/advice/usr_1".to_owned(), answer);
    assert_eq!(
        desk.wait(desk.clinical.recommendations())
            .map(|list| list.items.len()),
        Ok(0)
    );
}

#[test]
fn a_day_that_is_no_date_is_named_and_not_sent() {
    let desk = Desk::new();
    for text in ["", "spring", "2026-13-01"] {
        let next = desk.wait(desk.clinical.next_check_in(&DateTime(text.to_owned())));
        assert_eq!(next, Err(Error::Invalid("enrolled_at")), "{text}");
    }
    assert_eq!(desk.seen(), 0);
}
