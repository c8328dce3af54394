//! What one page sees of the simulated device.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;
use sha2::{Digest, Sha256, Sha512};

use super::{Flight, Sim, Task, World};
use crate::env::{
    Ear, Env, EnvError, Hash, HttpFailure, HttpRequest, HttpResponse, NoLock, NoSharedStore,
    NoSignature, Safeguard, SignatureAlgorithm, Told,
};
use crate::protocol::dpop::PublicKey;

/// A place in the queue of a lock. The first one holds it.
pub struct Ticket {
    world: Rc<RefCell<World>>,
    queue: &'static str,
    number: usize,
}

impl Ticket {
    fn is_first(&self) -> bool {
        let world = self.world.borrow();
        let queue = world.queues.get(self.queue);
        queue.and_then(|queue| queue.front()) == Some(&self.number)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut world = self.world.borrow_mut();
        let number = self.number;
        if let Some(queue) = world.queues.get_mut(self.queue) {
            queue.retain(|waiting| *waiting != number);
        }
        world.moved = true;
    }
}

impl World {
    /// What has become of a request, once that is known.
    fn land(&mut self, number: usize, over: Timestamp) -> Poll<Result<HttpResponse, HttpFailure>> {
        let now = self.now;
        let Some(flight) = self.flights.get(&number) else {
            return Poll::Ready(Err(HttpFailure::Network));
        };
        let (is_refresh, url) = (flight.is_refresh(), flight.request.url.clone());
        let answer = match &flight.answer {
            Some((back, answer)) if *back <= now => answer.clone(),
            _ if over <= now => Err(HttpFailure::Timeout),
            _ => return Poll::Pending,
        };
        if !matches!(answer, Err(HttpFailure::Timeout)) {
            self.flights.remove(&number);
        }
        if answer.as_ref().is_ok_and(|answer| answer.status == 429) {
            self.limited.push((now, url));
        }
        self.lost_refreshes += usize::from(is_refresh && answer.is_err());
        self.moved = true;
        Poll::Ready(answer)
    }
}

