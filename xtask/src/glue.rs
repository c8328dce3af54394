//! The script that wasm-bindgen writes beside the wasm file, read as far as needed to drop what nobody uses.
//!
//! It is read by its indentation, before `finish` drops that: what stands at the margin begins a new item, and in the
//! table of imports each entry stands at its own depth. What looks different is kept.

use std::collections::{BTreeMap, BTreeSet};

/// The margin of an entry in the table of imports.
const ENTRY: &str = "        ";

/// The script without the exports that `wanted` does not say, and without what only these used. A library in the
/// depth of the tree may export classes, and each keeps its Rust code alive.
pub(crate) fn with_exports(glue: &str, wanted: impl Fn(&str) -> bool) -> String {
    let items: Vec<Item> = items(glue)
        .into_iter()
        .map(|text| Item::new(text, &wanted))
        .collect();
    let names: BTreeMap<&str, usize> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| !item.is_addition)
        .filter_map(|(index, item)| Some((item.name?, index)))
        .collect();
    let mut live: BTreeSet<usize> = BTreeSet::new();
    let mut next: Vec<usize> = (0..items.len())
        .filter(|index| items[*index].is_root)
        .collect();
    while let Some(index) = next.pop() {
        if live.insert(index) {
            next.extend(words(&items[index].text).filter_map(|word| names.get(word)));
        }
    }
    items
        .iter()
        .enumerate()
        .filter(|(index, item)| {
            let of = item.name.filter(|_| item.is_addition);
            live.contains(of.and_then(|name| names.get(name)).unwrap_or(index))
        })
        .map(|(_, item)| item.text.as_str())
        .collect()
}

/// The script without those entries of its table of imports that the wasm file does not import.
pub(crate) fn with_imports(glue: &str, imported: &BTreeSet<&str>) -> String {
    let mut kept = String::with_capacity(glue.len());
    let mut in_table = false;
    let mut dropping = false;
    for line in glue.split_inclusive('\n') {
        if line.trim_end() == "    const import0 = {" {
            in_table = true;
        } else if line.trim_end() == "    };" {
            (in_table, dropping) = (false, false);
        } else if in_table
            && let Some(entry) = line.strip_prefix(ENTRY)
            && let Some((name, "function")) = entry
                .split_once(':')
                .map(|(name, value)| (name, words(value).next().unwrap_or_default()))
            && words(name).eq([name])
        {
            dropping = !imported.contains(name);
        }
        if !dropping {
            kept.push_str(line);
        }
    }
    kept
}

/// The names that the script takes from the wasm file.
pub(crate) fn taken(glue: &str) -> BTreeSet<&str> {
    glue.split("wasm.")
        .skip(1)
        .filter_map(|rest| words(rest).next().filter(|word| rest.starts_with(word)))
        .collect()
}

/// The script with its two halves on offer, what the wasm file imports and what begins with it, instead of the way it loads the file
/// by itself, for which boot.js has a shorter one. `None` when it is of an unknown form.
pub(crate) fn opened(glue: &str) -> Option<String> {
    const HALVES: [&str; 2] = ["__wbg_get_imports", "__wbg_finalize_init"];
    let (script, list) = glue.trim_end().rsplit_once("\nexport {")?;
    let is_last = list.ends_with("__wbg_init as default };");
    let has_both = HALVES
        .iter()
        .all(|half| script.contains(&format!("function {half}(")));
    let [imports, start] = HALVES;
    let list = format!("export {{ {imports} as imports, {start} as start }};");
    (is_last && has_both).then(|| format!("{script}\n{list}\n"))
}

/// The script with other words.
pub(crate) fn renamed(glue: &str, names: &BTreeMap<&str, String>) -> String {
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_word(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    out + rest
}

/// Short names for those that wasm-bindgen made up; each carries a digest, which no compression makes smaller.
pub(crate) fn short_names<'name>(
    names: impl Iterator<Item = &'name str>,
) -> BTreeMap<&'name str, String> {
    let made_up = names.filter(|name| name.contains("__"));
    let mut short = BTreeMap::new();
    for name in made_up {
        // Nothing else in the script begins like this.
        let next = format!("${}", short.len());
        short.entry(name).or_insert(next);
    }
    short
}

