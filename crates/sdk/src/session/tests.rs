//! The session and the pipeline against an identity server that is as strict as the platform, on the simulated
//! environment.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::scope::ScopeSet;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use serde_json::{Value, json};

use super::*;
use crate::api::Clinical;
use crate::env::sim::Sim;
use crate::env::{EnvError, HttpFailure, HttpRequest, HttpResponse, SignatureAlgorithm};
use crate::error::Recovery;
use crate::protocol::Reason;
use crate::url::decode_form;

/// Something a person or the app does, run side by side with others.
type Task<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

const ORIGIN: &str = "https://app.example";
const ISSUER: &str = "https://identity.example";

/// A server that rotates refresh tokens and ends the grant when an old one comes back.
struct Server {
    key: EcdsaKeyPair,
    now: Box<dyn Fn() -> i64>,
    counter: u32,
    access: HashSet<String>,
    refresh: HashSet<String>,
    used: HashSet<String>,
    challenge: String,
    nonce: String,
    revoked_by_us: bool,
    /// What the next call of an endpoint gives instead.
    faults: Vec<(&'static str, Fault)>,
    claims: Value,
}

#[derive(Clone, Copy)]
enum Fault {
    Lost,
    LostAfterwards,
    Status(u16, &'static str),
    Html,
}

impl Server {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let path = request
            .url
            .strip_prefix("https://")
            .and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned()))
            .unwrap();
        let (path, _) = path
            .split_once('?')
            .map_or((path.as_str(), ""), |(path, query)| (path, query));
        let fault = self
            .faults
            .iter()
            .position(|(at, _)| *at == path)
            .map(|index| self.faults.remove(index).1);
        match fault {
            Some(Fault::Lost) => return Err(HttpFailure::Network),
            Some(Fault::Status(status, body)) => {
                return Ok(HttpResponse {
                    status,
                    headers: vec![],
                    body: body.into(),
                });
            }
            Some(Fault::Html) => {
                return Ok(HttpResponse {
                    status: 200,
                    headers: vec![],
                    body: b"<!doctype html>".to_vec(),
                });
            }
            Some(Fault::LostAfterwards) | None => {}
        }
        let form = decode_form(request.body.as_deref().unwrap_or_default()).unwrap();
        let field = |name: &str| {
            form.iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .unwrap_or_default()
        };
        let (status, body) = match path {
            "/.well-known/openid-configuration" => (
                200,
                json!({"issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/a"), "token_endpoint": format!("{ISSUER}/t"),
                    "jwks_uri": format!("{ISSUER}/j"), "revocation_endpoint": format!("{ISSUER}/r"),
                    "authorization_response_iss_parameter_supported": true}),
            ),
            "/j" => {
                let point = self.key.public_key().as_ref();
                let (x, y) = (
                    URL_SAFE_NO_PAD.encode(&point[1..33]),
                    URL_SAFE_NO_PAD.encode(&point[33..]),
                );
                (
                    200,
                    json!({"keys": [{"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "1", "use": "sig", "alg": "ES256"}]}),
                )
            }
            "/t" if field("grant_type") == "authorization_code" => {
                let verifier =
                    ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
                assert_eq!(
                    URL_SAFE_NO_PAD.encode(verifier.as_ref()),
                    self.challenge,
                    "PKCE"
                );
                (200, self.tokens(true))
            }
            "/t" => {
                let token = field("refresh_token");
                if self.used.contains(&token) {
                    self.revoked_by_us = true;
                    self.refresh.clear();
                    self.access.clear();
                }
                if self.refresh.remove(&token) {
                    self.used.insert(token);
                    (200, self.tokens(false))
                } else {
                    (400, json!({"error": "invalid_grant"}))
                }
            }
            "/r" => {
                self.refresh.remove(&field("token"));
                self.access.remove(&field("token"));
                (200, json!({}))
            }
            "/v1/biomarkers" => {
                let bearer = request
                    .headers
                    .iter()
                    .find(|(name, _)| *name == "authorization")
                    .map(|(_, value)| value.clone())
                    .unwrap_or_default();
                if self.access.contains(bearer.trim_start_matches("Bearer ")) {
                    (200, json!({"results": [], "count": 0}))
                } else {
                    (401, json!({"error": "invalid_token"}))
                }
            }
            other => panic!("unexpected call of {other}"),
        };
        if matches!(fault, Some(Fault::LostAfterwards)) {
            return Err(HttpFailure::Network);
        }
        Ok(HttpResponse {
            status,
            headers: vec![],
            body: body.to_string().into_bytes(),
        })
    }

    fn tokens(&mut self, with_id_token: bool) -> Value {
        self.counter += 1;
        let (access, refresh) = (
            format!("lph_at_{}", self.counter),
            format!("lph_rt_{}", self.counter),
        );
        self.access.insert(access.clone());
        self.refresh.insert(refresh.clone());
        let mut answer = json!({"access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh});
        if with_id_token {
            let now = (self.now)() / 1000;
            let mut claims = json!({"iss": ISSUER, "sub": "usr_1", "aud": "app", "exp": now + 300, "iat": now, "nonce": self.nonce, "name": "Maya"});
            claims
                .as_object_mut()
                .unwrap()
                .extend(self.claims.as_object().unwrap().clone());
            let signed = format!(
                "{}.{}",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","kid":"1"}"#),
                URL_SAFE_NO_PAD.encode(claims.to_string())
            );
            let signature = self
                .key
                .sign(&ring::rand::SystemRandom::new(), signed.as_bytes())
                .unwrap();
            answer["id_token"] = json!(format!(
                "{signed}.{}",
                URL_SAFE_NO_PAD.encode(signature.as_ref())
            ));
        }
        answer
    }
}

fn verify(
    _: SignatureAlgorithm,
    key: &loop_contracts::oauth::Jwk,
    signed: &[u8],
    signature: &[u8],
) -> bool {
    let decode = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_ref().unwrap()).unwrap();
    let point = [vec![4], decode(&key.x), decode(&key.y)].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed, signature)
        .is_ok()
}

struct Bench {
    sim: Sim,
    server: Rc<RefCell<Server>>,
    session: Session<Sim>,
}

impl Bench {
    fn new() -> Self {
        let random = ring::rand::SystemRandom::new();
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let server = Rc::new(RefCell::new(Server {
            key: EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                document.as_ref(),
                &random,
            )
            .unwrap(),
            now: Box::new(|| 0),
            counter: 0,
            access: HashSet::new(),
            refresh: HashSet::new(),
            used: HashSet::new(),
            challenge: String::new(),
            nonce: String::new(),
            revoked_by_us: false,
            faults: vec![],
            claims: json!({}),
        }));
        let sim = Sim::new({
            let server = Rc::clone(&server);
            move |request| server.borrow_mut().answer(request)
        });
        sim.world(|world| world.verifier = verify);
        server.borrow_mut().now = Box::new({
            let sim = sim.clone();
            move || sim.now().0
        });
        let session = Session::new(sim.clone(), config());
        Self {
            sim,
            server,
            session,
        }
    }

    /// Goes to the consent page, and gives the callback's query.
    fn consent(&self, return_to: &str) -> String {
        self.sim
            .block_on(self.session.connect(return_to, &ScopeSet::default()))
            .unwrap();
        let url = self
            .sim
            .world(|world| world.navigated.last().cloned().unwrap());
        let query = decode_form(url.split_once('?').unwrap().1).unwrap();
        let field = |name: &str| {
            query
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .unwrap()
        };
        let mut server = self.server.borrow_mut();
        server.challenge = field("code_challenge");
        server.nonce = field("nonce");
        format!(
            "code=C&state={}&iss=https%3A%2F%2Fidentity.example",
            field("state")
        )
    }

    fn connected() -> Self {
        let bench = Self::new();
        let query = bench.consent("/biomarkers/tsh");
        let landing = bench
            .sim
            .block_on(bench.session.complete(&query, ""))
            .unwrap();
        assert_eq!(landing.return_to, "/biomarkers/tsh");
        bench
    }

    fn calls(&self, path: &str) -> usize {
        self.sim.world(|world| {
            world
                .sent
                .iter()
                .filter(|request| request.url.split('?').next().unwrap().ends_with(path))
                .count()
        })
    }

    fn later(&self, milliseconds: i64) {
        self.sim
            .world(|world| world.now = world.now.plus(milliseconds));
    }

    fn fault(&self, path: &'static str, fault: Fault) {
        self.server.borrow_mut().faults.push((path, fault));
    }

    fn read(&self) -> Result<(), Error> {
        self.sim
            .block_on(Clinical::new(self.session.clone()).biomarkers())
            .map(|_| ())
    }
}

fn config() -> Config {
    let file = json!({"client_id": "app", "issuer": ISSUER, "clinical": "https://clinical.example", "scopes": ["openid", "profile", "read:biomarkers"]});
    Config::from_json(file.to_string().as_bytes(), ORIGIN).unwrap()
}

#[test]
fn a_person_connects_reads_and_leaves_and_nothing_is_left() {
    let bench = Bench::connected();
    let SessionState::Connected(account) = bench.session.state() else {
        panic!()
    };
    assert_eq!(
        (account.subject.as_str(), account.name.as_deref()),
        ("usr_1", Some("Maya"))
    );
    bench.read().unwrap();
    let report = bench.sim.block_on(bench.session.disconnect());
    assert!(report.is_complete());
    assert!(bench.server.borrow().access.is_empty() && bench.server.borrow().refresh.is_empty());
    assert!(bench.sim.world(|world| world.storage.is_empty()));
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Disconnected)
    );
    assert_eq!(bench.read(), Err(Error::SignedOut));
}