impl Sim {
    /// Waits for a moment of the true time.
    async fn until(&self, at: Timestamp) {
        self.world(|world| world.timers.push(at));
        poll_fn(|_| {
            if self.world.borrow().now >= at {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.world(|world| world.moved = true);
    }

    /// Keys are elsewhere, and what is done with one is not done at once.
    async fn takes_its_time(&self) {
        let most = self.world.borrow().key_time;
        if most > 0 {
            let long = self.world(|world| world.dice.below(most + 1));
            Env::sleep(self, long).await;
        }
    }

    /// Everybody but this page hears it.
    fn spread(&self, told: &Told) {
        self.world(|world| {
            for page in 0..world.pages.len() {
                if page == self.page || !world.pages[page].open {
                    continue;
                }
                let delay = world.dice.clone().below(world.message_delay + 1);
                if world.message_delay > 0 {
                    world.dice.bits();
                }
                let inbox = &world.pages[page].inbox;
                // Messages do not overtake each other.
                let last = inbox.back().map_or(world.now, |(at, _)| *at);
                let at = world.now.plus(i64::from(delay)).max(last);
                world.pages[page].inbox.push_back((at, told.clone()));
            }
            world.moved = true;
        });
    }
}

impl Env for Sim {
    type Guard = Ticket;

    fn now(&self) -> Timestamp {
        let world = self.world.borrow();
        world.now.plus(world.clock_error)
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), EnvError> {
        self.world(|world| {
            if !world.crypto {
                return Err(EnvError::NoCrypto);
            }
            for byte in buffer {
                *byte = world.dice.bits().to_le_bytes()[0];
            }
            Ok(())
        })
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        if !self.world.borrow().online {
            return Err(HttpFailure::Offline);
        }
        let (flight, over) = self.world(|world| {
            world.sent.push(request.clone());
            let weather = (world.forecast)(&request, &mut world.dice);
            let over = world.now.plus(i64::from(request.timeout));
            world.flown += 1;
            let number = world.flown;
            let flight = Flight {
                page: self.page,
                over,
                arrives: world.now.plus(i64::from(weather.there)),
                request,
                weather,
                answer: None,
            };
            world.flights.insert(number, flight);
            world.moved = true;
            world.timers.push(over);
            (number, over)
        });
        poll_fn(|_| self.world(|world| world.land(flight, over))).await
    }

    async fn digest(&self, hash: Hash, bytes: &[u8]) -> Result<Vec<u8>, EnvError> {
        Ok(match hash {
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
            Hash::Sha512 => Sha512::digest(bytes).to_vec(),
        })
    }

    async fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        key: &Jwk,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<bool, EnvError> {
        let verifier = self.world.borrow().verifier;
        Ok(verifier(algorithm, key, signed, signature))
    }

    async fn make_key(&self) -> Option<PublicKey> {
        self.takes_its_time().await;
        self.world(|world| {
            let key = (world.key_maker)(&mut world.dice).filter(|_| world.key_store)?;
            world.keys.push(key.clone());
            Some(key)
        })
    }

    async fn sign(&self, key: &PublicKey, text: &str) -> Result<Vec<u8>, NoSignature> {
        self.takes_its_time().await;
        self.world(|world| {
            if !world.key_store {
                return Err(NoSignature::Failed);
            }
            if !world.keys.contains(key) {
                return Err(NoSignature::NoKey);
            }
            Ok((world.signer)(key, text))
        })
    }

    fn forget_keys(&self, which: Option<&str>) {
        // A page that is gone does nothing any more, whatever is dropped with it.
        if !self.is_open() {
            return;
        }
        self.world(|world| {
            let stays = |key: &PublicKey| which.is_some_and(|which| which != key.thumbprint());
            world.keys.retain(stays);
        });
    }

    fn load(&self, key: &str) -> Option<String> {
        self.storage(|store| store.get(key).cloned())
    }

    fn store(&self, key: &str, value: &str) {
        self.storage(|store| store.insert(key.to_owned(), value.to_owned()));
    }

    fn remove(&self, key: &str) {
        self.storage(|store| store.remove(key));
    }

    fn keys(&self) -> Vec<String> {
        self.storage(|store| store.keys().cloned().collect())
    }

    fn shared_load(&self, key: &str) -> Result<Option<String>, NoSharedStore> {
        let world = self.world.borrow();
        if world.shared_store {
            Ok(world.shared.get(key).cloned())
        } else {
            Err(NoSharedStore)
        }
    }

    fn shared_store(&self, key: &str, value: &str) -> Result<(), NoSharedStore> {
        if !self.world.borrow().shared_store {
            return Err(NoSharedStore);
        }
        self.world(|world| world.shared.insert(key.to_owned(), value.to_owned()));
        self.spread(&Told::LookAgain);
        Ok(())
    }

    fn shared_remove(&self, key: &str) {
        let was_there = self.world(|world| world.shared.remove(key).is_some());
        if was_there {
            self.spread(&Told::LookAgain);
        }
    }

    fn tell(&self, message: &str) {
        if self.world.borrow().channel {
            self.spread(&Told::Message(message.to_owned()));
        }
    }

    fn listen(&self, ear: Ear) {
        self.world(|world| world.pages[self.page].ears.push(ear));
    }

    async fn lock(&self, name: &'static str) -> Result<Ticket, NoLock> {
        if !self.world.borrow().locks {
            return Err(NoLock::Missing);
        }
        let number = self.world(|world| {
            world.tickets += 1;
            let number = world.tickets;
            world.queues.entry(name).or_default().push_back(number);
            number
        });
        let ticket = Ticket {
            world: Rc::clone(&self.world),
            queue: name,
            number,
        };
        poll_fn(|_| {
            if ticket.is_first() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.world(|world| world.moved = true);
        Ok(ticket)
    }

    fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        if self.is_open() {
            self.tasks.borrow_mut().push(Task {
                page: self.page,
                future: Some(Box::pin(future)),
            });
            self.world(|world| world.moved = true);
        }
    }

    async fn sleep(&self, milliseconds: u32) {
        let at = self.world.borrow().now.plus(i64::from(milliseconds));
        self.until(at).await;
    }

    fn navigate(&self, url: &str) {
        self.world(|world| world.navigated.push(url.to_owned()));
    }

    fn replace_url(&self, path: &str) {
        self.world(|world| world.replaced.push(path.to_owned()));
    }

    fn online(&self) -> bool {
        self.world.borrow().online
    }

    fn is_off(&self, safeguard: Safeguard) -> bool {
        self.world.borrow().off == Some(safeguard)
    }
}
