//! The page that is served: no code in it, nothing from elsewhere, and digests that are those of the files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::headers::short;
use super::routes::arrived;
use crate::facts::Facts;
use crate::html::Element;
use crate::page::Page;
use crate::verdict::{Line, Verdict, places};

pub(super) fn lines(facts: &Facts) -> Vec<Line> {
    let checks = [
        ("page.inline", inline as fn(&Facts) -> Verdict),
        ("page.elsewhere", elsewhere),
        ("page.integrity", integrity),
        ("page.compressed", compressed),
    ];
    let judge = |check: fn(&Facts) -> Verdict| {
        if facts.page.is_app() {
            check(facts)
        } else {
            Verdict::after("routes.index")
        }
    };
    let lines = checks.map(|(id, check)| Line::new(id, judge(check)));
    lines.into()
}

fn inline(facts: &Facts) -> Verdict {
    let mut found: Vec<String> = Vec::new();
    for element in &facts.page.elements {
        if let Some(fault) = inline_of(element) {
            found.push(fault);
        }
    }
    if found.is_empty() {
        return Verdict::Pass("no script, style or handler stands in the page".to_owned());
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    Verdict::Fail(format!(
        "{} in the page: something between the build and here adds it (a tag manager, an optimizer of the host); switch that off",
        places(&found)
    ))
}

fn inline_of(element: &Element) -> Option<String> {
    let name = element.name.as_str();
    if matches!(name, "script" | "style") && !element.text.trim().is_empty() {
        return Some(format!("an inline <{name}>"));
    }
    if matches!(name, "iframe" | "object" | "embed" | "base") {
        return Some(format!("<{name}>"));
    }
    let attribute = element.attributes.iter().find(|(attribute, value)| {
        let value = value.trim_start().to_ascii_lowercase();
        attribute.starts_with("on") || attribute == "style" || value.starts_with("javascript:")
    });
    attribute.map(|(attribute, _)| format!("`{}` on <{}>", short(attribute), short(name)))
}

/// Attributes that hold an address.
const ADDRESSES: [&str; 8] = [
    "src",
    "href",
    "action",
    "formaction",
    "poster",
    "data",
    "srcset",
    "ping",
];

fn elsewhere(facts: &Facts) -> Verdict {
    let mut found: Vec<String> = Vec::new();
    for element in &facts.page.elements {
        if element
            .get("http-equiv")
            .is_some_and(|what| what.eq_ignore_ascii_case("refresh"))
        {
            found.push("a <meta> that leads away".to_owned());
        }
        let is_file = element.name == "meta"
            && matches!(
                element.get("name"),
                Some("app-js" | "app-wasm" | "app-chunk" | "app-language")
            );
        for (name, value) in &element.attributes {
            let is_address = ADDRESSES.contains(&name.as_str()) || (name == "content" && is_file);
            if !is_address {
                continue;
            }
            let foreign = facts
                .target
                .resolve(value)
                .filter(|url| !facts.target.owns(url) && !url.starts_with("data:"));
            if let Some(url) = foreign {
                found.push(format!("`{}`", short(&url)));
            }
        }
    }
    if found.is_empty() {
        return Verdict::Pass("all addresses in the page are of this origin".to_owned());
    }
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    Verdict::Fail(format!(
        "the page names {}: load nothing from another origin; what runs there could read health data",
        places(&found)
    ))
}

/// Whether a file is what the page says of its parts, all of them and nothing else.
fn has_parts(page: &Page, file: &[u8]) -> bool {
    let mut rest = file;
    for (length, digest) in page.parts().unwrap_or_default() {
        match rest.split_at_checked(length) {
            Some((part, behind)) if is_of(digest, part) => rest = behind,
            _ => return false,
        }
    }
    rest.is_empty()
}

fn integrity(facts: &Facts) -> Verdict {
    let mut wrong = Vec::new();
    let mut right = 0;
    let wasm = facts.page.wasm().and_then(|it| facts.target.resolve(it));
    for (named, spot) in &facts.files {
        if wasm.as_ref() == Some(&named.url)
            && arrived(spot).is_some_and(|answer| !has_parts(&facts.page, &answer.body))
        {
            wrong.push(format!(
                "{} is not made of the parts that the page names",
                spot.path
            ));
            continue;
        }
        match (&named.integrity, arrived(spot)) {
            (None, _) if named.needs_integrity => {
                wrong.push(format!("{} has no digest", spot.path));
            }
            (Some(digest), Some(answer)) if is_of(digest, &answer.body) => right += 1,
            (Some(_), Some(_)) => {
                wrong.push(format!("{} is not the file of its digest", spot.path));
            }
            // A file that did not arrive is a matter of routes.files.
            _ => {}
        }
    }
    if wrong.is_empty() && right == 0 {
        return Verdict::after("routes.files");
    }
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    let told = if wrong.is_empty() {
        Vec::new()
    } else {
        vec![format!(
            "{}: upload all files of one build, unchanged; no minifier, no rewriting on the way",
            places(&wrong)
        )]
    };
    Verdict::of(
        told,
        format!("{right} digests in the page are those of the files"),
    )
}

/// A copy that was compressed from another build is what browsers get, and the file itself only this program.
fn compressed(facts: &Facts) -> Verdict {
    let files = facts.files.iter().map(|(_, spot)| spot);
    let plain: Vec<_> = files
        .chain([&facts.index, &facts.config, &facts.catalogue])
        .collect();
    let mut wrong = Vec::new();
    for (encoding, copy) in &facts.encoded {
        let file = plain.iter().find(|spot| spot.path == copy.path);
        let Some(file) = file.and_then(|spot| spot.ok()) else {
            continue;
        };
        if copy.ok().is_none_or(|copy| copy.body != file.body) {
            wrong.push(format!("{} as {encoding}", copy.path));
        }
    }
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    let told = if wrong.is_empty() {
        Vec::new()
    } else {
        vec![format!(
            "{} is not the file that comes uncompressed: remove the old .gz and .br, or make them anew",
            places(&wrong)
        )]
    };
    Verdict::of(
        told,
        format!(
            "{} answers are the same, compressed or not",
            facts.encoded.len()
        ),
    )
}

/// The digest of some bytes, in base64.
type Encoded = fn(&[u8]) -> String;

/// Whether the bytes have one of the digests (Subresource Integrity §3.3.4; the strongest kind counts).
fn is_of(integrity: &str, bytes: &[u8]) -> bool {
    let kinds: [(&str, Encoded); 3] = [
        ("sha512-", |bytes| STANDARD.encode(Sha512::digest(bytes))),
        ("sha384-", |bytes| STANDARD.encode(Sha384::digest(bytes))),
        ("sha256-", |bytes| STANDARD.encode(Sha256::digest(bytes))),
    ];
    let given: Vec<&str> = integrity.split_ascii_whitespace().collect();
    let strongest = kinds
        .iter()
        .find(|(kind, _)| given.iter().any(|one| one.starts_with(kind)));
    strongest.is_some_and(|(kind, digest)| {
        let own = format!("{kind}{}", digest(bytes));
        given.iter().any(|one| one.split('?').next() == Some(&own))
    })
}
