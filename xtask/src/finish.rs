//! Trunk's last hook, before the result moves to `dist/`: a smaller wasm, file names by content, digests in the page.
//!
//! Trunk names the two files after what cargo built, so two builds may give one name to different bytes; a cache that
//! calls them immutable would then serve a mixture. Here the name follows the bytes that are served.

mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384};

use self::page::{offered, renamed, with_chunk, with_part};
use crate::catalogue::Catalogue;
use crate::languages;
use crate::term::{Failure, Outcome, Tried, detail};
use crate::wasm::split::{self, Chunk};
use crate::{bind, build, chunks, compress, glue, process, tools, wasm};

/// The features rustc emits; the binary names no compiler, so that a build says nothing about the machine it ran on.
const WASM_OPT: [&str; 15] = [
    "-Oz",
    // What is added to an address moves into the instruction that uses it. That ends differently only where an address below
    // 1024 comes from an overflow, and nothing lies there: rustc has the stack end at 0 and puts the data behind it.
    "--low-memory-unused",
    "--optimize-added-constants-propagate",
    "-Oz",
    // Again and again until nothing more is gained.
    "--converge",
    // A compressor refers to what is said again for less than it takes to keep it in a local.
    "--skip-pass=local-cse",
    // And zeros between the data weigh less than the heads of the segments that would leave them out.
    "--skip-pass=memory-packing",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
];

/// Where a second copy of the wasm goes, in which functions have their names; none is made without it.
pub(crate) const NAMED: &str = "LOOP_NAMED_WASM";

/// Works on the folder that trunk names.
pub(crate) fn command() -> Outcome<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| {
            Failure::new("`finish` is run by trunk; what you want is `cargo xtask build`.")
        })?;
    // trunk copied public/ as it is, and boot.js once more under a hashed name, which is the one the page loads.
    fs::remove_file(staging.join("boot.js")).tried("remove the unhashed boot.js")?;
    let stem = only_file(&staging, "loop-partner-", "_bg.wasm")?;
    let boot = only_file(&staging, "boot-", ".js")?;
    let (wasm, glue) = (format!("{stem}_bg.wasm"), format!("{stem}.js"));
    let boot = format!("{boot}.js");

    let release = std::env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "release");
    // trunk put the digest of what it wrote into the page for this one; for the others Trunk.toml left a mark.
    let boot_digest = integrity(&read(&staging.join(&boot))?);
    let root = std::env::current_dir().tried("find the workspace")?;
    put_words(&staging.join(&boot), &languages::boot_words(&root)?)?;
    let mut chunks = Vec::new();
    if release {
        let tools = tools::unchecked(&root)?;
        let built = build::release(&tools, "loop-partner")?;
        chunks = chunks::of_app(&read(&built)?)?;
        bind::bind(&tools, &built, &staging, &stem)?;
    }
    open(&staging.join(&glue))?;
    if release {
        let [wasm, glue, boot] = [&wasm, &glue, &boot].map(|file| staging.join(file));
        slim(&wasm, &glue, &boot, &chunks)?;
        compact(&glue)?;
        compact(&boot)?;
        is_minified(&staging)?;
    }

    let catalogue = Catalogue::read(&root)?;
    fs::write(staging.join("catalogue.json"), catalogue.to_json()).tried("write catalogue.json")?;

    let page = staging.join("index.html");
    let mut html = fs::read_to_string(&page).tried("read index.html")?;
    for language in languages::all(&root)? {
        let named = format!("{}-{}.txt", language.tag, short(language.file.as_bytes()));
        html = offered(&html, &language, &named)?;
        fs::write(staging.join(&named), &language.file).tried(format_args!("write {named}"))?;
        if let Some(translated) = catalogue.translated(&root, &language.tag)? {
            let named = format!("catalogue.{}.json", language.tag);
            fs::write(staging.join(&named), translated.to_json())
                .tried(format_args!("write {named}"))?;
        }
    }
    for part in join(&staging.join(&wasm), &chunks)? {
        html = with_part(&html, &part)?;
    }
    for chunk in chunks::ALONG..chunks.len() {
        let file = chunk_file(&staging.join(&wasm), chunk);
        let bytes = read(&file)?;
        let named = format!("chunk-{}.wasm", short(&bytes));
        html = with_chunk(&html, &named, &integrity(&bytes))?;
        fs::rename(file, staging.join(named)).tried("rename a chunk")?;
    }
    for (file, name, extension, digest) in [
        (wasm, "loop-partner", "wasm", "APP-WASM-INTEGRITY"),
        (glue, "loop-partner", "js", "APP-JS-INTEGRITY"),
        (boot, "boot", "js", boot_digest.as_str()),
    ] {
        let bytes = read(&staging.join(&file))?;
        let named = format!("{name}-{}.{extension}", short(&bytes));
        html = renamed(&html, &file, &named, digest, &integrity(&bytes)).ok_or_else(|| {
            Failure::new(format!("index.html does not name {file} and its digest: `pattern_script` in Trunk.toml must."))
        })?;
        fs::rename(staging.join(&file), staging.join(&named))
            .tried(format_args!("rename {file}"))?;
    }
    fs::write(&page, html).tried("write index.html")
}

