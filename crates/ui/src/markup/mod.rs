//! The page as data: elements, attributes, text; parts of it live, parts of it listening.
//!
//! Every view of this crate is a [`Markup`]. A test on the host can read what a person would see, and all views share
//! one small piece of code; typed views would be compiled anew for each shape of each element, which weighs in a
//! download. Signals, effects and owners are Leptos's, a `Markup` stands in any Leptos view, and it never holds HTML
//! text: what comes from outside is only ever a text node or the value of an attribute.
//!
//! ```
//! use leptos::prelude::*;
//! use loop_ui::markup::{button, classed};
//!
//! # let _owner = Owner::new();
//! let count = RwSignal::new(0);
//! let counter = classed("p", "counter")
//!     .live_text(move || format!("{} times", count.get()).into())
//!     .with(button("button").text("Once more").on_click(move || count.update(|n| *n += 1)));
//! let view = view! { <main>{counter}</main> };
//! ```
//!
//! `mod.rs` has the data and how it is put together; `build.rs` makes it part of the page; `leptos.rs` lets it stand in
//! a Leptos view; `fixed.rs` writes numbers for style sheets and SVG.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

mod build;
mod fixed;
mod leptos;

pub use build::start_headings_at;
pub use fixed::{fixed, pixels};

/// Text that is either part of the program or made for the occasion.
pub type Text = Cow<'static, str>;

/// Text that follows signals; `None` takes an attribute away.
type LiveText = Box<dyn Fn() -> Option<Text> + Send>;
/// A part that is made anew whenever a signal it reads changes.
type LivePart = Box<dyn Fn() -> Option<Markup> + Send>;
/// What happens on an event.
type Handler = Box<dyn FnMut(web_sys::Event) + Send>;
/// Takes the element when it has been made.
type Made = Box<dyn FnOnce(&web_sys::Element) + Send>;

/// An element with what belongs to it and what is inside. A handle to it: moving it is free.
pub struct Markup(Box<Node>);

