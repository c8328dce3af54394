//! Deliveries over HTTP/1.1, as a sender that signs. Plain sockets: what is measured is the receiver.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use loop_webhooks::Secret;

use crate::Failure;

/// What all trials sign with.
pub(crate) const SECRET: &str = "whsec_of_the_webhook_trials_0123456789";
/// For which app.
pub(crate) const CLIENT: &str = "client_of_the_trials";
/// Where deliveries go.
pub(crate) const PATH: &str = "/webhooks/loop";
/// Nobody is waited for longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One delivery, signed: the bytes of its request.
pub(crate) struct Letter(Vec<u8>);

impl Letter {
    /// The `number`th event of a user, with a body of about so many bytes.
    pub(crate) fn new(secret: &Secret, user: usize, number: u64, bytes: usize) -> Self {
        let id = id(user, number);
        let start = format!(
            r#"{{"id":"{id}","type":"protocol.started","user_id":"usr_{user}","client_id":"{CLIENT}","occurred_at":"2100-01-01T00:00:00Z","data":{{"note":""#
        );
        let filler = "x".repeat(bytes.saturating_sub(start.len() + 3));
        let body = format!("{start}{filler}\"}}}}");
        let signature = secret.sign(body.as_bytes());
        let length = body.len();
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nX-Loop-Event-Id: {id}\r\nX-Loop-Event-Type: protocol.started\r\nX-Loop-Signature: {signature}\r\nX-Loop-Delivery-Attempt: 1\r\n\r\n{body}"
        );
        Self(request.into_bytes())
    }
}

/// The secret that all trials sign with.
pub(crate) fn secret() -> Result<Secret, Failure> {
    Ok(Secret::new(SECRET)?)
}

/// The id of a user's event.
pub(crate) fn id(user: usize, number: u64) -> String {
    format!("evt_{user}_{number}")
}

/// User and number of an id.
pub(crate) fn read_id(id: &str) -> Option<(usize, u64)> {
    let (user, number) = id.strip_prefix("evt_")?.split_once('_')?;
    Some((user.parse().ok()?, number.parse().ok()?))
}

/// A connection that stays open.
pub(crate) struct Line {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let stream = None;
        Self { address, stream }
    }

    /// Sends a delivery, and gives the status of the answer.
    pub(crate) fn post(&mut self, letter: &Letter) -> io::Result<u16> {
        self.send(letter)?;
        self.answer()
    }

    /// Sends a delivery, and does not wait.
    pub(crate) fn send(&mut self, letter: &Letter) -> io::Result<()> {
        let done = self
            .stream()
            .and_then(|stream| stream.get_mut().write_all(&letter.0));
        if done.is_err() {
            self.stream = None;
        }
        done
    }

    /// The status of the answer to what was sent.
    pub(crate) fn answer(&mut self) -> io::Result<u16> {
        let answer = self.stream().and_then(read_answer);
        if !matches!(answer, Ok((_, true))) {
            self.stream = None;
        }
        answer.map(|(status, _)| status)
    }

    fn stream(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(BufReader::new(stream));
        }
        self.stream
            .as_mut()
            .ok_or(io::ErrorKind::NotConnected.into())
    }
}

/// Status, and whether the connection stays open.
fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<(u16, bool)> {
    let unreadable = || io::Error::from(io::ErrorKind::InvalidData);
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(unreadable)?;
    let (mut length, mut stays) = (0, true);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().map_err(|_| unreadable())?;
        } else if name.eq_ignore_ascii_case("connection") {
            stays = !value.eq_ignore_ascii_case("close");
        }
    }
    io::copy(&mut stream.by_ref().take(length), &mut io::sink())?;
    Ok((status, stays))
}
