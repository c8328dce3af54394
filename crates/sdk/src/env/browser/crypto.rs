//! Digests and signatures, by WebCrypto.

use js_sys::{Array, Object, Reflect, Uint8Array};
use loop_contracts::oauth::Jwk;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use super::{property, window};
use crate::env::{EnvError, Hash, SignatureAlgorithm};

/// `None` in an insecure context, and in a browser too old.
pub(super) fn subtle() -> Option<SubtleCrypto> {
    // Missing in an insecure context, whatever the bindings say.
    let subtle = window()?.crypto().ok()?.subtle();
    (!AsRef::<JsValue>::as_ref(&subtle).is_undefined()).then_some(subtle)
}

/// The digest of some bytes.
pub(super) async fn digest(hash: Hash, bytes: &[u8]) -> Result<Vec<u8>, EnvError> {
    let subtle = subtle().ok_or(EnvError::NoCrypto)?;
    let name = match hash {
        Hash::Sha256 => "SHA-256",
        Hash::Sha512 => "SHA-512",
    };
    let unsupported = |_| EnvError::UnsupportedAlgorithm;
    let digest = subtle
        .digest_with_str_and_buffer_source(name, &Uint8Array::from(bytes))
        .map_err(unsupported)?;
    let digest = JsFuture::from(digest).await.map_err(unsupported)?;
    Ok(Uint8Array::new(&digest).to_vec())
}

/// Checks a signature; `false` too for a key that cannot be used.
pub(super) async fn verify(
    algorithm: SignatureAlgorithm,
    key: &Jwk,
    signed: &[u8],
    signature: &[u8],
) -> Result<bool, EnvError> {
    let subtle = subtle().ok_or(EnvError::NoCrypto)?;
    let (import, check) = algorithms(algorithm);
    let unsupported = |_| EnvError::UnsupportedAlgorithm;
    let import = subtle
        .import_key_with_object(
            "jwk",
            &public_key(key),
            &import,
            false,
            &Array::of1(&"verify".into()),
        )
        .map_err(unsupported)?;
    let imported: CryptoKey = match JsFuture::from(import).await {
        Ok(imported) => imported.into(),
        // A malformed key rejects with a DataError, an unknown algorithm with a NotSupportedError.
        Err(error) if name_of(&error).as_deref() == Some("NotSupportedError") => {
            return Err(EnvError::UnsupportedAlgorithm);
        }
        Err(_) => return Ok(false),
    };
    let (signature, signed) = (Uint8Array::from(signature), Uint8Array::from(signed));
    let verdict = subtle
        .verify_with_object_and_buffer_source_and_buffer_source(
            &check, &imported, &signature, &signed,
        )
        .map_err(unsupported)?;
    Ok(JsFuture::from(verdict)
        .await
        .is_ok_and(|verdict| verdict.is_truthy()))
}

/// What WebCrypto calls the algorithm when importing a key, and when checking.
fn algorithms(algorithm: SignatureAlgorithm) -> (Object, Object) {
    let named = |name: &str| object(&[("name", &name.into())]);
    let sha256 = JsValue::from("SHA-256");
    match algorithm {
        SignatureAlgorithm::Rs256 => (
            object(&[("name", &"RSASSA-PKCS1-v1_5".into()), ("hash", &sha256)]),
            named("RSASSA-PKCS1-v1_5"),
        ),
        SignatureAlgorithm::Es256 => (
            object(&[("name", &"ECDSA".into()), ("namedCurve", &"P-256".into())]),
            object(&[("name", &"ECDSA".into()), ("hash", &sha256)]),
        ),
        SignatureAlgorithm::EdDsa => (named("Ed25519"), named("Ed25519")),
    }
}

/// Only the public members. `alg`, `use` and `key_ops` are left out: they were judged before, and WebCrypto is of several
/// minds about them.
fn public_key(key: &Jwk) -> Object {
    let out = object(&[("kty", &key.kty.as_str().into())]);
    for (name, value) in [
        ("crv", &key.crv),
        ("n", &key.n),
        ("e", &key.e),
        ("x", &key.x),
        ("y", &key.y),
    ] {
        if let Some(value) = value {
            let _ = Reflect::set(&out, &name.into(), &value.as_str().into());
        }
    }
    out
}

fn name_of(error: &JsValue) -> Option<String> {
    property(error, "name").as_string()
}

pub(super) fn object(members: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
