//! A receiver of webhooks on a free port: verifies with `loop-webhooks`, and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::routing::post;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use loop_sandbox::LOOP_PARTNER;
use loop_webhooks::{Data, Delivery, Headers, Secret, Verifier};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// Nothing here takes so long; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a delivery is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Answer(u16),
    /// The connection ends without an answer.
    Close,
    /// No answer, for as long as the sender waits.
    Hang,
    /// The head of an answer, and a body that never comes.
    Head(u16),
}

/// A delivery as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// `X-Loop-Event-Id`
    pub id: String,
    /// `X-Loop-Delivery-Attempt`
    pub attempt: String,
    /// What the core said: the person and what it read, or the code of a refusal.
    pub said: String,
    pub body: Bytes,
    pub headers: HeaderMap,
    pub act: Act,
}

#[derive(Default)]
struct Seen {
    received: Vec<Received>,
    /// For the next deliveries; by default 200, and a refusal's own status.
    script: VecDeque<Act>,
    /// For everything about one person.
    hang_for: Option<&'static str>,
    /// How many senders left while nothing was answered.
    left: usize,
}

struct Shared {
    verifier: Verifier,
    seen: Mutex<Seen>,
    changed: Condvar,
}

/// Ends with the runtime that it was dropped with.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

impl Receiver {
    /// Knows these secrets, the newest first.
    pub fn start(secrets: &[&str]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let secrets = secrets.iter().map(|text| Secret::new(text).unwrap());
        let shared = Arc::new(Shared {
            verifier: Verifier::new(LOOP_PARTNER, secrets).unwrap(),
            seen: Mutex::default(),
            changed: Condvar::new(),
        });
        let router = Router::new()
            .route("/hooks", post(receive))
            .with_state(Arc::clone(&shared));
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let router = router.clone();
                // Not `axum::serve`: it cannot end a connection without an answer.
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let router = router.clone();
                    async move {
                        let response = router.oneshot(request.map(Body::new)).await.unwrap();
                        match response.extensions().get::<Gone>() {
                            Some(Gone) => Err("closed as the test asked for"),
                            None => Ok(response),
                        }
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self {
            url,
            shared,
            _runtime: runtime,
        }
    }

    /// What the next deliveries are answered with.
    pub fn then(&self, acts: &[Act]) {
        self.shared.seen.lock().unwrap().script = acts.iter().copied().collect();
    }

    /// Nothing about this person is answered; `None` ends that.
    pub fn hang_for(&self, person: Option<&'static str>) {
        self.shared.seen.lock().unwrap().hang_for = person;
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.seen.lock().unwrap().received.clone()
    }

    /// Waits until a sender left without an answer.
    pub fn wait_for_leaving(&self, patience: Duration) {
        let seen = self.shared.seen.lock().unwrap();
        let nobody = |seen: &mut Seen| seen.left == 0;
        let waited = self
            .shared
            .changed
            .wait_timeout_while(seen, patience, nobody);
        assert!(!waited.unwrap().1.timed_out(), "it still waits");
    }

    /// Waits until so many deliveries came, over all; there are no more than that.
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        let until = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().unwrap();
        while seen.received.len() < count {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {count} came", seen.received.len());
            seen = self.shared.changed.wait_timeout(seen, left).unwrap().0;
        }
        assert_eq!(seen.received.len(), count, "more than that came");
        seen.received.clone()
    }
}

/// Counts a sender that leaves.
struct Leaving(Arc<Shared>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.seen.lock().unwrap().left += 1;
        self.0.changed.notify_all();
    }
}

/// Marks an answer that is not to be sent.
#[derive(Clone, Copy)]
struct Gone;

async fn receive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let all = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let delivery =
        Headers::read(all).and_then(|headers| shared.verifier.verify(headers, &body)?.parse());
    let (said, status) = match &delivery {
        Err(reject) => (reject.code().to_owned(), reject.status()),
        Ok(Delivery::Malformed(_)) => ("malformed".to_owned(), 200),
        Ok(Delivery::Event(event)) => (format!("{} {}", event.user_id(), read(event.data())), 200),
    };
    let text = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
            .to_owned()
    };
    let act = {
        let mut seen = shared.seen.lock().unwrap();
        let hangs = delivery.is_ok_and(|delivery| {
            delivery
                .user_id()
                .is_some_and(|user| seen.hang_for == Some(user))
        });
        let act = if hangs {
            Act::Hang
        } else {
            seen.script.pop_front().unwrap_or(Act::Answer(status))
        };
        seen.received.push(Received {
            id: text("x-loop-event-id"),
            attempt: text("x-loop-delivery-attempt"),
            said,
            body: body.clone(),
            headers: headers.clone(),
            act,
        });
        act
    };
    shared.changed.notify_all();
    let mut response = Response::new(Body::empty());
    match act {
        Act::Answer(status) => *response.status_mut() = StatusCode::from_u16(status).unwrap(),
        Act::Head(status) => {
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            // A body of a known length that is not there.
            *response.body_mut() =
                Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        }
        Act::Close => {
            response.extensions_mut().insert(Gone);
        }
        Act::Hang => {
            // hyper drops this future when the sender leaves.
            let _left = Leaving(Arc::clone(&shared));
            std::future::pending::<()>().await;
        }
    }
    response
}

/// An event's payload, in a word or two.
fn read(data: &Data) -> String {
    match data {
        Data::BiomarkerParsed(results) => {
            let codes: Vec<_> = results
                .iter()
                .map(|result| result.biomarker_code.as_str())
                .collect();
            codes.join("+")
        }
        Data::LabResultCritical(_) => "critical".to_owned(),
        Data::ProtocolStarted(json) => format!("protocol {}", json.get()),
        Data::Unknown(json) => format!("unknown {}", json.get()),
        _ => "something else".to_owned(),
    }
}
