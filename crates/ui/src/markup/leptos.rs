//! A [`Markup`] as a part of any Leptos view.

use std::fmt::Write as _;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

use super::Markup;
use super::build::Built;

/// What stands in the page for a [`Markup`]; nothing only where there is no page.
pub struct Mounted(Option<Built>);

impl Mountable for Mounted {
    fn unmount(&mut self) {
        if let Some(built) = &mut self.0 {
            built.element.unmount();
        }
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        if let Some(built) = &mut self.0 {
            built.element.mount(parent, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0
            .as_ref()
            .is_some_and(|built| built.element.insert_before_this(child))
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.0.iter().map(|built| built.element.clone()).collect()
    }
}

impl Render for Markup {
    type State = Mounted;

    fn build(self) -> Mounted {
        Mounted(self.into_built(false))
    }

    fn rebuild(self, state: &mut Mounted) {
        let mut next = Render::build(self);
        state.insert_before_this(&mut next);
        state.unmount();
        *state = next;
    }
}

impl AddAnyAttr for Markup {
    type Output<SomeNewAttr: Attribute> = Self;

    /// It has the attributes it was made with.
    fn add_any_attr<NewAttr: Attribute>(self, _attr: NewAttr) -> Self
    where
        Self: RenderHtml,
    {
        self
    }
}

impl RenderHtml for Markup {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        // Writing to a String cannot fail.
        let _ = write!(buf, "{self}");
        *position = Position::NextChild;
    }

    /// Built anew in place of what the server sent: the app itself is never rendered on a server.
    fn hydrate<const FROM_SERVER: bool>(
        self,
        _cursor: &Cursor,
        position: &PositionState,
    ) -> Mounted {
        position.set(Position::NextChild);
        Render::build(self)
    }

    fn into_owned(self) -> Self {
        self
    }
}