/// Makes the script one that boot.js can begin with.
pub(crate) fn open(script: &Path) -> Outcome<()> {
    let opened = glue::opened(&text(script)?).ok_or_else(|| {
        Failure::new("wasm-bindgen's script begins in an unknown way: glue.rs reads it wrongly.")
    })?;
    fs::write(script, opened).tried("write a script")
}

/// Puts what the page says when it cannot start into boot.js.
fn put_words(boot: &Path, words: &str) -> Outcome<()> {
    const PLACE: &str = "let words = [];";
    let script = text(boot)?;
    if !script.contains(PLACE) {
        return Err(Failure::new(format!("boot.js has no `{PLACE}`.")));
    }
    let script = script.replace(PLACE, &format!("let words = {words};"));
    fs::write(boot, script).tried("write boot.js")
}

/// Puts the chunks that come along behind the app's own wasm, in one file. Gives the parts of it.
fn join(binary: &Path, chunks: &[Chunk]) -> Outcome<Vec<Vec<u8>>> {
    let mut parts = vec![read(binary)?];
    for chunk in 0..chunks.len().min(chunks::ALONG) {
        let file = chunk_file(binary, chunk);
        parts.push(read(&file)?);
        fs::remove_file(file).tried("remove a chunk")?;
    }
    fs::write(binary, parts.concat()).tried("write the wasm file")?;
    Ok(parts)
}

/// Where [`slim`] puts a chunk of a wasm file.
fn chunk_file(binary: &Path, chunk: usize) -> PathBuf {
    binary.with_extension(format!("{chunk}.wasm"))
}

fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).tried(format_args!("read {}", file.display()))
}

fn text(script: &Path) -> Outcome<String> {
    fs::read_to_string(script).tried(format_args!("read {}", script.display()))
}

