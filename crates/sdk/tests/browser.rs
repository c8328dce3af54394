//! The browser environment in a real browser: what it sends, keeps, locks and verifies.
#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use loop_contracts::oauth::Jwk;
use loop_sdk::env::browser::Browser;
use loop_sdk::env::{Env, HttpFailure, HttpRequest, SignatureAlgorithm};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn decode(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap()
}

struct Vector {
    algorithm: SignatureAlgorithm,
    key: Jwk,
    signed: &'static str,
    signature: &'static str,
}

/// RFC 7515 Appendix A.2 and A.3, RFC 8037 Appendix A.4.
fn vectors() -> Vec<Vector> {
    let text = |text: &str| Some(text.to_owned());

    vec![
        Vector {
            algorithm: SignatureAlgorithm::Rs256,
            key: Jwk {
                kty: "RSA".to_owned(),
                n: text(
                    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
                ),
                e: text("AQAB"),
                ..Jwk::default()
            },
            signed: "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            signature: "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        },
        Vector {
            algorithm: SignatureAlgorithm::Es256,
            key: Jwk {
                kty: "EC".to_owned(),
                crv: text("P-256"),
                x: text("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                y: text("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
                ..Jwk::default()
            },
            signed: "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        },
        Vector {
            algorithm: SignatureAlgorithm::EdDsa,
            key: Jwk {
                kty: "OKP".to_owned(),
                crv: text("Ed25519"),
                x: text("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
                ..Jwk::default()
            },
            signed: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            signature: "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        },
    ]
}

#[wasm_bindgen_test]
async fn published_signatures_hold_and_a_changed_bit_does_not() {
    let browser = Browser::new();
    for vector in vectors() {
        let (signed, mut signature) = (vector.signed.as_bytes(), decode(vector.signature));
        assert_eq!(
            browser
                .verify(vector.algorithm, &vector.key, signed, &signature)
                .await,
            Ok(true),
            "{:?}",
            vector.algorithm
        );
        signature[5] ^= 1;
        assert_eq!(
            browser
                .verify(vector.algorithm, &vector.key, signed, &signature)
                .await,
            Ok(false),
            "{:?}",
            vector.algorithm
        );
    }
}

#[wasm_bindgen_test]
async fn a_malformed_key_verifies_nothing() {
    let key = Jwk {
        kty: "RSA".to_owned(),
        n: Some("!".to_owned()),
        e: Some("AQAB".to_owned()),
        ..Jwk::default()
    };
    assert_eq!(
        Browser::new()
            .verify(SignatureAlgorithm::Rs256, &key, b"x", b"y")
            .await,
        Ok(false)
    );
}

#[wasm_bindgen_test]
fn random_bytes_come_and_differ() {
    let browser = Browser::new();
    let (mut first, mut second) = ([0; 32], [0; 32]);
    browser.random(&mut first).unwrap();
    browser.random(&mut second).unwrap();
    assert_ne!(first, second);
}

#[wasm_bindgen_test]
fn what_is_stored_is_loaded_and_removed() {
    let browser = Browser::new();
    browser.store("test.a", "1");
    assert_eq!(browser.load("test.a").as_deref(), Some("1"));
    assert!(browser.keys().contains(&"test.a".to_owned()));
    browser.remove("test.a");
    assert_eq!(browser.load("test.a"), None);
}

#[wasm_bindgen_test]
fn a_record_too_large_for_the_session_store_lives_in_memory_and_hides_the_old_one() {
    let browser = Browser::new();
    browser.store("test.big", "old");
    let large = "x".repeat(12 << 20);
    browser.store("test.big", &large);
    assert_eq!(
        browser.load("test.big").map(|text| text.len()),
        Some(large.len())
    );
    assert_eq!(
        web_sys::window()
            .unwrap()
            .session_storage()
            .unwrap()
            .unwrap()
            .get_item("test.big")
            .unwrap(),
        None
    );
    browser.remove("test.big");
    assert_eq!(browser.load("test.big"), None);
}

#[wasm_bindgen_test]
async fn a_lock_lets_one_in_at_a_time_also_across_two_environments() {
    let order = Rc::new(RefCell::new(vec![]));
    let (first, second) = (Browser::new(), Browser::new());
    let task = |name: &'static str, browser: Browser, order: Rc<RefCell<Vec<String>>>| async move {
        let _guard = browser.lock("test.lock").await;
        order.borrow_mut().push(format!("{name} in"));
        browser.sleep(5).await;
        order.borrow_mut().push(format!("{name} out"));
    };
    let all = [
        task("a", first.clone(), Rc::clone(&order)),
        task("b", first, Rc::clone(&order)),
        task("c", second, Rc::clone(&order)),
    ];
    futures::future::join_all(all).await;
    let order = order.borrow();
    for pair in order.chunks(2) {
        assert_eq!(pair[0].replace(" in", " out"), pair[1], "{order:?}");
    }
    assert_eq!(order.len(), 6);
}

#[wasm_bindgen_test]
async fn an_answer_larger_than_asked_for_is_cut_off() {
    let data = format!("data:text/plain,{}", "x".repeat(5000));
    let sent = Browser::new()
        .send(HttpRequest::get(data.clone()).at_most(5000))
        .await;
    assert_eq!(sent.map(|response| response.body.len()), Ok(5000));
    let sent = Browser::new()
        .send(HttpRequest::get(data).at_most(4999))
        .await;
    assert_eq!(
        sent.map(|response| response.status),
        Err(HttpFailure::TooLarge)
    );
}

#[wasm_bindgen_test]
async fn a_port_where_nobody_listens_is_a_network_failure() {
    let sent = Browser::new()
        .send(HttpRequest::get("http://localhost:9/".to_owned()))
        .await;
    assert_eq!(
        sent.map(|response| response.status),
        Err(HttpFailure::Network)
    );
}

/// What stands in the store of key pairs under a name.
#[cfg(feature = "dpop")]
async fn pair(name: &str) -> wasm_bindgen::JsValue {
    let script = format!(
        "new Promise((done, failed) => {{
            const opening = indexedDB.open('loop.keys.v1', 1);
            opening.onerror = failed;
            opening.onsuccess = () => {{
                const found = opening.result.transaction('pairs').objectStore('pairs').get('{name}');
                found.onerror = failed;
                found.onsuccess = () => (opening.result.close(), done(found.result));
            }};
        }})"
    );
    let promise: js_sys::Promise = js_sys::eval(&script).unwrap().into();
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap()
}

