//! The browser's `Intl`, with each formatter made once: making one costs far more than using it.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use loop_contracts::time::Timestamp;
use wasm_bindgen::JsValue;

use super::{DateStyle, PERCENT, SCIENTIFIC};
use crate::language::Language;

thread_local! {
    static NUMBERS: RefCell<[Option<Function>; PERCENT + 1]> = const { RefCell::new([const { None }; PERCENT + 1]) };
    static DATES: RefCell<[Option<Function>; 8]> = const { RefCell::new([const { None }; 8]) };
    static PLURALS: RefCell<Option<Intl::PluralRules>> = const { RefCell::new(None) };
    static AGO: RefCell<Option<Intl::RelativeTimeFormat>> = const { RefCell::new(None) };
}

/// The language, in the form that the page or the browser names for the person's country: `de-AT` for `de`. What is no
/// language tag would make the browser throw, so only language and country count.
fn locales() -> Array {
    let tag = Language::current().tag;
    let page = leptos::prelude::document().document_element();
    let page = page
        .and_then(|root| root.get_attribute("lang"))
        .unwrap_or_default();
    let region = page
        .strip_prefix(tag)
        .and_then(|rest| rest.strip_prefix('-'));
    let is_region =
        |region: &&str| region.len() == 2 && region.bytes().all(|b| b.is_ascii_alphabetic());
    let locale = match region.filter(is_region) {
        Some(_) => page.as_str(),
        None => tag,
    };
    Array::of1(&JsValue::from_str(locale))
}

pub(super) fn forget() {
    NUMBERS.set([const { None }; PERCENT + 1]);
    DATES.set([const { None }; 8]);
    PLURALS.set(None);
    AGO.set(None);
}

pub(super) fn plural(count: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a count is far below 2^53")]
    let count = count as f64;
    PLURALS.with_borrow_mut(|rules| {
        let rules = rules.get_or_insert_with(|| Intl::PluralRules::new(&locales(), &Object::new()));
        rules.select(count).as_string().unwrap_or_default()
    })
}

pub(super) fn lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

pub(super) fn exact(value: f64) -> String {
    js_sys::JsString::from("")
        .concat(&JsValue::from_f64(value))
        .into()
}

fn options(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        // Setting a property of an object made here cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object
}

fn written(format: &Function, value: &JsValue) -> String {
    format
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

pub(super) fn number(value: f64, kind: usize) -> String {
    NUMBERS.with_borrow_mut(|formats| {
        let format = formats[kind].get_or_insert_with(|| {
            let options = match kind {
                SCIENTIFIC => options(&[
                    ("notation", "scientific".into()),
                    ("maximumFractionDigits", 3.into()),
                ]),
                PERCENT => options(&[
                    ("style", "percent".into()),
                    ("maximumFractionDigits", 0.into()),
                ]),
                decimals => {
                    let decimals = JsValue::from(u32::try_from(decimals).unwrap_or(0));
                    options(&[
                        ("minimumFractionDigits", decimals.clone()),
                        ("maximumFractionDigits", decimals),
                    ])
                }
            };
            Intl::NumberFormat::new(&locales(), &options).format()
        });
        written(format, &JsValue::from_f64(value))
    })
}

pub(super) fn date(at: Timestamp, style: DateStyle) -> String {
    DATES.with_borrow_mut(|formats| {
        let format = formats[style as usize].get_or_insert_with(|| {
            let numeric = || JsValue::from("numeric");
            let month = |style: DateStyle| {
                JsValue::from(if style == DateStyle::Long {
                    "long"
                } else {
                    "short"
                })
            };
            let mut pairs = Vec::with_capacity(4);
            if matches!(
                style,
                DateStyle::Long | DateStyle::Short | DateStyle::TickDay | DateStyle::TickDayYear
            ) {
                pairs.push(("day", numeric()));
            }
            if style != DateStyle::TickYear {
                pairs.push(("month", month(style)));
            }
            if !matches!(style, DateStyle::TickMonth | DateStyle::TickDay) {
                pairs.push(("year", numeric()));
            }
            if !matches!(
                style,
                DateStyle::Long | DateStyle::Short | DateStyle::MonthYear
            ) {
                pairs.push(("timeZone", JsValue::from("UTC")));
            }
            Intl::DateTimeFormat::new(&locales(), &options(&pairs)).format()
        });
        #[expect(
            clippy::cast_precision_loss,
            reason = "every readable date is far below 2^53 milliseconds"
        )]
        let milliseconds = JsValue::from_f64(at.0 as f64);
        written(format, &milliseconds)
    })
}

pub(super) fn ago(amount: i64, unit: &str) -> String {
    AGO.with_borrow_mut(|format| {
        let format = format.get_or_insert_with(|| {
            Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto".into())]))
        });
        #[expect(
            clippy::cast_precision_loss,
            reason = "an amount of minutes, hours or days"
        )]
        format.format(-(amount as f64), unit).into()
    })
}
