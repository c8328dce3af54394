use super::*;

const BODY: &[u8] = br#"{"id":"evt_1"}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn verifier(secrets: &[&str]) -> Verifier {
    Verifier::new("client_1", secrets.iter().map(|text| secret(text))).unwrap()
}

fn headers(signature: &str) -> Headers<'_> {
    Headers::read([("x-loop-signature", signature.as_bytes())]).unwrap()
}

#[test]
fn one_to_four_secrets_and_a_client_id() {
    let setup = |client_id: &str, count| {
        Verifier::new(client_id, (0..count).map(|_| secret("secret"))).err()
    };
    for (client_id, count, expected) in [
        ("client_1", 0, Some(SetupError::NoSecrets)),
        ("client_1", 1, None),
        ("client_1", 4, None),
        ("client_1", 5, Some(SetupError::TooManySecrets)),
        ("client_1", usize::MAX, Some(SetupError::TooManySecrets)),
        ("", 1, Some(SetupError::ClientId)),
        ("client_1\n", 1, Some(SetupError::ClientId)),
        (" client_1", 1, Some(SetupError::ClientId)),
    ] {
        assert_eq!(setup(client_id, count), expected, "{client_id:?} {count}");
    }
}

#[test]
fn each_secret_counts_and_its_place_is_known() {
    let all = ["first", "second", "third", "fourth"];
    for (place, text) in all.iter().enumerate() {
        let signature = secret(text).sign(BODY);
        let (four, three) = (verifier(&all), verifier(&all[..3]));
        let of = |verifier: &Verifier| {
            let verified = verifier.verify(headers(&signature), BODY);
            verified.map(|verified| verified.secret())
        };
        assert_eq!(of(&four), Ok(place));
        let expected = if place < 3 {
            Ok(place)
        } else {
            Err(Reject::SignatureWrong)
        };
        assert_eq!(of(&three), expected);
    }
}

/// How long it takes does not say which secret it was: those behind one that fits are tried as well.
#[test]
fn no_secret_is_left_out() {
    let own = verifier(&["old", "new", "other", "new"]);
    let signature = secret("new").sign(BODY);
    let signers = own.signers(&headers(&signature), BODY);
    assert_eq!(signers, [false, true, false, true]);
    let verified = own.verify(headers(&signature), BODY).unwrap();
    assert_eq!(verified.secret(), 1);
}

#[test]
fn neither_a_verifier_nor_what_it_verified_prints() {
    let own = verifier(&["canary_secret"]);
    let signature = secret("canary_secret").sign(BODY);
    let verified = own.verify(headers(&signature), BODY).unwrap();
    assert_eq!(verified.body(), BODY);
    let printed = format!("{own:?} {verified:?}");
    for text in ["canary_secret", "evt_1", &signature] {
        assert!(!printed.contains(text), "{printed}");
    }
}
