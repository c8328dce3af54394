//! `cargo bench -p loop-webhooks`: what verifying one delivery takes, beside two other implementations, in one run.
//!
//! Each is given what arrives: the text of the signature's header, and the body. The rounds take turns, so that a machine that is
//! busy for a while is busy for all; the median of the rounds counts.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool that prints figures"
)]

use std::hint::black_box;
use std::time::{Duration, Instant, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue};
use loop_webhooks::{Headers, Secret, Verifier};
use ring::hmac;
use standardwebhooks::Webhook;

const SECRET: &str = "whsec_of_the_developer_portal";
const SIZES: [usize; 3] = [200, 1024, 16 * 1024];
const ROUNDS: usize = 41;
const DIFFERENT: usize = 64;
/// Bytes that are verified in a round, so that all sizes take about the same time.
const BYTES: usize = 2 << 20;

fn main() {
    let is_json = std::env::args().any(|word| word == "--json");
    let rows = SIZES.map(|size| (size, medians(size)));
    if is_json {
        let rows: Vec<_> = rows.map(|(size, medians)| json(size, medians)).into();
        println!("{}", serde_json::Value::from(rows));
        return;
    }
    println!(
        "body      ours   one of two secrets      ring  standardwebhooks   ring/ours  standardwebhooks/ours"
    );
    for (size, [ours, both, ring, standard]) in rows {
        println!(
            "{size:5} {ours:6.0} ns {both:17.0} ns {ring:6.0} ns {standard:14.0} ns {:11.2} {:22.2}",
            ring / ours,
            standard / ours,
        );
    }
}

fn json(size: usize, [ours, both, ring, standard]: [f64; 4]) -> serde_json::Value {
    let hundredths = |ratio: f64| (ratio * 100.0).round() / 100.0;
    serde_json::json!({
        "bytes": size,
        "nanoseconds": { "ours": ours.round(), "one_of_two_secrets": both.round(), "ring": ring.round(), "standardwebhooks": standard.round() },
        "ring_by_ours": hundredths(ring / ours),
        "standardwebhooks_by_ours": hundredths(standard / ours),
    })
}

/// Nanoseconds for one delivery.
fn medians(size: usize) -> [f64; 4] {
    let secret = |text| Secret::new(text).unwrap();
    let webhook = Webhook::from_bytes(SECRET.as_bytes().to_vec()).unwrap();
    // One after the other, because a processor learns a signature by heart that comes again and again.
    let deliveries: Vec<_> = (0..DIFFERENT)
        .map(|number| {
            let body = body(size, number);
            let signature = secret(SECRET).sign(&body);
            let headers = standard_headers(&webhook, &body);
            (body, signature, headers)
        })
        .collect();
    let one = Verifier::new("client_1", [secret(SECRET)]).unwrap();
    let two = Verifier::new("client_1", [secret("the_next_secret"), secret(SECRET)]).unwrap();
    let ours = |verifier: &Verifier, number: usize| {
        let (body, signature, _) = black_box(&deliveries[number]);
        let headers = Headers::read([("X-Loop-Signature", signature.as_bytes())]);
        let verified = verifier.verify(headers.unwrap(), body);
        assert_eq!(verified.unwrap().body().len(), size);
    };
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let ring = |number: usize| {
        let (body, signature, _) = black_box(&deliveries[number]);
        hmac::verify(&key, body, &unhex(signature.as_bytes())).unwrap();
    };
    let standard = |number: usize| {
        let (body, _, headers) = black_box(&deliveries[number]);
        webhook.verify(body, headers).unwrap();
    };
    let mut times: [Vec<f64>; 4] = Default::default();
    let count = (BYTES / size).max(1);
    for _ in 0..ROUNDS {
        let round = [
            time(count, |number| ours(&one, number)),
            time(count, |number| ours(&two, number)),
            time(count, ring),
            time(count, standard),
        ];
        for (all, one) in times.iter_mut().zip(round) {
            all.push(one);
        }
    }
    times.map(|mut all| {
        all.sort_by(f64::total_cmp);
        all[ROUNDS / 2]
    })
}

fn time(count: usize, run: impl Fn(usize)) -> f64 {
    let since = Instant::now();
    for number in 0..count {
        run(number % DIFFERENT);
    }
    per(since.elapsed(), count)
}

#[expect(clippy::cast_precision_loss, reason = "a count of rounds")]
fn per(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e9 / count as f64
}

/// JSON of so many bytes.
fn body(size: usize, number: usize) -> Vec<u8> {
    let head = format!(
        r#"{{"id":"evt_{number}","type":"protocol.started","user_id":"usr_1","client_id":"client_1","occurred_at":"2026-03-03T08:30:00Z","data":""#
    );
    format!("{head}{}\"}}", "x".repeat(size - head.len() - 2)).into_bytes()
}

/// With the time as it is now; they are good for five minutes.
fn standard_headers(webhook: &Webhook, body: &[u8]) -> HeaderMap {
    let now = UNIX_EPOCH.elapsed().unwrap().as_secs().try_into().unwrap();
    let signature = webhook.sign("msg_1", now, body).unwrap();
    let pairs = [
        ("webhook-id", HeaderValue::from_static("msg_1")),
        ("webhook-timestamp", HeaderValue::from(now)),
        ("webhook-signature", signature.parse().unwrap()),
    ];
    let named = pairs.map(|(name, value)| (HeaderName::from_static(name), value));
    named.into_iter().collect()
}

fn unhex(text: &[u8]) -> [u8; 32] {
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => letter - b'0',
        _ => letter - b'a' + 10,
    };
    let mut bytes = [0; 32];
    let (pairs, _) = text.as_chunks::<2>();
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high) << 4 | digit(*low);
    }
    bytes
}
