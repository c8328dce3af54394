//! Tells the linker to say, in a release, what refers to what: xtask's `bind` takes out what nothing can reach. And to keep one page
//! of 64 kB from the stack, which lies before the data: all addresses are then below 1 MiB and take a byte less.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|own| own == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        for word in ["--emit-relocs", "-zstack-size=983040"] {
            println!("cargo::rustc-link-arg-bins={word}");
            println!("cargo::rustc-link-arg-examples={word}");
        }
    }
}
