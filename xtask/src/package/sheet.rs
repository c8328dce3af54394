//! The one style sheet of the custom elements, made of `style/`: the rules that their views need, for a shadow root on somebody
//! else's page.
//!
//! It reads CSS as far as `style/` goes: rules, and rules in at-rules, with no braces in strings.

use std::fmt::Write as _;

use regex_lite::{Captures, Regex};

/// How much of a rule's selector has to be known for the rule to stay.
pub(super) struct Used<'text> {
    /// All source text in which classes are named.
    pub(super) sources: &'text str,
}

/// The tokens, from `style/tokens.css`: `--ink` becomes `--_ink`, which is the page's `--loop-ink` where it has one. A colour that has
/// another value in the dark is chosen by the colour scheme that the element is in, so that it never turns dark on a light page.
pub(super) fn tokens(css: &str) -> String {
    let css = without_comments(css);
    let mut blocks = rules(&css).into_iter();
    let light = blocks.next().map(|rule| declarations(rule.body));
    let dark = blocks.find(|rule| rule.head.contains("prefers-color-scheme: dark"));
    let dark = dark.and_then(|rule| rules(rule.body).into_iter().next());
    let dark = dark.map(|rule| declarations(rule.body)).unwrap_or_default();
    let mut out = String::from(":host{--_rem:var(--loop-size,1rem);");
    for (name, value) in light.unwrap_or_default() {
        let Some(name) = name.strip_prefix("--") else {
            continue;
        };
        let other = dark
            .iter()
            .find(|(other, _)| other.strip_prefix("--") == Some(name));
        let value = other.map_or_else(
            || value.to_owned(),
            |(_, dark)| format!("light-dark({value},{dark})"),
        );
        // Writing to a `String` cannot fail.
        let _ = write!(out, "--_{name}:var(--loop-{name},{});", measured(&value));
    }
    out + "}"
}

/// Rules for a shadow root: those of the page itself are left out, and so is what names a class that nobody draws.
pub(super) fn rules_of(css: &str, used: &Used<'_>, only: &[&str]) -> String {
    let css = without_comments(css);
    let mut out = String::new();
    for rule in rules(&css) {
        write_rule(&rule, used, only, &mut out);
    }
    out
}

fn write_rule(rule: &Rule<'_>, used: &Used<'_>, only: &[&str], out: &mut String) {
    if rule.head.starts_with("@keyframes") {
        if used.names(rule.head.trim_start_matches("@keyframes").trim()) {
            let _ = write!(out, "{}{{{}}}", rule.head, squeezed(rule.body));
        }
        return;
    }
    if rule.head.starts_with('@') {
        let mut inner = String::new();
        for rule in rules(rule.body) {
            write_rule(&rule, used, only, &mut inner);
        }
        if !inner.is_empty() {
            let _ = write!(out, "{}{{{inner}}}", condition(rule.head));
        }
        return;
    }
    let selectors: Vec<String> = rule
        .head
        .split(",\n")
        .map(squeezed)
        .filter(|selector| !matches!(selector.as_str(), "html" | "body" | ":root"))
        .filter(|selector| used.all_of(selector))
        .filter(|selector| only.is_empty() || only.iter().any(|start| selector.starts_with(start)))
        .map(|selector| selector.replace("[dir=\"rtl\"] ", ":host(:dir(rtl)) "))
        .collect();
    if !selectors.is_empty() {
        let body = private(&measured(&squeezed(rule.body)));
        let _ = write!(out, "{}{{{body}}}", selectors.join(","));
    }
}

impl Used<'_> {
    /// Whether each class of the selector is named somewhere.
    fn all_of(&self, selector: &str) -> bool {
        let mut classes = selector.split('.').skip(1).map(|from| {
            let end = from.find(|c: char| !is_name(c)).unwrap_or(from.len());
            &from[..end]
        });
        classes.all(|class| self.names(class))
    }

    /// Whether a name stands somewhere as a word of its own. One that is put together, such as `status--high`, stands there whole.
    fn names(&self, name: &str) -> bool {
        self.sources.match_indices(name).any(|(at, _)| {
            let before = self.sources[..at].chars().next_back();
            let after = self.sources[at + name.len()..].chars().next();
            !before.is_some_and(is_name) && !after.is_some_and(is_name)
        })
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// A rule: what stands before its braces, and what in them.
struct Rule<'css> {
    head: &'css str,
    body: &'css str,
}

fn rules(css: &str) -> Vec<Rule<'_>> {
    let mut out = Vec::new();
    let (mut depth, mut start, mut open) = (0_u32, 0, 0);
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    out.push(Rule {
                        head: css[start..open].trim(),
                        body: css[open + 1..at].trim(),
                    });
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    out
}

