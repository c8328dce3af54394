//! What stands in for `key` in a build that binds nothing: there are no keys.

use std::future::{Ready, ready};

use crate::env::NoSignature;
use crate::protocol::dpop::PublicKey;

pub(super) fn make() -> Ready<Option<PublicKey>> {
    ready(None)
}

pub(super) fn sign(_: &PublicKey, _: &str) -> Ready<Result<Vec<u8>, NoSignature>> {
    ready(Err(NoSignature::NoKey))
}

pub(super) fn forget(_: Option<&str>) {}