struct Node {
    tag: &'static str,
    attributes: Vec<(&'static str, Text)>,
    styles: Vec<(&'static str, Text)>,
    live_attributes: Vec<(&'static str, LiveText)>,
    live_value: Option<LiveText>,
    handlers: Vec<(&'static str, Handler)>,
    made: Option<Made>,
    children: Vec<Child>,
}

enum Child {
    Text(Text),
    Element(Markup),
    LiveText(LiveText),
    Live(LivePart),
}

/// An element without attributes.
pub fn element(tag: &'static str) -> Markup {
    Markup(Box::new(Node {
        tag,
        attributes: Vec::new(),
        styles: Vec::new(),
        live_attributes: Vec::new(),
        live_value: None,
        handlers: Vec::new(),
        made: None,
        children: Vec::new(),
    }))
}

/// An element with a class.
pub fn classed(tag: &'static str, class: impl Into<Text>) -> Markup {
    element(tag).attr("class", class)
}

/// Text from outside, isolated so that its direction does not reorder what stands around it.
pub fn isolated(text: impl Into<Text>) -> Markup {
    element("bdi").text(text)
}

/// A button; what it does comes with [`Markup::on_click`].
pub fn button(class: &'static str) -> Markup {
    classed("button", class).attr("type", "button")
}

/// A link.
pub fn link(class: &'static str, href: impl Into<Text>) -> Markup {
    classed("a", class).attr("href", href)
}

impl Markup {
    /// With an attribute. Never `style`: a strict policy blocks it, see [`Markup::style`].
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.0.attributes.push((name, value.into()));
        self
    }

    /// With a style property, set through the object model, which a strict policy allows.
    #[must_use]
    pub fn style(mut self, property: &'static str, value: impl Into<Text>) -> Self {
        self.0.styles.push((property, value.into()));
        self
    }

    /// With text inside, after what is already there.
    #[must_use]
    pub fn text(self, text: impl Into<Text>) -> Self {
        self.child(Child::Text(text.into()))
    }

    /// With an element inside, after what is already there.
    #[must_use]
    pub fn with(self, child: Self) -> Self {
        self.child(Child::Element(child))
    }

    /// With any number of elements inside; also takes an `Option`.
    #[must_use]
    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        for child in children {
            self = self.with(child);
        }
        self
    }

    /// With an attribute that follows the signals it reads.
    #[must_use]
    pub fn live_attr(
        mut self,
        name: &'static str,
        value: impl Fn() -> Option<Text> + Send + 'static,
    ) -> Self {
        self.0.live_attributes.push((name, Box::new(value)));
        self
    }

    /// With an attribute that is `true` or `false`, such as `aria-pressed`, after the signals it reads.
    #[must_use]
    pub fn live_flag(self, name: &'static str, is_so: impl Fn() -> bool + Send + 'static) -> Self {
        self.live_attr(name, move || {
            Some(if is_so() { "true" } else { "false" }.into())
        })
    }

    /// A field whose content follows the signals it reads, also after somebody has typed in it.
    #[must_use]
    pub fn live_value(mut self, value: impl Fn() -> String + Send + 'static) -> Self {
        self.0.live_value = Some(Box::new(move || Some(value().into())));
        self
    }

    /// With text inside that follows the signals it reads.
    #[must_use]
    pub fn live_text(self, text: impl Fn() -> Text + Send + 'static) -> Self {
        self.child(Child::LiveText(Box::new(move || Some(text()))))
    }

    /// With a part inside that is made anew whenever a signal it reads changes. What is created in `part` is cleaned up
    /// when it is made anew.
    #[must_use]
    pub fn live(self, part: impl Fn() -> Option<Self> + Send + 'static) -> Self {
        self.child(Child::Live(Box::new(part)))
    }

    /// Listens to an event.
    #[must_use]
    pub fn on(
        mut self,
        event: &'static str,
        handler: impl FnMut(web_sys::Event) + Send + 'static,
    ) -> Self {
        self.0.handlers.push((event, Box::new(handler)));
        self
    }

    /// Listens to a click, which is also a tap, Enter and the space bar.
    #[must_use]
    pub fn on_click(self, mut handler: impl FnMut() + Send + 'static) -> Self {
        self.on("click", move |_| handler())
    }

    /// Hands the element over when it has been made.
    #[must_use]
    pub fn made(mut self, take: impl FnOnce(&web_sys::Element) + Send + 'static) -> Self {
        self.0.made = Some(Box::new(take));
        self
    }

    fn child(mut self, child: Child) -> Self {
        self.0.children.push(child);
        self
    }
}

/// As HTML, for tests and for rendering without a browser: live parts as they are now.
impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let node = &*self.0;
        write!(f, "<{}", node.tag)?;
        for (name, value) in &node.attributes {
            attribute(f, name, value)?;
        }
        for (name, live) in &node.live_attributes {
            if let Some(value) = live() {
                attribute(f, name, &value)?;
            }
        }
        if let Some(value) = node.live_value.as_ref().and_then(|live| live()) {
            attribute(f, "value", &value)?;
        }
        if !node.styles.is_empty() {
            f.write_str(" style=\"")?;
            for (property, value) in &node.styles {
                write!(f, "{property}:")?;
                escape(value, f)?;
                f.write_char(';')?;
            }
            f.write_char('"')?;
        }
        f.write_char('>')?;
        for child in &node.children {
            match child {
                Child::Text(text) => escape(text, f)?,
                Child::Element(child) => write!(f, "{child}")?,
                Child::LiveText(live) => escape(&live().unwrap_or_default(), f)?,
                Child::Live(live) => {
                    if let Some(part) = live() {
                        write!(f, "{part}")?;
                    }
                }
            }
        }
        if node.tag == "input" {
            Ok(())
        } else {
            write!(f, "</{}>", node.tag)
        }
    }
}

fn attribute(f: &mut fmt::Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    write!(f, " {name}=\"")?;
    escape(value, f)?;
    f.write_char('"')
}

fn escape(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in text.chars() {
        match c {
            '&' => f.write_str("&amp;")?,
            '<' => f.write_str("&lt;")?,
            '>' => f.write_str("&gt;")?,
            '"' => f.write_str("&quot;")?,
            other => f.write_char(other)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_only_ever_text() {
        let markup = classed("p", "a\"b")
            .with(isolated("<img src=x onerror=alert(1)>"))
            .style("left", "5%")
            .text(" & more");
        assert_eq!(
            markup.to_string(),
            "<p class=\"a&quot;b\" style=\"left:5%;\"><bdi>&lt;img src=x onerror=alert(1)&gt;</bdi> &amp; more</p>"
        );
    }

    #[test]
    fn live_parts_are_written_as_they_are_now() {
        let markup = element("p")
            .live_attr("hidden", || None)
            .live_attr("title", || Some("<now>".into()))
            .live_flag("aria-busy", || false)
            .live_text(|| "a&b".into())
            .live(|| Some(element("i")))
            .live(|| None);
        assert_eq!(
            markup.to_string(),
            "<p title=\"&lt;now&gt;\" aria-busy=\"false\">a&amp;b<i></i></p>"
        );
    }
}