fn declarations(body: &str) -> Vec<(&str, &str)> {
    let all = body.split(';').filter_map(|one| one.split_once(':'));
    all.map(|(name, value)| (name.trim(), value.trim()))
        .collect()
}

fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, from)) = rest.split_once("/*") {
        out.push_str(before);
        rest = from.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// One line, without spaces that mean nothing.
fn squeezed(css: &str) -> String {
    let words: Vec<&str> = css.split_whitespace().collect();
    let line = words.join(" ");
    ["; ", ": ", ", "]
        .iter()
        .fold(line, |line, mark| line.replace(mark, mark.trim_end()))
        .trim_end_matches(';')
        .to_owned()
}

/// Custom properties of the elements' own. What a page calls its own does not reach them.
fn private(css: &str) -> String {
    let uses = Regex::new(r"(var\(|[;{]|^)--([a-z])")
        .map(|regex| regex.replace_all(css, "${1}--_$2").into_owned());
    uses.unwrap_or_else(|_| css.to_owned())
        .replace("var(--_loop-", "var(--loop-")
}

/// A page may have made its `rem` small, and the room that counts is the element's and not the window's.
fn measured(css: &str) -> String {
    let rem = Regex::new(r"(-?[0-9.]+)rem\b");
    let css = match rem {
        Ok(rem) => rem
            .replace_all(css, |found: &Captures<'_>| {
                format!("calc({}*var(--_rem))", &found[1])
            })
            .into_owned(),
        Err(_) => css.to_owned(),
    };
    Regex::new(r"([0-9])vw\b")
        .map(|vw| vw.replace_all(&css, "${1}cqi").into_owned())
        .unwrap_or(css)
}

/// What was said of the window's width is said of the element's.
fn condition(head: &str) -> String {
    let is_width = head.starts_with("@media (max-width") || head.starts_with("@media (min-width");
    if !is_width {
        return squeezed(head);
    }
    let head = head.replacen("@media", "@container", 1);
    let pixels = Regex::new(r"([0-9]+)rem").map(|rem| {
        rem.replace_all(&head, |found: &Captures<'_>| {
            format!("{}px", found[1].parse::<u32>().unwrap_or_default() * 16)
        })
        .into_owned()
    });
    squeezed(&pixels.unwrap_or(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_pages_where_it_has_them_and_follow_its_colour_scheme() {
        let css = "/* a { } */\n:root {\n  color-scheme: light dark;\n  --ink: #000;\n  --space: 0.5rem;\n}\n@media screen and (prefers-color-scheme: dark) {\n  :root:not([data-theme=\"light\"]) {\n    --ink: #fff;\n  }\n}\n";
        assert_eq!(
            tokens(css),
            ":host{--_rem:var(--loop-size,1rem);--_ink:var(--loop-ink,light-dark(#000,#fff));--_space:var(--loop-space,calc(0.5*var(--_rem)));}"
        );
    }

    #[test]
    fn rules_are_for_a_shadow_root_and_for_what_is_drawn() {
        let used = Used {
            sources: r#"classed("p", "row row--wide"), "back""#,
        };
        for (css, expected) in [
            ("body {\n  margin: 0;\n}\n", ""),
            (
                ".row {\n  color: var(--ink);\n  margin: -0.5rem;\n}\n",
                ".row{color:var(--_ink);margin:calc(-0.5*var(--_rem))}",
            ),
            (".row__name {\n  color: red;\n}\n", ""),
            (".row,\n.other {\n  top: 0;\n}\n", ".row{top:0}"),
            (
                ".row--wide { --status: var(--ink); }",
                ".row--wide{--_status:var(--_ink)}",
            ),
            (
                "[dir=\"rtl\"] .back::before { top: 0; }",
                ":host(:dir(rtl)) .back::before{top:0}",
            ),
            (
                "@media (max-width: 40rem) {\n  .row { top: 0; }\n  .other { top: 0; }\n}",
                "@container (max-width:640px){.row{top:0}}",
            ),
            ("@media (max-width: 40rem) {\n  .other { top: 0; }\n}", ""),
            (
                "@media (forced-colors: active) { .row { top: 0; } }",
                "@media (forced-colors:active){.row{top:0}}",
            ),
            (
                ".row { font-size: clamp(1rem, 3vw, 2rem); }",
                ".row{font-size:clamp(calc(1*var(--_rem)),3cqi,calc(2*var(--_rem)))}",
            ),
            (
                ":host { font-family: var(--loop-font, inherit); }",
                ":host{font-family:var(--loop-font,inherit)}",
            ),
        ] {
            assert_eq!(rules_of(css, &used, &[]), expected, "{css}");
        }
        assert_eq!(
            rules_of(".row { top: 0; }\n.back { top: 0; }", &used, &[".back"]),
            ".back{top:0}"
        );
    }
}
