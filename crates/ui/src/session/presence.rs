//! Whether somebody is there: a session that nobody uses ends by itself, and says so first.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use loop_sdk::{Ending, SignedOutReason};

use super::LoopSession;
use crate::language::Phrase;
use crate::markup::{Markup, Text, button, classed, element};

/// The warning comes this long before the end, in milliseconds.
const WARNING: i64 = 60_000;
/// How often the time that is left is looked at. A page in the background is asked less often by the browser, and looks
/// at the clock on the wall when it is.
const TICK: Duration = Duration::from_secs(1);

/// Notices that somebody is there, ends the session when nobody is, and warns a minute ahead. Stands once in an app, for as
/// long as the session is of interest.
///
/// A key or a pointer in any tab counts; so does the button of the warning (WCAG 2.2.1).
pub fn presence() -> Markup {
    let session = LoopSession::use_context();
    let ending: RwSignal<Option<Ending>> = RwSignal::new(None);
    let look = move || {
        let session = session.session();
        if session.state().account().is_some() {
            session.revisit();
        }
        let soon = session.ending().filter(|ending| ending.left <= WARNING);
        if ending.get_untracked() != soon {
            ending.set(soon);
        }
    };
    let is_there = move || {
        session.session().touch();
        if ending.with_untracked(Option::is_some) {
            look();
        }
    };
    let pointer = window_event_listener(ev::pointerdown, move |_| is_there());
    let key = window_event_listener(ev::keydown, move |_| is_there());
    let clock = set_interval_with_handle(look, TICK);
    on_cleanup(move || {
        pointer.remove();
        key.remove();
        if let Ok(clock) = clock {
            clock.clear();
        }
    });
    // Made anew when it appears and when the reason changes, and not with every second, or it would be read out again.
    let why = Memo::new(move |_| ending.get().map(|ending| ending.why));
    classed("div", "presence").live(move || {
        let why = why.get()?;
        let (title, words) = match why {
            SignedOutReason::Idle => (Phrase::PresenceIdle, Phrase::PresenceIdleWords),
            _ => (Phrase::PresenceLast, Phrase::PresenceLastWords),
        };
        let left = move || -> Text {
            let left = ending.get().map_or(0, |ending| ending.left.max(0));
            let seconds = left.cast_unsigned().div_ceil(1000);
            Phrase::PresenceLeft.fill(&[&seconds.to_string()]).into()
        };
        let stay = (why == SignedOutReason::Idle).then(|| {
            button("button button--primary")
                .text(Phrase::PresenceStay)
                .on_click(is_there)
        });
        let text = element("div")
            .with(classed("p", "presence__title").text(title))
            .with(classed("p", "presence__words").text(words));
        let box_ = classed("div", "presence__box")
            .attr("role", "alert")
            .with(text)
            .with(
                classed("span", "presence__left")
                    .attr("aria-hidden", "true")
                    .live_text(left),
            )
            .with_all(stay);
        Some(box_)
    })
}
