//! The app: starts with a clean address bar, and mounts.
//!
//! `app.rs` is the shell, and `pages/` has one file a page. `start.rs` is what is begun before it is there, and `chunks.rs`
//! knows how it comes. `arrival.rs` takes what the address bar carries; `routes.rs`
//! knows the addresses; `settings.rs` reads the configuration; `record.rs` holds the results and the choices in memory; `care.rs` what stands
//! beside them; `permission.rs` knows what was refused; `preferences.rs` keeps how a person wants it; `leaving.rs` is the way out.
//! A panic is `public/boot.js`'s.

mod app;
mod arrival;
mod care;
mod chunks;
mod leaving;
mod pages;
mod permission;
mod preferences;
mod record;
mod routes;
mod settings;
mod start;

fn main() {
    // A panic message may hold a value. What a panic leaves behind is cleared by `boot.js`.
    std::panic::set_hook(Box::new(|_| ()));
    // Before anything is drawn or fetched: a code must not stand in the address bar.
    let arrival = arrival::take();
    start::begin(arrival);
}
