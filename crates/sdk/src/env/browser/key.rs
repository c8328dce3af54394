//! Key pairs that sign: made by WebCrypto, which never gives the private half out, and kept in `IndexedDB`, the one store that
//! takes such a key. Nothing else is kept there.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CryptoKey, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode,
};

use super::crypto::{object, subtle};
use super::{property, window};
use crate::env::NoSignature;
use crate::protocol::dpop::PublicKey;

const DATABASE: &str = "loop.keys.v1";
/// A pair stands under its thumbprint.
const PAIRS: &str = "pairs";

/// Makes a pair, and waits until it is kept: the page is left right afterwards.
pub(super) async fn make() -> Option<PublicKey> {
    let subtle = subtle()?;
    let algorithm = object(&[("name", &"ECDSA".into()), ("namedCurve", &"P-256".into())]);
    let usages = Array::of2(&"sign".into(), &"verify".into());
    // Not extractable; for the public half that word is ignored.
    let pair = subtle.generate_key_with_object(&algorithm, false, &usages);
    let pair = JsFuture::from(pair.ok()?).await.ok()?;
    let public: CryptoKey = property(&pair, "publicKey").dyn_into().ok()?;
    let public = JsFuture::from(subtle.export_key("jwk", &public).ok()?);
    let public = public.await.ok()?;
    let coordinate = |name: &str| property(&public, name).as_string();
    let key = PublicKey::new(&coordinate("x")?, &coordinate("y")?)?;
    let name = key.thumbprint().into();
    let kept = with_pairs(IdbTransactionMode::Readwrite, |pairs| {
        pairs.put_with_key(&pair, &name)
    });
    kept.await.map(|_| key)
}

pub(super) async fn sign(key: &PublicKey, text: &str) -> Result<Vec<u8>, NoSignature> {
    let name = key.thumbprint().into();
    let found = with_pairs(IdbTransactionMode::Readonly, |pairs| pairs.get(&name)).await;
    let pair = found.ok_or(NoSignature::Failed)?;
    let private: CryptoKey = property(&pair, "privateKey")
        .dyn_into()
        .map_err(|_| NoSignature::NoKey)?;
    let signature = try_sign(&private, text).await;
    let signature = signature.ok_or(NoSignature::Failed)?;
    Ok(Uint8Array::new(&signature).to_vec())
}

async fn try_sign(private: &CryptoKey, text: &str) -> Option<JsValue> {
    let algorithm = object(&[("name", &"ECDSA".into()), ("hash", &"SHA-256".into())]);
    let text = Uint8Array::from(text.as_bytes());
    let signature = subtle()?.sign_with_object_and_buffer_source(&algorithm, private, &text);
    JsFuture::from(signature.ok()?).await.ok()
}

/// Removes one pair, or all. Whoever asks for one later in this page finds it gone: the browser opens a database for one after
/// the other.
pub(super) fn forget(which: Option<&str>) {
    let name: Option<JsValue> = which.map(JsValue::from);
    let opening = open();
    spawn_local(async move {
        with(
            opening,
            IdbTransactionMode::Readwrite,
            |pairs| match &name {
                Some(name) => pairs.delete(name),
                None => pairs.clear(),
            },
        )
        .await;
    });
}

/// Does one thing with the pairs, and waits until it is done for good. `None` where the browser has no such store, or does
/// not let this page use it.
async fn with_pairs(
    mode: IdbTransactionMode,
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Option<JsValue> {
    with(open(), mode, act).await
}

fn open() -> Option<IdbOpenDbRequest> {
    let factory = window()?.indexed_db().ok()??;
    factory.open_with_u32(DATABASE, 1).ok()
}

async fn with(
    opening: Option<IdbOpenDbRequest>,
    mode: IdbTransactionMode,
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Option<JsValue> {
    let opening = opening?;
    let fresh = Closure::once({
        let opening = opening.clone();
        move || {
            if let Ok(database) = opening.result() {
                let database: IdbDatabase = database.unchecked_into();
                let _ = database.create_object_store(PAIRS);
            }
        }
    });
    opening.set_onupgradeneeded(Some(fresh.as_ref().unchecked_ref()));
    let opened = Promise::new(&mut |done, failed| {
        opening.set_onsuccess(Some(&done));
        opening.set_onerror(Some(&failed));
    });
    JsFuture::from(opened).await.ok()?;
    let database: IdbDatabase = opening.result().ok()?.unchecked_into();
    let done = try_with(&database, mode, act).await;
    database.close();
    done
}

async fn try_with(
    database: &IdbDatabase,
    mode: IdbTransactionMode,
    act: impl FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
) -> Option<JsValue> {
    let transaction = database.transaction_with_str_and_mode(PAIRS, mode).ok()?;
    let request = act(&transaction.object_store(PAIRS).ok()?).ok()?;
    let completed = Promise::new(&mut |done, failed| {
        transaction.set_oncomplete(Some(&done));
        transaction.set_onabort(Some(&failed));
    });
    JsFuture::from(completed).await.ok()?;
    request.result().ok()
}
