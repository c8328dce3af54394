//! The checks: each a function from what was fetched to a verdict.

mod caching;
mod config;
mod cors;
mod csp;
mod discovery;
mod headers;
mod oauth;
mod page;
mod person;
mod routes;
mod tls;
mod webhook;

use crate::facts::Facts;
use crate::verdict::Line;

/// All lines, in the order in which they are told.
pub fn judge(facts: &Facts) -> Vec<Line> {
    let rooms = [
        tls::lines,
        headers::lines,
        caching::lines,
        routes::lines,
        page::lines,
        config::lines,
        discovery::lines,
        cors::lines,
        oauth::lines,
        webhook::lines,
        person::lines,
    ];
    rooms.iter().flat_map(|room| room(facts)).collect()
}
