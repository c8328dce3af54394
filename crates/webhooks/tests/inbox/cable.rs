//! A cable between a receiver and PostgreSQL, which a test pulls and plugs.

use std::io::{Read, Write, copy};
use std::net::TcpStream;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use postgres::config::Host;

use crate::support::Folder;

/// A socket that leads to the server while it is plugged.
pub struct Cable {
    folder: Folder,
    is_plugged: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<UnixStream>>>,
}

impl Cable {
    /// To the server of this address.
    pub fn to(address: &str) -> Self {
        let config: postgres::Config = address.parse().unwrap();
        let host = config.get_hosts()[0].clone();
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let cable = Self {
            folder: Folder::new(),
            is_plugged: Arc::new(AtomicBool::new(true)),
            open: Arc::default(),
        };
        let listener = UnixListener::bind(cable.folder.0.join(".s.PGSQL.5432")).unwrap();
        let (is_plugged, open) = (Arc::clone(&cable.is_plugged), Arc::clone(&cable.open));
        // It ends with the test's process.
        std::thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                let mut open = open.lock().unwrap();
                if is_plugged.load(Ordering::Relaxed) {
                    open.push(near.try_clone().unwrap());
                    match &host {
                        Host::Tcp(name) => {
                            let far = TcpStream::connect((name.as_str(), port)).unwrap();
                            lead(near, far.try_clone().unwrap(), far);
                        }
                        Host::Unix(folder) => {
                            let far = folder.join(format!(".s.PGSQL.{port}"));
                            let far = UnixStream::connect(far).unwrap();
                            lead(near, far.try_clone().unwrap(), far);
                        }
                    }
                }
            }
        });
        cable
    }

    /// What stands for the host in an address.
    pub fn host(&self) -> String {
        self.folder.0.display().to_string()
    }

    /// Every connection breaks, and no other comes about.
    pub fn pull(&self) {
        let mut open = self.open.lock().unwrap();
        self.is_plugged.store(false, Ordering::Relaxed);
        for stream in open.drain(..) {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
    }

    pub fn plug(&self) {
        self.is_plugged.store(true, Ordering::Relaxed);
    }
}

/// Both ways, until one side ends.
fn lead(
    near: UnixStream,
    mut from_far: impl Read + Send + 'static,
    mut to_far: impl Write + Send + 'static,
) {
    let (mut from_near, mut to_near) = (near.try_clone().unwrap(), near);
    std::thread::spawn(move || {
        let _ = copy(&mut from_far, &mut to_near);
        let _ = to_near.shutdown(std::net::Shutdown::Both);
    });
    std::thread::spawn(move || {
        let _ = copy(&mut from_near, &mut to_far);
        // The server hears that nobody is there any more when its last end is dropped, which the other thread has.
        let _ = from_near.shutdown(std::net::Shutdown::Both);
    });
}
