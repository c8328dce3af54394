//! A deterministic environment: one device with tabs, a clock that moves when told, randomness from a seed, and a closure
//! that plays the network. Everything that happened is on record.
//!
//! A [`Sim`] is one page in one tab. Nothing runs by itself: [`Sim::turn`] moves everything one step, and
//! [`Sim::block_on`] turns until a future is done, letting time pass when there is nothing else to do.

mod env;
mod world;

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use loop_contracts::time::Timestamp;

use super::{HttpFailure, HttpRequest, HttpResponse, Told};
pub use env::Ticket;
pub use world::{Dice, Fate, Store, Weather, World};
use world::{Flight, Page, Task};

type Network = Box<dyn FnMut(&HttpRequest) -> Result<HttpResponse, HttpFailure>>;

/// One page in one tab. Clones are the same page.
#[derive(Clone)]
pub struct Sim {
    world: Rc<RefCell<World>>,
    network: Rc<RefCell<Network>>,
    tasks: Rc<RefCell<Vec<Task>>>,
    tab: usize,
    page: usize,
}

impl Sim {
    /// A device with one tab and one page in it, in a world in which `network` answers.
    pub fn new(
        network: impl FnMut(&HttpRequest) -> Result<HttpResponse, HttpFailure> + 'static,
    ) -> Self {
        Self {
            world: Rc::new(RefCell::new(World::new())),
            network: Rc::new(RefCell::new(Box::new(network))),
            tasks: Rc::default(),
            tab: 0,
            page: 0,
        }
    }

