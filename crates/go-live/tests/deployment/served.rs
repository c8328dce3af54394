//! A world on real sockets, plain or over TLS: enough of HTTP/1.1 for one request a connection.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use loop_go_live::door::Ask;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::world::{Tamper, World};

/// Serves a world on four free ports of this computer.
pub fn served(tamper: Tamper) -> World {
    start(tamper, None)
}

/// The same, with the app over TLS.
pub fn served_with_tls(tamper: Tamper, tls: ServerConfig) -> World {
    start(tamper, Some(Arc::new(tls)))
}

fn start(tamper: Tamper, tls: Option<Arc<ServerConfig>>) -> World {
    let ports: [TcpListener; 4] =
        std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    let at = |index: usize, scheme: &str| {
        format!(
            "{scheme}://localhost:{}",
            ports[index].local_addr().unwrap().port()
        )
    };
    let world = World {
        app: at(0, if tls.is_some() { "https" } else { "http" }),
        plain: None,
        identity: at(1, "http"),
        clinical: at(2, "http"),
        webhook: at(3, "http"),
        tamper,
    };
    let origins = [&world.app, &world.identity, &world.clinical, &world.webhook].map(Clone::clone);
    for (index, (port, origin)) in ports.into_iter().zip(origins).enumerate() {
        let world = world.clone();
        let tls = tls.clone().filter(|_| index == 0);
        thread::spawn(move || {
            for stream in port.incoming().flatten() {
                let (world, origin, tls) = (world.clone(), origin.clone(), tls.clone());
                thread::spawn(move || connection(&world, &origin, stream, tls));
            }
        });
    }
    world
}

fn connection(world: &World, origin: &str, stream: TcpStream, tls: Option<Arc<ServerConfig>>) {
    // A caller that leaves in the middle is no matter of the server.
    let _ended = match tls {
        None => answer(world, origin, stream),
        Some(tls) => {
            let connection = ServerConnection::new(tls).unwrap();
            answer(world, origin, StreamOwned::new(connection, stream))
        }
    };
}

fn answer(world: &World, origin: &str, stream: impl Read + Write) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let mut words = line.split_ascii_whitespace();
    let method = match words.next() {
        Some("GET") => "GET",
        Some("POST") => "POST",
        Some("OPTIONS") => "OPTIONS",
        _ => return Ok(()),
    };
    let mut ask = Ask::get(format!("{origin}{}", words.next().unwrap_or_default()));
    ask.method = method;
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        let name = name.to_ascii_lowercase();
        if name == "content-length" {
            length = value.parse().unwrap();
        }
        // Names outlive the request: this is a test, and there are a handful.
        ask.headers.push((String::leak(name), value.to_owned()));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    ask.body = Some(body);
    let answer = world.answer(&ask);
    let stream = stream.get_mut();
    let mut head = format!(
        "HTTP/1.1 {} told\r\nconnection: close\r\ncontent-length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&answer.body)?;
    stream.flush()
}
