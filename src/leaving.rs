//! The way out: the disconnect button, wired to this app, and what it achieved.

use leptos::prelude::*;
use loop_sdk::Disconnected;
use loop_ui::markup::Markup;
use loop_ui::session::disconnect_button;

use crate::care::Care;
use crate::record::Record;
use crate::routes::Routes;

/// What the last disconnect achieved, in context: the page that says so is another one than that of the button.
#[derive(Clone, Copy)]
pub(crate) struct Leaving(RwSignal<Option<Disconnected>>);

impl Leaving {
    /// Puts it into context.
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    /// What was achieved; `None` while Loop is being told. Reactive.
    pub(crate) fn report() -> Option<Disconnected> {
        expect_context::<Self>().0.get()
    }
}

/// The button. Data goes first, and the home page says what was achieved.
pub(crate) fn disconnect() -> Markup {
    let (record, care) = (Record::use_context(), Care::use_context());
    let routes = Routes::use_context();
    let Leaving(report) = expect_context();
    let leave = move || {
        record.results.forget();
        care.forget();
        report.set(None);
        routes.replace("/");
    };
    disconnect_button(leave, move |achieved| report.set(Some(achieved)))
}
