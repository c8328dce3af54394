//! An app that says a word: what any app with Leptos weighs, as `cargo xtask size --auth` tells beside the others.

fn main() {
    leptos::mount::mount_to_body(|| "Loop");
}
