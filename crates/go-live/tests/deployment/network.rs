//! Over TLS with a certificate authority to throw away, and against the sandbox.

use std::io::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use loop_go_live::checks::judge;
use loop_go_live::client::Client;
use loop_go_live::gather::gather;
use loop_go_live::table::Table;
use loop_go_live::target::Target;
use loop_sandbox::Sandbox;
use loop_sandbox::options::Options;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyIdMethod,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm, SigningKey,
};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

use crate::memory::{ids, lines};
use crate::served::{served, served_with_tls};
use crate::world::{BOOT, CHUNK, GLUE, STYLE, WASM, WORDS, index, set};

/// A key that signs with ECDSA on P-256.
struct Key(EcdsaKeyPair, Vec<u8>);

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, der.as_ref(), &random).unwrap();
        Self(pair, der.as_ref().to_vec())
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = self.0.sign(&SystemRandom::new(), message).unwrap();
        Ok(signature.as_ref().to_vec())
    }
}

fn params(names: Vec<String>, number: u64) -> CertificateParams {
    let mut params = CertificateParams::new(names).unwrap();
    params.serial_number = Some(number.into());
    params.key_identifier_method = KeyIdMethod::PreSpecified(number.to_be_bytes().into());
    params
}

/// An authority in PEM, and a server's certificate for this name.
fn authority(name: &str) -> (String, ServerConfig) {
    authority_and(name, IsCa::NoCa)
}

fn authority_and(name: &str, kind: IsCa) -> (String, ServerConfig) {
    let mut own = params(Vec::new(), 1);
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(own, Key::new()).unwrap();
    let key = Key::new();
    let mut certificate = params(vec![name.to_owned()], 2);
    certificate.is_ca = kind;
    let certificate = certificate.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.1).unwrap();
    let provider = rustls::crypto::ring::default_provider().into();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(issuer.der())
    );
    (pem, config)
}

#[test]
fn over_tls_everything_passes_and_hsts_is_missed_when_it_is_gone() {
    let (ca, tls) = authority("localhost");
    let client = Client::new(Some(ca.as_bytes())).unwrap();
    let world = served_with_tls(|_, _, _| {}, tls);
    let told = lines(&client, &world);
    assert_eq!(ids(&told, "fail"), [].into(), "{told:?}");
    for id in [
        "tls.certificate",
        "tls.hsts",
        "routes.files",
        "page.integrity",
    ] {
        assert!(ids(&told, "pass").contains(id), "{id}: {told:?}");
    }

    let (ca, tls) = authority("localhost");
    let client = Client::new(Some(ca.as_bytes())).unwrap();
    let world = served_with_tls(
        |world, ask, answer| {
            if ask.url.starts_with(&world.app) {
                set(answer, "strict-transport-security", "max-age=0");
            }
        },
        tls,
    );
    assert_eq!(
        ids(&lines(&client, &world), "fail"),
        ["tls.hsts".to_owned()].into()
    );
}

#[test]
fn a_certificate_that_does_not_hold_stops_everything_else() {
    let (ca, tls) = authority("localhost");
    let world = served_with_tls(|_, _, _| {}, tls);
    let stranger = Client::new(None).unwrap();
    assert_eq!(
        ids(&lines(&stranger, &world), "fail"),
        ["tls.certificate".to_owned()].into()
    );

    let (other, _) = authority("localhost");
    let other = Client::new(Some(other.as_bytes())).unwrap();
    assert_eq!(
        ids(&lines(&other, &world), "fail"),
        ["tls.certificate".to_owned()].into()
    );

    let (_, for_another) = authority("other.example");
    let world = served_with_tls(|_, _, _| {}, for_another);
    let client = Client::new(Some(ca.as_bytes())).unwrap();
    assert_eq!(
        ids(&lines(&client, &world), "fail"),
        ["tls.certificate".to_owned()].into()
    );
    assert!(Client::new(Some(b"no certificate")).is_err());

    let kind = IsCa::Ca(BasicConstraints::Unconstrained);
    let (ca, own) = authority_and("localhost", kind);
    let world = served_with_tls(|_, _, _| {}, own);
    let told = lines(&Client::new(Some(ca.as_bytes())).unwrap(), &world);
    assert_eq!(ids(&told, "fail"), ["tls.certificate".to_owned()].into());
    assert!(
        told.iter()
            .any(|line| format!("{line:?}").contains("CA:FALSE"))
    );
}

#[test]
fn a_host_may_compress() {
    let world = served(|world, ask, answer| {
        let takes = ask
            .headers
            .iter()
            .any(|(name, value)| *name == "accept-encoding" && value == "gzip");
        if takes && ask.url.starts_with(&world.app) {
            let mut packed = GzEncoder::new(Vec::new(), Compression::default());
            packed.write_all(&answer.body).unwrap();
            answer.body = packed.finish().unwrap();
            set(answer, "content-encoding", "gzip");
        }
    });
    let told = lines(&Client::new(None).unwrap(), &world);
    assert_eq!(ids(&told, "fail"), [].into(), "{told:?}");
    assert!(ids(&told, "pass").contains("page.compressed"));
}

/// The files of the good site, in a folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("site");
        std::fs::create_dir_all(&folder).unwrap();
        let world = crate::world::World::in_production(|_, _, _| {});
        for path in [WASM, CHUNK, GLUE, BOOT, STYLE, WORDS, "/icon.svg"] {
            let ask = loop_go_live::door::Ask::get(format!("{}{path}", world.app));
            std::fs::write(folder.join(&path[1..]), world.answer(&ask).body).unwrap();
        }
        std::fs::write(folder.join("index.html"), index()).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn on_the_sandbox_all_passes_but_what_this_computer_cannot_have() {
    let folder = Folder::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let options = Options {
        app: Some(folder.0.clone()),
        ..Options::on_free_ports()
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let target = Target::parse(&sandbox.origins().app).unwrap();
    let facts = gather(
        &Client::new(None).unwrap(),
        target,
        Table::read().unwrap(),
        None,
    );
    let told = judge(&facts);
    assert_eq!(ids(&told, "fail"), [].into(), "{told:?}");
    assert_eq!(ids(&told, "warn"), ["tls.certificate".to_owned()].into());
    let local = [
        "tls.hsts",
        "tls.plain-http",
        "config.stage",
        "discovery.endpoints",
    ];
    assert_eq!(ids(&told, "skipped"), local.map(str::to_owned).into());
    for id in [
        "oauth.redirect",
        "oauth.client",
        "oauth.scopes",
        "cors.token",
        "cors.clinical",
        "disconnect.revoke",
    ] {
        assert!(ids(&told, "pass").contains(id), "{id}: {told:?}");
    }
}
