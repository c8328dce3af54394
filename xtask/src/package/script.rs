//! The modules of `crates/elements/js` and wasm-bindgen's script as one: a page then asks for one file, which one digest holds.

use crate::term::{Failure, Outcome};

/// One script out of many, in this order. Each says what it takes in lines that begin with `import`, and what it gives by `export`
/// before a declaration; what the last one gives in an `export {` list, the whole gives.
pub(super) fn joined(parts: &[String]) -> String {
    let lines = parts.iter().flat_map(|part| part.lines());
    lines
        .filter(|line| !line.starts_with("import "))
        .map(|line| match line.strip_prefix("export ") {
            Some(declared) if !declared.starts_with('{') => declared,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

/// wasm-bindgen's script as a value called `glue`: its names stay its own.
pub(super) fn enclosed(glue: &str) -> Outcome<String> {
    let unknown = || {
        Failure::new("wasm-bindgen's script ends in an unknown way: script.rs reads it wrongly.")
    };
    let (script, list) = glue
        .trim_end()
        .rsplit_once("export {")
        .ok_or_else(unknown)?;
    let list = list.trim_end_matches(';').trim_end_matches('}');
    let mut given: Vec<String> = list
        .split(',')
        .filter_map(|entry| entry.split_once(" as "))
        .map(|(own, name)| format!("{}: {}", name.trim(), own.trim()))
        .collect();
    if given.len() != 2 {
        return Err(unknown());
    }
    let declared = script
        .lines()
        .filter_map(|line| line.strip_prefix("export function "));
    given.extend(declared.filter_map(|line| line.split('(').next().map(str::to_owned)));
    let script = script.replace("\nexport function ", "\nfunction ");
    let script = script.strip_prefix("export ").unwrap_or(&script);
    Ok(format!(
        "const glue = (() => {{\n{script}return {{ {} }};\n}})();\n",
        given.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_become_one_that_gives_what_the_last_gives() {
        let parts = [
            "import { b } from './b.js';\nexport const a = () => {\n  b();\n};\n",
            "import { a } from './a.js';\nexport function c() {}\nexport { a, c };\n",
        ];
        assert_eq!(
            joined(&parts.map(str::to_owned)),
            "const a = () => {\n  b();\n};\nfunction c() {}\nexport { a, c };\n"
        );
    }

    #[test]
    fn the_glue_keeps_its_names_to_itself() {
        let glue = "export function draw(a) {\nwasm.draw(a);\n}\nlet wasm;\nfunction _1() {\n}\nexport { _1 as imports, _2 as start };\n";
        assert_eq!(
            enclosed(glue).unwrap(),
            "const glue = (() => {\nfunction draw(a) {\nwasm.draw(a);\n}\nlet wasm;\nfunction _1() {\n}\nreturn { imports: _1, start: _2, draw };\n})();\n"
        );
        assert!(enclosed("function a() {}\n").is_err());
        assert!(enclosed("export { a as b };\n").is_err());
    }
}
