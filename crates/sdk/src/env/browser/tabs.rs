//! What tabs of one origin tell each other, and what wakes this one.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, Event, EventTarget, MessageEvent};

use super::window;
use crate::env::{Ear, Told};

/// Also what this origin's tabs listen to, so its name carries the version of what is said.
const CHANNEL: &str = "loop.session.v2";

/// The other tabs. Clones share the channel.
#[derive(Clone, Default)]
pub(super) struct Tabs(Rc<Inner>);

#[derive(Default)]
struct Inner {
    /// `None` inside where the browser has no such channel.
    channel: OnceCell<Option<BroadcastChannel>>,
    ears: RefCell<Vec<Ear>>,
}

impl Tabs {
    pub(super) fn tell(&self, message: &str) {
        if let Some(channel) = self.channel() {
            let _ = channel.post_message(&message.into());
        }
    }

    pub(super) fn listen(&self, ear: Ear) {
        let is_first = self.0.ears.borrow().is_empty();
        self.0.ears.borrow_mut().push(ear);
        if is_first {
            self.attend();
        }
    }

    fn channel(&self) -> Option<&BroadcastChannel> {
        self.0
            .channel
            // Where there is none the constructor is missing, and the call throws.
            .get_or_init(|| BroadcastChannel::new(CHANNEL).ok())
            .as_ref()
    }

    /// For the life of the page: nobody takes these away.
    fn attend(&self) {
        if let Some(channel) = self.channel() {
            self.on(channel, "message", |event| {
                let event: &MessageEvent = event.unchecked_ref();
                event.data().as_string().map(Told::Message)
            });
        }
        if let Some(window) = window() {
            // Another tab wrote to the shared store; it also reaches tabs where there is no channel.
            self.on(&window, "storage", |_| Some(Told::LookAgain));
            self.on(&window, "pageshow", |_| Some(Told::LookAgain));
            if let Some(document) = window.document() {
                self.on(&document, "resume", |_| Some(Told::LookAgain));
                self.on(&document, "visibilitychange", |_| Some(Told::LookAgain));
            }
        }
    }

    fn on(&self, target: &EventTarget, event: &str, told: fn(&Event) -> Option<Told>) {
        let inner = Rc::clone(&self.0);
        let callback = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(told) = told(&event) {
                // Taken out first: an ear may add another one.
                let ears = inner.ears.borrow().clone();
                for ear in ears {
                    ear(told.clone());
                }
            }
        });
        let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
        callback.forget();
    }
}
