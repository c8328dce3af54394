//! Judge one of the table of mutations: the whole client, from discovery to the refresh, against a server that does one
//! thing wrong. What it says, and why, stands in `tests/mutations.json`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loop_contracts::oauth::Jwk;
use loop_contracts::scope::ScopeSet;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde_json::json;

use super::{answer, digest};
use crate::api::Clinical;
use crate::config::Config;
use crate::env::sim::Sim;
use crate::env::{Env as _, HttpRequest, HttpResponse, Method, SignatureAlgorithm};
use crate::error::Error;
use crate::protocol::id_token::{self, Expected};
use crate::protocol::{Reason, jwks, token};
use crate::secret::Nonce;
use crate::session::{Purpose, Session};
use crate::url::decode_form;
use support::{ACCESS_TOKEN, Answer, CLIENT_ID, ISSUER, Keys, Mutation, SUBJECT, SignIn, Table};

#[path = "../../../tests/support/mutations.rs"]
mod support;

const CLINICAL: &str = "https://clinical.example";

/// Checks a signature as WebCrypto would.
fn verify(algorithm: SignatureAlgorithm, key: &Jwk, signed: &[u8], signature: &[u8]) -> bool {
    let decode = |part: &Option<String>| URL_SAFE_NO_PAD.decode(part.as_ref().unwrap()).unwrap();
    match algorithm {
        SignatureAlgorithm::Rs256 => {
            let (n, e) = (decode(&key.n), decode(&key.e));
            RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
                .is_ok()
        }
        SignatureAlgorithm::Es256 => {
            let point = [vec![4], decode(&key.x), decode(&key.y)].concat();
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
            key.verify(signed, signature).is_ok()
        }
        SignatureAlgorithm::EdDsa => UnparsedPublicKey::new(&ED25519, decode(&key.x))
            .verify(signed, signature)
            .is_ok(),
    }
}

/// What the server does with the next requests.
struct Stage {
    sign_in: SignIn,
    earlier: bool,
    last_answer: HttpResponse,
}

struct Bench<'a> {
    server: Rc<support::Server<'a>>,
    stage: Rc<RefCell<Stage>>,
    sim: Sim,
    session: Session<Sim>,
}