/// Short names for the script's own functions. One that is also called as a member of something keeps its name.
pub(crate) fn short_functions(script: &str) -> BTreeMap<&str, String> {
    let is_function = |item: &&str| item.trim_start_matches("async ").starts_with("function ");
    let functions = items(script).into_iter().filter(is_function);
    functions
        .filter_map(declared)
        .filter(|name| !script.contains(&format!(".{name}")))
        .enumerate()
        .map(|(number, name)| (name, format!("_{number}")))
        .collect()
}

/// The name of the module under which the wasm file asks for the table of imports.
pub(crate) fn module(glue: &str) -> Option<&str> {
    let (before, _) = glue.split_once("\": import0,")?;
    before.rsplit('"').next()
}

/// Whether the word stands in the script.
pub(crate) fn mentions(script: &str, word: &str) -> bool {
    words(script).any(|one| one == word)
}

/// Something at the margin of the script.
struct Item<'glue> {
    text: String,
    /// What it declares.
    name: Option<&'glue str>,
    /// It is used whoever mentions it.
    is_root: bool,
    /// It adds to what bears the name, so it stays and goes with that.
    is_addition: bool,
}

impl<'glue> Item<'glue> {
    fn new(text: &'glue str, wanted: impl Fn(&str) -> bool) -> Self {
        if let Some(list) = text
            .strip_prefix("export {")
            .and_then(|rest| rest.trim_end().strip_suffix("};"))
        {
            let kept: Vec<&str> = list
                .split(',')
                .map(str::trim)
                .filter(|entry| entry.rsplit(' ').next().is_some_and(&wanted))
                .collect();
            return Self {
                text: format!("export {{ {} }};\n", kept.join(", ")),
                name: None,
                is_root: true,
                is_addition: false,
            };
        }
        let of_class = text
            .strip_prefix("if (Symbol.dispose) ")
            .and_then(|rest| rest.split_once(".prototype[Symbol.dispose] ="))
            .map(|(name, _)| name);
        let exported = text.strip_prefix("export ");
        let declared = declared(exported.unwrap_or(text));
        Self {
            text: text.to_owned(),
            name: declared.or(of_class),
            is_root: match declared {
                Some(name) => exported.is_some() && wanted(name),
                None => of_class.is_none(),
            },
            is_addition: of_class.is_some(),
        }
    }
}

/// The one name that an item declares.
fn declared(text: &str) -> Option<&str> {
    let text = text.strip_prefix("async ").unwrap_or(text);
    let (kind, rest) = text.split_once(' ')?;
    let name = words(rest).next().filter(|name| rest.starts_with(name))?;
    let behind = rest[name.len()..].trim_start();
    match kind {
        "function" | "class" => Some(name),
        // Two variables in one line stay.
        "const" | "let" => behind.starts_with('=').then_some(name),
        _ => None,
    }
}

