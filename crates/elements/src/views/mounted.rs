//! What is drawn now: a signal with the input for each element, and what holds its part of the page.

use std::cell::RefCell;
use std::sync::Arc;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use web_sys::HtmlElement;

use loop_ui::markup::{Markup, classed};

use super::input::{Input, Kind};
use super::view::{Choices, can_draw, view};

/// What an element has to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Drawn {
    /// Nothing.
    Nothing,
    /// Something.
    Something,
    /// What cannot be read.
    Unreadable,
    /// A biomarker that is not among the results.
    Unknown,
}

/// Dropping it takes it out of the page, with its signals, effects and listeners.
struct Mounted {
    kind: Kind,
    input: ArcRwSignal<Option<Arc<Input>>>,
    _handle: UnmountHandle<<Markup as leptos::tachys::view::Render>::State>,
}

thread_local! {
    static MOUNTED: RefCell<Vec<Option<Mounted>>> = const { RefCell::new(Vec::new()) };
}

/// Draws nothing yet, and gives the number of its place.
pub(crate) fn add(kind: Kind, place: HtmlElement) -> u32 {
    let slot = MOUNTED.with_borrow_mut(|all| {
        let free = all.iter().position(Option::is_none);
        free.unwrap_or_else(|| {
            all.push(None);
            all.len() - 1
        })
    });
    let number = u32::try_from(slot + 1).unwrap_or_default();
    let input: ArcRwSignal<Option<Arc<Input>>> = ArcRwSignal::new(None);
    let given = input.clone();
    let handle = mount_to(place, move || {
        // Made here, outside of what is made anew, so that they outlive other data.
        let choices = Choices::default();
        #[cfg(feature = "session")]
        crate::session::provide();
        classed("div", "element").live(move || {
            let input = given.get()?;
            Some(drawn(kind, input, choices, number))
        })
    });
    let mounted = Mounted {
        kind,
        input,
        _handle: handle,
    };
    MOUNTED.with_borrow_mut(|all| {
        if let Some(slot) = all.get_mut(slot) {
            *slot = Some(mounted);
        }
    });
    number
}

#[cfg(feature = "session")]
fn drawn(kind: Kind, input: Arc<Input>, choices: Choices, number: u32) -> Markup {
    if input.of_session {
        return super::of_session::view(kind, input, number);
    }
    view(kind, &input, choices)
}

#[cfg(not(feature = "session"))]
fn drawn(kind: Kind, input: Arc<Input>, choices: Choices, _number: u32) -> Markup {
    view(kind, &input, choices)
}

/// Draws other input.
pub(crate) fn change(number: u32, text: &str) -> Drawn {
    let signal = MOUNTED.with_borrow(|all| {
        let mounted = all.get(place(number)?)?.as_ref()?;
        Some((mounted.kind, mounted.input.clone()))
    });
    let Some((kind, signal)) = signal else {
        return Drawn::Nothing;
    };
    let input = Input::read(text).filter(|input| !input.is_lost());
    let (drawn, input) = match input {
        None => (Drawn::Unreadable, None),
        Some(input) if !can_draw(kind, &input) => (Drawn::Unknown, None),
        Some(input) => (Drawn::Something, Some(Arc::new(input))),
    };
    signal.set(input);
    drawn
}

/// Drops it, outside of the borrow: what is cleaned up may come back here.
pub(crate) fn remove(number: u32) {
    let gone = MOUNTED.with_borrow_mut(|all| all.get_mut(place(number)?)?.take());
    drop(gone);
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}
