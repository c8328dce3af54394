//! That the documentation has every word that a request may count as.

use super::outcomes;

#[test]
fn the_documentation_has_every_outcome() {
    let documentation = include_str!("../../../../../docs/webhooks.md");
    for outcome in outcomes() {
        assert!(documentation.contains(&format!("`{outcome}`")), "{outcome}");
    }
}
