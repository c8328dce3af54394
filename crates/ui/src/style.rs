//! The style of the views, for a host's page. Nothing puts it there by itself.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A style sheet for elements with the class `loop` and what is inside them; the rest of a page is untouched. The components
/// of this crate stand in such an element already; give one to a view that is called as a function. Colours follow the system,
/// and `data-theme="light"` or `"dark"` on the root element.
pub const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

/// Adds [`STYLE`] to the page as a constructed style sheet, which a strict content security policy allows. Whether it is there
/// afterwards; a browser without constructed style sheets needs a file.
///
/// ```no_run
/// loop_ui::style::adopt();
/// ```
pub fn adopt() -> bool {
    add().is_some()
}

fn add() -> Option<()> {
    let document = web_sys::window()?.document()?;
    let class = Reflect::get(&js_sys::global(), &"CSSStyleSheet".into()).ok()?;
    let class: &js_sys::Function = class.dyn_ref()?;
    let sheet = Reflect::construct(class, &Array::new()).ok()?;
    let replace = Reflect::get(&sheet, &"replaceSync".into()).ok()?;
    let replace: &js_sys::Function = replace.dyn_ref()?;
    replace.call1(&sheet, &STYLE.into()).ok()?;
    let name = JsValue::from_str("adoptedStyleSheets");
    let sheets = Reflect::get(&document, &name).ok()?;
    let sheets = Array::from(&sheets);
    sheets.push(&sheet);
    Reflect::set(&document, &name, &sheets).ok()?.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_touches_nothing_outside_of_its_elements() {
        assert!(STYLE.starts_with("@scope (.loop) {"));
        for line in STYLE.lines().filter(|line| line.contains(":root")) {
            assert!(!line.ends_with('{') || line.contains(" :scope {"), "{line}");
        }
        let count = |brace: char| STYLE.matches(brace).count();
        assert_eq!(count('{'), count('}'));
        for there in [
            "--ink:",
            ".notice",
            ".row__link",
            ".presence",
            ".visually-hidden",
        ] {
            assert!(STYLE.contains(there), "{there}");
        }
        assert!(!STYLE.contains("@page"), "a page is the host's to print");
    }
}
