//! One try on a socket: to this computer, without following anybody anywhere.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::answer::Answer;
use super::attempt::{Attempt, Copies};

/// An answer is read this far, and for so long, so that the receiver does not see a broken connection. What it says is nobody's
/// business.
const ANSWER_LIMIT: usize = 64 * 1024;
const ANSWER_PATIENCE: Duration = Duration::from_secs(1);

/// Sends it. Of two copies the better answer counts: the receiver has the event.
pub(crate) async fn send(attempt: Attempt) -> (u64, Answer) {
    let better = |first: Answer, second: Answer| if first.is_yes() { first } else { second };
    let answer = match attempt.copies {
        Copies::One => in_time(&attempt).await,
        Copies::OneAfterTheOther => {
            let first = in_time(&attempt).await;
            better(first, in_time(&attempt).await)
        }
        Copies::AtOnce => {
            let (first, second) = tokio::join!(in_time(&attempt), in_time(&attempt));
            better(first, second)
        }
    };
    let answer = if attempt.loses_answer {
        Answer::Lost
    } else {
        answer
    };
    (attempt.number, answer)
}

/// The head of an answer says all that counts, so it alone has to come in time.
async fn in_time(attempt: &Attempt) -> Answer {
    // Ends with this function, however that ends.
    let mut driver = JoinSet::new();
    let head = timeout(attempt.patience, exchange(attempt, &mut driver)).await;
    match head {
        Ok(Ok(response)) => {
            let status = response.status().as_u16();
            let rest = Limited::new(response.into_body(), ANSWER_LIMIT).collect();
            let _read = timeout(ANSWER_PATIENCE, rest).await;
            Answer::Status(status)
        }
        Ok(Err(why)) => why,
        Err(_) => Answer::Timeout,
    }
}

/// Sends the request, and waits for the head of its answer.
async fn exchange(
    attempt: &Attempt,
    driver: &mut JoinSet<hyper::Result<()>>,
) -> Result<Response<Incoming>, Answer> {
    let stream = TcpStream::connect(&attempt.target.addresses[..])
        .await
        .map_err(|_| Answer::NoConnection)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Answer::Broken)?;
    driver.spawn(connection);
    let mut request = Request::post(&attempt.target.path)
        .header(header::HOST, &attempt.target.host)
        .header(header::CONTENT_TYPE, "application/json");
    for (name, value) in &attempt.headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(Body::from(attempt.body.clone()))
        .map_err(|_| Answer::Broken)?;
    sender
        .send_request(request)
        .await
        .map_err(|_| Answer::Broken)
}