#[cfg(feature = "dpop")]
#[wasm_bindgen_test]
async fn a_key_signs_for_every_page_gives_its_private_half_to_nobody_and_is_gone_when_forgotten() {
    use base64::Engine as _;
    use loop_sdk::env::NoSignature;

    let key = Browser::new().make_key().await.unwrap();
    let other = Browser::new().make_key().await.unwrap();
    assert!(key != other, "each sign-in has its own");

    // Another page of the origin: nothing is kept in memory.
    let page = Browser::new();
    let signature = page.sign(&key, "a text").await.unwrap();
    assert_eq!(signature.len(), 64);
    let public = Jwk {
        kty: "EC".to_owned(),
        crv: Some("P-256".to_owned()),
        x: Some(key.x().to_owned()),
        y: Some(key.y().to_owned()),
        ..Jwk::default()
    };
    for (text, holds) in [("a text", true), ("another", false)] {
        let verdict = page.verify(
            SignatureAlgorithm::Es256,
            &public,
            text.as_bytes(),
            &signature,
        );
        assert_eq!(verdict.await, Ok(holds));
    }

    let kept = pair(&key.thumbprint()).await;
    let half = |name: &str| -> web_sys::CryptoKey {
        js_sys::Reflect::get(&kept, &name.into()).unwrap().into()
    };
    assert!(!half("privateKey").extractable());
    let subtle = web_sys::window().unwrap().crypto().unwrap().subtle();
    for format in ["jwk", "pkcs8", "raw"] {
        let export = subtle.export_key(format, &half("privateKey"));
        let taken = match export {
            Ok(export) => wasm_bindgen_futures::JsFuture::from(export).await.is_ok(),
            Err(_) => false,
        };
        assert!(!taken, "{format}");
    }
    let export = subtle.export_key("raw", &half("publicKey")).unwrap();
    let point = wasm_bindgen_futures::JsFuture::from(export).await.unwrap();
    let point = js_sys::Uint8Array::new(&point).to_vec();
    let encode = |part: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(part);
    assert_eq!(
        (key.x(), key.y()),
        (&*encode(&point[1..33]), &*encode(&point[33..]))
    );

    page.forget_keys(Some(&key.thumbprint()));
    assert_eq!(
        Browser::new().sign(&key, "a text").await,
        Err(NoSignature::NoKey)
    );
    assert!(pair(&key.thumbprint()).await.is_undefined());
    assert!(page.sign(&other, "a text").await.is_ok());
    page.forget_keys(None);
    assert_eq!(page.sign(&other, "a text").await, Err(NoSignature::NoKey));
}
