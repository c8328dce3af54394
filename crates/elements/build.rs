//! Tells the linker what the app's build script tells it, for the same reasons.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|own| own == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        for word in ["--emit-relocs", "-zstack-size=262144"] {
            println!("cargo::rustc-link-arg-cdylib={word}");
        }
    }
}