impl<'a: 'static> Bench<'a> {
    fn new(mutation: Mutation<'a>, alg: &'a str, keys: &'a Keys) -> Self {
        let server = Rc::new(support::Server {
            keys,
            mutation,
            alg,
        });
        let stage = Rc::new(RefCell::new(Stage {
            sign_in: SignIn {
                state: String::new(),
                nonce: String::new(),
                now: 0,
            },
            earlier: false,
            last_answer: HttpResponse::default(),
        }));
        let sim = Sim::new({
            let (server, stage) = (Rc::clone(&server), Rc::clone(&stage));
            move |request| {
                let answer = respond(&server, &stage.borrow(), request);
                let response = self::answer(answer.status, answer.body);
                if request.method == Method::Post {
                    stage.borrow_mut().last_answer = response.clone();
                }
                Ok(response)
            }
        });
        sim.world(|world| world.verifier = verify);
        let file = json!({"client_id": CLIENT_ID, "issuer": ISSUER, "clinical": CLINICAL,
            "scopes": ["openid", "profile", "read:biomarkers"]});
        let config = Config::from_json(file.to_string().as_bytes(), "https://app.example").unwrap();
        let session = Session::new(sim.clone(), config);
        Self {
            server,
            stage,
            sim,
            session,
        }
    }

    fn later(&self, seconds: i64) {
        self.sim.world(|world| {
            world.now = world.now.plus(seconds * 1000);
            // The person is there all the time.
            let (active, now) = ("loop.active.v2".to_owned(), world.now.0.to_string());
            world.shared.insert(active, now);
        });
        let ahead = self
            .server
            .mutation
            .change("device_clock")
            .as_i64()
            .unwrap_or(0);
        self.stage.borrow_mut().sign_in.now = self.sim.now().0 / 1000 - ahead;
    }

    /// Goes to the consent page and back.
    fn sign_in(&self) -> Result<(), Error> {
        let purpose = Purpose::return_to("/");
        self.sim.block_on(self.session.connect(purpose))?;
        let url = self
            .sim
            .world(|world| world.navigated.last().cloned().unwrap());
        let query = decode_form(url.split_once('?').unwrap().1).unwrap();
        let field = |name: &str| query.iter().find(|(n, _)| n == name).unwrap().1.clone();
        let mutation = self.server.mutation;
        {
            let mut stage = self.stage.borrow_mut();
            (stage.sign_in.state, stage.sign_in.nonce) = (field("state"), field("nonce"));
        }
        let earlier = self.stage.borrow().earlier;
        self.later(if earlier {
            0
        } else {
            mutation.change("seconds_later").as_i64().unwrap_or(1)
        });
        let (query, fragment) = if earlier {
            let state = field("state");
            let iss = "https%3A%2F%2Fidentity.example";
            (format!("code=C&state={state}&iss={iss}"), String::new())
        } else {
            self.server.callback(&self.stage.borrow().sign_in)
        };
        let landed = self.session.complete(&query, &fragment);
        self.sim.block_on(landed).map(|_| ())
    }

    /// The whole way, as far as the client goes.
    fn go(&self) -> Result<(), Error> {
        if self.server.mutation.change("keys_before").is_array() {
            self.stage.borrow_mut().earlier = true;
            self.sign_in().unwrap();
            self.stage.borrow_mut().earlier = false;
            self.later(120);
        }
        self.sign_in()?;
        if self.server.mutation.step() == "refresh" {
            // The access token has ended, so nothing can be read without a fresh one.
            self.later(3601);
            let read = Clinical::new(self.session.clone());
            self.sim.block_on(read.biomarkers())?;
        }
        Ok(())
    }

    /// Which check refuses the refresh: the session itself says only that it has ended.
    fn why_not_refreshed(&self) -> Result<(), Error> {
        let stage = self.stage.borrow();
        let set = token::process(&stage.last_answer, &ScopeSet::parse(support::SCOPE), None)?;
        let keys = self.server.jwks(false);
        let keys = jwks::process(&answer(keys.status, keys.body))?;
        let unverified = id_token::parse(&set.id_token.unwrap(), None)?;
        let (algorithm, kid) = (unverified.algorithm, unverified.kid.as_deref());
        let holds = jwks::candidates(&keys, algorithm, kid)
            .iter()
            .any(|key| verify(algorithm, key, &unverified.signed, &unverified.signature));
        if !holds {
            return Err(Error::Refused(Reason::IdTokenSignature));
        }
        let expected = Expected {
            issuer: ISSUER,
            client_id: CLIENT_ID,
            nonce: &Nonce::new(stage.sign_in.nonce.clone()),
            access_token: &set.access_token,
            subject: Some(SUBJECT),
            now: self.sim.now(),
        };
        let digest = digest(algorithm.hash(), set.access_token.reveal());
        id_token::process(unverified, &expected, &digest)?;
        Ok(())
    }

    /// What must be true however it ended.
    fn aftermath(&self, accepted: bool) -> Vec<String> {
        let mutation = self.server.mutation;
        let sent = self.sim.world(|world| world.sent.clone());
        let exchanges = sent.iter().filter(|one| one.method == Method::Post).count();
        let has_token = |text: &String| text.contains(ACCESS_TOKEN);
        let stored = self.sim.storage(|store| store.values().any(has_token))
            || self.sim.world(|world| world.shared.values().any(has_token));
        let connected = self.session.state().account().is_some();
        let again = usize::from(mutation.change("keys_before").is_array());
        let wrong = [
            (
                sent.iter().any(|one| one.url.contains("evil")),
                "a stranger was asked",
            ),
            (
                !accepted && again == 0 && (stored || connected),
                "something was kept",
            ),
            (accepted && !(stored && connected), "nobody is connected"),
            (
                mutation.step() == "callback" && !accepted && exchanges > 0,
                "the token endpoint was asked",
            ),
            (
                accepted && exchanges != 1 + again + usize::from(mutation.step() == "refresh"),
                "tokens were asked for another number of times",
            ),
        ];
        let wrong = wrong.iter().filter(|(is_so, _)| *is_so);
        wrong.map(|(_, what)| (*what).to_owned()).collect()
    }
}