#[test]
fn the_address_bar_is_cleaned_before_anything_is_judged_or_sent() {
    let bench = Bench::new();
    let sent = bench.sim.world(|world| world.sent.len());
    for query in [
        "code=C&state=forged",
        "",
        "code=C&state=a&state=b",
        "access_token=x",
    ] {
        assert!(
            bench
                .sim
                .block_on(bench.session.complete(query, ""))
                .is_err()
        );
    }
    assert_eq!(
        bench.sim.world(|world| world.replaced.clone()),
        vec!["/auth/loop/callback"; 4]
    );
    assert_eq!(
        bench.sim.world(|world| world.sent.len()),
        sent,
        "zero requests"
    );
}

#[test]
fn a_callback_works_once() {
    let bench = Bench::new();
    let query = bench.consent("/");
    bench
        .sim
        .block_on(bench.session.complete(&query, ""))
        .unwrap();
    let exchanges = bench.calls("/t");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
    assert_eq!(bench.calls("/t"), exchanges);
    assert!(
        matches!(bench.session.state(), SessionState::Connected(_)),
        "the session that is there stays"
    );
}

#[test]
fn a_denied_callback_uses_up_its_transaction() {
    let bench = Bench::new();
    let query = bench.consent("/").replace("code=C", "error=access_denied");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Denied)
    );
    let again = query.replace("error=access_denied", "code=C");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&again, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
    assert_eq!(bench.calls("/t"), 0);
}

