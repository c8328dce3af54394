//! From what cargo built to what a page can load: what nothing can reach is taken out, then wasm-bindgen writes its script.
//!
//! trunk runs wasm-bindgen as well, but on the whole file, and offers nobody to come before it.

use std::fs;
use std::path::Path;

use crate::process;
use crate::term::{Failure, Outcome, Tried, detail};
use crate::tools::Tools;
use crate::wasm::linked::Body;
use crate::wasm::prune::pruned;

/// Writes `<name>_bg.wasm` and `<name>.js` into a folder.
pub(crate) fn bind(tools: &Tools, built: &Path, out: &Path, name: &str) -> Outcome<()> {
    let Some(wasm_bindgen) = tools.find("wasm-bindgen") else {
        return Err(Failure::new(
            "wasm-bindgen is missing: run `cargo xtask tools`.",
        ));
    };
    let bytes = fs::read(built).tried(format_args!("read {}", built.display()))?;
    let smaller = built.with_extension("pruned.wasm");
    let pruned = pruned(&bytes, replaced, is_unused).unwrap_or_else(|| {
        detail("the wasm file does not say what refers to what, so it stays bigger");
        bytes
    });
    fs::write(&smaller, pruned).tried("write the pruned wasm file")?;
    let mut bindgen = tools.command(wasm_bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", name]);
    bindgen.arg("--out-dir").arg(out).arg(&smaller);
    process::run(&mut bindgen, "wasm-bindgen")
}

/// What stands in place of a function in the release, by its name.
///
/// What only it needed is dropped with it.
pub(crate) fn replaced(name: &str) -> Option<Body> {
    let name = readable(name);
    let name = name.as_str();
    // What describes a class to wasm-bindgen is run by it.
    let is_unused =
        !name.ends_with("::describe") && UNUSED.iter().any(|unused| name.contains(unused));
    if is_panic(name) || is_unused {
        return Some(Body::Trap);
    }
    // Nothing of a release is for developers. It may hold a value, so it prints nothing.
    name.ends_with("core::fmt::Debug>::fmt")
        .then_some(Body::Zero)
}

/// Parts of the names of what nobody can call once the script exports no class: `leptos` brings streams for servers along, and
/// the promises that these give are the only ones made from Rust.
const UNUSED: [&str; 2] = ["wasm_streams::", "js_sys::futures::future_to_promise"];

/// Whether this is one of the functions that Rust panics by. None of them returns, so as a bare trap it ends the app as
/// before, and what would have put its message together is dropped with it.
fn is_panic(name: &str) -> bool {
    const MODULES: [&str; 2] = ["core::panicking::", "core::slice::index::slice_"];
    const FUNCTIONS: [&str; 12] = [
        "alloc::raw_vec::capacity_overflow",
        "alloc::raw_vec::handle_error",
        "core::cell::panic_already_borrowed",
        "core::cell::panic_already_mutably_borrowed",
        "core::option::expect_failed",
        "core::option::unwrap_failed",
        "core::result::unwrap_failed",
        "core::slice::copy_from_slice_impl::len_mismatch_fail",
        "core::str::slice_error_fail",
        "core::str::slice_error_fail_rt",
        "std::thread::local::panic_access_error",
        "rust_begin_unwind",
    ];
    // Behind `__rustc::` stands what the compiler itself calls.
    let name = name.strip_prefix("__rustc::").unwrap_or(name);
    MODULES.iter().any(|module| name.starts_with(module)) || FUNCTIONS.contains(&name)
}

/// Whether an export is of no use: a class of these streams. What describes it to wasm-bindgen is needed all the same.
pub(crate) fn is_unused(export: &str) -> bool {
    export.starts_with("intounderlying") || export.starts_with("__wbg_intounderlying")
}

/// A function's name as a person reads it, without what tells two of one name apart.
pub(crate) fn readable(name: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    name.trim_end_matches(|last: char| last == '.' || last.is_ascii_digit())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_traps_what_developers_read_is_nothing_and_the_rest_stays() {
        let (trap, zero) = (Some(Body::Trap), Some(Body::Zero));
        for (name, expected) in [
            ("_RNvNtCsgXGp5Oqx2Ny_4core9panicking9panic_fmt", trap),
            (
                "_RINvNtCsgXGp5Oqx2Ny_4core9panicking13assert_failediiECsebHcaeoSrxy_3std",
                trap,
            ),
            (
                "_ZN4core9panicking13panic_display17hb1a615e2d1ad759bE",
                trap,
            ),
            (
                "_RNvNtNtCsgXGp5Oqx2Ny_4core5slice5index16slice_index_fail",
                trap,
            ),
            ("_RNvNtCs5cOc02OMXlo_5alloc7raw_vec12handle_error", trap),
            ("_RNvNtCs5cOc02OMXlo_5alloc7raw_vec12handle_error.41", trap),
            ("_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind", trap),
            (
                "_ZN6js_sys7futures17future_to_promise28_$u7b$$u7b$closure$u7d$$u7d$17h84af8b279379949fE",
                trap,
            ),
            (
                "_ZN4core3ptr89drop_in_place$LT$wasm_streams..readable..into_underlying_source..IntoUnderlyingSource$GT$17hbdf19ded17c26555E",
                trap,
            ),
            (
                "_RNvXsK_NtCsgXGp5Oqx2Ny_4core3fmtNtB5_5ErrorNtB5_5Debug3fmt",
                zero,
            ),
            (
                "_RNvXs1g_NtCsgXGp5Oqx2Ny_4core3fmtReNtB6_5Debug3fmtCsowIhRXm7bo_14rustc_demangle",
                zero,
            ),
            (
                "_RNvXsq_NtCs5cOc02OMXlo_5alloc6stringNtB5_6StringNtNtCsgXGp5Oqx2Ny_4core3fmt7Display3fmt",
                None,
            ),
            (
                "_RNvMs1_NtNtCsgXGp5Oqx2Ny_4core3fmt8buildersNtB5_11DebugStruct5field",
                None,
            ),
            (
                "_RNvMNtCs86o9dxWySvj_9hashbrown3rawNtB2_11Fallibility17capacity_overflow",
                None,
            ),
            (
                "_RNvNtNtCsebHcaeoSrxy_3std9panicking11panic_count17is_zero_slow_path",
                None,
            ),
            (
                "_ZN4core6result19Result$LT$T$C$E$GT$17unwrap_or_default17habd9a483f599c44dE",
                None,
            ),
            (
                "_ZN12wasm_streams8readable8describe17h0123456789abcdefE",
                None,
            ),
            ("loop_sdk::session::core::option::unwrap_failed", None),
        ] {
            assert_eq!(replaced(name), expected, "{name}");
        }
    }
}
