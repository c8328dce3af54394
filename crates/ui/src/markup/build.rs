//! From data to a part of the page: elements, what follows signals, what listens.

use std::cell::Cell;

use leptos::reactive::effect::RenderEffect;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, HtmlInputElement};

use super::{Child, Handler, LivePart, LiveText, Markup};

thread_local! {
    /// How far headings move down. Where nobody sets it the compiler leaves it out.
    static DOWN: Cell<usize> = const { Cell::new(0) };
}

/// Makes the first heading of each view, an `h1`, one of another level, and those below it likewise; for views on somebody else's page.
/// It counts for what is drawn from now on.
pub fn start_headings_at(level: u8) {
    DOWN.set(usize::from(level.saturating_sub(1)));
}

/// The name of an element in the page, where headings may have moved down.
fn name_of(tag: &'static str) -> &'static str {
    const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
    let down = DOWN.get();
    if down == 0 {
        return tag;
    }
    let level = HEADINGS.iter().position(|heading| *heading == tag);
    level.map_or(tag, |level| HEADINGS[(level + down).min(5)])
}

/// A [`Markup`] that has become part of the page. It follows signals and listens until it is dropped.
pub struct Built {
    pub(super) element: Element,
    /// Only held: dropping ends them.
    _kept: Vec<Kept>,
}

/// What lives as long as its element.
#[expect(dead_code, reason = "held, and never looked at")]
enum Kept {
    Follower(RenderEffect<()>),
    Region(RenderEffect<Option<Built>>),
    Listener(Listener),
}

/// An event listener that is removed when it is dropped.
struct Listener {
    element: Element,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        // Fails for a listener that is not there, which is what is wanted.
        let _ = self
            .element
            .remove_event_listener_with_callback(self.event, callback);
    }
}

/// Where live text goes.
enum Sink {
    Text(web_sys::Text),
    Attribute(Element, &'static str),
    Value(Element),
}

impl Sink {
    fn set(&self, text: Option<&str>) {
        match self {
            Self::Text(node) => node.set_data(text.unwrap_or_default()),
            // Fails for names that are no names; these are all literals.
            Self::Attribute(element, name) => {
                let _ = match text {
                    Some(text) => element.set_attribute(name, text),
                    None => element.remove_attribute(name),
                };
            }
            Self::Value(field) => {
                let field = field.unchecked_ref::<HtmlInputElement>();
                let text = text.unwrap_or_default();
                // Setting what is there already would move the cursor.
                if field.value() != text {
                    field.set_value(text);
                }
            }
        }
    }
}

impl Markup {
    /// Makes it part of the page; `None` only where there is no page.
    pub(crate) fn into_built(self, inside_svg: bool) -> Option<Built> {
        let document = web_sys::window()?.document()?;
        let mut kept = Vec::new();
        let element = self.element(&document, inside_svg, &mut kept)?;
        Some(Built {
            element,
            _kept: kept,
        })
    }

    /// Makes it the last part of an element, and says what it became. For what never changes: live parts and handlers would end
    /// at once.
    pub(crate) fn append_to(self, parent: &Element) -> Option<Element> {
        let built = self.into_built(false)?;
        parent.append_child(&built.element).ok()?;
        Some(built.element)
    }

    fn element(
        self,
        document: &Document,
        inside_svg: bool,
        kept: &mut Vec<Kept>,
    ) -> Option<Element> {
        let node = *self.0;
        let is_svg = inside_svg || node.tag == "svg";
        let namespace = if is_svg {
            "http://www.w3.org/2000/svg"
        } else {
            "http://www.w3.org/1999/xhtml"
        };
        let element = document
            .create_element_ns(Some(namespace), name_of(node.tag))
            .ok()?;
        for (name, value) in &node.attributes {
            // Fails for names that are no names; these are all literals.
            let _ = element.set_attribute(name, value);
        }
        if !node.styles.is_empty() {
            let style = element.unchecked_ref::<web_sys::HtmlElement>().style();
            for (property, value) in &node.styles {
                let _ = style.set_property(property, value);
            }
        }
        for (name, live) in node.live_attributes {
            kept.push(follow(Sink::Attribute(element.clone(), name), live));
        }
        for child in node.children {
            // Appending a node that was just made to an element that was just made cannot fail.
            let _ = match child {
                Child::Text(text) => element.append_child(&document.create_text_node(&text)),
                Child::Element(child) => {
                    let child = child.element(document, is_svg, kept)?;
                    element.append_child(&child)
                }
                Child::LiveText(live) => {
                    let text = document.create_text_node("");
                    let appended = element.append_child(&text);
                    kept.push(follow(Sink::Text(text), live));
                    appended
                }
                Child::Live(live) => {
                    // The part stands before this mark, which takes no room.
                    let mark = document.create_text_node("");
                    let appended = element.append_child(&mark);
                    kept.push(region(mark, is_svg, live));
                    appended
                }
            };
        }
        if let Some(live) = node.live_value {
            kept.push(follow(Sink::Value(element.clone()), live));
        }
        for (event, handler) in node.handlers {
            kept.push(listen(&element, event, handler));
        }
        if let Some(made) = node.made {
            made(&element);
        }
        Some(element)
    }
}

fn follow(sink: Sink, live: LiveText) -> Kept {
    Kept::Follower(RenderEffect::new(move |_| sink.set(live().as_deref())))
}

fn region(mark: web_sys::Text, inside_svg: bool, live: LivePart) -> Kept {
    Kept::Region(RenderEffect::new(move |before: Option<Option<Built>>| {
        let next = live().and_then(|part| part.into_built(inside_svg));
        if let (Some(next), Some(parent)) = (&next, mark.parent_node()) {
            let _ = parent.insert_before(&next.element, Some(&mark));
        }
        if let Some(before) = before.flatten() {
            before.element.remove();
        }
        next
    }))
}

fn listen(element: &Element, event: &'static str, handler: Handler) -> Kept {
    let callback = Closure::<dyn FnMut(Event)>::new(handler);
    // Fails for no element and no event that there is.
    let _ = element.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    Kept::Listener(Listener {
        element: element.clone(),
        event,
        callback,
    })
}