#[test]
fn two_clicks_on_connect_are_two_transactions_and_either_callback_works() {
    let bench = Bench::new();
    let first = bench.consent("/a");
    let (challenge, nonce) = (
        bench.server.borrow().challenge.clone(),
        bench.server.borrow().nonce.clone(),
    );
    let second = bench.consent("/b");
    assert_eq!(
        bench
            .sim
            .block_on(bench.session.complete(&second, ""))
            .unwrap()
            .return_to,
        "/b"
    );
    bench.server.borrow_mut().challenge = challenge;
    bench.server.borrow_mut().nonce = nonce;
    assert_eq!(
        bench
            .sim
            .block_on(bench.session.complete(&first, ""))
            .unwrap()
            .return_to,
        "/a"
    );
}

#[test]
fn a_callback_in_another_tab_is_refused() {
    let bench = Bench::new();
    let query = bench.consent("/");
    let other = Bench::new();
    assert_eq!(
        other.sim.block_on(other.session.complete(&query, "")),
        Err(Error::Refused(Reason::UnknownState))
    );
}

#[test]
fn a_transaction_is_void_after_ten_minutes_and_is_swept() {
    let bench = Bench::new();
    let query = bench.consent("/");
    bench.later(10 * 60 * 1000 + 1);
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::TransactionExpired))
    );
    bench.consent("/");
    bench.later(10 * 60 * 1000 + 1);
    bench.consent("/");
    assert_eq!(bench.sim.world(|world| world.storage.len()), 1);
}

