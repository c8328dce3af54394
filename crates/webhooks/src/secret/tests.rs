use super::*;

const SECRET: &str = "whsec_d7Zk2mQ9vT4xB8nR";

/// RFC 4231 §4: key, data, and what HMAC-SHA-256 makes of them. The fifth case is cut off and has no place here.
fn vectors() -> Vec<(Vec<u8>, Vec<u8>, &'static str)> {
    let large = b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec();
    let both = b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".to_vec();
    vec![
        (
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            vec![0xaa; 20],
            vec![0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            (1..=25).collect(),
            vec![0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            vec![0xaa; 131],
            large,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            vec![0xaa; 131],
            both,
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        ),
    ]
}

#[test]
fn the_vectors_of_rfc_4231() {
    for (key, data, expected) in vectors() {
        let secret = Secret::of_key(&key).unwrap();
        assert_eq!(secret.sign(&data), expected);
        let signature = signature::read(expected.as_bytes()).unwrap();
        assert!(secret.is_of(&signature, &data));
        assert!(!secret.is_of(&signature, &[&data[..], b" "].concat()));
    }
}

#[test]
fn a_secret_signs_more_than_once() {
    let secret = Secret::new(SECRET).unwrap();
    assert_eq!(secret.sign(b"{}"), secret.sign(b"{}"));
    assert_ne!(secret.sign(b"{}"), secret.sign(b"{ }"));
}

#[test]
fn a_secret_is_taken_as_it_stands_or_refused() {
    for (text, expected) in [
        (SECRET, None),
        ("x", None),
        ("whsec_", None),
        ("a b", None),
        ("ключ", None),
        ("", Some(SetupError::SecretEmpty)),
        (" ", Some(SetupError::SecretPadded)),
        ("secret\n", Some(SetupError::SecretPadded)),
        ("secret\r\n", Some(SetupError::SecretPadded)),
        ("secret ", Some(SetupError::SecretPadded)),
        ("\tsecret", Some(SetupError::SecretPadded)),
        ("secret\u{a0}", Some(SetupError::SecretPadded)),
    ] {
        assert_eq!(Secret::new(text).err(), expected, "{text:?}");
    }
    // Neither the beginning nor the case is taken away.
    let signed = |text| Secret::new(text).unwrap().sign(b"{}");
    assert_ne!(signed("whsec_abc"), signed("abc"));
    assert_ne!(signed("abc"), signed("ABC"));
}

#[test]
fn a_short_secret_works_and_says_so() {
    assert!(Secret::new(&"x".repeat(23)).unwrap().is_short());
    assert!(!Secret::new(&"x".repeat(24)).unwrap().is_short());
}

#[test]
fn a_secret_does_not_print() {
    let secret = Secret::new(SECRET).unwrap();
    assert_eq!(
        format!("{secret:?} {secret:#?}"),
        "Secret([redacted]) Secret([redacted])"
    );
}

#[test]
fn each_setup_error_is_one_sentence() {
    for error in [
        SetupError::SecretEmpty,
        SetupError::SecretPadded,
        SetupError::NoSecrets,
        SetupError::TooManySecrets,
        SetupError::ClientId,
    ] {
        let sentence = error.to_string();
        assert!(
            sentence.ends_with('.') && sentence.contains(": "),
            "{sentence}"
        );
    }
}
