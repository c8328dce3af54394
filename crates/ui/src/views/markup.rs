//! A picture as data: elements, attributes, text. What shows a value is made of it, so that a test on the host can read
//! what a person would see, and so that a hundred rows cost one small piece of code and not a type each.
//!
//! Leptos views hold what reacts and what is clicked; a [`Markup`] stands in them like any other view. It never holds
//! HTML text: what comes from outside is only ever a text node or the value of an attribute.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use wasm_bindgen::JsCast;

/// Text that is either part of the program or made for the occasion.
pub type Text = Cow<'static, str>;

#[derive(Clone, Debug, PartialEq)]
enum Child {
    Text(Text),
    Element(Markup),
}

/// An element with its attributes and what is inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Markup {
    tag: &'static str,
    attributes: Vec<(&'static str, Text)>,
    styles: Vec<(&'static str, Text)>,
    children: Vec<Child>,
}

/// An element without attributes.
pub fn element(tag: &'static str) -> Markup {
    Markup {
        tag,
        attributes: Vec::new(),
        styles: Vec::new(),
        children: Vec::new(),
    }
}

/// An element with a class.
pub fn classed(tag: &'static str, class: impl Into<Text>) -> Markup {
    element(tag).attr("class", class)
}

/// Text from outside, isolated so that its direction does not reorder what stands around it.
pub fn isolated(text: impl Into<Text>) -> Markup {
    element("bdi").text(text)
}

impl Markup {
    /// With an attribute. Never `style`: a strict policy blocks it, see [`Markup::style`].
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With a style property, set through the object model, which a strict policy allows.
    #[must_use]
    pub fn style(mut self, property: &'static str, value: impl Into<Text>) -> Self {
        self.styles.push((property, value.into()));
        self
    }

    /// With text inside, after what is already there.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.children.push(Child::Text(text.into()));
        self
    }

    /// With an element inside, after what is already there.
    #[must_use]
    pub fn with(mut self, child: Self) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    /// With any number of elements inside; also takes an `Option`.
    #[must_use]
    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children
            .extend(children.into_iter().map(Child::Element));
        self
    }

    /// The same as an element of the page; `None` only where there is no page.
    pub fn build(&self) -> Option<web_sys::Element> {
        let document = web_sys::window()?.document()?;
        self.element(&document, false)
    }

    fn element(&self, document: &web_sys::Document, inside_svg: bool) -> Option<web_sys::Element> {
        let is_svg = inside_svg || self.tag == "svg";
        let namespace = if is_svg {
            "http://www.w3.org/2000/svg"
        } else {
            "http://www.w3.org/1999/xhtml"
        };
        let element = document.create_element_ns(Some(namespace), self.tag).ok()?;
        for (name, value) in &self.attributes {
            // Fails for names that are no names; these are all literals.
            let _ = element.set_attribute(name, value);
        }
        if !self.styles.is_empty() {
            let style = element.unchecked_ref::<web_sys::HtmlElement>().style();
            for (property, value) in &self.styles {
                let _ = style.set_property(property, value);
            }
        }
        for child in &self.children {
            // Appending a node that was just made to an element that was just made cannot fail.
            let node: web_sys::Node = match child {
                Child::Text(text) => document.create_text_node(text).into(),
                Child::Element(child) => child.element(document, is_svg)?.into(),
            };
            let _ = element.append_child(&node);
        }
        Some(element)
    }
}

/// As HTML, for tests and for rendering without a browser.
impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.tag)?;
        for (name, value) in &self.attributes {
            write!(f, " {name}=\"")?;
            escape(value, f)?;
            f.write_char('"')?;
        }
        if !self.styles.is_empty() {
            f.write_str(" style=\"")?;
            for (property, value) in &self.styles {
                write!(f, "{property}:")?;
                escape(value, f)?;
                f.write_char(';')?;
            }
            f.write_char('"')?;
        }
        f.write_char('>')?;
        for child in &self.children {
            match child {
                Child::Text(text) => escape(text, f)?,
                Child::Element(child) => write!(f, "{child}")?,
            }
        }
        if self.tag == "input" {
            Ok(())
        } else {
            write!(f, "</{}>", self.tag)
        }
    }
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

/// What stands in the page for a [`Markup`]; nothing only where there is no page.
pub struct Built(Option<web_sys::Element>);

impl Mountable for Built {
    fn unmount(&mut self) {
        if let Some(element) = &mut self.0 {
            element.unmount();
        }
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        if let Some(element) = &mut self.0 {
            element.mount(parent, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0
            .as_ref()
            .is_some_and(|element| element.insert_before_this(child))
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.0.iter().cloned().collect()
    }
}

impl Render for Markup {
    type State = Built;

    fn build(self) -> Built {
        Built(Self::build(&self))
    }

    fn rebuild(self, state: &mut Built) {
        let mut next = Render::build(self);
        state.insert_before_this(&mut next);
        state.unmount();
        *state = next;
    }
}

impl AddAnyAttr for Markup {
    type Output<SomeNewAttr: Attribute> = Self;

    /// A picture has the attributes it was made with.
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
    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, position: &PositionState) -> Built {
        position.set(Position::NextChild);
        Render::build(self)
    }

    fn into_owned(self) -> Self {
        self
    }
}

/// A number with a fixed number of decimals, as style sheets and SVG want it. Written with whole numbers: the formatting
/// of floats would be ten kilobytes of the download.
pub fn fixed(value: f64, decimals: u32) -> String {
    let unit = 10_i64.pow(decimals.min(6));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "places on a screen; a larger number saturates"
    )]
    #[expect(clippy::cast_precision_loss, reason = "at most a million")]
    let scaled = (value * unit as f64).round() as i64;
    let sign = if scaled < 0 { "-" } else { "" };
    let (whole, rest) = (
        scaled.unsigned_abs() / unit.unsigned_abs(),
        scaled.unsigned_abs() % unit.unsigned_abs(),
    );
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let width = decimals as usize;
    format!("{sign}{whole}.{rest:0width$}")
}

/// A place in pixels, to a tenth.
pub fn pixels(value: f64) -> String {
    fixed(value, 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn numbers_as_style_sheets_want_them() {
        for (value, expected) in [
            (0.0, "0"),
            (12.34, "12.3"),
            (-0.04, "0"),
            (-1.25, "-1.3"),
            (7.96, "8"),
            (0.05, "0.1"),
            (f64::NAN, "0"),
            (1e300, "922337203685477580.7"),
        ] {
            assert_eq!(pixels(value), expected, "{value}");
        }
        assert_eq!(fixed(12.3456, 3), "12.346");
        assert_eq!(fixed(12.002, 3), "12.002");
    }

    proptest! {
        #[test]
        fn a_place_is_written_within_half_a_tenth(value in -5000.0..5000.0f64) {
            let read: f64 = pixels(value).parse().expect("a number");
            prop_assert!((read - value).abs() <= 0.0501);
        }
    }
}