#[test]
fn a_tampered_id_token_connects_nobody() {
    for (claims, reason) in [
        (json!({"nonce": "other"}), Reason::IdTokenNonce),
        (json!({"aud": "other"}), Reason::IdTokenAudience),
        (
            json!({"iss": "https://evil.example"}),
            Reason::IdTokenIssuer,
        ),
        (json!({"exp": 1}), Reason::IdTokenExpired),
        (json!({"sub": null}), Reason::IdTokenSubject),
    ] {
        let bench = Bench::new();
        bench.server.borrow_mut().claims = claims;
        let query = bench.consent("/");
        assert_eq!(
            bench.sim.block_on(bench.session.complete(&query, "")),
            Err(Error::Refused(reason))
        );
        assert!(matches!(bench.session.state(), SessionState::SignedOut(_)));
        assert!(bench.sim.world(|world| world.storage.is_empty()));
    }
    let bench = Bench::new();
    bench.sim.world(|world| world.verifier = |_, _, _, _| false);
    let query = bench.consent("/");
    assert_eq!(
        bench.sim.block_on(bench.session.complete(&query, "")),
        Err(Error::Refused(Reason::IdTokenSignature))
    );
}

#[test]
fn fifty_calls_with_an_expired_token_make_one_refresh() {
    let bench = Bench::connected();
    bench.server.borrow_mut().access.clear();
    let before = bench.calls("/t");
    let clinical = Clinical::new(bench.session.clone());
    let all = bench.sim.run((0..50).map(|_| clinical.biomarkers()));
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(bench.calls("/t") - before, 1);
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn a_token_is_renewed_shortly_before_it_ends_and_not_earlier() {
    let bench = Bench::connected();
    let before = bench.calls("/t");
    bench.later(3_600_000 - 31_000);
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), before);
    bench.later(2_000);
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), before + 1);
}

#[test]
fn a_service_that_always_says_invalid_token_is_asked_twice_and_no_more() {
    let bench = Bench::connected();
    for _ in 0..10 {
        bench.fault(
            "/v1/biomarkers",
            Fault::Status(401, r#"{"error":"invalid_token"}"#),
        );
    }
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert_eq!(bench.calls("/v1/biomarkers"), 2);
}

#[test]
fn a_lost_refresh_answer_ends_the_session_calmly_and_the_token_is_never_sent_again() {
    for fault in [
        Fault::LostAfterwards,
        Fault::Lost,
        Fault::Html,
        Fault::Status(500, ""),
    ] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.fault("/t", fault);
        let before = bench.calls("/t");
        let error = bench.read().unwrap_err();
        assert_eq!(
            (&error, error.recovery()),
            (&Error::SessionEnded, Recovery::SignIn)
        );
        assert_eq!(bench.read(), Err(Error::SignedOut));
        assert_eq!(bench.calls("/t"), before + 1);
        assert!(!bench.server.borrow().revoked_by_us);
        assert!(bench.sim.world(|world| world.storage.is_empty()));
    }
}