fn respond(server: &support::Server<'_>, stage: &Stage, request: &HttpRequest) -> Answer {
    let body = request.body.as_deref().unwrap_or_default();
    match request.url.as_str() {
        url if url.ends_with("/.well-known/openid-configuration") => server.metadata(),
        url if url.ends_with("/j") => server.jwks(stage.earlier),
        url if url.ends_with("/t") && body.contains("grant_type=refresh_token") => {
            server.refreshed(&stage.sign_in)
        }
        url if url.ends_with("/t") && stage.earlier => server.tokens_earlier(&stage.sign_in),
        url if url.ends_with("/t") => server.tokens(&stage.sign_in),
        url if url.starts_with(CLINICAL) => Answer {
            status: 200,
            body: json!({"results": [], "count": 0}).to_string(),
        },
        url => panic!("unexpected call of {url}"),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "one line of figures")]
fn this_client_decides_as_the_table_of_mutations_says() {
    let table: &'static Table = Box::leak(Box::new(Table::read()));
    let keys: &'static Keys = Box::leak(Box::new(Keys::new()));
    let (mut runs, mut wrong) = (0, vec![]);
    for mutation in table.mutations() {
        for alg in mutation.algorithms() {
            let bench = Bench::new(mutation, alg, keys);
            let outcome = bench.go();
            let mut complaints = bench.aftermath(outcome.is_ok());
            let code = match outcome {
                Err(Error::SessionEnded | Error::OutcomeUnknown)
                    if mutation.step() == "refresh" =>
                {
                    let why = bench.why_not_refreshed().err();
                    why.map(|error| error.code().to_owned())
                }
                outcome => outcome.err().map(|error| error.code().to_owned()),
            };
            if code.as_deref() != mutation.reason() {
                let (is, should) = (code.as_deref(), mutation.reason());
                complaints.push(format!(
                    "{}, not {}",
                    is.unwrap_or("accepted"),
                    should.unwrap_or("accepted")
                ));
            }
            let (step, name) = (mutation.step(), mutation.name());
            wrong.extend(
                complaints
                    .iter()
                    .map(|what| format!("{step} ({alg}): {name}: {what}")),
            );
            runs += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    println!(
        "mutations: {} in {runs} runs, {} conformance modules recreated, {} not applicable",
        table.mutations().len(),
        table.covered().len(),
        table.not_applicable().len()
    );
}

#[test]
fn the_table_of_mutations_is_well_formed_and_leaves_no_check_out() {
    let table = Table::read();
    let mutations = table.mutations();
    for mutation in &mutations {
        assert!(mutation.is_well_formed(), "{}", mutation.name());
    }
    let names: BTreeSet<_> = mutations.iter().map(|mutation| mutation.name()).collect();
    assert_eq!(names.len(), mutations.len(), "a name is there twice");
    let both: Vec<_> = table
        .covered()
        .intersection(&table.not_applicable())
        .copied()
        .collect();
    assert_eq!(both, [""; 0], "recreated and not applicable at once");
    let reasons: BTreeSet<_> = mutations.iter().filter_map(|one| one.reason()).collect();
    // This browser's own doing, which no server can change.
    let of_a_server = |reason: &&Reason| **reason != Reason::KeyMissing;
    for reason in Reason::ALL.iter().filter(of_a_server) {
        assert!(
            reasons.contains(reason.code()),
            "nothing is refused as {}",
            reason.code()
        );
    }
}
