//! The app: starts with a clean address bar, and mounts.
//!
//! `app.rs` is the shell, and `pages/` has one file a page. `arrival.rs` takes what the address bar carries; `routes.rs`
//! knows the addresses; `settings.rs` reads the configuration; `record.rs` holds the results in memory; `permission.rs`
//! knows what was refused; `leaving.rs` is the way out; `last_resort.rs` is for a panic.

mod app;
mod arrival;
mod last_resort;
mod leaving;
mod pages;
mod permission;
mod record;
mod routes;
mod settings;

fn main() {
    last_resort::install();
    // Before anything is drawn or fetched: a code must not stand in the address bar.
    let arrival = arrival::take();
    leptos::mount::mount_to_body(move || app::app(arrival));
}
