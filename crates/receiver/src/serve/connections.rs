//! Connections: how many there are, how long each may take, and how all of them end.
//!
//! Nobody can hold one for long. A head has a time in which it must be there, which counts for an idle connection too; a body has
//! one; and a connection as a whole has one, which ends those whose other side does not read its answers.
//!
//! Above the cap a connection is not refused: it waits where the system keeps those that nobody has taken yet, and costs nothing
//! here. To tell it 503 would take a connection too, and the platform would send again after a minute what waits for a moment.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::metrics::gauge::Gauge;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The head of a request, in bytes. A larger one is answered with 431.
const HEAD: usize = 16 * 1024;
/// A connection is closed after this, between two requests.
const LIFE: Duration = Duration::from_mins(5);
/// How long what was sent is still read after the last answer. To close at once would take the answer away from a sender that is
/// still sending.
const LINGER: Duration = Duration::from_secs(2);
/// How much of it.
const LINGER_BYTES: usize = 1 << 20;
/// The system has no more connections to give: others have to end first.
const BREATH: Duration = Duration::from_millis(50);

/// What connections may take.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    /// How many are open at most.
    pub(super) connections: usize,
    /// From the end of an answer, or the beginning, to the end of the next head.
    pub(super) header_timeout: Duration,
    /// How long a request may go on when the connection is to end.
    pub(super) grace: Duration,
}

/// Answers until it is told to stop, then lets each request end. How many connections had to be cut off.
pub(super) async fn serve<A, F>(
    listener: TcpListener,
    bounds: Bounds,
    open: Option<Gauge>,
    mut stop: watch::Receiver<bool>,
    answer: A,
) -> usize
where
    A: Fn(SocketAddr, Request) -> F + Clone + Send + Unpin + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(bounds.connections));
    let mut connections = JoinSet::new();
    loop {
        let accept = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (stop, answer) = (stop.clone(), answer.clone());
                let counted = open.clone().map(Counted::new);
                connections.spawn(async move {
                    let is_whole = connection(stream, peer, bounds, stop, answer).await;
                    drop((slot, counted));
                    is_whole
                });
            }
            Err(_) => sleep(BREATH).await,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let mut cut = 0;
    while let Some(ended) = connections.join_next().await {
        cut += usize::from(!ended.unwrap_or(false));
    }
    cut
}

/// One more is open, until it is dropped.
struct Counted(Gauge);

impl Counted {
    fn new(open: Gauge) -> Self {
        open.inc();
        Self(open)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Whether all requests that had begun were answered.
async fn connection<A, F>(
    stream: TcpStream,
    peer: SocketAddr,
    bounds: Bounds,
    mut stop: watch::Receiver<bool>,
    answer: A,
) -> bool
where
    A: Fn(SocketAddr, Request) -> F + Unpin,
    F: Future<Output = Response> + Send + 'static,
{
    // Answers are small, and nothing follows that could be waited for.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answered = answer(peer, request.map(Body::new));
        Box::pin(async move { Ok::<_, Infallible>(answered.await) })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_timeout)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut end = pin!(async {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = sleep(LIFE) => {}
        }
    });
    // An error is a sender that left, or was too slow with a head: both have ended it.
    let has_ended = tokio::select! {
        _ = poll_fn(|context| connection.poll_without_shutdown(context)) => true,
        () = &mut end => false,
    };
    if !has_ended {
        Pin::new(&mut connection).graceful_shutdown();
        let rest = poll_fn(|context| connection.poll_without_shutdown(context));
        if timeout(bounds.grace, rest).await.is_err() {
            return false;
        }
    }
    linger(connection.into_parts().io.into_inner()).await;
    true
}

/// Says that nothing more is sent, and waits for the other side to say so too.
async fn linger(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut bytes = [0; 4096];
    let mut left = LINGER_BYTES;
    let read = async {
        while let Ok(count @ 1..) = stream.read(&mut bytes).await
            && left > 0
        {
            left = left.saturating_sub(count);
        }
    };
    let _late = timeout(LINGER, read).await;
}