/// Changes the wasm file; one that is not understood stays as it is, and the app works and weighs more.
fn rewrite(wasm: &Path, change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Outcome<()> {
    if let Some(changed) = change(&read(wasm)?) {
        return fs::write(wasm, changed).tried("write the wasm file");
    }
    detail("the wasm file is of an unknown form, so it stays bigger");
    Ok(())
}

/// The name, without its ending, of the one file that begins and ends like this.
fn only_file(folder: &Path, begins: &str, ends: &str) -> Outcome<String> {
    let names = fs::read_dir(folder)
        .tried("read trunk's output")?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let found: Vec<String> = names
        .filter(|name| name.starts_with(begins))
        .filter_map(|name| name.strip_suffix(ends).map(str::to_owned))
        .collect();
    match <[String; 1]>::try_from(found) {
        Ok([name]) => Ok(name),
        Err(found) => Err(Failure::new(format!(
            "trunk wrote {} files {begins}*{ends}, and one was expected.",
            found.len()
        ))),
    }
}

/// Enough of a digest to name a file.
pub(crate) fn short(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .fold(String::new(), |mut text, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A digest in the form of `integrity` attributes (Subresource Integrity).
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// Drops what the page cannot reach: of the script, what boot.js does not ask for; of the wasm, what the script does not
/// take; of the script again, what the wasm does not import. What they call each other becomes short.
/// What belongs to chunks goes into files of their own, see [`chunk_file`].
pub(crate) fn slim(
    binary: &Path,
    script_file: &Path,
    boot: &Path,
    chunks: &[Chunk],
) -> Outcome<()> {
    let boot = text(boot)?;
    let asked = |name: &str| glue::mentions(&boot, name);
    let mut script = glue::with_exports(&without_comments(&text(script_file)?), asked);
    let taken = glue::taken(&script);
    rewrite(binary, |bytes| {
        wasm::with_exports(bytes, |name| taken.contains(name))
    })?;
    shrink(binary)?;

    let bytes = read(binary)?;
    if let (Some(imports), Some(exports)) = (wasm::imports(&bytes), wasm::exports(&bytes)) {
        let imported = imports.iter().map(String::as_str).collect();
        script = glue::with_imports(&script, &imported);
        script = glue::with_exports(&script, asked);
        if !fits(&script, &imports, &exports) {
            return Err(Failure::new(
                "what is left of wasm-bindgen's script does not fit the wasm file: glue.rs reads it wrongly.",
            ));
        }
        let mut names = glue::short_names(imports.iter().chain(&exports).map(String::as_str));
        script = glue::renamed(&script, &names);
        let module = glue::module(&script).map(str::to_owned);
        if let Some(module) = &module {
            script = script.replace(&format!("\"{module}\""), "\"$\"");
            names.insert(module, "$".to_owned());
        }
        rewrite(binary, |bytes| {
            wasm::with_names(bytes, |name| {
                names.get(name).cloned().unwrap_or_else(|| name.to_owned())
            })
        })?;
    }
    let mut files = vec![binary.to_owned()];
    if !chunks.is_empty() {
        let parts = split::split(&read(binary)?, chunks).ok_or_else(|| {
            Failure::new("the wasm file is of an unknown form, so it cannot be split.")
        })?;
        files.extend((0..chunks.len()).map(|chunk| chunk_file(binary, chunk)));
        for (file, part) in files.iter().zip(parts) {
            fs::write(file, part).tried("write a part of the wasm file")?;
        }
    }
    // Last, since any other byte may make another order the lightest. A part is compressed with what stands before it.
    let mut before = Vec::new();
    for (place, file) in files.iter().enumerate() {
        if place > chunks::ALONG {
            before.clear();
        }
        rewrite(file, |bytes| {
            wasm::arrange::arranged(bytes, |part| {
                compress::sent(&[&before, part].concat()).unwrap_or(usize::MAX)
            })
        })?;
        before.extend(read(file)?);
    }
    script = glue::renamed(&script, &glue::short_functions(&script));
    fs::write(script_file, script).tried("write a script")
}

/// A name without the numbers of crates: `core[c593]::panicking::panic` is `core::panicking::panic`.
pub(crate) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0_u32;
    for letter in name.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// Whether each finds in the other what it names; the page would else be dead, and only at run time.
fn fits(script: &str, imports: &[String], exports: &[String]) -> bool {
    imports.iter().all(|name| glue::mentions(script, name))
        && glue::taken(script)
            .iter()
            .all(|taken| exports.iter().any(|name| name == taken))
}

/// Runs wasm-opt; without one the app works and weighs more.
fn shrink(file: &Path) -> Outcome<()> {
    let Some(wasm_opt) = tools::find_wasm_opt()? else {
        detail("wasm-opt is missing, so the wasm stays a third bigger");
        return Ok(());
    };
    let smaller = file.with_extension("small");
    let mut command: Command = wasm_opt.command();
    command.args(WASM_OPT).arg(file).arg("-o").arg(&smaller);
    process::run(&mut command, "wasm-opt")?;
    if let Some(named) = std::env::var_os(NAMED) {
        let mut command: Command = wasm_opt.command();
        command
            .args(WASM_OPT)
            .arg("-g")
            .arg(file)
            .arg("-o")
            .arg(named);
        process::run(&mut command, "wasm-opt")?;
    }
    fs::rename(&smaller, file).tried("replace the wasm file by the smaller one")
}

/// Drops comments that fill their lines, and indentation. The two scripts have no text that spans lines, so this is
/// safe; trunk's own minifier does not understand them.
pub(crate) fn compact(script: &Path) -> Outcome<()> {
    fs::write(script, compacted(&text(script)?)).tried("write a script")
}

/// The text of such a script.
pub(crate) fn compacted(script: &str) -> String {
    without_indentation(&without_comments(script))
}

fn without_comments(script: &str) -> String {
    let mut kept = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim_end) {
        let words = line.trim_start();
        if in_comment || words.starts_with("/*") {
            in_comment = !words.ends_with("*/");
        } else if !words.is_empty() && !words.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn without_indentation(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    lines.fold(String::with_capacity(script.len()), |text, line| {
        text + line + "\n"
    })
}

/// trunk serves a style sheet it cannot read as it is, with a warning among many; a mistake in it must not slip through.
fn is_minified(staging: &Path) -> Outcome<()> {
    let sheet = only_file(staging, "loop-", ".css")?;
    let bytes = read(&staging.join(format!("{sheet}.css")))?;
    // Minified, it is a single line without comments.
    if bytes.windows(2).any(|pair| pair == b"/*") || bytes.trim_ascii_end().contains(&b'\n') {
        return Err(Failure::new(
            "trunk could not read the style sheet: run `RUST_LOG=warn cargo xtask build` to see which line of target/loop.css is wrong.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