    /// Looks at the world, or changes it.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.borrow_mut())
    }

    /// Looks at this tab's session store, or changes it.
    pub fn storage<T>(&self, look: impl FnOnce(&mut Store) -> T) -> T {
        look(&mut self.world.borrow_mut().tabs[self.tab])
    }

    /// A page in a new tab, with an empty session store.
    #[must_use]
    pub fn open(&self) -> Self {
        self.tab_with(Store::new())
    }

    /// A page in a new tab whose session store is a copy of this one's, as browsers duplicate a tab.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let copy = self.storage(|store| store.clone());
        self.tab_with(copy)
    }

    fn tab_with(&self, store: Store) -> Self {
        let tab = self.world(|world| {
            world.tabs.push(store);
            world.tabs.len() - 1
        });
        Self {
            tab,
            page: self.new_page(),
            ..self.clone()
        }
    }

    /// The next page in this tab. The one before is gone, with everything it was doing.
    #[must_use]
    pub fn reload(&self) -> Self {
        self.close();
        Self {
            page: self.new_page(),
            ..self.clone()
        }
    }

    fn new_page(&self) -> usize {
        self.world(|world| {
            world.pages.push(Page::new());
            world.pages.len() - 1
        })
    }

    /// Closes this page at once, whatever it is doing. What it has sent is on its way.
    pub fn close(&self) {
        self.world(|world| {
            world.pages[self.page] = Page::new();
            world.pages[self.page].open = false;
        });
        let mut tasks = self.tasks.borrow_mut();
        let gone: Vec<_> = tasks
            .iter_mut()
            .filter(|task| task.page == self.page)
            .map(|task| task.future.take())
            .collect();
        tasks.retain(|task| task.page != self.page);
        drop(tasks);
        // Outside of both borrows: what is dropped gives up its place in queues.
        drop(gone);
    }

    /// Whether the page is there.
    pub fn is_open(&self) -> bool {
        self.world.borrow().pages[self.page].open
    }

    /// Whether the page is there and runs.
    pub fn is_awake(&self) -> bool {
        let world = self.world.borrow();
        world.pages[self.page].open && !world.pages[self.page].frozen
    }

    /// Stops this page, as a browser does with a page it wants to save power for.
    pub fn freeze(&self) {
        self.world(|world| world.pages[self.page].frozen = true);
    }

    /// Lets this page go on. The first thing it hears of is that it was away.
    pub fn thaw(&self) {
        self.world(|world| {
            let now = world.now;
            let page = &mut world.pages[self.page];
            page.frozen = false;
            page.inbox.push_front((now, Told::LookAgain));
        });
    }

    /// Every request that is on its way gets lost, and so do the answers.
    pub fn lose_what_is_on_its_way(&self) {
        self.world(|world| {
            for flight in world.flights.values_mut() {
                match &mut flight.answer {
                    Some((_, answer)) => *answer = Err(HttpFailure::Network),
                    None if flight.weather.fate == Fate::Answered => {
                        flight.weather.fate = Fate::AnswerLost;
                    }
                    None => {}
                }
            }
        });
    }

    /// How many requests whose body has this text are on their way, of pages that are there and awake.
    pub fn on_their_way(&self, text: &str) -> usize {
        let world = self.world.borrow();
        let is_on_its_way = |flight: &&Flight| {
            let page = &world.pages[flight.page];
            let body = flight.request.body.as_deref().unwrap_or_default();
            page.open && !page.frozen && body.contains(text) && !flight.is_back(world.now)
        };
        world.flights.values().filter(is_on_its_way).count()
    }

    /// Whether any page has a lock, or waits for one.
    pub fn is_locked(&self) -> bool {
        let world = self.world.borrow();
        world.queues.values().any(|queue| !queue.is_empty())
    }

    /// Whether a request of this page is on its way.
    pub fn is_sending(&self) -> bool {
        let world = self.world.borrow();
        let mut flights = world.flights.values();
        flights.any(|flight| flight.page == self.page && !flight.is_back(world.now))
    }

    /// Moves everything one step: requests arrive, messages are heard, and every task of every page that is awake goes on.
    /// Whether anything happened.
    pub fn turn(&self) -> bool {
        self.world.borrow_mut().moved = false;
        self.land_unheard();
        self.arrive();
        self.hear();
        let mut at = 0;
        loop {
            let mut tasks = self.tasks.borrow_mut();
            let Some(task) = tasks.get_mut(at) else {
                break;
            };
            let page = task.page;
            let is_awake = {
                let world = self.world.borrow();
                world.pages[page].open && !world.pages[page].frozen
            };
            let future = is_awake.then(|| task.future.take()).flatten();
            drop(tasks);
            if let Some(mut future) = future {
                let mut context = Context::from_waker(Waker::noop());
                let is_done = future.as_mut().poll(&mut context).is_ready();
                let mut tasks = self.tasks.borrow_mut();
                // A page that was closed by what it did itself has no tasks any more.
                let still_there = tasks
                    .get_mut(at)
                    .filter(|task| task.page == page && task.future.is_none());
                match still_there {
                    Some(_) if is_done => {
                        tasks.remove(at);
                        at = at.wrapping_sub(1);
                    }
                    Some(task) => task.future = Some(future),
                    None => {}
                }
            }
            at = at.wrapping_add(1);
        }
        self.world.borrow().moved
    }

    /// Drops what comes back to a page that is gone.
    fn land_unheard(&self) {
        self.world(|world| {
            let (now, pages) = (world.now, &world.pages);
            let mut lost = 0;
            world.flights.retain(|_, flight| {
                let is_back = flight.answer.as_ref().is_some_and(|(back, _)| *back <= now);
                let is_unheard = is_back && !pages[flight.page].open;
                lost += usize::from(is_unheard && flight.is_refresh());
                !is_unheard
            });
            world.lost_refreshes += lost;
        });
    }

    /// Lets the server see what has arrived.
    fn arrive(&self) {
        loop {
            let due = self.world(|world| {
                let now = world.now;
                let is_due = |flight: &Flight| flight.answer.is_none() && flight.arrives <= now;
                let due = world.flights.iter().filter(|(_, flight)| is_due(flight));
                let (at, flight) = due.min_by_key(|(_, flight)| flight.arrives)?;
                Some((*at, flight.request.clone(), flight.weather))
            });
            let Some((at, request, weather)) = due else {
                return;
            };
            let answer = match weather.fate {
                Fate::Lost => Err(HttpFailure::Network),
                Fate::Answered | Fate::AnswerLost => (self.network.borrow_mut())(&request),
            };
            let answer = match weather.fate {
                Fate::AnswerLost => Err(HttpFailure::Network),
                _ => answer,
            };
            self.world(|world| {
                let back = world.now.plus(i64::from(weather.back));
                if let Some(flight) = world.flights.get_mut(&at) {
                    flight.answer = Some((back, answer));
                }
                world.moved = true;
            });
        }
    }

    /// Lets every page that is awake hear what it was told.
    fn hear(&self) {
        let pages = self.world.borrow().pages.len();
        for page in 0..pages {
            loop {
                let heard = self.world(|world| {
                    let now = world.now;
                    let page = &mut world.pages[page];
                    let is_due = page.open
                        && !page.frozen
                        && page.inbox.front().is_some_and(|(at, _)| *at <= now);
                    let (_, told) = is_due.then(|| page.inbox.pop_front()).flatten()?;
                    let ears = page.ears.clone();
                    world.moved = true;
                    Some((told, ears))
                });
                let Some((told, ears)) = heard else {
                    break;
                };
                for ear in ears {
                    ear(told.clone());
                }
            }
        }
    }

    /// Lets time pass until the next thing that is due. `false` when nothing is.
    pub fn wait(&self) -> bool {
        let due = self.next_due();
        if let Some(due) = due {
            self.world(|world| world.now = due);
        }
        due.is_some()
    }

    /// Lets time pass until the next thing that is due, but not beyond `end`. `false` when it is `end` now.
    pub fn wait_until(&self, end: Timestamp) -> bool {
        let due = self.next_due().filter(|due| *due < end);
        self.world(|world| world.now = due.unwrap_or(end).max(world.now));
        due.is_some()
    }

    /// When the next thing is due.
    fn next_due(&self) -> Option<Timestamp> {
        self.world(|world| {
            let now = world.now;
            let flights = world.flights.values().map(|flight| match &flight.answer {
                Some((back, _)) => *back,
                None => flight.arrives,
            });
            let messages = world
                .pages
                .iter()
                .filter(|page| page.open && !page.frozen)
                .filter_map(|page| page.inbox.front().map(|(at, _)| *at));
            let timers = world.timers.iter().copied();
            let next = timers
                .chain(flights)
                .chain(messages)
                .filter(|at| *at > now)
                .min();
            world.timers.retain(|at| *at > now);
            next
        })
    }

    /// Runs futures side by side until all are done, in the order given.
    ///
    /// # Panics
    /// When they wait for something that never happens.
    pub fn run<T>(&self, futures: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
        let mut running: Vec<_> = futures
            .into_iter()
            .map(|future| (Box::pin(future), None))
            .collect();
        let mut context = Context::from_waker(Waker::noop());
        loop {
            let moved = self.turn();
            let mut left = false;
            for (future, done) in running.iter_mut().filter(|(_, done)| done.is_none()) {
                match future.as_mut().poll(&mut context) {
                    Poll::Ready(value) => *done = Some(value),
                    Poll::Pending => left = true,
                }
            }
            if !left {
                return running.into_iter().filter_map(|(_, done)| done).collect();
            }
            let moved = moved || self.world.borrow().moved;
            let goes_on = moved || self.wait();
            assert!(goes_on, "everybody waits for something that never happens");
        }
    }

    /// Runs one future.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let future = pin!(future);
        self.run([future]).remove(0)
    }

    /// Turns until nothing is left to do at this moment.
    pub fn settle(&self) {
        while self.turn() {}
    }
}
