//! A deterministic environment for tests: the clock moves when told, randomness comes from a seed, and a closure plays
//! the network. Everything that happened is on record.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use loop_contracts::oauth::Jwk;
use loop_contracts::time::Timestamp;

use super::{Env, EnvError, HttpFailure, HttpRequest, HttpResponse, SignatureAlgorithm};

type Network = Box<dyn FnMut(&HttpRequest) -> Result<HttpResponse, HttpFailure>>;
type Verifier = fn(SignatureAlgorithm, &Jwk, &[u8], &[u8]) -> bool;

/// The environment. Clones share everything.
#[derive(Clone)]
pub struct Sim {
    world: Rc<RefCell<World>>,
    network: Rc<RefCell<Network>>,
}

/// What a test may look at and change.
pub struct World {
    /// The device's clock.
    pub now: Timestamp,
    /// The tab's session store.
    pub storage: BTreeMap<String, String>,
    /// Every request that was sent.
    pub sent: Vec<HttpRequest>,
    /// Every page that was navigated to.
    pub navigated: Vec<String>,
    /// Every path that the address bar was set to.
    pub replaced: Vec<String>,
    /// Whether the browser says it has a network.
    pub online: bool,
    /// Whether there is a random source.
    pub crypto: bool,
    /// How signatures are checked.
    pub verifier: Verifier,
    seed: u64,
    locked: bool,
    waiting: VecDeque<Waker>,
}

impl Sim {
    /// A world in which `network` answers.
    pub fn new(
        network: impl FnMut(&HttpRequest) -> Result<HttpResponse, HttpFailure> + 'static,
    ) -> Self {
        let world = World {
            now: Timestamp(1_772_526_600_000),
            storage: BTreeMap::new(),
            sent: vec![],
            navigated: vec![],
            replaced: vec![],
            online: true,
            crypto: true,
            verifier: |_, _, _, _| true,
            seed: 1,
            locked: false,
            waiting: VecDeque::new(),
        };
        Self {
            world: Rc::new(RefCell::new(world)),
            network: Rc::new(RefCell::new(Box::new(network))),
        }
    }

    /// Looks at the world, or changes it.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.borrow_mut())
    }

    /// Runs futures side by side until all are done, in the order given.
    pub fn run<T>(&self, futures: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
        let mut running: Vec<_> = futures
            .into_iter()
            .map(|future| (Box::pin(future), None))
            .collect();
        let mut context = Context::from_waker(Waker::noop());
        while running.iter().any(|(_, done)| done.is_none()) {
            for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
                if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                    *done = Some(value);
                }
            }
        }
        running.into_iter().filter_map(|(_, done)| done).collect()
    }

    /// Runs one future.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
    }
}

/// Lets others go first, once.
async fn step() {
    let mut stepped = false;
    poll_fn(|_| {
        if std::mem::replace(&mut stepped, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// A lock that is held.
pub struct Guard(Rc<RefCell<World>>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut world = self.0.borrow_mut();
        world.locked = false;
        if let Some(next) = world.waiting.pop_front() {
            next.wake();
        }
    }
}

impl Env for Sim {
    type Guard = Guard;

    fn now(&self) -> Timestamp {
        self.world.borrow().now
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), EnvError> {
        let mut world = self.world.borrow_mut();
        if !world.crypto {
            return Err(EnvError::NoCrypto);
        }
        for byte in buffer {
            // SplitMix64: a test needs variety, not secrecy.
            world.seed = world.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = world.seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (z >> 56).to_le_bytes()[0];
        }
        Ok(())
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.world.borrow_mut().sent.push(request.clone());
        step().await;
        let answer = if self.online() {
            (self.network.borrow_mut())(&request)
        } else {
            Err(HttpFailure::Offline)
        };
        step().await;
        answer
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

    fn load(&self, key: &str) -> Option<String> {
        self.world.borrow().storage.get(key).cloned()
    }

    fn store(&self, key: &str, value: &str) {
        self.world
            .borrow_mut()
            .storage
            .insert(key.to_owned(), value.to_owned());
    }

    fn remove(&self, key: &str) {
        self.world.borrow_mut().storage.remove(key);
    }

    fn keys(&self) -> Vec<String> {
        self.world.borrow().storage.keys().cloned().collect()
    }

    async fn lock(&self, _name: &'static str) -> Guard {
        poll_fn(|context| {
            let mut world = self.world.borrow_mut();
            if world.locked {
                world.waiting.push_back(context.waker().clone());
                return Poll::Pending;
            }
            world.locked = true;
            Poll::Ready(())
        })
        .await;
        Guard(Rc::clone(&self.world))
    }

    async fn sleep(&self, milliseconds: u32) {
        let now = self.world.borrow().now;
        self.world.borrow_mut().now = now.plus(i64::from(milliseconds));
        step().await;
    }

    fn navigate(&self, url: &str) {
        self.world.borrow_mut().navigated.push(url.to_owned());
    }

    fn replace_url(&self, path: &str) {
        self.world.borrow_mut().replaced.push(path.to_owned());
    }

    fn online(&self) -> bool {
        self.world.borrow().online
    }
}
