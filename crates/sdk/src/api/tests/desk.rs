//! Services that do a write once a key, and every call of the clients as one table.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use loop_contracts::clinical::NewCheckIn;
use loop_contracts::json::Decimal;
use loop_contracts::time::DateTime;
use serde_json::{Value, json};

use crate::api::{Clinical, IdempotencyKey, Identity, List, MarkerQuery};
use crate::env::sim::Sim;
use crate::env::{HttpFailure, HttpRequest, HttpResponse, Method};
use crate::error::Error;
use crate::session::tests::{Bench, config};

/// What goes wrong, once.
pub(super) enum Fault {
    Lost,
    LostAfterwards,
    Late,
    Answer(u16, Vec<(&'static str, String)>, String),
}

impl Fault {
    pub(super) fn says(status: u16, body: &str) -> Self {
        Self::Answer(status, vec![], body.to_owned())
    }
}

/// Both services, and what a test may look at and change.
#[derive(Default)]
pub(super) struct Service {
    /// By path without query.
    pub(super) answers: BTreeMap<String, Value>,
    pub(super) faults: VecDeque<Fault>,
    /// Method, address and key of every request that came with a good token.
    pub(super) seen: Vec<(Method, String, Option<String>)>,
    /// Every write that was done.
    pub(super) done: Vec<String>,
    /// By key: what was asked, and what was answered.
    answered: BTreeMap<String, (String, HttpResponse)>,
}

impl Service {
    fn answer(&mut self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let header = |name: &str| {
            let mut values = request.headers.iter().filter(|(own, _)| *own == name);
            let value = values.next().map(|(_, value)| value.clone());
            assert!(values.next().is_none(), "{name} stands there twice");
            value
        };
        let key = header("idempotency-key");
        assert_eq!(header("accept").as_deref(), Some("application/json"));
        self.seen
            .push((request.method, request.url.clone(), key.clone()));
        let fault = self.faults.pop_front();
        match fault {
            Some(Fault::Lost) => return Err(HttpFailure::Network),
            Some(Fault::Late) => return Err(HttpFailure::Timeout),
            Some(Fault::Answer(status, headers, body)) => {
                let headers = headers.into_iter();
                return Ok(HttpResponse {
                    status,
                    headers: headers.map(|(n, v)| (n.to_owned(), v)).collect(),
                    body: body.into_bytes(),
                });
            }
            Some(Fault::LostAfterwards) | None => {}
        }
        let answer = if request.method == Method::Get {
            assert_eq!((key, &request.body), (None, &None), "a read");
            self.read(&request.url)
        } else {
            let is_json = header("content-type").as_deref() == Some("application/json");
            assert_eq!(is_json, request.method == Method::Post);
            let key = key.unwrap();
            assert!(IdempotencyKey::parse(&key).is_some(), "{key}");
            self.write(request, key)
        };
        match fault {
            Some(_) => Err(HttpFailure::Network),
            None => Ok(answer),
        }
    }

    fn read(&self, url: &str) -> HttpResponse {
        let path = url.splitn(4, '/').nth(3).unwrap();
        let path = format!("/{}", path.split('?').next().unwrap());
        match self.answers.get(&path) {
            Some(body) => reply(200, &body.to_string()),
            None => reply(404, r#"{"error":"not_found"}"#),
        }
    }

    /// The same key with the same request gives the same answer, with another request 409.
    fn write(&mut self, request: &HttpRequest, key: String) -> HttpResponse {
        let asked = format!(
            "{} {} {}",
            request.method.as_str(),
            request.url,
            request.body.as_deref().unwrap_or_default()
        );
        if let Some((before, answer)) = self.answered.get(&key) {
            return if *before == asked {
                answer.clone()
            } else {
                reply(409, r#"{"error":"conflict"}"#)
            };
        }
        let answer = match &request.body {
            None => reply(204, ""),
            Some(body) => {
                let mut entry: Value = serde_json::from_str(body).unwrap();
                let more = json!({"id": "chk_1", "patient_id": "usr_1", "completed_at": "2026-03-03", "created_at": "2026-03-03"});
                let more = more.as_object().unwrap().clone();
                entry.as_object_mut().unwrap().extend(more);
                reply(201, &entry.to_string())
            }
        };
        self.done.push(asked.clone());
        self.answered.insert(key, (asked, answer.clone()));
        answer
    }
}

fn reply(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![],
        body: body.into(),
    }
}

/// A person who is connected, and both services.
pub(super) struct Desk {
    pub(super) bench: Bench,
    pub(super) service: Rc<RefCell<Service>>,
    pub(super) clinical: Clinical<Sim>,
    pub(super) identity: Identity<Sim>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(&json!({}))
    }

    /// With these assumptions changed.
    pub(super) fn with(assumptions: &Value) -> Self {
        Self::of(Bench::with(config(assumptions)).connect())
    }

    pub(super) fn of(bench: Bench) -> Self {
        let mut service = Service::default();
        for call in CALLS.iter().filter(|call| call.method == Method::Get) {
            let path = call.path.split('?').next().unwrap();
            let answer = serde_json::from_str(call.answer).unwrap();
            service.answers.insert(path.to_owned(), answer);
        }
        let service = Rc::new(RefCell::new(service));
        bench.server.borrow_mut().service = Some(Box::new({
            let service = Rc::clone(&service);
            move |request| service.borrow_mut().answer(request)
        }));
        let clinical = Clinical::new(bench.session.clone());
        let identity = Identity::new(bench.session.clone());
        Self {
            bench,
            service,
            clinical,
            identity,
        }
    }

    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.bench.sim.block_on(future)
    }

    pub(super) fn fault(&self, fault: Fault) {
        self.service.borrow_mut().faults.push_back(fault);
    }

    pub(super) fn key(&self) -> IdempotencyKey {
        IdempotencyKey::new(&self.bench.sim).unwrap()
    }

    /// How many requests came with a good token.
    pub(super) fn seen(&self) -> usize {
        self.service.borrow().seen.len()
    }

    /// How many requests were sent at all.
    pub(super) fn sent(&self) -> usize {
        self.bench.sim.world(|world| world.sent.len())
    }
}

/// One call of a client.
pub(super) struct Call {
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// The host it goes to, and what is asked there.
    pub(super) host: &'static str,
    pub(super) path: &'static str,
    /// Of a read, in the documented form.
    pub(super) answer: &'static str,
    /// Makes the call, and says what came of it.
    pub(super) make: fn(&Desk) -> Result<String, Error>,
    /// What comes of it.
    pub(super) gives: &'static str,
}

fn counts<T>(list: Result<List<T>, Error>) -> Result<String, Error> {
    list.map(|list| format!("{}+{} {}", list.items.len(), list.unreadable, list.more))
}

const CLINICAL: &str = "https://clinical.example";
const IDENTITY: &str = "https://identity.example";

/// Every call of both clients.
pub(super) const CALLS: &[Call] = &[
    Call {
        name: "biomarkers",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/biomarkers?user_id=usr_1&limit=500&offset=0",
        answer: r#"{"results": [{"id": "1", "patient_id": "usr_1", "biomarker_code": "tsh", "value": 1, "status": "low", "collected_at": "2026-03-03"}], "count": 1}"#,
        make: |desk| {
            let all = desk.wait(desk.clinical.biomarkers())?;
            Ok(format!(
                "{}+{} {}",
                all.results.len(),
                all.unreadable,
                all.more
            ))
        },
        gives: "1+0 false",
    },
    Call {
        name: "protocol",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/protocols/prt_1",
        answer: r#"{"id": "prt_1", "name": "Iron", "version": 3, "category": "c", "criteria": {}, "recommendations": [], "contraindications": [], "active": true}"#,
        make: |desk| {
            desk.wait(desk.clinical.protocol("prt_1"))
                .map(|one| one.name)
        },
        gives: "Iron",
    },
    Call {
        name: "red flags",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/red-flags/usr_1",
        answer: r#"{"flags": [{"id": "1", "patient_id": "usr_1", "rule_id": "r", "rule_name": "n", "severity": "urgent", "message": "m", "acknowledged": false, "detected_at": "2026-03-03"}]}"#,
        make: |desk| counts(desk.wait(desk.clinical.red_flags())),
        gives: "1+0 false",
    },
    Call {
        name: "recommendations",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/recommendations/usr_1",
        answer: r#"{"recommendations": [{"id": "1", "category": "dietary", "priority": "low", "title": "t", "description": "d", "rationale": "r", "source": "biomarker", "source_id": "1"}]}"#,
        make: |desk| counts(desk.wait(desk.clinical.recommendations())),
        gives: "1+0 false",
    },
    Call {
        name: "check-ins",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/check-ins",
        answer: r#"{"check_ins": [{"id": "1", "patient_id": "usr_1", "day_marker": 30, "goals": ["g"], "wins": ["w"], "blockers": ["b"], "protocol_changes": null, "mood": 7, "weight_kg": null, "sleep_quality": 8, "completed_at": "2026-03-03", "created_at": "2026-03-03"}]}"#,
        make: |desk| counts(desk.wait(desk.clinical.check_ins())),
        gives: "1+0 false",
    },
    Call {
        name: "next check-in",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/check-ins/next?enrolled_at=2026-01-01T00%3A00%3A00%2B01%3A00",
        answer: r#"{"day_marker": 60, "due_at": "2026-03-02"}"#,
        make: |desk| {
            let enrolled = DateTime("2026-01-01T00:00:00+01:00".to_owned());
            let next = desk.wait(desk.clinical.next_check_in(&enrolled))?;
            Ok(format!("{:?}", next.day_marker))
        },
        gives: "Some(60)",
    },
    Call {
        name: "answer a check-in",
        method: Method::Post,
        host: CLINICAL,
        path: "/v1/check-ins",
        answer: "",
        make: |desk| {
            let written = desk.wait(desk.clinical.answer_check_in(&check_in(), &desk.key()))?;
            Ok(written.map_or("written".to_owned(), |entry| entry.id))
        },
        gives: "chk_1",
    },
    Call {
        name: "lab catalog",
        method: Method::Get,
        host: CLINICAL,
        path: "/v1/lab-catalog/markers?q=iron%20%26%20more&tag=blood&limit=100&offset=0",
        answer: r#"{"markers": [{"code": "ferritin", "name": "Ferritin"}], "total": 1, "limit": 100, "offset": 0, "state": null}"#,
        make: |desk| {
            let which = MarkerQuery {
                q: Some("iron & more".to_owned()),
                state: None,
                tag: Some("blood".to_owned()),
            };
            counts(desk.wait(desk.clinical.lab_markers(&which)))
        },
        gives: "1+0 false",
    },
    Call {
        name: "connected apps",
        method: Method::Get,
        host: IDENTITY,
        path: "/v1/users/me/connected-apps",
        answer: r#"{"data": [{"client_id": "a", "client_name": "A", "client_uri": null, "logo_uri": null, "is_first_party": false, "scopes_granted": ["openid"], "granted_at": "2026-03-03", "updated_at": null}]}"#,
        make: |desk| counts(desk.wait(desk.identity.connected_apps())),
        gives: "1+0 false",
    },
    Call {
        name: "disconnect an app",
        method: Method::Delete,
        host: IDENTITY,
        path: "/v1/users/me/connected-apps/app_2",
        answer: "",
        make: |desk| {
            let ended = desk.wait(desk.identity.disconnect_app("app_2", &desk.key()));
            ended.map(|ended| format!("{ended:?}"))
        },
        gives: "Now",
    },
    Call {
        name: "grants",
        method: Method::Get,
        host: IDENTITY,
        path: "/v1/me/grants",
        answer: r#"{"data": [{"id": "grt_1"}]}"#,
        make: |desk| counts(desk.wait(desk.identity.grants())),
        gives: "1+0 false",
    },
    Call {
        name: "end a grant",
        method: Method::Delete,
        host: IDENTITY,
        path: "/v1/me/grants/grt_1",
        answer: "",
        make: |desk| {
            let ended = desk.wait(desk.identity.end_grant("grt_1", &desk.key()));
            ended.map(|ended| format!("{ended:?}"))
        },
        gives: "Now",
    },
];

/// A check-in within its bounds.
pub(super) fn check_in() -> NewCheckIn {
    let list = |word: &str| vec![word.to_owned()];
    NewCheckIn {
        day_marker: 30,
        enrolled_at: DateTime("2026-01-01".to_owned()),
        goals: list("run"),
        wins: list("ran"),
        blockers: list("rain"),
        mood: 7,
        sleep_quality: 8,
        protocol_changes: None,
        weight_kg: Decimal::new("70.50"),
    }
}
