//! What tabs of one origin tell each other, and what wakes this one.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Function;
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
    /// `None` where the browser has no such channel, and while this page is hidden: a browser that keeps pages for Back
    /// throws away one that a message comes for.
    channel: RefCell<Option<BroadcastChannel>>,
    /// Hears the messages, of one channel after the other.
    on_message: OnceCell<Function>,
    ears: RefCell<Vec<Ear>>,
}

impl Tabs {
    /// Says something to the others, once this tab listens to them.
    pub(super) fn tell(&self, message: &str) {
        if let Some(channel) = &*self.0.channel.borrow() {
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

    fn open(&self) {
        if self.0.channel.borrow().is_some() {
            return;
        }
        // Where there is none the constructor is missing, and the call throws.
        let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
            return;
        };
        let on_message = self.0.on_message.get_or_init(|| {
            self.callback(|_, event| {
                let event: &MessageEvent = event.unchecked_ref();
                event.data().as_string().map(Told::Message)
            })
        });
        channel.set_onmessage(Some(on_message));
        self.0.channel.replace(Some(channel));
    }

    fn close(&self) {
        if let Some(channel) = self.0.channel.take() {
            channel.close();
        }
    }

    /// For the life of the page: nobody takes these away.
    fn attend(&self) {
        self.open();
        if let Some(window) = window() {
            // Another tab wrote to the shared store; it also reaches tabs where there is no channel.
            self.on(&window, "storage", |_, _| Some(Told::LookAgain));
            self.on(&window, "pagehide", |tabs, _| {
                tabs.close();
                None
            });
            self.on(&window, "pageshow", |tabs, _| {
                // First: whoever looks again may ask the others.
                tabs.open();
                Some(Told::LookAgain)
            });
            if let Some(document) = window.document() {
                self.on(&document, "resume", |_, _| Some(Told::LookAgain));
                self.on(&document, "visibilitychange", |_, _| Some(Told::LookAgain));
            }
        }
    }

    fn on(&self, target: &EventTarget, event: &str, told: fn(&Self, &Event) -> Option<Told>) {
        let _ = target.add_event_listener_with_callback(event, &self.callback(told));
    }

    /// What is told goes to every ear.
    fn callback(&self, told: fn(&Self, &Event) -> Option<Told>) -> Function {
        let tabs = self.clone();
        let callback = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(told) = told(&tabs, &event) {
                // Taken out first: an ear may add another one.
                let ears = tabs.0.ears.borrow().clone();
                for ear in ears {
                    ear(told.clone());
                }
            }
        });
        callback.into_js_value().unchecked_into()
    }
}
