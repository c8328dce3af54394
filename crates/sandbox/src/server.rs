//! Listening: one port a service on both loopback addresses, and one task a connection.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::endpoint::Service;
use crate::gate::{self, Peer};
use crate::options::StartError;
use crate::world::World;

/// How often another free port is tried when the one that `127.0.0.1` gave is taken on `::1`.
const FREE_PORT_TRIES: u32 = 20;

/// A port that is ours: browsers resolve `localhost` to either address.
#[derive(Debug)]
pub(crate) struct Port {
    v4: TcpListener,
    /// Missing on a machine without IPv6.
    v6: Option<TcpListener>,
    number: u16,
}

impl Port {
    /// Takes a port, or any free one for 0.
    pub(crate) async fn take(
        service: &'static str,
        port: u16,
        flag: &'static str,
    ) -> Result<Self, StartError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::bind(port).await {
                Ok(bound) => return Ok(bound),
                Err(error)
                    if error.kind() == ErrorKind::AddrInUse
                        && port == 0
                        && tries < FREE_PORT_TRIES => {}
                Err(error) if error.kind() == ErrorKind::AddrInUse => {
                    return Err(StartError::PortBusy {
                        service,
                        port,
                        flag,
                    });
                }
                Err(error) => {
                    return Err(StartError::PortRefused {
                        service,
                        port,
                        flag,
                        reason: error.kind(),
                    });
                }
            }
        }
    }

    async fn bind(port: u16) -> std::io::Result<Self> {
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let number = v4.local_addr()?.port();
        let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, number)).await {
            Ok(listener) => Some(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
            Err(_) => None,
        };
        Ok(Self { v4, v6, number })
    }

    /// The origin as browsers write it.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.number)
    }

    /// Answers until the future is dropped; all connections end with it.
    pub(crate) async fn serve(self, world: Arc<World>, service: Service, router: Router) {
        let mut connections = JoinSet::new();
        loop {
            let accepted = match &self.v6 {
                Some(v6) => tokio::select! {
                    accepted = self.v4.accept() => accepted,
                    accepted = v6.accept() => accepted,
                },
                None => self.v4.accept().await,
            };
            match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(
                        stream,
                        peer,
                        Arc::clone(&world),
                        service,
                        router.clone(),
                    ));
                }
                // Out of file descriptors, for instance: give the others a moment to end.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
            }
            while connections.try_join_next().is_some() {}
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    world: Arc<World>,
    service: Service,
    router: Router,
) {
    let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        gate::pass(Arc::clone(&world), service, router.clone(), request)
    });
    // An error here is a caller that left, or a fault that dropped the connection: both are as they should be.
    let _ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}
