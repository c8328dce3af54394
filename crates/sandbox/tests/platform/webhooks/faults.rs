//! Deliveries that were spoiled on demand, as a receiver sees them.

use super::receiver::Act;
use super::{said, told};

#[test]
fn a_duplicate_comes_when_the_answer_is_lost_or_a_fault_says_so() {
    let (platform, receiver) = told(&["usr_maya"]);
    for (fault, attempts) in [
        ("lost_answer", ["1", "2"]),
        ("twice", ["1", "1"]),
        ("twice_at_once", ["1", "1"]),
    ] {
        let before = receiver.received().len();
        platform.spoil(fault);
        platform.add("usr_maya", &[("tsh", 88.0)]);
        if fault == "lost_answer" {
            let known = platform.wait_for_states(&["waiting"]);
            assert_eq!(known[0]["last_answer"], "answer lost by a fault");
            platform.advance(60);
        }
        let came = receiver.wait_for(before + 2);
        let copies: Vec<_> = came[before..]
            .iter()
            .map(|one| one.attempt.as_str())
            .collect();
        assert_eq!(copies, attempts, "{fault}");
        assert_eq!(came[before].id, came[before + 1].id, "{fault}");
        assert!(
            came[before..].iter().all(|one| one.act == Act::Answer(200)),
            "{fault}"
        );
        platform.wait_for_states(&["delivered"]);
    }
}

#[test]
fn out_of_order_is_one_that_lets_the_next_one_pass() {
    let (platform, receiver) = told(&["usr_maya"]);
    platform.spoil("out_of_order");
    platform.add("usr_maya", &[("tsh", 88.0)]);
    platform.wait_for_states(&["held"]);
    platform.add("usr_maya", &[("wbc", 5.0)]);
    assert_eq!(
        said(&receiver.wait_for(2)),
        ["usr_maya wbc", "usr_maya tsh"]
    );
}

#[test]
fn what_a_receiver_has_to_refuse_comes_right_afterwards() {
    let (platform, receiver) = told(&["usr_maya"]);
    for (fault, refused) in [
        ("wrong_signature", "signature_wrong"),
        ("no_signature", "signature_missing"),
        ("changed_body", "signature_wrong"),
        ("other_id", "event_id_mismatch"),
        ("other_type", "event_type_mismatch"),
        ("other_client", "client_mismatch"),
    ] {
        let before = receiver.received().len();
        platform.spoil(fault);
        platform.add("usr_maya", &[("tsh", 88.0)]);
        platform.wait_for_states(&["waiting"]);
        platform.advance(60);
        let came = receiver.wait_for(before + 2);
        assert_eq!(said(&came[before..]), [refused, "usr_maya tsh"], "{fault}");
        platform.wait_for_states(&["delivered"]);
    }
    // These are no reason to refuse.
    for (fault, read) in [("old_secret", "usr_maya tsh"), ("unreadable", "malformed")] {
        let before = receiver.received().len();
        platform.spoil(fault);
        platform.add("usr_maya", &[("tsh", 88.0)]);
        assert_eq!(receiver.wait_for(before + 1)[before].said, read, "{fault}");
        platform.wait_for_states(&["delivered"]);
    }
}
