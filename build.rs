//! Tells the linker to say, in a release, what refers to what: xtask's `bind` takes out what nothing can reach. And how large the stack
//! is, which lies before the data: it is memory from the start, and the deepest calls take 4 kB (`journeys/stack.spec`). A stack that is
//! too small ends as a trap and changes no data. All addresses are below 1 MiB, too, and take a byte less than with the linker's own size.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|own| own == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") {
        for word in ["--emit-relocs", "-zstack-size=262144"] {
            println!("cargo::rustc-link-arg-bins={word}");
            println!("cargo::rustc-link-arg-examples={word}");
        }
    }
}