/// The script from margin to margin. A line that only closes belongs to what it closes, and so do comments and gaps.
fn items(glue: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in glue.split_inclusive('\n') {
        let begins = line.starts_with(|c: char| is_word(c)) && at > 0;
        if begins {
            starts.push(at);
        }
        at += line.len();
    }
    starts.push(glue.len());
    starts
        .windows(2)
        .map(|pair| &glue[pair[0]..pair[1]])
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As wasm-bindgen writes it, in small.
    const GLUE: &str = "\
export class Unused {
    free() {
        wasm.__wbg_unused_free(this.__wbg_ptr, 0);
        UnusedFinalization.unregister(this);
    }
}
if (Symbol.dispose) Unused.prototype[Symbol.dispose] = Unused.prototype.free;
export class Used {
    free() {
        wasm.__wbg_used_free(this.__wbg_ptr, 0);
    }
}
if (Symbol.dispose) Used.prototype[Symbol.dispose] = Used.prototype.free;
export function asked() {
    wasm.asked();
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_used_new_1234: function(arg0) {
            const ret = arg0 ? debugString(arg0) : null;
            return Used.wrap(ret);
        },
        __wbg_focus_5678: function() { return handleError(function (arg0) {
            arg0.focus();
        }, arguments); },
    };
    return {
        __proto__: null,
        \"./app_bg.js\": import0,
    };
}
const UnusedFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_unused_free(ptr, 1));
function debugString(val) {
    return `${val}`;
}
function handleError(f, args) {
    wasm.__wbindgen_exn_store(f, args);
}
let wasmModule, wasm;
let cachedText = new TextDecoder();
cachedText.decode();
async function __wbg_init() {
    wasm.__wbindgen_start(__wbg_get_imports());
}
function initSync() {
    __wbg_init();
}
export { initSync, __wbg_init as default };
";

    fn started() -> String {
        with_exports(GLUE, |name| name == "default")
    }

    #[test]
    fn what_no_page_asks_for_goes_with_all_that_only_it_used() {
        let script = started();
        for gone in ["Unused", "UnusedFinalization", "initSync", "asked"] {
            assert!(!mentions(&script, gone), "{gone}\n{script}");
        }
        assert_eq!(
            taken(&script),
            BTreeSet::from([
                "__wbg_used_free",
                "__wbindgen_exn_store",
                "__wbindgen_start"
            ])
        );
        assert!(script.ends_with("}\nexport { __wbg_init as default };\n"));
    }

    #[test]
    fn what_something_uses_stays_whole() {
        let script = started();
        for kept in [
            "export class Used {\n    free() {\n",
            "if (Symbol.dispose) Used.prototype[Symbol.dispose] = Used.prototype.free;\n",
            "function debugString(val) {\n    return `${val}`;\n}\n",
            "let wasmModule, wasm;\nlet cachedText = new TextDecoder();\ncachedText.decode();\n",
        ] {
            assert!(script.contains(kept), "{kept}\n{script}");
        }
        let asked = with_exports(GLUE, |name| name == "asked" || name == "default");
        assert!(asked.contains("export function asked() {\n    wasm.asked();\n}\n"));
        assert_eq!(with_exports(GLUE, |_| true), GLUE);
    }

    #[test]
    fn both_halves_of_the_way_in_are_on_offer() {
        assert_eq!(opened(GLUE), None, "it has one half only");
        let whole = GLUE.replace("function initSync() {", "function __wbg_finalize_init(instance) {\n    wasm = instance;\n}\nfunction initSync() {");
        let script = opened(&whole).unwrap();
        assert!(script.ends_with(
            "}\nexport { __wbg_get_imports as imports, __wbg_finalize_init as start };\n"
        ));
        let script = with_exports(&script, |name| ["imports", "start"].contains(&name));
        assert!(
            !mentions(&script, "initSync") && !mentions(&script, "__wbg_init"),
            "{script}"
        );
        assert!(mentions(&script, "__wbg_finalize_init"));
    }

    #[test]
    fn imports_that_the_wasm_does_without_go() {
        let script = with_imports(GLUE, &BTreeSet::from(["__wbg_focus_5678"]));
        let table = "        __proto__: null,\n        __wbg_focus_5678: function() { return handleError(function (arg0) {\n            arg0.focus();\n        }, arguments); },\n    };\n    return {\n        __proto__: null,\n";
        assert!(script.contains(table), "{script}");
        let script = with_exports(&script, |name| name == "default");
        assert!(!mentions(&script, "debugString") && !mentions(&script, "Used"));

        let none = with_imports(GLUE, &BTreeSet::new());
        assert!(none.contains("        __proto__: null,\n    };\n    return {\n"));
        let all = BTreeSet::from(["__wbg_focus_5678", "__wbg_used_new_1234"]);
        assert_eq!(with_imports(GLUE, &all), GLUE);
    }

    #[test]
    fn made_up_names_become_short_everywhere() {
        let names = short_names(["__wbg_focus_5678", "memory", "__wbindgen_start"].into_iter());
        let script = renamed(GLUE, &names);
        assert!(script.contains("        $0: function() { return handleError("));
        assert!(script.contains("    wasm.$1(__wbg_get_imports());"));
        assert_eq!(names.get("memory"), None);
        assert_eq!(module(GLUE), Some("./app_bg.js"));
        assert_eq!(
            script
                .replace("$0", "__wbg_focus_5678")
                .replace("$1", "__wbindgen_start"),
            GLUE
        );
        let names = short_functions(GLUE);
        assert_eq!(
            names.keys().copied().collect::<Vec<_>>(),
            [
                "__wbg_get_imports",
                "__wbg_init",
                "debugString",
                "handleError",
                "initSync"
            ]
        );
        let script = renamed(GLUE, &names);
        assert!(script.contains("export { _4, _3 as default };"), "{script}");
        let member = "function focus() {\n}\nfocus(a.focus);\n";
        assert_eq!(short_functions(member), BTreeMap::new());
        // A word is a whole word.
        let names = BTreeMap::from([("start", "$9".to_owned())]);
        assert_eq!(
            renamed("restart(start, start0).start", &names),
            "restart($9, start0).$9"
        );
    }
}