#[test]
fn an_access_token_serves_until_it_ends_after_a_lost_refresh_answer() {
    let bench = Bench::connected();
    bench.later(3_600_000 - 20_000);
    bench.fault("/t", Fault::LostAfterwards);
    bench.read().unwrap();
    bench.read().unwrap();
    assert_eq!(bench.calls("/t"), 2, "the exchange and one refresh");
    bench.later(20_000);
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert!(!bench.server.borrow().revoked_by_us);
}

#[test]
fn too_many_requests_or_a_server_that_is_down_keep_the_session() {
    for (fault, expected) in [
        (
            Fault::Status(429, r#"{"error":"rate_limited","retry_after_ms":2000}"#),
            Error::RateLimited { retry_after: 2000 },
        ),
        (Fault::Status(503, ""), Error::Unavailable),
    ] {
        let bench = Bench::connected();
        bench.later(3_600_000);
        bench.fault("/t", fault);
        assert_eq!(bench.read(), Err(expected));
        assert!(matches!(bench.session.state(), SessionState::Connected(_)));
        bench.read().unwrap();
    }
}

#[test]
fn offline_keeps_the_session() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    bench.sim.world(|world| world.online = false);
    assert_eq!(bench.read(), Err(Error::Offline));
    bench.sim.world(|world| world.online = true);
    bench.read().unwrap();
}

#[test]
fn a_grant_revoked_elsewhere_ends_the_session() {
    let bench = Bench::connected();
    bench.server.borrow_mut().refresh.clear();
    bench.server.borrow_mut().access.clear();
    assert_eq!(bench.read(), Err(Error::SessionEnded));
    assert_eq!(
        bench.session.state(),
        SessionState::SignedOut(SignedOutReason::Ended)
    );
    assert!(bench.sim.world(|world| world.storage.is_empty()));
}

