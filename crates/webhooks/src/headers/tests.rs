use super::*;

const SIGNATURE: &str = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";

type Header = (&'static str, Vec<u8>);

fn header(name: &'static str, value: &str) -> Header {
    (name, value.as_bytes().to_vec())
}

fn refused(headers: &[Header]) -> Option<Reject> {
    let all = headers
        .iter()
        .map(|(name, value)| (*name, value.as_slice()));
    Headers::read(all).err()
}

#[test]
fn exactly_64_lower_case_digits_are_a_signature() {
    let good = |text: &str| refused(&[header("x-loop-signature", text)]);
    assert_eq!(good(SIGNATURE), None);
    assert_eq!(good(&"0".repeat(64)), None);
    assert_eq!(good(&"0123456789abcdef".repeat(4)), None);
    let bad = [
        String::new(),
        " ".to_owned(),
        "0".to_owned(),
        "undefined".to_owned(),
        SIGNATURE[..62].to_owned(),
        SIGNATURE[..63].to_owned(),
        format!("{SIGNATURE}0"),
        format!("{SIGNATURE}00"),
        SIGNATURE.to_uppercase(),
        SIGNATURE.replacen('b', "B", 1),
        SIGNATURE.replacen('b', "g", 1),
        SIGNATURE.replacen('b', "`", 1),
        SIGNATURE.replacen('0', "/", 1),
        SIGNATURE.replacen('0', ":", 1),
        SIGNATURE.replacen('0', "\0", 1),
        SIGNATURE.replacen("b0", "é", 1),
        format!(" {}", &SIGNATURE[1..]),
        format!(" {SIGNATURE}"),
        format!("{SIGNATURE} "),
        format!("\"{SIGNATURE}\""),
        format!("0x{SIGNATURE}"),
        format!("0x{}", &SIGNATURE[2..]),
        format!("sha256={SIGNATURE}"),
        format!("v1,{SIGNATURE}"),
        format!("{SIGNATURE},{SIGNATURE}"),
        format!("{SIGNATURE}, {SIGNATURE}"),
        // The same bytes in base64.
        "sDRMYdjbOFNcqK/OrwvxK4gdwgDJgz2nJuk3bC4yz/c=".to_owned(),
        "0".repeat(100_000),
    ];
    for text in bad {
        assert_eq!(good(&text), Some(Reject::SignatureMalformed), "{text:.80}");
    }
    for bytes in [vec![0xff; 64], vec![0; 64], vec![0xff; 32]] {
        let refusal = refused(&[("x-loop-signature", bytes)]);
        assert_eq!(refusal, Some(Reject::SignatureMalformed));
    }
}

#[test]
fn there_is_exactly_one_of_each() {
    let signature = || header("X-Loop-Signature", SIGNATURE);
    let id = |id| header("x-loop-event-id", id);
    let name = |name| header("X-LOOP-EVENT-TYPE", name);
    for (headers, expected) in [
        (vec![], Some(Reject::SignatureMissing)),
        (vec![id("evt_1")], Some(Reject::SignatureMissing)),
        (
            vec![header("x-loop-signature-256", SIGNATURE)],
            Some(Reject::SignatureMissing),
        ),
        (
            vec![header("signature", SIGNATURE)],
            Some(Reject::SignatureMissing),
        ),
        (vec![signature()], None),
        (vec![header("x-LOOP-signature", SIGNATURE)], None),
        (vec![id("evt_1"), signature(), name("a")], None),
        (
            vec![signature(), signature()],
            Some(Reject::SignatureRepeated),
        ),
        (
            vec![signature(), header("x-loop-signature", "")],
            Some(Reject::SignatureRepeated),
        ),
        (
            vec![header("x-loop-signature", "nonsense"), id("a"), signature()],
            Some(Reject::SignatureRepeated),
        ),
        (
            vec![signature(), id("evt_1"), id("evt_1")],
            Some(Reject::HeaderRepeated),
        ),
        (
            vec![signature(), name("a"), name("b")],
            Some(Reject::HeaderRepeated),
        ),
        // A stranger is told that he is one.
        (
            vec![id("evt_1"), id("evt_2")],
            Some(Reject::SignatureMissing),
        ),
    ] {
        assert_eq!(refused(&headers), expected, "{headers:?}");
    }
}

#[test]
fn the_attempt_is_a_whole_number_from_1_or_nothing() {
    for (text, expected) in [
        ("1", Some(1)),
        ("27", Some(27)),
        ("4294967295", Some(u32::MAX)),
        ("4294967296", None),
        ("0", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        (" 1", None),
        ("", None),
        ("one", None),
        ("١", None),
    ] {
        let signature = ("x-loop-signature", SIGNATURE.as_bytes());
        let headers = Headers::read([("x-loop-delivery-attempt", text.as_bytes()), signature]);
        assert_eq!(headers.unwrap().attempt(), expected, "{text}");
    }
}

#[test]
fn headers_do_not_print() {
    let headers = Headers::read([
        ("x-loop-signature", SIGNATURE.as_bytes()),
        ("x-loop-event-id", b"evt_canary"),
    ]);
    let printed = format!("{:?}", headers.unwrap());
    assert_eq!(printed, "Headers { attempt: None, .. }");
}