#[test]
fn after_a_429_nothing_is_sent_until_the_pause_is_over() {
    let bench = Bench::connected();
    let clinical = Clinical::new(bench.session.clone());
    bench.fault(
        "/v1/biomarkers",
        Fault::Status(429, r#"{"error":"rate_limited","retry_after_ms":2000}"#),
    );
    let read = || bench.sim.block_on(clinical.biomarkers()).map(|_| ());
    assert_eq!(read(), Err(Error::RateLimited { retry_after: 2000 }));
    bench.later(500);
    assert_eq!(read(), Err(Error::RateLimited { retry_after: 1500 }));
    assert_eq!(bench.calls("/v1/biomarkers"), 1);
    bench.later(1500);
    assert_eq!(read(), Ok(()));
}

#[test]
fn a_read_is_tried_three_times_when_no_answer_comes() {
    let bench = Bench::connected();
    for _ in 0..2 {
        bench.fault("/v1/biomarkers", Fault::Lost);
    }
    bench.read().unwrap();
    for _ in 0..3 {
        bench.fault("/v1/biomarkers", Fault::Status(503, ""));
    }
    assert_eq!(bench.read(), Err(Error::Unavailable));
    assert_eq!(bench.calls("/v1/biomarkers"), 6);
}

#[test]
fn disconnecting_wipes_at_once_even_when_the_platform_is_not_there() {
    let bench = Bench::connected();
    bench.sim.world(|world| world.online = false);
    let report = bench.sim.block_on(bench.session.disconnect());
    assert_eq!(
        (report.refresh_token, report.access_token),
        (Revocation::NotConfirmed, Revocation::NotConfirmed)
    );
    assert!(bench.sim.world(|world| world.storage.is_empty()));
}

#[test]
fn a_refresh_that_answers_after_the_person_left_brings_nothing_back() {
    let bench = Bench::connected();
    bench.later(3_600_000);
    let session = bench.session.clone();
    let clinical = Clinical::new(session.clone());
    let reading = async { clinical.biomarkers().await.map(|_| ()) };
    let leaving = async {
        session.disconnect().await;
        Ok(())
    };
    let futures: Vec<Task<'_>> = vec![Box::pin(reading), Box::pin(leaving)];
    let outcomes = bench.sim.run(futures);
    assert_eq!(outcomes[0], Err(Error::SignedOut));
    assert!(bench.sim.world(|world| world.storage.is_empty()));
    assert!(matches!(bench.session.state(), SessionState::SignedOut(_)));
}

#[test]
fn tampered_storage_counts_as_signed_out_and_is_removed() {
    let record = |change: &dyn Fn(&mut Value)| {
        let bench = Bench::connected();
        let mut value: Value = serde_json::from_str(
            &bench
                .sim
                .world(|world| world.storage[store::SESSION_KEY].clone()),
        )
        .unwrap();
        change(&mut value);
        value.to_string()
    };
    for text in [
        "{".to_owned(),
        "null".to_owned(),
        "x".repeat(5 << 20),
        record(&|value| value["issuer"] = json!("https://evil.example")),
        record(&|value| value["client_id"] = json!("other")),
        record(&|value| value["subject"] = json!("")),
        record(&|value| value["expires_at"] = json!("soon")),
    ] {
        let sim = Sim::new(|_| Err(HttpFailure::Network));
        sim.world(|world| {
            world
                .storage
                .insert(store::SESSION_KEY.to_owned(), text.clone())
        });
        let session = Session::new(sim.clone(), config());
        assert_eq!(
            session.state(),
            SessionState::SignedOut(SignedOutReason::NotYet)
        );
        assert!(sim.world(|world| world.storage.is_empty()));
    }
}

#[test]
fn a_reload_keeps_the_session() {
    let bench = Bench::connected();
    let again = Session::new(bench.sim.clone(), config());
    assert_eq!(again.state(), bench.session.state());
}

#[test]
fn without_web_crypto_nothing_is_started() {
    let bench = Bench::new();
    bench.sim.world(|world| world.crypto = false);
    let started = bench
        .sim
        .block_on(bench.session.connect("/", &ScopeSet::default()));
    assert_eq!(started, Err(Error::Environment(EnvError::NoCrypto)));
    assert!(
        bench
            .sim
            .world(|world| world.sent.is_empty() && world.navigated.is_empty())
    );
}

#[test]
fn a_bearer_token_goes_to_the_clinical_host_alone_and_no_url_has_a_secret() {
    let bench = Bench::connected();
    bench.read().unwrap();
    bench.sim.block_on(bench.session.disconnect());
    bench.sim.world(|world| {
        for request in &world.sent {
            let bearer = request
                .headers
                .iter()
                .any(|(name, _)| *name == "authorization");
            assert_eq!(
                bearer,
                request.url.starts_with("https://clinical.example/"),
                "{}",
                request.url
            );
            assert!(
                !request.url.contains("lph_") && !request.url.contains("code="),
                "{}",
                request.url
            );
            assert!(!format!("{request:?}").contains("lph_"));
        }
    });
}

#[test]
fn a_token_of_the_person_before_is_not_used_when_somebody_else_signs_in_during_a_refresh() {
    let bench = Bench::connected();
    // Within the margin: a refresh is due, and the old token would still work.
    bench.later(3_600_000 - 20_000);
    let query = bench.consent("/");
    bench.server.borrow_mut().claims = json!({"sub": "usr_2"});
    let session = bench.session.clone();
    let clinical = Clinical::new(session.clone());
    let reading = async { clinical.biomarkers().await.map(|_| ()) };
    let signing_in = async { session.complete(&query, "").await.map(|_| ()) };
    // In this order the sign-in is kept while the refresh still looks the server up.
    let futures: Vec<Task<'_>> = vec![Box::pin(signing_in), Box::pin(reading)];
    let outcomes = bench.sim.run(futures);
    let old_token_sent = bench.sim.world(|world| {
        let bearers = world.sent.iter().flat_map(|request| &request.headers);
        bearers
            .filter(|(_, value)| value == "Bearer lph_at_1")
            .count()
    });
    assert_eq!(old_token_sent, 0);
    assert_eq!(outcomes, [Ok(()), Err(Error::SignedOut)]);
    let SessionState::Connected(account) = bench.session.state() else {
        panic!()
    };
    assert_eq!(account.subject, "usr_2");
}
